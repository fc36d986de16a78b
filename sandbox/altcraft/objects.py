"""What the stand-in platform keeps: campaigns, segments, databases, a campaign's log, and how it writes times."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

Json = dict[str, Any]

CHANNELS = ("email", "push", "sms")
KINDS = ("broadcast", "regular", "trigger", "splittest")
LAUNCHABLE_KINDS = frozenset({"broadcast", "regular"})
"""The kinds that the guide describes an immediate launch of."""

MALFORMED = 400


class Refused(Exception):
    """The envelope's `error` and `error_text`; nothing was changed."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code} {text}")
        self.code = code
        self.text = text


@dataclass(frozen=True)
class Source:
    """Where a run takes its people from: `type` is "list" (a database) or "segment"."""

    type: str
    id: int


@dataclass(frozen=True)
class Group:
    """An access group; the main one has the id 0."""

    id: int
    name: str


MAIN_GROUP = Group(0, "main")


@dataclass
class Segment:
    """`sendable` counts the profiles by channel that can be sent to; a dynamic one is counted per database."""

    id: int
    name: str
    count: int
    sendable: Mapping[str, int]
    database_ids: tuple[int, ...]
    is_dynamic: bool = True
    ui_tags: tuple[str, ...] = ()
    groups: tuple[Group, ...] = (MAIN_GROUP,)
    members: frozenset[str] = frozenset()
    """The profiles that were put into a static one; `count` may be more."""


@dataclass
class Database:
    """What the API calls a list."""

    id: int
    name: str
    count: int
    sendable: Mapping[str, int]
    description: str = ""
    suppress_id: int = 0
    ui_tags: tuple[str, ...] = ()
    groups: tuple[Group, ...] = (MAIN_GROUP,)


_A = TypeVar("_A", Segment, Database)


def resized(audience: _A, count: int) -> _A:
    """Return the audience with another count; nobody's share can be told of an empty one, so all count as sendable."""
    sendable = {channel: _share(of, audience.count, count) for channel, of in audience.sendable.items()}
    return replace(audience, count=count, sendable=sendable)


def _share(of: int, whole: int, count: int) -> int:
    return round(of * count / whole) if whole else count


@dataclass
class Campaign:
    """What newer editions call a mailing. `limit` is per run; 0 is taken to mean none."""

    id: int
    name: str
    type: str
    source: Source
    channel: str = "email"
    is_active: bool = False
    is_completed: bool = False
    description: str = ""
    updated_user: str = "olga"
    update_time: datetime = datetime(2026, 11, 20, 8, 11, 40, 520_000, UTC)
    resource_id: int = 12
    message_id: int = 77
    overrides: Mapping[str, str] = field(default_factory=dict)
    """What the campaign says in its template's place, such as its `subject`."""
    also_sends: tuple[int, ...] = ()
    """More templates, each a content item of its own."""
    limit: int = 0
    subid: str = ""
    for_confirm: bool = False
    start_schedule: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    ui_tags: tuple[str, ...] = ()
    groups: tuple[Group, ...] = (MAIN_GROUP,)

    @property
    def status(self) -> str:
        """The guide prints `Inactive` alone; the other two texts are made up."""
        if self.is_completed:
            return "Completed"
        return "Active" if self.is_active else "Inactive"


@dataclass(frozen=True)
class LogEntry:
    """`state` is "start", "end" or empty; only these and the message of each are known from the guide."""

    level: str
    message: str
    time: datetime
    state: str = ""
    value: str = ""


def utc_now() -> datetime:
    return datetime.now(UTC)


def to_milliseconds(moment: datetime) -> datetime:
    """Cut to what `rfc3339` prints, so that a printed time, sent back, compares equal to the stored one."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def rfc3339(moment: datetime) -> str:
    """Return the time in UTC with `Z`; 0 to 3 digits of fraction, trailing zeros dropped."""
    moment = moment.astimezone(UTC)
    milliseconds = moment.microsecond // 1000
    fraction = f".{milliseconds:03d}".rstrip("0") if milliseconds else ""
    return f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}Z"


def go_duration(span: timedelta) -> str:
    """Return a duration as the log's `Total time spent` prints it: `138.351985ms`, `3m11.104s`."""
    seconds = span.total_seconds()
    if seconds < 1:
        return f"{_trimmed(seconds * 1000)}ms"
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    if hours:
        return f"{hours}h{minutes}m{_trimmed(seconds)}s"
    return f"{minutes}m{_trimmed(seconds)}s" if minutes else f"{_trimmed(seconds)}s"


def _trimmed(number: float) -> str:
    return f"{number:.6f}".rstrip("0").rstrip(".")
