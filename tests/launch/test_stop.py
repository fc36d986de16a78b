"""Stopping a campaign: when it can be asked for, that it is called once, and that nothing leaves a stop again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.request import ActivationRequest, LaunchId, RequestId
from bot.launch.commands import Adopt, Approve, Cancel, Observe, ObserveStop, Reject, Resend, Stop, Vouch
from bot.launch.decide import actor_of, decide
from bot.launch.events import Adopted, Approved, Entry, EvidenceFound, Vouched
from bot.launch.evolve import evolve, fold
from bot.launch.outcome import Accepted, NotSent, RefusedByPlatform, Unknown
from bot.launch.run import LogUnread, RunCompleted, RunEnded, RunHalted, RunStarted
from bot.launch.state import ENDED, State
from bot.launch.stop import (
    StopAsked,
    StopGaveUp,
    StopNotSeen,
    StopNotSent,
    Stopped,
    StopRefused,
    StopStarted,
    StopStep,
    StopUnknown,
)
from bot.launch.timing import due_at, stop_due_at
from bot.policy.refusals import BeingSent, CancelInstead, Refused, StopUnderWay
from tests.builders import ANA, BEN, CLEO, DAN, LAUNCHES, NOON, PREVIEW, asked, by_bot, launch, started

S1, S2 = RequestId("S1"), RequestId("S2")
ASKED = StopAsked(S1)
CALL = StopStarted(1, S1, "d" * 64)
LOST = Unknown("the connection broke")
BEGUN = ((BEN, Approved()), by_bot(started()))
LAUNCHED = (*BEGUN, by_bot(Accepted()))
ADOPTED = Adopted(request=ActivationRequest(campaign_id=82), channel=LAUNCHES, preview=PREVIEW)

STOPPABLE = {
    "launched": launch(*LAUNCHED),
    "running": launch(*LAUNCHED, by_bot(RunStarted(NOON))),
    "finished": launch(*LAUNCHED, by_bot(RunEnded(NOON))),
    "in doubt": launch(*BEGUN, by_bot(LOST)),
    "only activated": launch(*LAUNCHED, requested=asked(run_now=False, source=None)),
}


def adopted(*happened):
    told = [(DAN, ADOPTED), (DAN, ASKED), *happened]
    entries = [Entry(LaunchId("L1"), nth, NOON, who, event) for nth, (who, event) in enumerate(told, start=1)]
    return fold(tuple(entries))


def lived(state, told):
    """Each event that the commands bring about, with the launch before and after it."""
    for command in told:
        decided = decide(state, command)
        for event in () if isinstance(decided, Refused) else decided:
            before = state
            state = evolve(state, Entry(state.id, state.version + 1, NOON, actor_of(command), event))
            yield before, event, state


def after(one, *told):
    """The launch after these commands."""
    *_, (_, _, last) = lived(one, told)
    return last


@pytest.mark.parametrize("standing", STOPPABLE)
def test_what_may_still_send_can_be_stopped_and_the_record_says_whether_its_run_was_over(standing):
    assert decide(STOPPABLE[standing], Stop(DAN, ASKED)) == (replace(ASKED, after_run=standing == "finished"),)


def test_what_was_not_sent_is_cancelled_instead():
    for pending in (launch(), launch((BEN, Approved()))):
        assert decide(pending, Stop(DAN, ASKED)) == Refused(CancelInstead())


def test_nothing_is_stopped_while_it_is_being_sent():
    assert decide(launch(*BEGUN), Stop(DAN, ASKED)) == Refused(BeingSent())


def test_of_two_who_stop_at_once_the_second_is_told_of_the_first():
    once = launch(*LAUNCHED, (DAN, ASKED))
    refused = decide(once, Stop(BEN, StopAsked(S2)))
    assert refused == Refused(StopUnderWay(DAN, NOON + timedelta(minutes=4)))


@pytest.mark.parametrize("standing", ["launched", "running", "only activated"])
def test_a_stop_that_was_taken_ends_the_launch(standing):
    one = after(STOPPABLE[standing], Stop(DAN, ASKED), ObserveStop(CALL, S1), ObserveStop(Stopped(), S1))
    assert (one.state, one.stop.step, one.stop.by) == (State.STOPPED, StopStep.DONE, DAN)
    assert (due_at(one), stop_due_at(one)) == (None, None)


def test_a_finished_run_stays_finished_when_its_campaign_is_switched_off():
    finished = STOPPABLE["finished"]
    off = after(finished, Stop(DAN, ASKED), ObserveStop(CALL, S1), ObserveStop(Stopped(), S1))
    assert (off.state, off.stop.step, off.stop.by) == (State.FINISHED, StopStep.DONE, DAN)
    assert (off.moved_at, due_at(off), stop_due_at(off)) == (finished.moved_at, None, None)


def test_what_was_switched_off_after_its_run_is_not_switched_off_twice():
    off = after(STOPPABLE["finished"], Stop(DAN, ASKED), ObserveStop(CALL, S1), ObserveStop(Stopped(), S1))
    assert decide(off, Stop(BEN, StopAsked(S2))) == Refused(StopUnderWay(DAN, NOON))


def test_a_stop_that_breaks_off_a_run_ends_it_even_where_its_log_shows_the_end_first():
    broken_off = after(STOPPABLE["running"], Stop(DAN, ASKED), ObserveStop(CALL, S1), Observe(RunEnded(NOON)))
    assert after(broken_off, ObserveStop(Stopped(), S1)).state == State.STOPPED


def test_a_stop_of_a_finished_launch_in_an_old_record_is_read_as_it_was():
    old = launch(*LAUNCHED, by_bot(RunEnded(NOON)), (DAN, StopAsked(S1)), by_bot(CALL), by_bot(Stopped()))
    assert old.state == State.STOPPED


def test_a_stop_does_not_settle_whether_the_launch_happened():
    doubt = launch(*BEGUN, by_bot(LOST), (DAN, ASKED), by_bot(CALL), by_bot(Stopped()))
    assert (doubt.state, doubt.stop.step) == (State.IN_DOUBT, StopStep.DONE)
    assert decide(doubt, Vouch(DAN, False)) == (Vouched(False),)
    assert decide(doubt, Stop(BEN, StopAsked(S2))) == (StopAsked(S2),)


def test_what_somebody_stops_is_not_sent_again_out_of_a_doubt():
    doubt = launch(*BEGUN, by_bot(LOST), (DAN, ASKED))
    assert isinstance(decide(doubt, Resend(started(attempt=2))), Refused)


def test_a_stop_of_a_launch_that_did_not_run_goes_on_and_changes_nothing_about_that():
    word = launch(*BEGUN, by_bot(LOST), (DAN, ASKED), (BEN, Vouched(False)), by_bot(CALL), by_bot(Stopped()))
    assert (word.state, word.stop.step) == (State.UNREACHED, StopStep.DONE)


def test_news_of_an_earlier_stop_says_nothing_about_the_later_one():
    again = launch(*LAUNCHED, (DAN, ASKED), by_bot(CALL), by_bot(StopRefused(400, "no")), (DAN, StopAsked(S2)))
    assert isinstance(decide(again, ObserveStop(Stopped(), S1)), Refused)
    assert isinstance(decide(again, ObserveStop(CALL, S1)), Refused)


def test_a_stop_that_never_left_is_tried_again_with_the_same_id():
    missed = launch(*LAUNCHED, (DAN, ASKED), by_bot(CALL), by_bot(StopNotSent("refused")))
    again = StopStarted(2, missed.stop.request_id, "d" * 64)
    assert decide(missed, ObserveStop(again, S1)) == (again,)
    assert stop_due_at(missed) > missed.stop.last_miss_at


def test_the_platform_switched_off_while_a_stop_is_under_way_is_not_taken_for_somebody_elses_doing():
    stopping = launch(*LAUNCHED, (DAN, ASKED), by_bot(CALL))
    assert isinstance(decide(stopping, Observe(RunHalted("Inactive"))), Refused)


def test_a_campaign_taken_on_counts_as_no_launch():
    one = adopted()
    assert (one.state, one.requester, one.reaches_at, due_at(one)) == (State.ADOPTED, DAN, None, None)
    assert one.stop.request_id == S1


@pytest.mark.parametrize(
    ("news", "state"),
    [
        ((CALL, Stopped()), State.STOPPED),
        ((CALL, StopRefused(400, "no")), State.REFUSED),
        ((StopGaveUp(),), State.UNREACHED),
        ((CALL, StopUnknown("lost")), State.ADOPTED),
    ],
)
def test_a_campaign_taken_on_ends_with_its_stop(news, state):
    one = adopted(*map(by_bot, news))
    assert (one.state, one.reaches_at) == (state, None)


def test_two_who_take_on_a_campaign_at_once_stop_it_once():
    refused = decide(adopted(), Adopt(BEN, ADOPTED, StopAsked(S2)))
    assert refused == Refused(StopUnderWay(DAN, NOON))


STOPS = st.sampled_from([S1, S2]).flatmap(
    lambda stop: st.one_of(
        st.builds(Stop, st.sampled_from([BEN, DAN]), st.just(StopAsked(stop))),
        st.builds(
            ObserveStop,
            st.sampled_from(
                [
                    StopStarted(1, stop, "d" * 64),
                    Stopped(),
                    Stopped(seen=True),
                    StopRefused(400, "no"),
                    StopNotSent("no route"),
                    StopUnknown("lost"),
                    StopGaveUp(),
                    StopNotSeen("Active"),
                ]
            ),
            st.just(stop),
        ),
    )
)
OTHERS = st.sampled_from(
    [
        Approve(CLEO),
        Reject(BEN, "no"),
        Cancel(ANA),
        Vouch(DAN, True),
        Vouch(DAN, False),
        Resend(started(attempt=2)),
        *map(
            Observe,
            (
                started(),
                Accepted(),
                NotSent("refused"),
                RefusedByPlatform(400, "bad"),
                LOST,
                EvidenceFound(NOON),
                RunStarted(NOON),
                RunEnded(NOON),
                RunHalted("Inactive"),
                RunCompleted("Completed"),
                LogUnread("no"),
            ),
        ),
    ]
)
COMMANDS = st.lists(STOPS | OTHERS, max_size=40)
BEGINNINGS = st.sampled_from([launch(), *STOPPABLE.values(), adopted()])


@given(BEGINNINGS, COMMANDS)
def test_each_outcome_of_a_stop_stands_on_a_call_and_no_call_follows_one_that_may_have_left(beginning, commands):
    may_have_left = False
    for before, event, _ in lived(beginning, commands):
        match event:
            case StopAsked():
                may_have_left = False
            case StopStarted():
                assert not may_have_left
                may_have_left = True
            case StopNotSent():
                assert before.stop.step == StopStep.CALLING
                may_have_left = False
            case Stopped() | StopRefused() | StopUnknown() | StopNotSeen():
                assert may_have_left


@given(BEGINNINGS, COMMANDS)
def test_nothing_leaves_a_stop_again_and_nothing_is_activated_after_it_was_asked_for(beginning, commands):
    for before, event, after in lived(beginning, commands):
        assert before.state != State.STOPPED or after.state == State.STOPPED
        assert before.stop is None or type(event) is not type(started())
        if before.state in ENDED and after.state != before.state:
            # A person stops what goes on after a run's end; or a late answer, or the log, outranks somebody's word.
            assert isinstance(event, Stopped | Accepted) or (isinstance(event, EvidenceFound) and before.vouched)


@given(BEGINNINGS, COMMANDS)
def test_who_took_a_campaign_on_never_reaches_anybody_by_it(beginning, commands):
    for before, _, after in lived(beginning, commands):
        assert after.adopted == before.adopted
        assert not after.adopted or after.reaches_at is None


@given(st.permutations([RunStarted(NOON), RunEnded(NOON)]))
def test_whatever_the_log_shows_meanwhile_a_stop_ends_the_same(seen):
    for place in range(3):
        news = [*map(Observe, seen)]
        news.insert(place, ObserveStop(Stopped(), S1))
        *_, (_, _, last) = lived(launch(*LAUNCHED, (DAN, ASKED), by_bot(CALL)), news)
        assert (last.state, last.stop.step) == (State.STOPPED, StopStep.DONE)
