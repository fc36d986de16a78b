"""The life of a launch: who may move it where, and that nothing moves it twice."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.campaign import Preview
from bot.campaign.change import Change
from bot.campaign.request import LaunchId
from bot.launch.commands import (
    Approve,
    AskLook,
    BreakGlass,
    Cancel,
    Checked,
    Deny,
    Edit,
    Observe,
    Reject,
    Request,
    Resend,
    Vouch,
)
from bot.launch.decide import actor_of, decide
from bot.launch.events import (
    Approved,
    BrokeGlass,
    Cancelled,
    Denied,
    Edited,
    Entry,
    EvidenceFound,
    Expired,
    GaveUp,
    HeldBack,
    LaunchStarted,
    NothingFound,
    Postponed,
    Reminded,
    Tightened,
    Voided,
    Vouched,
    Withheld,
)
from bot.launch.evolve import evolve
from bot.launch.given import Missing
from bot.launch.outcome import Accepted, NotSent, RefusedByPlatform, Unknown
from bot.launch.run import FollowingStopped, RunEnded, RunStarted
from bot.launch.state import State
from bot.policy.demands import Demands, RoleCount, Typed
from bot.policy.refusals import (
    ApprovedAlready,
    EditsOtherwise,
    GlassNotAllowed,
    NoSuchLaunch,
    NotTheRequester,
    NotTyped,
    OwnRequest,
    Refused,
    ShownOtherwise,
    TooLate,
)
from bot.policy.roles import Action, Role
from tests.builders import ANA, BEN, CLEO, DAN, NOON, PREVIEW, asked, by_bot, launch, started
from tests.twins import twins

LOST = Unknown("the connection broke")


def test_the_requester_cannot_approve():
    assert decide(launch(), Approve(ANA)) == Refused(OwnRequest())


def test_one_person_approves_once():
    twice = launch((BEN, Approved()), requested=asked(approvals=2))
    assert decide(twice, Approve(BEN)) == Refused(ApprovedAlready())


def test_the_last_approval_needed_approves_the_launch():
    one_of_two = launch((BEN, Approved()), requested=asked(approvals=2))
    both = launch((BEN, Approved()), (CLEO, Approved()), requested=asked(approvals=2))
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


TYPED = {Typed.CAMPAIGN: "82"}
GLASS = asked(demands=Demands(break_glass=True))
LEAD = Demands(approvals=2, of_which=(RoleCount("lead", 1),))
LIMITED = Edit(ANA, asked(limit=5), (Change("the limit", "none", "5"),), launch().fingerprint)
RENAMED = replace(PREVIEW, campaign=replace(PREVIEW.campaign, name="Other"))
VOIDED = Voided((Change("the campaign's name", "Black Friday", "Other"),), RENAMED, NOON + timedelta(hours=5))


def shown_by(one) -> Checked:
    return Checked(shown=one.fingerprint, typed=TYPED)


def test_two_approvals_do_not_make_up_for_a_lead_that_is_missing():
    two = launch((BEN, Approved()), (CLEO, Approved()), requested=asked(demands=LEAD))
    three = launch((BEN, Approved()), (CLEO, Approved()), (DAN, Approved(("lead",))), requested=asked(demands=LEAD))
    assert (two.state, three.state) == (State.REQUESTED, State.APPROVED)
    assert two.missing == Missing(1, (RoleCount("lead", 1),))


def test_an_edit_takes_all_approvals_away_and_asks_for_what_it_says():
    edited = launch((BEN, Approved()), (ANA, Edited(asked=LIMITED.asked, changes=LIMITED.changes)), requested=asked(2))
    assert (edited.request.limit, edited.approvals, edited.missing.approvals) == (5, (), 1)


def test_only_the_requester_edits_and_only_what_is_still_asked_for():
    assert decide(launch(), replace(LIMITED, by=BEN)) == Refused(NotTheRequester(ANA))
    assert isinstance(decide(launch((BEN, Approved())), LIMITED), Refused)


def test_an_approval_counts_only_for_what_its_card_showed():
    before = launch()
    edited = launch((ANA, Edited(asked=LIMITED.asked, changes=LIMITED.changes)))
    assert decide(edited, Approve(BEN, checked=shown_by(before))) == Refused(ShownOtherwise())
    assert decide(edited, Approve(BEN)) == Refused(ShownOtherwise())
    assert decide(edited, Approve(BEN, checked=shown_by(edited))) == (Approved(),)


def test_an_approval_of_one_revision_counts_for_no_later_one_that_asks_for_the_same_again():
    first = launch()
    back = launch((ANA, Edited(asked=LIMITED.asked, changes=())), (ANA, Edited(asked=asked(), changes=())))
    assert (back.request, back.preview) == (first.request, first.preview)
    assert decide(back, Approve(BEN, checked=shown_by(first))) == Refused(ShownOtherwise())
    assert decide(back, Approve(BEN, checked=shown_by(back))) == (Approved(),)


def test_an_approval_of_a_request_counts_for_no_other_whose_fingerprint_begins_alike():
    small, large = (
        launch(requested=replace(asked(), request=request))
        for request in twins(asked(limit=5).request, asked(limit=40_000).request, PREVIEW)
    )
    assert small.fingerprint_shown == large.fingerprint_shown
    assert small.revision == large.revision
    assert decide(large, Approve(BEN, checked=shown_by(small))) == Refused(ShownOtherwise())
    for shortened in (large.fingerprint_shown, large.fingerprint[:-1], large.fingerprint[2:]):
        assert decide(large, Approve(BEN, checked=Checked(shown=shortened))) == Refused(ShownOtherwise())


def test_what_others_do_meanwhile_takes_no_click_from_an_approver():
    demands = Demands(approvals=3)
    requested = asked(demands=demands)
    before = launch(requested=requested)
    stricter = Tightened(demands.join(LEAD), ())
    after = launch((CLEO, Approved()), by_bot(Reminded()), by_bot(stricter), requested=requested)
    assert decide(after, Approve(BEN, checked=shown_by(before))) == (Approved(),)


@pytest.mark.parametrize("between", [(ANA, Edited(asked=asked(limit=6), changes=())), by_bot(VOIDED)])
def test_an_edit_of_one_revision_undoes_no_other(between):
    assert decide(launch(between), LIMITED) == Refused(EditsOtherwise())
    assert isinstance(decide(launch(between), replace(LIMITED, of=launch(between).fingerprint)), tuple)
    assert isinstance(decide(launch((BEN, Approved()), requested=asked(2)), LIMITED), tuple)


def test_an_edit_goes_on_record_with_all_that_was_demanded_before():
    strict = replace(asked(demands=LEAD), rules=("large",))
    lax = replace(LIMITED, asked=replace(LIMITED.asked, rules=("small",)), of=launch(requested=strict).fingerprint)
    (edited,) = decide(launch(requested=strict), lax)
    assert edited.asked.demands == LEAD.join(LIMITED.asked.demands)
    assert edited.asked.rules == ("large", "small")


def test_what_changed_takes_an_approved_launch_back():
    back = launch((BEN, Approved()), by_bot(VOIDED))
    assert (back.state, back.approvals, back.preview) == (State.REQUESTED, (), RENAMED)
    assert back.expires_at == VOIDED.expires_at


def test_what_was_found_about_an_older_request_voids_nothing():
    edited = launch((ANA, Edited(asked=LIMITED.asked, changes=LIMITED.changes)))
    assert isinstance(decide(edited, Observe(VOIDED, launch().fingerprint)), Refused)
    assert decide(edited, Observe(VOIDED, edited.fingerprint)) == (VOIDED,)


def test_a_policy_that_asks_for_more_takes_an_approved_launch_back_with_its_approvals():
    back = launch((BEN, Approved()), by_bot(Tightened(LEAD, ("large",), NOON + timedelta(hours=5))))
    assert (back.state, len(back.approvals)) == (State.REQUESTED, 1)
    stays = launch((BEN, Approved()), by_bot(Tightened(Demands(reason=True), ("large",))))
    assert stays.state == State.APPROVED


@pytest.mark.parametrize(("typed", "counts"), [("48,210", True), ("48 210", True), ("48.211", False), ("", False)])
def test_what_has_to_be_typed_is_compared_without_separators(typed, counts):
    one = launch(requested=asked(demands=Demands(typed=(Typed.AUDIENCE,))))
    decided = decide(one, Approve(BEN, checked=Checked(typed={Typed.AUDIENCE: typed})))
    assert decided == ((Approved(),) if counts else Refused(NotTyped((Typed.AUDIENCE,))))


def test_the_campaigns_id_stands_in_for_an_audience_of_unknown_size():
    unknown = replace(asked(demands=Demands(typed=(Typed.AUDIENCE,))), preview=Preview())
    assert decide(launch(requested=unknown), Approve(BEN, checked=Checked(typed=TYPED))) == (Approved(),)


def test_glass_is_broken_only_where_the_policy_lets_it_and_with_something_typed():
    break_glass = BreakGlass(DAN, BrokeGlass("fire", ()), Checked(typed=TYPED))
    assert decide(launch(requested=GLASS), break_glass) == (BrokeGlass("fire", ()),)
    assert decide(launch(), break_glass) == Refused(GlassNotAllowed())
    untyped = replace(break_glass, checked=Checked())
    assert decide(launch(requested=GLASS), untyped) == Refused(NotTyped((Typed.CAMPAIGN,)))


def test_a_rehearsal_never_starts():
    rehearsal = launch((ANA, Approved()), requested=asked(practice=True))
    assert rehearsal.state == State.APPROVED
    assert isinstance(decide(rehearsal, Observe(started())), Refused)
    assert decide(launch(requested=asked(practice=True)), Approve(ANA)) == (Approved(),)


PEOPLE = st.sampled_from([ANA, BEN, CLEO, DAN])
NOW, BEFORE = "as it stands now", "as it stood at first"
SEEN = [NOW, BEFORE, ""]


def on(state, first, command):
    """The command of somebody who sees the launch as it stands now, or as it stood at first."""
    seen = {NOW: state, BEFORE: first}
    if isinstance(command, Edit) and command.of in seen:
        return replace(command, of=seen[command.of].fingerprint)
    if isinstance(command, Approve) and command.checked.shown in seen:
        return replace(command, checked=replace(command.checked, shown=seen[command.checked.shown].fingerprint))
    return command


COMMANDS = st.one_of(
    st.builds(Request, PEOPLE, st.builds(asked, approvals=st.integers(1, 3))),
    st.builds(
        Edit, PEOPLE, st.sampled_from([asked(), asked(limit=5), asked(2), GLASS]), st.just(()), st.sampled_from(SEEN)
    ),
    st.builds(Approve, PEOPLE, checked=st.sampled_from(SEEN).map(lambda shown: Checked(shown=shown, typed=TYPED))),
    st.builds(BreakGlass, PEOPLE, st.just(BrokeGlass("fire", ())), st.just(shown_by(launch()))),
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
                Tightened(LEAD, ()),
                VOIDED,
                Reminded(),
                Postponed(NOON + timedelta(hours=9), "quiet"),
                HeldBack(("no",)),
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
        decided = decide(state, on(state, launch(), command))
        for event in () if isinstance(decided, Refused) else decided:
            if isinstance(event, LaunchStarted) and not isinstance(command, Resend):
                assert not may_have_arrived
                assert state.missing.approvals == 0
                assert state.glass or len(state.approvals) >= state.demands.approvals
                assert ANA not in {approval.by for approval in state.approvals}
                may_have_arrived = True
            if isinstance(event, NotSent):
                may_have_arrived = may_have_arrived and isinstance(state.outcome, Unknown)
            version = state.version + 1 if state else 1
            state = evolve(state, Entry(LaunchId("L1"), version, NOON, actor_of(command), event))
            assert state.version == version


@given(st.lists(COMMANDS, max_size=40))
def test_an_approval_counts_for_nothing_but_what_it_was_given_for(commands):
    """Whatever starts was approved as it is: no edit and no change lies between the approvals and the start."""
    state, approved_as = launch(), {}
    for number, told in enumerate(commands, start=2):
        command = on(state, launch(), told)
        decided = decide(state, command)
        for event in () if isinstance(decided, Refused) else decided:
            if isinstance(event, LaunchStarted):
                assert {approved_as[one.by] for one in state.approvals} <= {state.fingerprint}
            state = evolve(state, Entry(LaunchId("L1"), number, NOON, actor_of(command), event))
            if isinstance(event, Approved):
                assert command.checked.shown == state.fingerprint or state.revision == 0
                approved_as[command.by] = state.fingerprint


@given(st.lists(COMMANDS, max_size=40))
def test_after_a_cancel_no_call_ever_starts(commands):
    state, cancelled = launch(), False
    for number, command in enumerate(commands, start=2):
        decided = decide(state, on(state, launch(), command))
        if isinstance(decided, Refused):
            continue
        for event in decided:
            assert not (cancelled and isinstance(event, LaunchStarted))
            state = evolve(state, Entry(LaunchId("L1"), number, NOON, BEN, event))
            cancelled = cancelled or isinstance(event, Cancelled)
