"""A doubt is brought to people, and a person's word that nothing ran is no proof of it."""

from datetime import timedelta
from itertools import pairwise

import pytest

from bot.campaign.campaign import Campaign
from bot.campaign.request import LaunchId, RequestId
from bot.launch.commands import Approve, Observe, Request, Stop, Vouch
from bot.launch.events import EvidenceFound, Reminded, Voided
from bot.launch.outcome import RefusedByPlatform, Unknown
from bot.launch.state import State
from bot.launch.stop import StopAsked, StopRefused
from bot.policy.collision import OnCollision
from bot.policy.demands import Demands
from bot.policy.policy import Policy, PolicyUnreadable, RoleList
from bot.policy.refusals import OwnDoubt, Refused
from bot.worker.mentions import Mentions
from tests.builders import ANA, BEN, CLEO, DAN, PREVIEW, asked
from tests.worker.world import L1, LOST, World, after, doubt

ROLES = {"approver": RoleList((BEN, CLEO), ("S0LEADS", BEN)), "admin": RoleList((DAN, BEN))}
SETTLE = ("S0LEADS", BEN, DAN)


@pytest.fixture
def world(tmp_path):
    found = World(tmp_path)
    found.policy = Policy(roles=ROLES)
    return found


def told(world, kind):
    return [line.entry.event for line in world.journal.story(L1).untold if isinstance(line.entry.event, kind)]


def vouched(world, *, ran=False):
    doubt(world)
    world.step()
    return world.journal.execute(L1, Vouch(DAN, ran))


def test_the_requester_alone_cannot_make_way_for_a_second_run(world):
    doubt(world)
    assert world.journal.execute(L1, Vouch(ANA, False)) == Refused(OwnDoubt())
    assert world.journal.load(L1).state == State.IN_DOUBT


def test_the_requester_may_say_that_it_ran_for_nothing_is_sent_by_it(world):
    doubt(world)
    assert world.journal.execute(L1, Vouch(ANA, True)).state == State.LAUNCHED


def test_a_start_in_the_log_is_not_missed_although_somebody_said_that_it_did_not_run(world):
    vouched(world)
    world.clock.pass_by(minutes=5)
    world.step()
    world.log_has("start", after(minutes=6))
    world.clock.pass_by(minutes=5)
    assert world.step().state == State.LAUNCHED
    assert told(world, EvidenceFound) == [EvidenceFound(after(minutes=6), (ANA, BEN, DAN, "S0LEADS"))]


def test_a_start_in_the_log_is_not_missed_although_somebody_said_that_it_ran(world):
    vouched(world, ran=True)
    world.log_has("start", after(minutes=6))
    world.clock.pass_by(minutes=5)
    assert world.step().state == State.RUNNING


def test_the_log_is_not_read_for_ever_after_a_word_and_nothing_is_sent_again(world):
    vouched(world)
    for _ in range(20):
        world.clock.pass_by(minutes=5)
        world.step()
    assert world.queue.claim(1) == ()
    assert world.journal.load(L1).state == State.UNREACHED
    assert len(world.platform.calls) == 1


def test_a_launch_that_never_left_is_not_healed_by_a_start_in_the_log(world):
    world.platform.outcomes = [RefusedByPlatform(402, "limit")]
    world.approve().step()
    assert isinstance(world.journal.execute(L1, Observe(EvidenceFound(after(minutes=1)))), Refused)


def test_what_somebody_vouched_for_is_not_left_out_of_the_next_launchs_collisions(world):
    vouched(world)
    at = world.clock()
    world.clock.pass_by(hours=23)
    (same,) = world.journal.collisions(LaunchId("L2"), asked().request, PREVIEW, timedelta(hours=24))
    assert (same.launch_id, same.vouched_by, same.since, same.requester) == (L1, DAN, at, ANA)
    other = asked(campaign_id=83)
    (audience,) = world.journal.collisions(LaunchId("L2"), other.request, other.preview, timedelta(hours=24))
    assert (audience.vouched_by, audience.same_campaign) == (DAN, False)
    world.clock.pass_by(hours=2)
    assert world.journal.collisions(LaunchId("L2"), asked().request, PREVIEW, timedelta(hours=24)) == ()


def test_a_launch_beside_one_that_was_vouched_for_does_not_start_where_the_policy_wants_one_more(world):
    vouched(world)
    second = LaunchId("L2")
    world.policy = Policy(roles=ROLES, base=Demands(on_collision=OnCollision.ONE_MORE_APPROVAL))
    world.journal.execute(second, Request(ANA, asked()))
    world.journal.execute(second, Approve(BEN))
    world.clock.pass_by(seconds=1)
    world.step()
    assert world.journal.load(second).state == State.REQUESTED
    assert len(world.platform.calls) == 1


def test_no_doubt_leaves_those_unpinged_who_can_settle_it(world):
    doubt(world)
    assert told(world, Unknown) == [Unknown(LOST.cause, SETTLE)]


def test_no_interrupted_call_leaves_those_unpinged_who_can_settle_it(world):
    def killed(prepared, request_id):
        raise SystemExit

    world.platform.activate = killed
    world.approve()
    with pytest.raises(SystemExit):
        world.step()
    world.goes_on_elsewhere()
    world.step()
    assert [one.mention for one in told(world, Unknown)] == [SETTLE]


def test_a_doubt_that_nobody_settles_is_not_forgotten(world):
    doubt(world)
    reminded = []
    for minutes in range(4 * 24 * 60 // 5):
        world.clock.pass_by(minutes=5)
        world.step()
        count = world.journal.load(L1).doubt_reminders
        if count > len(reminded):
            reminded.append((minutes + 1) * 5)
    assert reminded[:2] == [15, 60]
    assert [later - first for first, later in pairwise(reminded[1:])] == [24 * 60] * 3
    assert set(told(world, Reminded)) == {Reminded(SETTLE, doubt=True)}


def test_a_bot_that_was_away_does_not_make_up_for_every_reminder_it_missed(world):
    doubt(world)
    world.clock.pass_by(days=3)
    world.step()
    world.step()
    assert len(told(world, Reminded)) == 1


def test_a_doubt_that_was_settled_reminds_nobody(world):
    vouched(world)
    world.clock.pass_by(days=1)
    world.step()
    assert told(world, Reminded) == []


def test_an_approval_that_is_voided_is_not_lost_in_silence(world):
    world.approve()
    world.directory.seen = PREVIEW.__class__(
        campaign=Campaign(id=82, name="Other", kind="broadcast"), audience=PREVIEW.audience
    )
    world.step()
    (voided,) = told(world, Voided)
    assert (voided.lost, voided.mention) == ((BEN,), ("S0LEADS",))


def test_a_stop_that_the_platform_refuses_is_not_left_to_whoever_happens_to_look(world):
    world.approve().step()
    world.journal.execute(L1, Stop(CLEO, StopAsked(RequestId("S1"))))
    world.platform.stop_outcomes = [RefusedByPlatform(400, "bad")]
    world.step_stop()
    assert [one.mention for one in told(world, StopRefused)] == [(CLEO, "S0LEADS", BEN, DAN)]


def test_a_policy_that_cannot_be_read_leaves_no_doubt_unpinged(world):
    def unreadable():
        raise PolicyUnreadable("policy.toml has mistakes.")

    world.approve()
    assert Mentions(unreadable).to_settle(world.journal.load(L1)) == (BEN, ANA)
