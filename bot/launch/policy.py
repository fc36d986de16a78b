"""Who may do what to a launch, and what a launch needs before it may start."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeAlias

from bot.launch.request import UserId


class Role(StrEnum):
    REQUESTER = "requester"
    APPROVER = "approver"
    ADMIN = "admin"


class Action(StrEnum):
    """What a person can do; also the `action_id` of its button and the subject of its audit tag."""

    REQUEST = "launch:request"
    APPROVE = "launch:approve"
    REJECT = "launch:reject"
    CANCEL = "launch:cancel"
    LOOK = "launch:look"
    VOUCH = "launch:vouch"


NEEDED: dict[Action, tuple[Role, ...]] = {
    Action.REQUEST: (Role.REQUESTER,),
    Action.APPROVE: (Role.APPROVER,),
    Action.REJECT: (Role.APPROVER,),
    Action.CANCEL: (Role.ADMIN,),
    Action.LOOK: (Role.APPROVER, Role.ADMIN),
    Action.VOUCH: (Role.APPROVER, Role.ADMIN),
}
"""The roles of which a person needs one. A launch's own requester may cancel it without any."""


class RolesUnknown(Exception):
    """Who holds which role could not be found out. `cause` is a clause for people."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class Roles(Protocol):
    def holds(self, person: UserId, role: Role) -> bool:
        """Whether the person holds the role now. Raises RolesUnknown where that cannot be told."""


@dataclass(frozen=True)
class Rules:
    """What every launch must meet."""

    approvals_required: int = 1
    time_to_live: timedelta = timedelta(hours=4)
    retry_for: timedelta = timedelta(minutes=30)
    resend_when_in_doubt: bool = False
    """Whether the platform is known to deduplicate, so that the identical request may be sent once more."""


@dataclass(frozen=True)
class MissingRole:
    action: Action
    needed: tuple[Role, ...]


@dataclass(frozen=True)
class RolesNotChecked:
    action: Action
    cause: str


@dataclass(frozen=True)
class OwnRequest:
    """The requester tried to approve."""


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


Reason: TypeAlias = (
    MissingRole | RolesNotChecked | OwnRequest | ApprovedAlready | TooLate | NoSuchLaunch | CampaignInDoubt
)


@dataclass(frozen=True)
class Refused:
    """An action that was not taken, and why. The sentence for people is made in `slack/views`."""

    reason: Reason


def check_role(action: Action, person: UserId, roles: Roles) -> Refused | None:
    """Whether the person holds a role that allows the action; refused as well where that cannot be found out."""
    unknown: RolesUnknown | None = None
    for role in NEEDED[action]:
        try:
            if roles.holds(person, role):
                return None
        except RolesUnknown as trouble:
            unknown = trouble
    if unknown:
        return Refused(RolesNotChecked(action, unknown.cause))
    return Refused(MissingRole(action, NEEDED[action]))
