"""What a decision does to a launch: whether it counts now, and where the launch stands after it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.campaign.request import Purpose, UserId
from bot.launch import events
from bot.launch.commands import Approve, AskChanges, BreakGlass, Checked, Edit
from bot.launch.events import Event
from bot.launch.forecast import not_before
from bot.launch.given import Approval, Wish
from bot.launch.state import Launch, State
from bot.phrase import NO_CAUSE
from bot.policy import refusals
from bot.policy.confirmation import must_type, wrongly_typed
from bot.policy.demands import Demands
from bot.policy.fingerprint import drift
from bot.policy.refusals import Refused
from bot.policy.roles import Action


def edit(launch: Launch, asked: Edit) -> tuple[Event, ...] | Refused:
    """The requester's change of what is asked for, or why it is refused. It drops no demand that the launch had."""
    if launch.state != State.REQUESTED:
        return too_late(launch)
    if asked.by != launch.requester:
        return Refused(refusals.NotTheRequester(launch.requester))
    if not launch.request.purpose == asked.asked.request.purpose == Purpose.LAUNCH:
        return Refused(refusals.NotOfTests())
    if asked.of != launch.fingerprint:
        return Refused(refusals.EditsOtherwise())
    demands = launch.demands.join(asked.asked.demands)
    rules = tuple(dict.fromkeys((*launch.rules, *asked.asked.rules)))
    joined = replace(asked.asked, demands=demands, rules=rules)
    answers = tuple(wish.by for wish in launch.wishes)
    return (events.Edited(asked=joined, changes=asked.changes, lost=_others(launch, asked.by), answers=answers),)


def ask_changes(launch: Launch, asked: AskChanges) -> tuple[Event, ...] | Refused:
    """The wish, or why it is refused. It hinders nobody else's approval: it is a question to the requester."""
    if launch.state != State.REQUESTED:
        return too_late(launch)
    if asked.by == launch.requester:
        return Refused(refusals.OwnWish())
    takes_back = any(approval.by == asked.by for approval in launch.approvals)
    return (events.ChangesAsked(asked.wish, (launch.requester,), takes_back),)


def approve(launch: Launch, asked: Approve) -> tuple[Event, ...] | Refused:
    """The approval, with whatever the policy asks for beyond what it did before; or why it does not count."""
    if any(approval.by == asked.by for approval in launch.approvals):
        return Refused(refusals.ApprovedAlready())
    demands = _joined(launch, asked.checked)
    may = asked.by != launch.requester or demands.self_approval or launch.request.practice
    tightened = _check(launch, asked.checked, Action.APPROVE, None if may else refusals.OwnRequest())
    if isinstance(tightened, Refused):
        return tightened
    seen = asked.checked.seen
    moved = drift(launch.preview, seen) if seen else None
    return (*tightened, events.Approved(asked.roles, moved[1] if moved else None))


def break_glass(launch: Launch, asked: BreakGlass) -> tuple[Event, ...] | Refused:
    """As approve, for an admin who launches without the approvals."""
    may = _joined(launch, asked.checked).break_glass
    tightened = _check(launch, asked.checked, Action.BREAK_GLASS, None if may else refusals.GlassNotAllowed())
    return tightened if isinstance(tightened, Refused) else (*tightened, asked.broke)


def _others(launch: Launch, person: UserId) -> tuple[UserId, ...]:
    return tuple(one for one in launch.decided if one != person)


def with_edit(launch: Launch, edited: events.Edited) -> Launch:
    """As if it had been asked for anew, in the same place and with the same history."""
    asked = edited.asked
    return replace(
        _unapproved(launch, asked.expires_at),
        revision=launch.revision + 1,
        request=asked.request,
        preview=asked.preview,
        demands=asked.demands,
        rules=asked.rules,
        collisions=asked.collisions,
        report=asked.report,
        voided=None,
        wishes=(),
    )


def with_wish(launch: Launch, wish: Wish) -> Launch:
    """Whoever wants something changed approves no more what there is: an approval of theirs goes."""
    approvals = tuple(one for one in launch.approvals if one.by != wish.by)
    return launch.but(approvals=approvals, wishes=(*_wishes_but(launch, wish.by), wish))


def _wishes_but(launch: Launch, person: UserId) -> tuple[Wish, ...]:
    return tuple(one for one in launch.wishes if one.by != person)


def with_approval(launch: Launch, approval: Approval) -> Launch:
    """The launch with one more approval; it is approved where none is missing any more."""
    wishes = _wishes_but(launch, approval.by)
    counted = launch.but(approvals=(*launch.approvals, approval), wishes=wishes, voided=None)
    return counted if counted.missing.approvals else cleared(counted, approval.at)


def cleared(launch: Launch, at: datetime) -> Launch:
    """Nothing is missing any more: it starts when the hold and its own schedule let it."""
    held_until = not_before(launch.request, launch.demands, at)
    return launch.but(state=State.APPROVED, not_before=held_until, waits_for=NO_CAUSE)


def with_demands(launch: Launch, tightened: events.Tightened) -> Launch:
    """What meets the stricter demands still counts. An approved launch goes back where that is no longer enough."""
    demands = tightened.demands
    stricter = launch.but(demands=demands, rules=tightened.rules, **_still_counting(launch, demands))
    if launch.state != State.APPROVED:
        return stricter
    if not stricter.missing.approvals:
        return cleared(stricter, launch.moved_at) if demands.hold > launch.demands.hold else stricter
    back = _unapproved(stricter, tightened.expires_at or launch.expires_at)
    return back.but(approvals=stricter.approvals)


def back_to_request(launch: Launch, voided: events.Voided) -> Launch:
    """Back to where it was asked for, with what there is now; the time to decide begins anew."""
    back = _unapproved(launch, voided.expires_at)
    return back.but(revision=launch.revision + 1, preview=voided.preview, report=voided.report, voided=voided)


def too_late(launch: Launch) -> Refused:
    """The refusal of what this launch is past."""
    broken = launch.glass is not None and launch.state == State.APPROVED
    return Refused(refusals.TooLate(launch.state, launch.moved_by, launch.moved_at, broken))


def _joined(launch: Launch, checked: Checked) -> Demands:
    return launch.demands.join(checked.demands) if checked.demands else launch.demands


def _check(
    launch: Launch, checked: Checked, action: Action, forbidden: refusals.OwnRequest | refusals.GlassNotAllowed | None
) -> tuple[events.Tightened, ...] | Refused:
    """Whether the person decides on what is asked for now; with what the policy asks for beyond what it did before.

    What has to be typed comes last: nobody is asked to type what counts for nothing.
    """
    if launch.state != State.REQUESTED:
        return too_late(launch)
    # The very first cards told no fingerprint: they show what is asked for as long as it is the first revision.
    if checked.shown != launch.fingerprint and (checked.shown or launch.revision):
        return Refused(refusals.ShownOtherwise())
    if forbidden:
        return Refused(forbidden)
    demands = _joined(launch, checked)
    wrong = wrongly_typed(must_type(action, demands), checked.typed, launch.request, launch.preview)
    if wrong:
        return Refused(refusals.NotTyped(wrong))
    # The rules may name themselves anew without asking for more.
    return () if demands == launch.demands else (events.Tightened(demands, checked.rules),)


def _still_counting(launch: Launch, demands: Demands) -> Mapping[str, Any]:
    """Approvals given without what has to be typed by now do not, nor the requester's own where it may not any more.

    Nor do those that were given for another canary, or for none: nobody has approved who would receive it first.
    """
    if set(demands.typed) - set(launch.demands.typed) or launch.but(demands=demands).plan != launch.plan:
        return {"approvals": (), "glass": None}
    own = demands.self_approval or launch.request.practice
    approvals = tuple(one for one in launch.approvals if own or one.by != launch.requester)
    return {"approvals": approvals, "glass": launch.glass if demands.break_glass else None}


def _unapproved(launch: Launch, expires_at: datetime) -> Launch:
    return launch.but(
        state=State.REQUESTED,
        approvals=(),
        glass=None,
        glass_by=events.BOT,
        expires_at=expires_at,
        not_before=None,
        waits_for=NO_CAUSE,
        canary=None,
        canary_before=launch.canary_before or launch.canary is not None,
        reminders=0,
        called_second_line=False,
        outcome=None,
        first_miss_at=None,
    )
