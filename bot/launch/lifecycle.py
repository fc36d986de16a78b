"""The life of one launch: decide what a command does to it, and what an event makes of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from bot.launch.campaign import Preview
from bot.launch.events import (
    BOT,
    Approved,
    Cancelled,
    ChannelId,
    Denied,
    Entry,
    Event,
    EvidenceFound,
    Expired,
    FollowingStopped,
    GaveUp,
    LaunchStarted,
    LookAsked,
    NothingFound,
    Rejected,
    Requested,
    RunEnded,
    RunStarted,
    Vouched,
    Withheld,
)
from bot.launch.outcome import Accepted, NotSent, Outcome, RefusedByPlatform, Unknown
from bot.launch.policy import ApprovedAlready, NoSuchLaunch, OwnRequest, Refused, TooLate
from bot.launch.request import ActivationRequest, LaunchId, UserId


class State(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    LAUNCHING = "launching"
    LAUNCHED = "launched"
    RUNNING = "running"
    FINISHED = "finished"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REFUSED = "refused"
    UNREACHED = "unreached"
    IN_DOUBT = "in_doubt"


ENDED = frozenset(
    {State.FINISHED, State.REJECTED, State.CANCELLED, State.EXPIRED, State.REFUSED, State.UNREACHED},
)
"""Where nothing is left to be done for a launch."""


@dataclass(frozen=True)
class Approval:
    by: UserId
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Launch:
    """One request with its history folded in; `moved_by` and `moved_at` say who brought it into its state, and when."""

    id: LaunchId
    version: int
    state: State
    request: ActivationRequest
    requester: UserId
    channel: ChannelId
    preview: Preview
    requested_at: datetime
    expires_at: datetime
    approvals_required: int
    moved_by: UserId
    moved_at: datetime
    approvals: tuple[Approval, ...] = ()
    rejection: str = ""
    withheld: Withheld | None = None
    attempts: tuple[LaunchStarted, ...] = ()
    started_at: datetime | None = None
    outcome: Outcome | None = None
    first_miss_at: datetime | None = None
    looked: NothingFound | None = None
    evidence: EvidenceFound | None = None
    vouched: Vouched | None = None
    run: RunStarted | None = None
    run_end: RunEnded | None = None
    followed: bool = True

    @property
    def approvals_missing(self) -> int:
        return max(0, self.approvals_required - len(self.approvals))


@dataclass(frozen=True)
class Request:
    by: UserId
    requested: Requested


@dataclass(frozen=True)
class Approve:
    by: UserId


@dataclass(frozen=True)
class Reject:
    by: UserId
    reason: str


@dataclass(frozen=True)
class Cancel:
    by: UserId


@dataclass(frozen=True)
class Deny:
    """Puts an action that was refused on record."""

    by: UserId
    denied: Denied


@dataclass(frozen=True)
class AskLook:
    by: UserId


@dataclass(frozen=True)
class Vouch:
    by: UserId
    ran: bool


@dataclass(frozen=True)
class Observe:
    """Something the clock, the worker or the platform brought about."""

    event: (
        Expired
        | Withheld
        | LaunchStarted
        | Outcome
        | GaveUp
        | NothingFound
        | EvidenceFound
        | RunStarted
        | RunEnded
        | FollowingStopped
    )


@dataclass(frozen=True)
class Resend:
    """Sends the identical request once more out of a doubt: only where the platform is known to deduplicate."""

    started: LaunchStarted


Command: TypeAlias = Request | Approve | Reject | Cancel | Deny | AskLook | Vouch | Observe | Resend

_MAY_FOLLOW: dict[type[Event], frozenset[State]] = {
    Expired: frozenset({State.REQUESTED}),
    Withheld: frozenset({State.APPROVED}),
    LaunchStarted: frozenset({State.APPROVED}),
    NotSent: frozenset({State.APPROVED, State.LAUNCHING}),
    Unknown: frozenset({State.LAUNCHING}),
    # A late answer heals a doubt, even one that a person settled the other way.
    Accepted: frozenset({State.LAUNCHING, State.IN_DOUBT, State.UNREACHED}),
    RefusedByPlatform: frozenset({State.LAUNCHING, State.IN_DOUBT}),
    GaveUp: frozenset({State.APPROVED}),
    NothingFound: frozenset({State.IN_DOUBT}),
    EvidenceFound: frozenset({State.IN_DOUBT}),
    RunStarted: frozenset({State.LAUNCHED}),
    RunEnded: frozenset({State.LAUNCHED, State.RUNNING}),
    FollowingStopped: frozenset({State.LAUNCHED, State.RUNNING}),
}


Decision: TypeAlias = tuple[Event, ...] | Refused


def decide(launch: Launch | None, command: Command) -> Decision:
    """The events a command brings about, or why it brings none. Roles are checked before, by the desk."""
    match command:
        case Request(_, requested):
            return (requested,) if launch is None else _too_late(launch)
        case _ if launch is None:
            return Refused(NoSuchLaunch())
        case Deny(_, denied):
            return (denied,)
        case Approve(by):
            return _approve(launch, by)
        case Reject(_, reason):
            return (Rejected(reason),) if launch.state == State.REQUESTED else _too_late(launch)
        case Cancel():
            return (Cancelled(),) if launch.state in {State.REQUESTED, State.APPROVED} else _too_late(launch)
        case AskLook():
            return (LookAsked(),) if launch.state == State.IN_DOUBT else _too_late(launch)
        case Vouch(_, ran):
            return (Vouched(ran),) if launch.state == State.IN_DOUBT else _too_late(launch)
        case Observe(event):
            return (event,) if launch.state in _MAY_FOLLOW[type(event)] else _too_late(launch)
        case Resend(started):
            return (started,) if _may_resend(launch) else _too_late(launch)


def _approve(launch: Launch, by: UserId) -> tuple[Event, ...] | Refused:
    if any(approval.by == by for approval in launch.approvals):
        return Refused(ApprovedAlready())
    if launch.state != State.REQUESTED:
        return _too_late(launch)
    if by == launch.requester:
        return Refused(OwnRequest())
    return (Approved(),)


def _may_resend(launch: Launch) -> bool:
    return launch.state == State.IN_DOUBT and len(launch.attempts) == 1


def _too_late(launch: Launch) -> Refused:
    return Refused(TooLate(launch.state, launch.moved_by, launch.moved_at))


def evolve(launch: Launch | None, entry: Entry) -> Launch:
    """The launch after one more entry. Raises ValueError for an entry that has no launch to stand on."""
    if isinstance(entry.event, Requested):
        return _begin(entry, entry.event)
    if launch is None:
        raise ValueError(f"{entry.launch_id} opens with {type(entry.event).__name__}, not with a request")
    changed = _apply(replace(launch, version=entry.seq), entry)
    if changed.state != launch.state:
        return replace(changed, moved_by=entry.actor, moved_at=entry.at)
    return changed


def _begin(entry: Entry, requested: Requested) -> Launch:
    return Launch(
        id=entry.launch_id,
        version=entry.seq,
        state=State.REQUESTED,
        request=requested.request,
        requester=entry.actor,
        channel=requested.channel,
        preview=requested.preview,
        requested_at=entry.at,
        expires_at=requested.expires_at,
        approvals_required=requested.approvals_required,
        moved_by=entry.actor,
        moved_at=entry.at,
    )


def _apply(launch: Launch, entry: Entry) -> Launch:  # noqa: C901 -- one arm an event is the plainest shape
    match entry.event:
        case Approved():
            counted = replace(launch, approvals=(*launch.approvals, Approval(entry.actor, entry.at)))
            return counted if counted.approvals_missing else replace(counted, state=State.APPROVED)
        case Rejected(reason):
            return replace(launch, state=State.REJECTED, rejection=reason)
        case Cancelled():
            return replace(launch, state=State.CANCELLED)
        case Expired():
            return replace(launch, state=State.EXPIRED)
        case Withheld() as withheld:
            return replace(launch, state=State.CANCELLED, withheld=withheld)
        case LaunchStarted() as started:
            attempts = (*launch.attempts, started)
            return replace(launch, state=State.LAUNCHING, attempts=attempts, started_at=launch.started_at or entry.at)
        case Accepted() as accepted:
            return replace(launch, state=State.LAUNCHED, outcome=accepted)
        case RefusedByPlatform() as refused:
            return _refused(launch, refused)
        case NotSent() as missed:
            return _missed(launch, missed, entry.at)
        case Unknown() as unknown:
            return replace(launch, state=State.IN_DOUBT, outcome=unknown)
        case GaveUp():
            return replace(launch, state=State.UNREACHED)
        case NothingFound() as nothing:
            return replace(launch, looked=nothing)
        case LookAsked():
            return replace(launch, looked=None)
        case EvidenceFound() as evidence:
            return replace(launch, state=State.LAUNCHED, evidence=evidence)
        case Vouched(ran) as vouched:
            return replace(launch, state=State.LAUNCHED if ran else State.UNREACHED, vouched=vouched)
        case RunStarted() as run:
            return replace(launch, state=State.RUNNING, run=run)
        case RunEnded() as end:
            return replace(launch, state=State.FINISHED, run_end=end)
        case FollowingStopped():
            return replace(launch, followed=False)
        case _:
            return launch


def _refused(launch: Launch, refused: RefusedByPlatform) -> Launch:
    """Refused for good; but the refusal of a resend says nothing about the try before it."""
    if isinstance(launch.outcome, Unknown) and len(launch.attempts) > 1:
        return replace(launch, state=State.IN_DOUBT)
    return replace(launch, state=State.REFUSED, outcome=refused)


def _missed(launch: Launch, missed: NotSent, at: datetime) -> Launch:
    """Back to approved, for another try; but a resend that did not leave settles nothing about the try before it."""
    if isinstance(launch.outcome, Unknown):
        return replace(launch, state=State.IN_DOUBT)
    return replace(launch, state=State.APPROVED, outcome=missed, first_miss_at=launch.first_miss_at or at)


def fold(entries: tuple[Entry, ...]) -> Launch | None:
    """The launch its entries tell; None where they hold no request, only refused attempts at one."""
    launch: Launch | None = None
    for entry in entries:
        if launch is None and isinstance(entry.event, Denied):
            continue
        launch = evolve(launch, entry)
    return launch


def actor_of(command: Command) -> UserId:
    """Who stands behind the command's events."""
    return BOT if isinstance(command, Observe | Resend) else command.by
