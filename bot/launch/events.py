"""What can happen to a launch. Each class is one kind of row in the journal."""

from dataclasses import dataclass
from datetime import datetime
from typing import NewType, TypeAlias

from bot.launch.campaign import Preview
from bot.launch.outcome import Accepted, NotSent, RefusedByPlatform, Unknown
from bot.launch.policy import Action, Role
from bot.launch.request import ActivationRequest, LaunchId, RequestId, UserId

ChannelId = NewType("ChannelId", str)

BOT = UserId("")
"""The actor of what nobody in Slack did: the clock, the worker, the platform."""


@dataclass(frozen=True, kw_only=True)
class Requested:
    request: ActivationRequest
    channel: ChannelId
    preview: Preview
    approvals_required: int
    expires_at: datetime


@dataclass(frozen=True)
class Approved:
    pass


@dataclass(frozen=True)
class Rejected:
    reason: str


@dataclass(frozen=True)
class Cancelled:
    pass


@dataclass(frozen=True)
class Expired:
    pass


@dataclass(frozen=True)
class Withheld:
    """Right before the call, a person on whom the launch rests no longer held the role."""

    person: UserId
    role: Role


@dataclass(frozen=True)
class Denied:
    """An action that was refused; `reason` is the refusal's class name."""

    action: Action
    reason: str


@dataclass(frozen=True, kw_only=True)
class LaunchStarted:
    """Committed before the call. `body_digest` is the SHA-256 of the body without the token.

    `newest_log` is the time of the newest entry in the campaign's log before the call, None where it was not readable.
    """

    attempt: int
    request_id: RequestId
    body_digest: str
    newest_log: datetime | None


@dataclass(frozen=True)
class GaveUp:
    """The platform stayed out of reach: nothing was ever sent."""


@dataclass(frozen=True)
class LookAsked:
    """A person asked to look into the campaign's log again."""


@dataclass(frozen=True)
class NothingFound:
    """The campaign's log shows no start that could be this launch. `cause` is set where the log was not readable."""

    cause: str = ""


@dataclass(frozen=True)
class EvidenceFound:
    """The campaign's log shows a start after the call began."""

    started_at: datetime


@dataclass(frozen=True)
class Vouched:
    """A person said whether the launch in doubt ran."""

    ran: bool


@dataclass(frozen=True)
class RunStarted:
    started_at: datetime


@dataclass(frozen=True)
class RunEnded:
    """The log's end entry: messages are built and queued, which is not delivery. `troubles` are the first ones only."""

    ended_at: datetime
    warnings: int = 0
    errors: int = 0
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True)
class FollowingStopped:
    """The bot stopped watching before the log showed an end."""


Event: TypeAlias = (
    Requested
    | Approved
    | Rejected
    | Cancelled
    | Expired
    | Withheld
    | Denied
    | LaunchStarted
    | Accepted
    | RefusedByPlatform
    | NotSent
    | Unknown
    | GaveUp
    | LookAsked
    | NothingFound
    | EvidenceFound
    | Vouched
    | RunStarted
    | RunEnded
    | FollowingStopped
)

KINDS: dict[str, type[Event]] = {
    "launch:request": Requested,
    "launch:approve": Approved,
    "launch:reject": Rejected,
    "launch:cancel": Cancelled,
    "launch:expire": Expired,
    "launch:withhold": Withheld,
    "launch:deny": Denied,
    "launch:start": LaunchStarted,
    "launch:accept": Accepted,
    "launch:refuse": RefusedByPlatform,
    "launch:not_sent": NotSent,
    "launch:doubt": Unknown,
    "launch:give_up": GaveUp,
    "launch:look": LookAsked,
    "launch:nothing_found": NothingFound,
    "launch:evidence": EvidenceFound,
    "launch:vouch": Vouched,
    "run:start": RunStarted,
    "run:end": RunEnded,
    "run:follow_stop": FollowingStopped,
}
"""The audit tags: `subject:action`, stored as an event's kind."""


@dataclass(frozen=True)
class Entry:
    """One event as it stands in the journal. `seq` counts from 1 within a launch; `at` is UTC."""

    launch_id: LaunchId
    seq: int
    at: datetime
    actor: UserId
    event: Event
