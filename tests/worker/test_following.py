"""Following a launch: to an end that its log shows, or that only the campaign's status tells, and no further."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.altcraft.client import Status
from bot.campaign.request import LaunchId, RequestId
from bot.launch.commands import Approve, Request, Stop
from bot.launch.state import State
from bot.launch.stop import StopAsked
from tests.builders import ANA, BEN, DAN, PREVIEW, asked
from tests.worker.world import L1, World, after

OFF = Status(is_active=False, is_completed=False, status="Inactive")
COMPLETED = Status(is_active=False, is_completed=True, status="Completed")


@pytest.fixture
def world(tmp_path):
    """A launch that the platform has accepted, and whose log shows a start."""
    world = World(tmp_path)
    world.approve().step()
    world.log_has("start", after(seconds=1))
    return world


def looks(world, times=1, **span):
    """Lets the launch be looked at so many times, that far apart."""
    for _ in range(times):
        world.clock.pass_by(**(span or {"minutes": 5}))
        launch = world.step()
    return launch


def test_a_campaign_that_somebody_switched_off_ends_at_the_second_look(world):
    looks(world)
    world.platform.state = OFF
    assert looks(world).state == State.RUNNING
    launch = looks(world)
    assert (launch.state, launch.halted.status) == (State.STOPPED, "Inactive")


def test_a_log_that_shows_the_end_at_the_second_look_is_believed(world):
    world.platform.state = OFF
    looks(world)
    world.log_has("end", after(seconds=9))
    assert looks(world).state == State.FINISHED


def test_a_campaign_that_is_on_again_at_the_second_look_is_followed_on(world):
    world.platform.state = OFF
    looks(world)
    world.platform.state = Status(is_active=True, is_completed=False, status="Active")
    looks(world)
    world.platform.state = OFF
    assert looks(world).state == State.RUNNING


def test_a_campaign_that_our_own_stop_switches_off_is_not_taken_for_somebody_elses_doing(world):
    looks(world)
    world.journal.execute(L1, Stop(DAN, StopAsked(RequestId("S1"))))
    world.platform.state = OFF
    assert looks(world, 3).halted is None


def test_completed_is_believed_only_of_a_campaign_that_was_not_completed_before(world):
    world.platform.state = COMPLETED
    launch = looks(world, 2)
    # The preview does not say whether it was completed before: all that is known is that it is off.
    assert (launch.state, launch.completed) == (State.STOPPED, None)


def test_a_broadcast_that_completes_without_an_end_in_its_log_is_finished(tmp_path):
    world = World(tmp_path)
    fresh = LaunchId("L2")
    preview = replace(PREVIEW, campaign=replace(PREVIEW.campaign, is_completed=False))
    world.directory.seen = preview
    world.journal.execute(fresh, Request(ANA, replace(asked(), preview=preview)))
    world.journal.execute(fresh, Approve(BEN))
    world.step()
    world.platform.state = COMPLETED
    looks(world, 2)
    launch = world.journal.load(fresh)
    assert (launch.state, launch.completed.status) == (State.FINISHED, "Completed")


def test_a_log_that_stays_unreadable_is_told_once_and_read_on(world):
    world.platform.readable = False
    assert looks(world, 3).log_unread is None
    told = looks(world, 1)
    assert told.log_unread is not None
    assert looks(world, 5).version == told.version
    world.platform.readable = True
    assert looks(world).state == State.RUNNING


def test_the_looks_come_less_and_less_often_between_five_seconds_and_five_minutes(world):
    waits = []
    looks(world, seconds=3)
    while world.clock.now < after(hours=2):
        due = world.queue.next_due()
        waits.append(due - world.clock.now)
        world.clock.now = due
        world.step()
    assert waits[0] == timedelta(seconds=5)
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(minutes=5)


def test_following_ends_when_the_policy_says(world):
    world.policy = replace(world.policy, follow_for=timedelta(minutes=30))
    assert looks(world, minutes=20).followed
    assert looks(world, minutes=31).followed is False


def test_a_schedule_that_cannot_be_read_is_asked_for_again_for_an_hour(tmp_path):
    world = World(tmp_path)
    other = LaunchId("L2")
    world.journal.execute(other, Request(ANA, asked(run_now=False, source=None)))
    world.journal.execute(other, Approve(BEN))
    world.step()
    world.platform.readable = False
    looks(world, 3)
    assert world.journal.load(other).schedule is None
    looks(world, hours=1)
    assert world.journal.load(other).schedule.cause
