"""A launch in doubt is brought to people, and no word of the one who asked makes a second run of it."""

from datetime import timedelta

import pytest

from bot.campaign.campaign import Preview
from bot.campaign.request import ActivationRequest, LaunchId, RequestId
from bot.desk.looking import LookupDesk
from bot.journal.looking import Looking
from bot.launch.commands import Request, Stop, Vouch
from bot.launch.events import EvidenceFound, Reminded, Voided
from bot.launch.outcome import RefusedByPlatform, Unknown
from bot.launch.state import State
from bot.launch.stop import StopAsked, StopRefused
from bot.policy.context import PolicyContext
from bot.policy.policy import Policy, RoleList
from bot.policy.refusals import OwnDoubt, Refused
from bot.slack.views.needs import collision
from tests.builders import ANA, BEN, CLEO, DAN, PREVIEW, SEGMENT_5, asked
from tests.worker.world import L1, World, after, doubt

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


def test_who_asked_never_settles_a_doubt_alone_as_not_run(world):
    assert world.journal.execute(L1, Vouch(ANA, ran=False)) == Refused(OwnDoubt())
    assert world.journal.load(L1).state == State.IN_DOUBT


def test_who_asked_may_say_that_it_ran_for_nothing_is_sent_by_that(world):
    assert world.journal.execute(L1, Vouch(ANA, ran=True)).state == State.LAUNCHED


def test_the_log_is_read_on_whatever_somebody_said_and_its_start_calls_people(world):
    world.journal.execute(L1, Vouch(BEN, ran=False))
    world.log_has("start", after(seconds=1))
    world.clock.pass_by(minutes=10)
    assert world.step().state == State.LAUNCHED
    (found,) = told(world, EvidenceFound)
    assert {ANA, BEN, DAN, "S0LEADS"} <= set(found.mention)


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


def test_a_doubt_pings_approvers_and_admins(world):
    (unknown,) = told(world, Unknown)
    assert set(unknown.mention) == {BEN, "S0LEADS", DAN}


def test_a_doubt_that_nobody_settles_reminds_as_a_request_does(world):
    doubted = world.journal.load(L1).moved_at
    for minutes, reminders in ((14, 0), (16, 1), (59, 1), (61, 2)):
        world.clock.now = doubted + timedelta(minutes=minutes)
        world.step()
        assert len(told(world, Reminded)) == reminders, minutes
    assert all(set(one.mention) == {BEN, "S0LEADS", DAN} and one.doubt for one in told(world, Reminded))


def test_a_settled_doubt_reminds_nobody(world):
    world.journal.execute(L1, Vouch(BEN, ran=False))
    world.clock.pass_by(minutes=20)
    world.step()
    assert told(world, Reminded) == []


def test_a_doubt_stands_first_under_what_waits_for_whoever_can_settle_it(world):
    world.journal.execute(L2, Request(ANA, asked(campaign_id=83)))
    desk = LookupDesk(
        world.journal,
        Looking(world.journal),
        PolicyContext(lambda: world.policy, world.roles, world.journal.collisions),
    )
    waiting = desk.home(BEN).lists.waiting
    assert [one.launch.id for one in waiting] == [L1, L2]


def test_a_voided_approval_mentions_whose_it_was_and_who_can_decide(tmp_path):
    world = World(tmp_path)
    world.policy = Policy(roles={**ROLES, "approver": RoleList((BEN, CLEO))})
    world.approve()
    campaign = PREVIEW.campaign
    world.directory.seen = Preview(campaign=type(campaign)(id=82, name="Other"), audience=PREVIEW.audience)
    assert world.step().state == State.REQUESTED
    (voided,) = told(world, Voided)
    assert (voided.lost, set(voided.mention)) == ((BEN,), {CLEO})


def test_a_stop_that_did_nothing_calls_whoever_can_stop(tmp_path):
    world = World(tmp_path)
    world.policy = Policy(roles=ROLES)
    world.approve().step()
    world.platform.stop_outcomes = [RefusedByPlatform(400, "no")]
    world.journal.execute(L1, Stop(DAN, StopAsked(RequestId("S1"))))
    world.step_stop()
    (refused,) = told(world, StopRefused)
    assert set(refused.mention) == {DAN, BEN, "S0LEADS"}
