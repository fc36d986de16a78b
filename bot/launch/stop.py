"""A stop of a campaign: what can happen to it, and where it stands. It has a request id and an outcome of its own."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from bot.campaign.request import RequestId, UserId
from bot.phrase import NO_CAUSE, Phrase
from bot.results.brakes import Figure


@dataclass(frozen=True)
class Braked:
    """The policy has the bot stop the run: these brakes were on, once `after` messages were sent.

    `unsure` of the events that were counted may have been an earlier run's; the brakes were on even so. `mention` is
    who is pinged to know.
    """

    figures: tuple[Figure, ...]
    after: int
    unsure: int = 0
    mention: tuple[str, ...] = ()


@dataclass(frozen=True)
class StopAsked:
    """A person stops the campaign. With `keep_queue`, what is queued already may still go out.

    With `after_run`, the run was over by then: the campaign is switched off, and its launch stays finished.
    With `after_test`, nobody asked: the bot switches off a test's copy, and what was begun goes on.
    With `brake`, nobody asked either: the policy has the bot stop a run whose numbers are so bad.
    """

    request_id: RequestId
    keep_queue: bool = False
    after_run: bool = False
    after_test: bool = False
    brake: Braked | None = None


@dataclass(frozen=True)
class StopStarted:
    """Committed before the call. `body_digest` is the SHA-256 of the body without the token."""

    attempt: int
    request_id: RequestId
    body_digest: str


@dataclass(frozen=True)
class Stopped:
    """The campaign is switched off: by the platform's answer, or with `seen`, by the status that it told afterwards.

    With `duplicate`, the platform had taken an earlier try of this stop.
    """

    duplicate: bool = False
    seen: bool = False
    status: str = ""
    """The platform's own word, where it was seen."""


@dataclass(frozen=True)
class StopRefused:
    """The platform answered with an error: this stop did nothing. `mention` is who is pinged to act."""

    code: int
    text: str
    mention: tuple[str, ...] = ()


@dataclass(frozen=True)
class StopNotSent:
    """The stop never left: it is tried again. `cause` is a clause for people."""

    cause: Phrase


@dataclass(frozen=True)
class StopUnknown:
    """The stop may have been taken. `cause` is a clause for people, `mention` who is pinged to act."""

    cause: Phrase
    mention: tuple[str, ...] = ()


@dataclass(frozen=True)
class StopGaveUp:
    """The platform stayed out of reach: the stop was never sent. `mention` is who is pinged to act.

    With `distrusted`, it was not sent because the record is not what the bot has written; these sentences say where.
    """

    mention: tuple[str, ...] = ()
    distrusted: tuple[Phrase, ...] = ()


@dataclass(frozen=True)
class StopNotSeen:
    """After an unknown answer, the campaign is still switched on; or with `cause`, its status could not be read."""

    status: str = ""
    cause: Phrase = NO_CAUSE


StopOutcome: TypeAlias = Stopped | StopRefused | StopNotSent | StopUnknown
StopNews: TypeAlias = StopStarted | StopOutcome | StopGaveUp | StopNotSeen
"""What the worker notes about a stop that was asked for."""


class StopStep(StrEnum):
    """Where a stop stands."""

    ASKED = "asked"
    CALLING = "calling"
    IN_DOUBT = "in_doubt"
    DONE = "done"
    REFUSED = "refused"
    UNREACHED = "unreached"


UNDER_WAY = frozenset({StopStep.ASKED, StopStep.CALLING})
OPEN_STEPS = UNDER_WAY | {StopStep.IN_DOUBT}
"""Where the stop may still switch the campaign off."""


NEEDS_A_PERSON = frozenset({StopStep.IN_DOUBT, StopStep.REFUSED, StopStep.UNREACHED})
"""Where the campaign may go on sending unless somebody does something."""


@dataclass(frozen=True, kw_only=True)
class Stopping:
    """A stop with its history folded in; `by` and `at` say who asked for it, and when. Of a brake's, nobody did."""

    by: UserId
    at: datetime
    request_id: RequestId
    keep_queue: bool
    after_run: bool = False
    after_test: bool = False
    brake: Braked | None = None
    step: StopStep = StopStep.ASKED
    attempts: int = 0
    called_at: datetime | None = None
    first_miss_at: datetime | None = None
    last_miss_at: datetime | None = None
    doubted_at: datetime | None = None
    outcome: StopOutcome | None = None
    looked: StopNotSeen | None = None
    done_at: datetime | None = None
    distrusted: tuple[Phrase, ...] = ()
    """Where the record was found not to be what the bot has written, right before the stop would have been sent."""


_MAY_FOLLOW: dict[type[StopNews], frozenset[StopStep]] = {
    StopStarted: frozenset({StopStep.ASKED}),
    # A late answer heals a doubt.
    Stopped: frozenset({StopStep.CALLING, StopStep.IN_DOUBT}),
    StopRefused: frozenset({StopStep.CALLING, StopStep.IN_DOUBT}),
    StopNotSent: frozenset({StopStep.CALLING}),
    StopUnknown: frozenset({StopStep.CALLING}),
    StopGaveUp: frozenset({StopStep.ASKED}),
    StopNotSeen: frozenset({StopStep.IN_DOUBT}),
}


def may_happen(stop: Stopping | None, news: StopNews, request_id: RequestId) -> bool:
    """Whether the news is about this stop, not one before it, and can follow on where it stands."""
    if stop is None or stop.request_id != request_id:
        return False
    # A test's copy that is seen to be off already need not be called for.
    off_already = isinstance(news, Stopped) and news.seen and stop.after_test and stop.step == StopStep.ASKED
    return off_already or stop.step in _MAY_FOLLOW[type(news)]


def advance(stop: Stopping, news: StopNews, at: datetime) -> Stopping:
    """The stop after one more event."""
    match news:
        case StopStarted(attempt=attempt):
            return replace(stop, step=StopStep.CALLING, attempts=attempt, called_at=at)
        case Stopped():
            return replace(stop, step=StopStep.DONE, outcome=news, done_at=at)
        case StopRefused():
            return replace(stop, step=StopStep.REFUSED, outcome=news)
        case StopNotSent():
            first = stop.first_miss_at or at
            return replace(stop, step=StopStep.ASKED, outcome=news, first_miss_at=first, last_miss_at=at)
        case StopUnknown():
            return replace(stop, step=StopStep.IN_DOUBT, outcome=news, doubted_at=at)
        case StopGaveUp(distrusted=reasons):
            return replace(stop, step=StopStep.UNREACHED, distrusted=reasons)
        case StopNotSeen():
            return replace(stop, looked=news)
