"""Asking for changes: a wish that the requester answers by an edit, and that hinders nobody else's approval."""

from bot.launch.commands import Approve, AskChanges, Checked, Edit
from bot.launch.decide import decide
from bot.launch.events import Approved, ChangesAsked
from bot.launch.state import State
from bot.policy.refusals import OwnWish, Refused, TooLate
from tests.builders import ANA, BEN, CLEO, asked, launch

LESS = ChangesAsked("Only 500 first", (ANA,))


def edits(one):
    (edited,) = decide(one, Edit(ANA, asked(limit=500), (), one.fingerprint))
    return edited


def test_a_wish_pings_the_requester_and_leaves_the_request_open():
    assert decide(launch(), AskChanges(BEN, "Only 500 first")) == (LESS,)
    wished = launch((BEN, LESS))
    assert (wished.state, wished.moved_by, [one.by for one in wished.wishes]) == (State.REQUESTED, ANA, [BEN])


def test_a_wish_hinders_nobody_elses_approval():
    wished = launch((BEN, LESS))
    approve = Approve(CLEO, checked=Checked(shown=wished.fingerprint))
    assert decide(wished, approve) == (Approved(),)
    assert launch((BEN, LESS), (CLEO, Approved())).state == State.APPROVED


def test_whoever_asks_for_changes_takes_back_their_own_approval_alone():
    approved = launch((BEN, Approved()), (CLEO, Approved()), requested=asked(approvals=3))
    (event,) = decide(approved, AskChanges(BEN, "less"))
    assert event.takes_back
    wished = launch((BEN, Approved()), (CLEO, Approved()), (BEN, event), requested=asked(approvals=3))
    assert [one.by for one in wished.approvals] == [CLEO]


def test_whoever_approves_after_all_wants_no_more_changes():
    approved = launch((BEN, LESS), (CLEO, LESS), (BEN, Approved()), requested=asked(approvals=2))
    assert [one.by for one in approved.wishes] == [CLEO]


def test_of_each_person_the_last_wish_stands():
    wished = launch((BEN, LESS), (CLEO, LESS), (BEN, ChangesAsked("Only 5", (ANA,))))
    assert [(one.by, one.text) for one in wished.wishes] == [(CLEO, "Only 500 first"), (BEN, "Only 5")]


def test_an_edit_answers_whoever_asked_for_changes():
    wished = launch((BEN, LESS), (CLEO, LESS))
    edited = edits(wished)
    assert edited.answers == (BEN, CLEO)
    assert launch((BEN, LESS), (CLEO, LESS), (ANA, edited)).wishes == ()
    assert edits(launch()).answers == ()


def test_nobody_asks_themselves_nor_for_changes_of_what_is_decided():
    assert decide(launch(), AskChanges(ANA, "less")) == Refused(OwnWish())
    assert isinstance(decide(launch((BEN, Approved())), AskChanges(CLEO, "less")).reason, TooLate)
