"""Who may do what to a launch, and what a launch needs before it may start."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeAlias

from bot.launch.change import Change
from bot.launch.demands import Typed
from bot.launch.phrase import Phrase
from bot.launch.request import UserId


class Role(StrEnum):
    REQUESTER = "requester"
    APPROVER = "approver"
    ADMIN = "admin"


class Action(StrEnum):
    """What a person can do; also the `action_id` of its button and the subject of its audit tag."""

    REQUEST = "launch:request"
    EDIT = "launch:edit"
    APPROVE = "launch:approve"
    BREAK_GLASS = "launch:break_glass"
    REJECT = "launch:reject"
    CANCEL = "launch:cancel"
    LOOK = "launch:look"
    VOUCH = "launch:vouch"
    STOP = "launch:stop"
    EXPORT = "audit:export"
    READ = "launch:read"
    """Looking at campaigns and launches. Any role lets a person do it, also one of the policy file's own."""


NEEDED: dict[Action, tuple[str, ...]] = {
    Action.REQUEST: (Role.REQUESTER,),
    Action.EDIT: (Role.REQUESTER,),
    Action.APPROVE: (Role.APPROVER,),
    Action.BREAK_GLASS: (Role.ADMIN,),
    Action.REJECT: (Role.APPROVER,),
    Action.CANCEL: (Role.ADMIN,),
    Action.LOOK: (Role.APPROVER, Role.ADMIN),
    Action.VOUCH: (Role.APPROVER, Role.ADMIN),
    Action.STOP: (Role.APPROVER, Role.ADMIN),
    Action.EXPORT: (Role.ADMIN,),
    Action.READ: (Role.REQUESTER, Role.APPROVER, Role.ADMIN),
}
"""The roles of which a person needs one; for a stop, the policy may name others.

A launch's own requester may cancel it without any.
"""


class RolesUnknown(Exception):
    """Who holds which role could not be found out. `cause` is a clause for people."""

    def __init__(self, cause: Phrase) -> None:
        super().__init__(cause)
        self.cause = cause


class Roles(Protocol):
    """Who holds which role now. Each method raises RolesUnknown where that cannot be told."""

    def holds(self, person: UserId, role: str) -> bool:
        """Whether the person holds the role."""

    def held(self, person: UserId, among: Iterable[str]) -> frozenset[str]:
        """Which of these roles the person holds."""

    def holders(self, role: str) -> frozenset[UserId]:
        """All who hold the role."""


@dataclass(frozen=True)
class Rules:
    """What holds whatever the policy says."""

    retry_for: timedelta = timedelta(minutes=30)
    resend_when_in_doubt: bool = False
    """Whether the platform is known to deduplicate, so that the identical request may be sent once more."""


@dataclass(frozen=True)
class MissingRole:
    action: Action
    needed: tuple[str, ...]


@dataclass(frozen=True)
class RolesNotChecked:
    action: Action
    cause: Phrase


@dataclass(frozen=True)
class OwnRequest:
    """The requester tried to approve."""


@dataclass(frozen=True)
class OwnDoubt:
    """The requester said that their launch in doubt did not run: somebody else has to."""


@dataclass(frozen=True)
class ApprovedAlready:
    """This person's approval stands already."""


@dataclass(frozen=True)
class TooLate:
    """The launch has moved on: `state` is where it stands, `by` who brought it there, "" for the bot itself."""

    state: str
    by: UserId
    at: datetime


@dataclass(frozen=True)
class NoSuchLaunch:
    pass


@dataclass(frozen=True)
class CampaignInDoubt:
    """Another launch of the same campaign is in doubt: it may have been sent already."""

    requester: UserId
    since: datetime
    channel: str
    message_ts: str | None
    """The other launch's card in that channel, None where it is not there."""


@dataclass(frozen=True)
class PolicyNotRead:
    cause: Phrase


@dataclass(frozen=True)
class PolicyForbids:
    """`reasons` are sentences."""

    reasons: tuple[Phrase, ...]


@dataclass(frozen=True)
class TooFewApprovers:
    """Fewer people than are needed may approve this request; `role` is the one that lacks them."""

    role: str
    needed: int
    there_are: int


@dataclass(frozen=True)
class NotTheRequester:
    """Only who asked for a launch may edit it."""


@dataclass(frozen=True)
class ShownOtherwise:
    """The card has changed since the person saw it: what they clicked on is not what would be launched."""


@dataclass(frozen=True)
class EditsOtherwise:
    """The launch has changed since the form for editing it was opened: the form would undo what nobody saw in it."""


@dataclass(frozen=True)
class NotTyped:
    """The policy wants something typed, and it was not, or not rightly. `wanted` are the words for what it is."""

    wanted: tuple[Typed, ...]


@dataclass(frozen=True)
class GlassNotAllowed:
    """The policy lets nobody launch this without approval."""


@dataclass(frozen=True)
class ChangedSince:
    """What would be launched is no longer what was asked for; the card shows it anew."""

    changes: tuple[Change, ...]


@dataclass(frozen=True)
class NotReadAgain:
    """The campaign could not be read again to compare. `problems` are sentences."""

    problems: tuple[Phrase, ...]


@dataclass(frozen=True)
class CancelInstead:
    """Somebody wants to stop what has not been sent yet."""


@dataclass(frozen=True)
class BeingSent:
    """The activation is on its way: a stop now might come before it."""


@dataclass(frozen=True)
class StopUnderWay:
    """Somebody has asked for a stop already, and it is being made."""

    by: UserId
    at: datetime


@dataclass(frozen=True)
class NoRoomForCard:
    """A campaign that was not launched here needs a channel for its card, and none is known."""

    campaign_id: int


Reason: TypeAlias = (
    MissingRole
    | RolesNotChecked
    | OwnRequest
    | OwnDoubt
    | ApprovedAlready
    | TooLate
    | NoSuchLaunch
    | CampaignInDoubt
    | PolicyNotRead
    | PolicyForbids
    | TooFewApprovers
    | ChangedSince
    | NotReadAgain
    | NotTheRequester
    | ShownOtherwise
    | EditsOtherwise
    | NotTyped
    | GlassNotAllowed
    | CancelInstead
    | BeingSent
    | StopUnderWay
    | NoRoomForCard
)


@dataclass(frozen=True)
class Refused:
    """An action that was not taken, and why. The sentence for people is made in `slack/views`."""

    reason: Reason


def check_role(action: Action, person: UserId, roles: Roles, needed: tuple[str, ...] = ()) -> Refused | None:
    """Whether the person holds a role that allows the action; refused as well where that cannot be found out.

    `needed` are the roles that allow it, where the policy names them.
    """
    needed = needed or NEEDED[action]
    unknown: RolesUnknown | None = None
    for role in needed:
        try:
            if roles.holds(person, role):
                return None
        except RolesUnknown as trouble:
            unknown = trouble
    if unknown:
        return Refused(RolesNotChecked(action, unknown.cause))
    return Refused(MissingRole(action, needed))
