"""Who received a run's messages, put into a static segment: what can happen to that, and where it stands."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from bot.campaign.request import UserId
from bot.phrase import Phrase


@dataclass(frozen=True)
class ReceivedAsked:
    """Somebody wants those whom the run was sent to in a static segment."""


@dataclass(frozen=True)
class FillingStarted:
    """The list is closed, and its `people` go into that segment of that database; nobody is added before this.

    Of the run's events of sending, `nameless` named no profile, `elsewhere` profiles are of another database, and
    `ambiguous` may belong to an earlier run of the campaign. No profile stands here.
    """

    segment: int
    database: int
    people: int
    nameless: int = 0
    elsewhere: int = 0
    ambiguous: int = 0


@dataclass(frozen=True)
class FillingProgressed:
    """So many are in the segment by now."""

    added: int


@dataclass(frozen=True)
class FillingDone:
    """The platform was asked for each of them: it took `added` and refused `refused`, the first with that `code`.

    `unkept` events of sending are not in the list: they came after it was closed, or before anybody was kept.
    """

    added: int
    refused: int = 0
    code: int = 0
    unkept: int = 0


@dataclass(frozen=True)
class FillingFailed:
    """It ends here, with so many in the segment. `cause` is a sentence."""

    cause: Phrase
    added: int = 0


ReceivedNews: TypeAlias = FillingStarted | FillingProgressed | FillingDone | FillingFailed
"""What the worker notes."""


class ReceivedStep(StrEnum):
    """Where it stands."""

    ASKED = "asked"
    FILLING = "filling"
    DONE = "done"
    FAILED = "failed"


UNDER_WAY = frozenset({ReceivedStep.ASKED, ReceivedStep.FILLING})


@dataclass(frozen=True, kw_only=True)
class Received:
    """The filling of a segment with its history folded in; `by` and `at` say who asked for it last, and when."""

    by: UserId
    at: datetime
    step: ReceivedStep = ReceivedStep.ASKED
    attempt: int = 0
    """How often the filling was begun."""
    filling: FillingStarted | None = None
    added: int = 0
    done: FillingDone | None = None
    failed: FillingFailed | None = None


_MAY_FOLLOW: dict[type[ReceivedNews], frozenset[ReceivedStep]] = {
    FillingStarted: frozenset({ReceivedStep.ASKED}),
    FillingProgressed: frozenset({ReceivedStep.FILLING}),
    FillingDone: frozenset({ReceivedStep.FILLING}),
    FillingFailed: UNDER_WAY,
}


def may_happen(received: Received | None, news: ReceivedNews) -> bool:
    """Whether the news can follow on where it stands."""
    return received is not None and received.step in _MAY_FOLLOW[type(news)]


def asked(received: Received | None, by: UserId, at: datetime) -> Received:
    """Asked for, or asked for again after a failure: what is in the segment by then stays in it."""
    return replace(received, by=by, at=at, step=ReceivedStep.ASKED) if received else Received(by=by, at=at)


def advance(received: Received | None, news: ReceivedNews) -> Received | None:
    """It after one more event."""
    if received is None:
        return None
    match news:
        case FillingStarted():
            return replace(received, step=ReceivedStep.FILLING, filling=news, attempt=received.attempt + 1, failed=None)
        case FillingProgressed(added):
            return replace(received, added=added)
        case FillingDone(added=added):
            return replace(received, step=ReceivedStep.DONE, done=news, added=added)
        case FillingFailed(added=added):
            return replace(received, step=ReceivedStep.FAILED, failed=news, added=added)
