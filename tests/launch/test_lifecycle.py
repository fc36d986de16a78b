"""The life of a launch: who may move it where, and that nothing moves it twice."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.launch.events import (
    Approved,
    Cancelled,
    Denied,
    Entry,
    EvidenceFound,
    Expired,
    FollowingStopped,
    GaveUp,
    LaunchStarted,
    NothingFound,
    RunEnded,
    RunStarted,
    Vouched,
    Withheld,
)
from bot.launch.lifecycle import (
    Approve,
    AskLook,
    Cancel,
    Deny,
    Observe,
    Reject,
    Request,
    Resend,
    State,
    Vouch,
    actor_of,
    decide,
    evolve,
)
from bot.launch.outcome import Accepted, NotSent, RefusedByPlatform, Unknown
from bot.launch.policy import Action, ApprovedAlready, NoSuchLaunch, OwnRequest, Refused, Role, TooLate
from bot.launch.request import LaunchId
from tests.builders import ANA, BEN, CLEO, DAN, NOON, asked, by_bot, launch, started

LOST = Unknown("the connection broke")


def test_the_requester_cannot_approve():
    assert decide(launch(), Approve(ANA)) == Refused(OwnRequest())


def test_one_person_approves_once():
    twice = launch((BEN, Approved()), requested=asked(approvals_required=2))
    assert decide(twice, Approve(BEN)) == Refused(ApprovedAlready())


def test_the_last_approval_needed_approves_the_launch():
    one_of_two = launch((BEN, Approved()), requested=asked(approvals_required=2))
    both = launch((BEN, Approved()), (CLEO, Approved()), requested=asked(approvals_required=2))
    assert (one_of_two.state, both.state) == (State.REQUESTED, State.APPROVED)


def test_who_comes_too_late_is_told_what_happened_and_by_whom():
    rejected = decide(launch((BEN, Approved())), Reject(CLEO, "no"))
    assert rejected == Refused(TooLate("approved", BEN, NOON + timedelta(minutes=1)))


def test_a_second_request_with_the_same_id_opens_no_second_launch():
    assert isinstance(decide(launch(), Request(ANA, asked())), Refused)


def test_nothing_can_be_done_to_a_launch_that_is_not_there():
    assert decide(None, Approve(BEN)) == Refused(NoSuchLaunch())


@pytest.mark.parametrize("command", [Cancel(ANA), Approve(BEN), Reject(BEN, "no"), Observe(Expired())])
def test_a_launch_that_started_can_be_neither_decided_nor_cancelled(command):
    begun = launch((BEN, Approved()), by_bot(started()))
    assert isinstance(decide(begun, command), Refused)


def test_a_request_that_never_left_is_tried_again_from_approved():
    missed = launch((BEN, Approved()), by_bot(started()), by_bot(NotSent("refused")))
    assert missed.state == State.APPROVED
    assert decide(missed, Observe(started(attempt=2))) == (started(attempt=2),)


def test_a_late_answer_heals_a_doubt():
    doubt = launch((BEN, Approved()), by_bot(started()), by_bot(LOST))
    healed = launch((BEN, Approved()), by_bot(started()), by_bot(LOST), by_bot(Accepted()))
    assert decide(doubt, Observe(Accepted())) == (Accepted(),)
    assert healed.state == State.LAUNCHED


def test_a_late_answer_outranks_the_word_that_it_did_not_run():
    vouched = launch((BEN, Approved()), by_bot(started()), by_bot(LOST), (DAN, Vouched(False)))
    assert vouched.state == State.UNREACHED
    assert decide(vouched, Observe(Accepted())) == (Accepted(),)


def test_a_doubt_is_resent_once_at_most():
    doubt = launch((BEN, Approved()), by_bot(started()), by_bot(LOST))
    resent = launch((BEN, Approved()), by_bot(started()), by_bot(LOST), by_bot(started(attempt=2)), by_bot(LOST))
    assert decide(doubt, Resend(started(attempt=2))) == (started(attempt=2),)
    assert isinstance(decide(resent, Resend(started(attempt=3))), Refused)


@pytest.mark.parametrize("answer", [NotSent("no route"), RefusedByPlatform(401, "token"), LOST])
def test_a_resend_that_fails_leaves_the_doubt_about_the_first_try(answer):
    resent = launch((BEN, Approved()), by_bot(started()), by_bot(LOST), by_bot(started(attempt=2)), by_bot(answer))
    assert resent.state == State.IN_DOUBT


def test_an_entry_without_a_request_before_it_is_an_error():
    with pytest.raises(ValueError, match="Approved"):
        evolve(None, Entry(LaunchId("L1"), 1, NOON, BEN, Approved()))


PEOPLE = st.sampled_from([ANA, BEN, CLEO, DAN])
COMMANDS = st.one_of(
    st.builds(Request, PEOPLE, st.builds(asked, approvals_required=st.integers(1, 3))),
    st.builds(Approve, PEOPLE),
    st.builds(Reject, PEOPLE, st.just("no")),
    st.builds(Cancel, PEOPLE),
    st.builds(AskLook, PEOPLE),
    st.builds(Vouch, PEOPLE, st.booleans()),
    st.builds(Deny, PEOPLE, st.just(Denied(Action.APPROVE, "MissingRole"))),
    st.builds(Resend, st.just(started(attempt=2))),
    st.builds(
        Observe,
        st.sampled_from(
            [
                Expired(),
                Withheld(BEN, Role.APPROVER),
                started(),
                Accepted(),
                Accepted(duplicate=True),
                RefusedByPlatform(400, "bad"),
                NotSent("refused"),
                LOST,
                GaveUp(),
                NothingFound(),
                EvidenceFound(NOON),
                RunStarted(NOON),
                RunEnded(NOON),
                FollowingStopped(),
            ]
        ),
    ),
)


@given(st.lists(COMMANDS, max_size=40))
def test_any_order_of_commands_leaves_at_most_one_started_launch_and_no_illegal_state(commands):
    """A new call starts only while every call before it is known not to have left."""
    state, may_have_arrived = None, False
    for command in [Request(ANA, asked()), *commands]:
        decided = decide(state, command)
        for event in () if isinstance(decided, Refused) else decided:
            if isinstance(event, LaunchStarted) and not isinstance(command, Resend):
                assert not may_have_arrived
                assert state.approvals_missing == 0
                assert ANA not in {approval.by for approval in state.approvals}
                may_have_arrived = True
            if isinstance(event, NotSent):
                may_have_arrived = may_have_arrived and isinstance(state.outcome, Unknown)
            version = state.version + 1 if state else 1
            state = evolve(state, Entry(LaunchId("L1"), version, NOON, actor_of(command), event))
            assert state.version == version


@given(st.lists(COMMANDS, max_size=40))
def test_after_a_cancel_no_call_ever_starts(commands):
    state, cancelled = launch(), False
    for number, command in enumerate(commands, start=2):
        decided = decide(state, command)
        if isinstance(decided, Refused):
            continue
        for event in decided:
            assert not (cancelled and isinstance(event, LaunchStarted))
            state = evolve(state, Entry(LaunchId("L1"), number, NOON, BEN, event))
            cancelled = cancelled or isinstance(event, Cancelled)
