"""What can be asked of a launch: each command brings about events, or is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.campaign.campaign import Preview
from bot.campaign.change import Change
from bot.campaign.request import RequestId, UserId
from bot.campaign.schedule import ScheduleRead
from bot.launch import events
from bot.launch.canary import CanaryNews
from bot.launch.copying import CopyNews
from bot.launch.outcome import Outcome
from bot.launch.received import ReceivedNews
from bot.launch.run import RunNews
from bot.launch.stop import StopAsked, StopNews
from bot.phrase import NO_CAUSE, Phrase
from bot.policy.demands import Demands, Typed
from bot.results.brakes import Figure


@dataclass(frozen=True)
class Request:
    by: UserId
    requested: events.Requested


@dataclass(frozen=True)
class Edit:
    """`changes` are the differences to what was asked for before, `of` is the fingerprint of what that was."""

    by: UserId
    asked: events.Requested
    changes: tuple[Change, ...]
    of: str


@dataclass(frozen=True)
class AskChanges:
    """Asks the requester to change something before an approval; `wish` says what."""

    by: UserId
    wish: str


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What a person decides on, and what was found just now: `shown` is the fingerprint on the card that they saw.

    `shown` is "" for a card from before there were fingerprints; `demands` joins what the policy asks for by now.
    """

    shown: str = ""
    typed: Mapping[Typed, str] = field(default_factory=dict)
    demands: Demands | None = None
    rules: tuple[str, ...] = ()
    seen: Preview | None = None


@dataclass(frozen=True)
class Approve:
    """`roles` are all that the approver holds."""

    by: UserId
    roles: tuple[str, ...] = ()
    checked: Checked = field(default_factory=Checked)


@dataclass(frozen=True)
class BreakGlass:
    """Launches without the approvals."""

    by: UserId
    broke: events.BrokeGlass
    checked: Checked


@dataclass(frozen=True)
class Reject:
    by: UserId
    reason: str


@dataclass(frozen=True)
class Cancel:
    by: UserId


@dataclass(frozen=True)
class Release:
    """Releases the rest of a launch whose canary has run. `shown` is the fingerprint on the card that was seen.

    `braked` are the brakes that are on by now; `unread` says why the policy could not be asked for them.
    """

    by: UserId
    shown: str
    braked: tuple[Figure, ...] = ()
    unread: Phrase = NO_CAUSE


@dataclass(frozen=True)
class StopHere:
    """Ends a launch between its canary and the rest."""

    by: UserId


@dataclass(frozen=True)
class Stop:
    by: UserId
    asked: StopAsked


@dataclass(frozen=True)
class Adopt:
    """Takes on a campaign that this bot did not launch, and stops it; where it is taken on already, stops it."""

    by: UserId
    adopted: events.Adopted
    asked: StopAsked


@dataclass(frozen=True)
class SwitchOff:
    """The bot switches off a test's copy."""

    asked: StopAsked


@dataclass(frozen=True)
class Brake:
    """The bot stops a run, by the policy's brakes."""

    asked: StopAsked


@dataclass(frozen=True)
class AskReceived:
    """Has those who received the launch put into a segment."""

    by: UserId


@dataclass(frozen=True)
class Deny:
    """Puts an action that was refused on record."""

    by: UserId
    denied: events.Denied


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
        events.Expired
        | events.Tightened
        | events.Voided
        | events.Reminded
        | events.Postponed
        | events.HeldBack
        | events.Practised
        | events.Withheld
        | events.LaunchStarted
        | Outcome
        | events.GaveUp
        | events.NothingFound
        | events.EvidenceFound
        | RunNews
        | ScheduleRead
        | CopyNews
        | CanaryNews
        | ReceivedNews
    )
    of: str = ""
    """The fingerprint of what it is about, where it counts for nothing else: "" for whatever stands now."""


@dataclass(frozen=True)
class ObserveStop:
    """Something the clock, the worker or the platform brought about for the stop with that request id."""

    event: StopNews
    of: RequestId


@dataclass(frozen=True)
class Resend:
    """Sends the identical request once more out of a doubt: only where the platform is known to deduplicate."""

    started: events.LaunchStarted


Command: TypeAlias = (
    Request
    | Edit
    | AskChanges
    | Approve
    | BreakGlass
    | Reject
    | Cancel
    | Deny
    | AskLook
    | Vouch
    | Release
    | StopHere
    | Stop
    | Adopt
    | SwitchOff
    | Brake
    | AskReceived
    | Observe
    | ObserveStop
    | Resend
)
