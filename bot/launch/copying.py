"""The copy of a campaign on which a test is made: what can happen to it, and where it stands."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from bot.campaign.request import RequestId
from bot.launch.outcome import NotSent, RefusedByPlatform, Unknown
from bot.phrase import NO_CAUSE, Phrase


@dataclass(frozen=True)
class CopyStarted:
    """Committed before the platform is asked for the copy. By its `name`, which no other campaign has, it is found."""

    request_id: RequestId
    name: str
    body_digest: str


@dataclass(frozen=True)
class Copied:
    """The copy is there, under that id. With `found`, the answer was lost, and it was found by its name."""

    campaign_id: int
    found: bool = False


@dataclass(frozen=True)
class CopyRefused:
    """The platform answered with an error: there is no copy."""

    code: int
    text: str


@dataclass(frozen=True)
class CopyUnknown:
    """The copy may be there. `cause` is a clause for people, `mention` who is pinged. Nothing is sent any more."""

    cause: Phrase
    mention: tuple[str, ...] = ()


@dataclass(frozen=True)
class CopyNotFound:
    """No campaign of that name is in the platform's list; or with `cause`, a sentence, the list could not be read."""

    cause: Phrase = NO_CAUSE


CopyOutcome: TypeAlias = Copied | RefusedByPlatform | NotSent | Unknown
"""What became of the one call."""

CopyNews: TypeAlias = CopyStarted | Copied | CopyRefused | CopyUnknown | CopyNotFound
"""What the worker notes about a copy. That the call never left is noted as for a launch."""


class CopyStep(StrEnum):
    """Where a copy stands."""

    CALLING = "calling"
    THERE = "there"
    REFUSED = "refused"
    IN_DOUBT = "in_doubt"


@dataclass(frozen=True, kw_only=True)
class Copy:
    """A copy with its history folded in. `campaign_id` is its own, None until it is known."""

    name: str
    step: CopyStep = CopyStep.CALLING
    campaign_id: int | None = None
    found: bool = False
    looked: CopyNotFound | None = None
    unknown: CopyUnknown | None = None


_MAY_FOLLOW: dict[type[CopyNews], frozenset[CopyStep | None]] = {
    CopyStarted: frozenset({None}),
    # A late answer heals a doubt.
    Copied: frozenset({CopyStep.CALLING, CopyStep.IN_DOUBT}),
    CopyRefused: frozenset({CopyStep.CALLING}),
    CopyUnknown: frozenset({CopyStep.CALLING}),
    CopyNotFound: frozenset({CopyStep.IN_DOUBT}),
}


def may_happen(copy: Copy | None, news: CopyNews) -> bool:
    """Whether the news can follow on where the copy stands."""
    return (copy.step if copy else None) in _MAY_FOLLOW[type(news)]


def advance(copy: Copy | None, news: CopyNews) -> Copy | None:
    """The copy after one more event."""
    if isinstance(news, CopyStarted):
        return Copy(name=news.name)
    if copy is None:
        return None
    match news:
        case Copied(campaign_id, found):
            return replace(copy, step=CopyStep.THERE, campaign_id=campaign_id, found=found)
        case CopyRefused():
            return replace(copy, step=CopyStep.REFUSED)
        case CopyUnknown():
            return replace(copy, step=CopyStep.IN_DOUBT, unknown=news)
        case CopyNotFound():
            return replace(copy, looked=news)
