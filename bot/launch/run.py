"""What the platform tells of a run after a launch: its log's troubles, and ways to end that the log does not show."""

from dataclasses import dataclass
from datetime import datetime

from bot.launch.phrase import Phrase


@dataclass(frozen=True)
class Trouble:
    """A warning or an error of the campaign's log. Records from before there were times hold the message alone."""

    message: str
    level: str = ""
    at: datetime | None = None


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
