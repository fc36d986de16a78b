"""What can happen to a launch. Each class is one kind of row in the journal."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType, TypeAlias

from bot.campaign.campaign import Preview
from bot.campaign.change import Change
from bot.campaign.request import ActivationRequest, LaunchId, RequestId, UserId
from bot.campaign.schedule import ScheduleRead
from bot.launch import canary, copying, outcome, received, run, stop, upkeep
from bot.message.report import Report
from bot.phrase import NO_CAUSE, Phrase
from bot.policy.collision import Collision
from bot.policy.demands import Demands
from bot.policy.roles import Action

ChannelId = NewType("ChannelId", str)

BOT = UserId("")
"""The actor of what nobody in Slack did: the clock, the worker, the platform."""


@dataclass(frozen=True, kw_only=True)
class Requested:
    request: ActivationRequest
    channel: ChannelId
    preview: Preview
    expires_at: datetime
    demands: Demands = field(default_factory=Demands)
    rules: tuple[str, ...] = ()
    """The names of the policy's rules that made these demands."""
    collisions: tuple[Collision, ...] = ()
    mention: tuple[str, ...] = ()
    """Who is pinged, so that somebody decides: user ids and user-group ids."""
    report: Report = field(default_factory=Report)
    """What was sent then, in few words, and how its checks went; empty in earlier records."""
    workflow: str = ""
    """The execution of the workflow's step that asked for it, by Slack's id; "" where a person did so themselves."""
    belongs_to: LaunchId | None = None
    """The launch that it is made for, where there is one: a test's, a canary's, or the one that it corrects."""
    on_original: bool = False
    """Whether it runs on the campaign itself where it would be made on a copy."""


@dataclass(frozen=True, kw_only=True)
class Adopted:
    """A campaign that this bot did not launch, taken on to be stopped. The request names the campaign alone."""

    request: ActivationRequest
    channel: ChannelId
    preview: Preview


@dataclass(frozen=True, kw_only=True)
class Edited:
    """The requester has changed what is asked for: all approvals are void, and the time to decide begins anew."""

    asked: Requested
    changes: tuple[Change, ...]
    lost: tuple[str, ...] = ()
    """Whose approvals went with it."""
    answers: tuple[str, ...] = ()
    """Who had asked for changes."""


@dataclass(frozen=True)
class ChangesAsked:
    """Somebody who may approve asks the requester to change something first. `mention` is who is pinged for it.

    With `takes_back`, they had approved, and that approval counts no more.
    """

    wish: str
    mention: tuple[str, ...] = ()
    takes_back: bool = False


@dataclass(frozen=True)
class Approved:
    """`roles` are those that the approver held; `size` is the audience's where it had drifted."""

    roles: tuple[str, ...] = ()
    size: int | None = None


@dataclass(frozen=True)
class BrokeGlass:
    """An admin launches without the approvals. `skipped` is everyone who had a say, to be told."""

    reason: str
    skipped: tuple[str, ...]


@dataclass(frozen=True)
class Tightened:
    """The policy asks for more than when the launch was asked for; what stands here holds from now on."""

    demands: Demands
    rules: tuple[str, ...]
    expires_at: datetime | None = None
    """When it expires, where it goes back to be approved."""
    mention: tuple[str, ...] = ()
    """Who is pinged where it goes back, so that somebody decides."""


@dataclass(frozen=True)
class Voided:
    """What was approved is no longer what would be launched: all approvals are void, and the card asks again."""

    changes: tuple[Change, ...]
    preview: Preview
    expires_at: datetime
    lost: tuple[str, ...] = ()
    """Whose approvals went."""
    mention: tuple[str, ...] = ()
    """Who else is pinged, so that somebody decides."""
    notes: tuple[Phrase, ...] = ()
    """What else has changed, as sentences."""
    report: Report = field(default_factory=Report)


@dataclass(frozen=True)
class Reminded:
    """Nobody has decided yet. `mention` is who is pinged; with `last`, the request expires soon.

    With `doubt`, it is not the request that waits for people, but whether its launch ran; with `rest`, its canary has
    run, and the rest waits to be released.
    """

    mention: tuple[str, ...] = ()
    last: bool = False
    doubt: bool = False
    rest: bool = False


@dataclass(frozen=True)
class Postponed:
    """Approved, but not to start before that moment: `why` is a clause for people."""

    until: datetime
    why: Phrase


@dataclass(frozen=True)
class HeldBack:
    """Right before the call, the policy does not let it start any more. `reasons` are sentences.

    With `distrusted`, it is the record of the launch that is not what the bot has written: the reasons say where, and
    `mention` is who is pinged to look into it.
    """

    reasons: tuple[Phrase, ...]
    distrusted: bool = False
    mention: tuple[str, ...] = ()


@dataclass(frozen=True)
class Practised:
    """A practice launch has come to where the platform would be called; it was not."""


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
    role: str


@dataclass(frozen=True)
class Denied:
    """An action that was refused; `reason` is the refusal's tag, one of `REASONS`, or one of a newer version's.

    `times` says how often that was since the same was put on record before.
    """

    action: Action
    reason: str
    times: int = 1


@dataclass(frozen=True, kw_only=True)
class LaunchStarted:
    """Committed before the call. `body_digest` is the SHA-256 of the body without the token.

    `newest_log` is the time of the newest entry in the campaign's log before the call, None where it was not readable;
    `size` is the audience's where it had drifted.
    """

    attempt: int
    request_id: RequestId
    body_digest: str
    newest_log: datetime | None
    size: int | None = None


@dataclass(frozen=True)
class GaveUp:
    """The platform stayed out of reach: nothing was ever sent."""


@dataclass(frozen=True)
class LookAsked:
    """A person asked to look into the campaign's log again."""


@dataclass(frozen=True)
class NothingFound:
    """The campaign's log shows no start that could be this launch. `cause` is set where the log was not readable."""

    cause: Phrase = NO_CAUSE


@dataclass(frozen=True)
class EvidenceFound:
    """The campaign's log, or with `by_hook` an event of the platform's hooks, shows a start after the call began.

    `mention` is who is pinged where somebody had said that it did not run: another launch may be asked for meanwhile.
    """

    started_at: datetime
    mention: tuple[str, ...] = ()
    by_hook: bool = False


@dataclass(frozen=True)
class Vouched:
    """A person said whether the launch in doubt ran."""

    ran: bool


Event: TypeAlias = (
    Requested
    | Adopted
    | Edited
    | ChangesAsked
    | Approved
    | BrokeGlass
    | Tightened
    | Voided
    | Reminded
    | Postponed
    | HeldBack
    | Practised
    | Rejected
    | Cancelled
    | Expired
    | Withheld
    | Denied
    | LaunchStarted
    | GaveUp
    | LookAsked
    | NothingFound
    | EvidenceFound
    | Vouched
    | outcome.Outcome
    | run.RunNews
    | ScheduleRead
    | stop.StopAsked
    | stop.StopNews
    | copying.CopyNews
    | canary.CanaryNews
    | received.ReceivedAsked
    | received.ReceivedNews
    | upkeep.Upkeep
)

KINDS: dict[str, type[Event]] = {
    "launch:request": Requested,
    "campaign:adopt": Adopted,
    "launch:edit": Edited,
    "launch:ask_changes": ChangesAsked,
    "launch:approve": Approved,
    "launch:break_glass": BrokeGlass,
    "launch:tighten": Tightened,
    "launch:void": Voided,
    "launch:remind": Reminded,
    "launch:postpone": Postponed,
    "launch:hold_back": HeldBack,
    "launch:practise": Practised,
    "launch:reject": Rejected,
    "launch:cancel": Cancelled,
    "launch:expire": Expired,
    "launch:withhold": Withheld,
    "launch:deny": Denied,
    "launch:start": LaunchStarted,
    "launch:accept": outcome.Accepted,
    "launch:refuse": outcome.RefusedByPlatform,
    "launch:not_sent": outcome.NotSent,
    "launch:doubt": outcome.Unknown,
    "launch:give_up": GaveUp,
    "launch:look": LookAsked,
    "launch:nothing_found": NothingFound,
    "launch:evidence": EvidenceFound,
    "launch:vouch": Vouched,
    "run:start": run.RunStarted,
    "run:end": run.RunEnded,
    "run:halt": run.RunHalted,
    "run:complete": run.RunCompleted,
    "run:log_unread": run.LogUnread,
    "run:follow_stop": run.FollowingStopped,
    "run:schedule": ScheduleRead,
    "run:results": run.ResultsReported,
    "stop:ask": stop.StopAsked,
    "stop:start": stop.StopStarted,
    "stop:done": stop.Stopped,
    "stop:refuse": stop.StopRefused,
    "stop:not_sent": stop.StopNotSent,
    "stop:doubt": stop.StopUnknown,
    "stop:give_up": stop.StopGaveUp,
    "stop:not_seen": stop.StopNotSeen,
    "copy:start": copying.CopyStarted,
    "copy:done": copying.Copied,
    "copy:refuse": copying.CopyRefused,
    "copy:doubt": copying.CopyUnknown,
    "copy:not_found": copying.CopyNotFound,
    "canary:begin": canary.CanaryBegun,
    "canary:ran": canary.CanaryRan,
    "canary:judge": canary.CanaryJudged,
    "canary:fail": canary.CanaryFailed,
    "canary:release": canary.CanaryReleased,
    "received:ask": received.ReceivedAsked,
    "received:start": received.FillingStarted,
    "received:progress": received.FillingProgressed,
    "received:done": received.FillingDone,
    "received:fail": received.FillingFailed,
    "record:rekey": upkeep.Rekeyed,
    "record:prune": upkeep.Pruned,
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
