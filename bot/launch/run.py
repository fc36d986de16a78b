"""What the platform tells of a run after a launch: its start, its end and its troubles."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.phrase import Phrase
from bot.results.bounces import MailAnswer
from bot.results.counts import Counts
from bot.results.first_day import FirstDay


@dataclass(frozen=True)
class Trouble:
    """A warning or an error of the campaign's log. Records from before there were times hold the message alone."""

    message: str
    level: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class RunStarted:
    started_at: datetime


@dataclass(frozen=True)
class RunEnded:
    """The log's end entry: messages are built and queued, which is not delivery. `troubles` are the first ones only."""

    ended_at: datetime
    warnings: int = 0
    errors: int = 0
    troubles: tuple[Trouble, ...] = ()


@dataclass(frozen=True)
class RunHalted:
    """The campaign was switched off at two looks in a row, and its log has no end. `status` is the platform's word."""

    status: str = ""


@dataclass(frozen=True)
class RunCompleted:
    """The platform calls the campaign completed, which it was not before the launch; its log shows no end."""

    status: str = ""


@dataclass(frozen=True)
class LogUnread:
    """The campaign's log stays unreadable, so that nothing is known of the run. `cause` is a sentence; told once."""

    cause: Phrase


@dataclass(frozen=True)
class ResultsReported:
    """What the platform's hooks told of the run until then, so long `after` its call began.

    `earlier` are the last counts of the campaign's runs before it, the newest first. With `last`, no more is counted.
    `bounces` are what mail servers said most often when they put messages off; none where the platform did not tell.
    `first_day` stands in the first report after that day.
    """

    after: timedelta
    counts: Counts
    earlier: tuple[Counts, ...] = ()
    last: bool = False
    bounces: tuple[MailAnswer, ...] = ()
    first_day: FirstDay | None = None


@dataclass(frozen=True)
class FollowingStopped:
    """The bot stopped watching before the log showed an end."""


RunNews: TypeAlias = RunStarted | RunEnded | RunHalted | RunCompleted | LogUnread | FollowingStopped | ResultsReported
"""What the worker notes about a run."""
