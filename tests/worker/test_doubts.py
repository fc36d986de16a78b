"""What people see of a doubt: when they are reminded, where it stands, and what a word about it leaves behind."""

from datetime import timedelta

import pytest

from bot.campaign.campaign import Preview
from bot.campaign.request import ActivationRequest, LaunchId
from bot.desk.search import LookupDesk
from bot.journal.launch_search import Looking
from bot.launch.commands import Request, Vouch
from bot.launch.events import Reminded
from bot.policy.context import PolicyContext
from bot.policy.policy import Policy, RoleList
from bot.slack.views.needs import collision
from tests.builders import ANA, BEN, DAN, PREVIEW, SEGMENT_5, asked
from tests.message.builders import unchecked
from tests.worker.world import L1, World, doubt

L2 = LaunchId("L2")
DAY = timedelta(hours=24)
ROLES = {"approver": RoleList((BEN, "S0LEADS")), "admin": RoleList((DAN,)), "requester": RoleList((ANA,))}
AGAIN = ActivationRequest(campaign_id=82, run_now=True, source=SEGMENT_5)


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path)
    world.policy = Policy(roles=ROLES)
    doubt(world)
    world.step()
    return world


def told(world, kind) -> list:
    return [line.entry.event for line in world.journal.story(L1).untold if isinstance(line.entry.event, kind)]


def test_a_launch_that_somebody_vouched_for_is_never_left_out_of_the_next_ones_warnings(world):
    world.journal.execute(L1, Vouch(BEN, ran=False))
    (found,) = world.journal.collisions(L2, AGAIN, PREVIEW, DAY)
    assert (found.launch_id, found.vouched_by) == (L1, BEN)
    assert f"<@{BEN}> said" in collision(found)
    assert "did not run" in collision(found)


def test_what_was_vouched_for_long_ago_warns_no_more(world):
    world.journal.execute(L1, Vouch(BEN, ran=False))
    world.clock.pass_by(hours=25)
    assert world.journal.collisions(L2, AGAIN, Preview(), DAY) == ()


def test_a_doubt_that_nobody_settles_reminds_as_a_request_does(world):
    doubted = world.journal.load(L1).moved_at
    for minutes, reminders in ((14, 0), (16, 1), (59, 1), (61, 2)):
        world.clock.now = doubted + timedelta(minutes=minutes)
        world.step()
        assert len(told(world, Reminded)) == reminders, minutes
    assert all(set(one.mention) == {BEN, "S0LEADS", DAN} and one.doubt for one in told(world, Reminded))


def test_a_doubt_stands_first_under_what_waits_for_whoever_can_settle_it(world):
    world.journal.execute(L2, Request(ANA, asked(campaign_id=83)))
    desk = LookupDesk(
        world.journal,
        Looking(world.journal),
        PolicyContext(lambda: world.policy, world.roles, world.journal.collisions, unchecked()),
    )
    waiting = desk.home(BEN).lists.waiting
    assert [one.launch.id for one in waiting] == [L1, L2]
