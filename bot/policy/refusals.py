"""Every reason for which an action is refused, and the tag under which it is recorded."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from bot.campaign.change import Change
from bot.campaign.request import UserId
from bot.phrase import Phrase
from bot.policy.demands import Typed
from bot.policy.roles import Action
from bot.results.brakes import Figure


@dataclass(frozen=True)
class MissingRole:
    """`but` are people who hold the role and could not do it either; `also` are those who could without it."""

    action: Action
    needed: tuple[str, ...]
    but: tuple[UserId, ...] = ()
    also: tuple[UserId, ...] = ()


@dataclass(frozen=True)
class RolesNotChecked:
    action: Action
    cause: Phrase


@dataclass(frozen=True)
class FromElsewhere:
    """What arrived is of another workspace, organisation or app than the bot's own."""


@dataclass(frozen=True)
class OwnRequest:
    """The requester tried to approve."""


@dataclass(frozen=True)
class OwnWish:
    """The requester asked themselves for changes."""


@dataclass(frozen=True)
class OwnDoubt:
    """The requester said that their launch in doubt did not run: somebody else has to."""


@dataclass(frozen=True)
class ApprovedAlready:
    """This person's approval stands already."""


@dataclass(frozen=True)
class TooLate:
    """The launch has moved on: `state` is where it stands, `by` who brought it there, "" for the bot itself.

    With `without_approval`, it was not approved: an admin launched it without.
    """

    state: str
    by: UserId
    at: datetime
    without_approval: bool = False


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

    requester: UserId


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
    notes: tuple[Phrase, ...] = ()


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
    """Somebody has asked for a stop already: it is being made, or has switched off what was over."""

    by: UserId
    at: datetime


@dataclass(frozen=True)
class NoRoomForCard:
    """A campaign that was not launched here needs a channel for its card, and none is known."""

    campaign_id: int


@dataclass(frozen=True)
class NotOfTests:
    """A test sends what there is, to whom the policy says: nothing of it can be edited."""


@dataclass(frozen=True)
class TooManyTests:
    """The person has asked for as many tests within a day as the policy allows."""

    most: int


@dataclass(frozen=True)
class ReleasedAlready:
    """The rest after a canary was released: by whom, "" for the bot itself, and when."""

    by: UserId
    at: datetime


@dataclass(frozen=True)
class CanaryUnderWay:
    """The rest cannot be released yet: the canary has not run, or with `until` its numbers are waited for."""

    until: datetime | None


@dataclass(frozen=True)
class CanaryInDoubt:
    """The rest cannot be released while nobody knows whether its canary ran."""


@dataclass(frozen=True)
class CanaryStopped:
    """The rest cannot be released while its card does not tell that a stop of the canary was asked for.

    By whom, "" for a brake, and when.
    """

    by: UserId
    at: datetime


@dataclass(frozen=True)
class BrakesOn:
    """The canary's numbers pass what the policy allows."""

    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class RecordDoubted:
    """What is stored of the launch, or of its canary, is not what the bot has written: nothing rests on it."""


@dataclass(frozen=True)
class NoRecipients:
    """Who received a launch cannot be told. `why` is a sentence."""

    why: Phrase


Reason: TypeAlias = (
    MissingRole
    | RolesNotChecked
    | FromElsewhere
    | OwnRequest
    | OwnWish
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
    | NotOfTests
    | TooManyTests
    | ReleasedAlready
    | CanaryUnderWay
    | CanaryInDoubt
    | CanaryStopped
    | BrakesOn
    | RecordDoubted
    | NoRecipients
)


REASONS: dict[str, type[Reason]] = {
    "MissingRole": MissingRole,
    "RolesNotChecked": RolesNotChecked,
    "FromElsewhere": FromElsewhere,
    "OwnRequest": OwnRequest,
    "OwnWish": OwnWish,
    "OwnDoubt": OwnDoubt,
    "ApprovedAlready": ApprovedAlready,
    "TooLate": TooLate,
    "NoSuchLaunch": NoSuchLaunch,
    "CampaignInDoubt": CampaignInDoubt,
    "PolicyNotRead": PolicyNotRead,
    "PolicyForbids": PolicyForbids,
    "TooFewApprovers": TooFewApprovers,
    "ChangedSince": ChangedSince,
    "NotReadAgain": NotReadAgain,
    "NotTheRequester": NotTheRequester,
    "ShownOtherwise": ShownOtherwise,
    "EditsOtherwise": EditsOtherwise,
    "NotTyped": NotTyped,
    "GlassNotAllowed": GlassNotAllowed,
    "CancelInstead": CancelInstead,
    "BeingSent": BeingSent,
    "StopUnderWay": StopUnderWay,
    "NoRoomForCard": NoRoomForCard,
    "NotOfTests": NotOfTests,
    "TooManyTests": TooManyTests,
    "ReleasedAlready": ReleasedAlready,
    "CanaryUnderWay": CanaryUnderWay,
    "CanaryInDoubt": CanaryInDoubt,
    "CanaryStopped": CanaryStopped,
    "BrakesOn": BrakesOn,
    "RecordDoubted": RecordDoubted,
    "NoRecipients": NoRecipients,
}
"""The tags under which refusals are recorded. A tag never changes: a class that is renamed keeps it."""

_TAGS = {reason: tag for tag, reason in REASONS.items()}


def reason_tag(reason: Reason) -> str:
    """The tag under which the refusal is recorded."""
    return _TAGS[type(reason)]


@dataclass(frozen=True)
class Refused:
    """An action that was not taken, and why. The sentence for people is made in `slack/views`."""

    reason: Reason
