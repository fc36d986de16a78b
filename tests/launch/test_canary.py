"""What can never happen to a launch with a canary, in whatever order things happen."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from bot.campaign.request import Canary, Invalid, LaunchId, Purpose
from bot.launch import commands
from bot.launch.canary import IN_DOUBT, CanaryBegun, CanaryFailed, CanaryJudged, CanaryRan, CanaryReleased, CanaryStep
from bot.launch.canarying import Failed, Ran, canary_id, course, request_of, rests_on
from bot.launch.decide import decide
from bot.launch.events import Approved, EvidenceFound, Tightened, Vouched
from bot.launch.outcome import Accepted, RefusedByPlatform, Unknown
from bot.launch.run import FollowingStopped, RunStarted
from bot.launch.state import State
from bot.launch.stop import StopAsked, Stopped, StopStarted
from bot.policy.canary import planned
from bot.policy.demands import Demands
from bot.policy.refusals import BrakesOn, CanaryUnderWay, PolicyNotRead, Refused, ReleasedAlready, ShownOtherwise
from bot.results.counts import Counts
from tests.builders import ANA, BEN, CLEO, NOON, SEGMENT_5, asked, by_bot, launch, started
from tests.campaign.strategies import CANARIES
from tests.state_graph import steps

FIRST = Canary(318, timedelta(minutes=30))
ASKED = asked(canary=FIRST)
PART = replace(asked(approvals=0, purpose=Purpose.CANARY), belongs_to=LaunchId("L1"))
OVER = ((BEN, Approved()), by_bot(CanaryBegun(LaunchId("C1"))), by_bot(CanaryRan(NOON)))
JUDGED = by_bot(CanaryJudged(counts=Counts()))


def main(*happened, of=ASKED):
    return launch(*happened, requested=of)


def part(*happened):
    return launch(*happened, requested=PART, launch_id="C1")


@pytest.fixture(scope="module")
def taken():
    return steps()


def test_no_launch_is_ever_sent_that_awaits_its_canary(taken):
    begun = [step.before for step in taken if step.kind == "launch:start"]
    assert any(one.plan for one in begun)
    assert not any(one.awaits_canary for one in begun)


def test_the_rest_is_never_released_by_the_policy_without_numbers_that_speak_for_it(taken):
    alone = [step.before for step in taken if step.kind == "canary:release" and step.event.by_rule]
    assert alone
    assert all(one.plan.auto and one.canary.may_go_by_itself for one in alone)


def test_nothing_is_released_that_is_not_approved_or_was_released_before(taken):
    released = [step.before for step in taken if step.kind == "canary:release"]
    assert {one.state for one in released} == {State.APPROVED}
    assert all(one.canary.waits_for_a_person and one.canary.failed != IN_DOUBT for one in released)


def test_what_voids_the_approvals_takes_the_canary_with_them(taken):
    back = [step.after for step in taken if step.before and step.before.canary and step.after.state == State.REQUESTED]
    assert back
    assert all(one.canary is None and one.canary_before for one in back)


@given(CANARIES, CANARIES)
def test_another_canary_is_another_launch_of_its_own(one, other):
    ids = [canary_id(main(of=asked(canary=each))) for each in (one, other)]
    assert (ids[0] == ids[1]) == (one == other)


def test_a_canary_asks_for_the_same_but_its_segment_and_has_none_itself():
    of = asked(canary=FIRST, limit=1000, content={"promo": "SPRING"}, at=NOON + timedelta(days=1))
    wanted = request_of(main(of=of))
    assert (wanted.source, wanted.purpose, wanted.canary, wanted.at) == (FIRST.source, Purpose.CANARY, None, None)
    assert (wanted.limit, wanted.content) == (1000, {"promo": "SPRING"})


def test_a_canary_rests_on_nothing_but_its_launch_as_it_was_approved():
    approved = main((BEN, Approved()))
    begun = main((BEN, Approved()), by_bot(CanaryBegun(canary_id(approved))))
    own = launch(requested=PART, launch_id=canary_id(approved))
    assert rests_on(own, begun)
    assert not rests_on(launch(requested=PART, launch_id="C9"), begun)
    assert not rests_on(replace(own, belongs_to=LaunchId("L9")), begun)
    assert not rests_on(own, None)
    assert not rests_on(own, approved)
    for standing in (State.REQUESTED, State.CANCELLED, State.LAUNCHING):
        assert not rests_on(own, replace(begun, state=standing))
    assert not rests_on(own, replace(begun, revision=1))


def test_an_approval_given_for_another_canary_does_not_count():
    tightened = Tightened(Demands(canary=Canary(319)), (), NOON)
    back = main((BEN, Approved()), by_bot(tightened), of=asked())
    assert (back.state, back.approvals) == (State.REQUESTED, ())


def test_a_card_that_showed_no_canary_approves_none():
    shown = main(of=asked()).fingerprint
    of_policy = asked(demands=Demands(canary=FIRST))
    refused = decide(main(of=of_policy), commands.Approve(BEN, checked=commands.Checked(shown=shown)))
    assert refused == Refused(ShownOtherwise())


@pytest.mark.parametrize(
    ("happened", "how"),
    [
        ((), None),
        ((by_bot(started()), by_bot(Accepted())), None),
        ((by_bot(started()), by_bot(Accepted()), by_bot(RunStarted(NOON))), Ran()),
        ((by_bot(started()), by_bot(Accepted()), by_bot(FollowingStopped())), Failed(State.LAUNCHED)),
        ((by_bot(started()), by_bot(RefusedByPlatform(402, "limit"))), Failed(State.REFUSED)),
        ((by_bot(started()), by_bot(Unknown("broke"))), Failed(IN_DOUBT)),
        ((by_bot(started()), by_bot(Unknown("broke")), by_bot(EvidenceFound(NOON))), Ran()),
        ((by_bot(started()), by_bot(Unknown("broke")), (CLEO, Vouched(ran=True))), Ran()),
        ((by_bot(started()), by_bot(Unknown("broke")), (CLEO, Vouched(ran=False))), Failed(State.UNREACHED)),
    ],
)
def test_how_a_canary_goes_is_what_its_record_says(happened, how):
    assert course(part(*happened)) == how


def test_a_canary_that_people_stopped_is_judged_by_nobody():
    running = (by_bot(started()), by_bot(Accepted()), by_bot(RunStarted(NOON)))
    stop = ((BEN, StopAsked("S1")), by_bot(StopStarted(1, "S1", "d" * 64)), by_bot(Stopped()))
    assert course(part(*running, *stop)) == Failed(State.STOPPED)


def release(launch, by=CLEO, **asked):
    return decide(launch, commands.Release(by, launch.fingerprint, **asked))


def test_a_release_takes_a_canary_whose_wait_is_over_and_no_brake():
    assert release(main(*OVER)) == Refused(CanaryUnderWay(NOON))
    assert release(main(*OVER, JUDGED), braked=("Too many.",)) == Refused(BrakesOn(("Too many.",)))
    assert release(main(*OVER, JUDGED), unread="it is gone") == Refused(PolicyNotRead("it is gone"))
    assert release(main(*OVER, JUDGED)) == (CanaryReleased(),)
    assert isinstance(release(main(*OVER, JUDGED, (BEN, CanaryReleased()))).reason, ReleasedAlready)


def test_a_release_of_what_the_card_did_not_show_does_not_count():
    judged = main(*OVER, JUDGED)
    assert decide(judged, commands.Release(CLEO, "0-" + "0" * 64)) == Refused(ShownOtherwise())
    assert decide(judged, commands.Release(CLEO, "")) == Refused(ShownOtherwise())


def test_who_asked_releases_only_where_they_may_approve():
    own = asked(canary=FIRST, demands=Demands(self_approval=True))
    assert isinstance(release(main(*OVER, JUDGED), ANA), Refused)
    assert release(main(*OVER, JUDGED, of=own), ANA) == (CanaryReleased(),)


def test_no_person_is_told_by_an_observation_to_have_released():
    judged = main(*OVER, JUDGED)
    assert isinstance(decide(judged, commands.Observe(CanaryReleased())), Refused)
    assert isinstance(decide(judged, commands.Observe(CanaryReleased(by_rule=True))), Refused)


def test_after_a_stop_here_nothing_follows():
    (ended,) = decide(main(*OVER), commands.StopHere(BEN))
    stopped = main(*OVER, (BEN, ended))
    later = (JUDGED[1], CanaryFailed(IN_DOUBT), started(), CanaryReleased(by_rule=True))
    assert all(isinstance(decide(stopped, commands.Observe(event)), Refused) for event in later)
    assert isinstance(release(stopped), Refused)


def test_a_late_answer_heals_a_doubt():
    healed = main((BEN, Approved()), OVER[1], by_bot(CanaryFailed(IN_DOUBT)), by_bot(CanaryRan(NOON)))
    assert (healed.canary.step, healed.canary.failed, healed.canary.expires_at) == (CanaryStep.WAITING, "", None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"canary": FIRST, "run_now": False, "source": None},
        {"canary": Canary(5)},
        {"canary": FIRST, "purpose": Purpose.TEST, "limit": 25},
        {"purpose": Purpose.CANARY, "source": None},
    ],
)
def test_a_request_that_makes_no_sense_with_a_canary_is_none(wrong):
    with pytest.raises(Invalid):
        asked(**wrong)


@pytest.mark.parametrize("wait", [timedelta(), timedelta(hours=25)])
def test_a_wait_has_its_bounds(wait):
    with pytest.raises(Invalid):
        Canary(318, wait)


def test_where_both_want_a_canary_it_is_the_policys_with_the_longer_wait():
    wanted = Demands(canary=Canary(7, timedelta(minutes=5), auto=True))
    assert planned(ASKED.request, wanted) == Canary(7, timedelta(minutes=30), auto=True)
    assert planned(ASKED.request, Demands()) == FIRST
    assert planned(replace(ASKED.request, canary=None), wanted) == wanted.canary
    only_activated = replace(ASKED.request, canary=None, run_now=False, source=None)
    assert planned(only_activated, wanted) is None
    assert FIRST.source != SEGMENT_5
