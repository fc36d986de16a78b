"""A run's numbers are told when it is time, once each, and counting ends with the last."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.journal.counting import Counting
from bot.journal.numbers import Numbers
from bot.journal.queue import REPORTS, Queue
from bot.journal.tables import runs, seen
from bot.launch.commands import Vouch
from bot.launch.state import State
from bot.policy.policy import Policy
from bot.results.bounces import Bounce, MailAnswer
from bot.results.counts import Kind
from bot.worker.reporting import Reporting
from tests.builders import DAN, NOON, instance
from tests.results.hooks import body, event
from tests.worker.world import L1, World, doubt


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def receive(world, *events) -> None:
    receiver = Counting(world.journal, b"key")
    receiver.count([receiver.prepare(body(*events))])


def report(world):
    """Works what is due in the lane of reports; gives the launch."""
    queue = Queue(world.journal, REPORTS, instance())
    reporting = Reporting(world.journal, queue, world.platform, lambda: world.policy)
    for _ in range(5):
        for launch_id in queue.claim(5):
            reporting.report(launch_id)
            queue.give_back(launch_id)
    return world.journal.load(L1)


def after_it(**span):
    return NOON + timedelta(**span)


def rows(world, table) -> list:
    with world.journal.reading() as connection:
        return connection.execute(select(table)).all()


def test_numbers_are_told_at_the_policys_times_and_hashes_go_with_the_last(world):
    world.approve().step()
    receive(world, event("send", at=after_it(seconds=1)))
    told = []
    for hours in (0.5, 1.1, 2, 24.1, 25, 24 * 7 + 1, 24 * 8):
        world.clock.now = after_it(hours=hours)
        receive(world, event("uopen", nth=int(hours * 10), at=after_it(minutes=5)))
        told.append([one.after for one in report(world).results])

    hour, day, week = timedelta(hours=1), timedelta(hours=24), timedelta(days=7)
    assert told == [[], [hour], [hour], [hour, day], [hour, day], [hour, day, week], [hour, day, week]]
    launch = world.journal.load(L1)
    assert [one.counts[Kind.OPENED] for one in launch.results] == [2, 4, 6]
    assert [one.last for one in launch.results] == [False, False, True]
    assert rows(world, seen) == []
    with world.journal.reading() as connection:
        assert connection.execute(select(runs.c.followed)).scalars().all() == [False]


def test_what_mail_servers_said_is_told_for_a_day_and_no_longer(world):
    world.approve().step()
    receive(world, event("send", at=after_it(seconds=1)))
    world.platform.bounces_told = [Bounce("452 <ann@example.com> full", "example.com", 9)]
    for hours in (1.1, 24.1, 24 * 7 + 1):
        world.clock.now = after_it(hours=hours)
        told = [one.bounces for one in report(world).results]

    assert told == [(MailAnswer("452 ••• full", 9, ("example.com",)),)] * 2 + [()]
    first = after_it().date()
    assert [one[:3] for one in world.platform.bounces_asked] == [
        (82, first, after_it(days=1).date()),
        (82, first, after_it(days=2).date()),
    ]


def test_the_first_day_stands_in_the_first_report_after_it(world):
    world.policy = Policy(roles={}, report_after=(timedelta(hours=2), timedelta(days=2), timedelta(days=3)))
    world.approve().step()
    receive(world, event("uopen", at=after_it(hours=1)), event("uopen", nth=1, at=after_it(hours=30)))
    for days in (0.1, 2.1, 3.1):
        world.clock.now = after_it(days=days)
        told = [one.first_day and sum(one.first_day.opened) for one in report(world).results]

    assert told == [None, 1, None]


def test_where_the_platform_does_not_tell_of_bounces_the_numbers_are_told_all_the_same(world):
    world.approve().step()
    receive(world, event("send", at=after_it(seconds=1)))
    world.clock.now = after_it(hours=1.1)
    world.platform.readable = False

    assert [one.bounces for one in report(world).results] == [()]


def test_after_a_long_pause_one_report_stands_for_all(world):
    world.approve().step()
    receive(world, event("send", at=after_it(seconds=1)))
    world.clock.now = after_it(hours=30)

    assert [one.after for one in report(world).results] == [timedelta(hours=24)]


def test_of_a_launch_of_which_no_hook_came_nothing_is_told_and_nothing_is_left(world):
    version = world.approve().step().version
    for days in (1, 8):
        world.clock.now = after_it(days=days)
        report(world)

    assert world.journal.load(L1).version == version
    with world.journal.reading() as connection:
        assert connection.execute(select(runs.c.followed)).scalars().all() == [False]


def test_the_policy_says_when(world):
    world.policy = Policy(roles={}, report_after=(timedelta(minutes=10),))
    world.approve().step()
    receive(world, event("send", at=after_it(seconds=1)))
    world.clock.now = after_it(minutes=11)

    (found,) = report(world).results
    assert (found.after, found.last) == (timedelta(minutes=10), True)


def test_earlier_runs_of_the_campaign_stand_beside(world):
    world.policy = Policy(roles={}, report_after=(timedelta(minutes=10),))
    world.approve().step()
    receive(world, event("send", at=after_it(seconds=1)))
    world.clock.now = after_it(minutes=11)
    report(world)
    later = replace(world.journal.load(L1), started_at=after_it(hours=1))
    _, earlier = Numbers(world.journal).beside_earlier(later, 5)

    assert [one[Kind.SENT] for one in earlier] == [1]


def test_a_message_that_was_sent_after_the_call_settles_a_doubt(world):
    launch = doubt(world)
    receive(world, event("send", at=after_it(seconds=2)))

    settled = world.step()

    assert (launch.state, settled.state) == (State.IN_DOUBT, State.LAUNCHED)
    assert settled.evidence is not None
    assert settled.evidence.by_hook


@pytest.mark.parametrize(
    "no_proof",
    [
        event("uopen", at=after_it(seconds=2)),
        event("deliv", at=after_it(seconds=2)),
        event("send", at=after_it(seconds=-2)),
        event("send", at=after_it(seconds=2), is_test=True),
        event("send", at=after_it(seconds=2), campaign=83),
    ],
)
def test_what_an_earlier_run_may_have_brought_settles_no_doubt(world, no_proof):
    doubt(world)
    receive(world, no_proof)

    assert world.step().state is State.IN_DOUBT


def test_a_message_outranks_the_word_that_it_did_not_run(world):
    doubt(world)
    world.step()
    world.journal.execute(L1, Vouch(DAN, ran=False))
    receive(world, event("send", at=after_it(seconds=2)))

    assert world.step().state is State.LAUNCHED
