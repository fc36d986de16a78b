"""What the platform's answers mean: loosely typed `data` into values. Pure.

The guide prints numbers and booleans as strings in places, and XML knows texts alone, so types are read generously.
Raises PlatformUnclear where what was asked for is missing; all else that is missing is None or "".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.altcraft.errors import PlatformUnclear
from bot.altcraft.fields import as_text, fields_of
from bot.campaign.campaign import Campaign, Choice, ContentItem
from bot.campaign.encoding import sha256_of
from bot.campaign.request import LARGEST_ID, Json, Source, SourceKind
from bot.campaign.schedule import Schedule
from bot.phrase import Phrase
from bot.results.bounces import Bounce

_WHOLE = re.compile(r"-?[0-9]{1,19}")


@dataclass(frozen=True)
class LogEntry:
    """A line of a campaign's log. `state` is `start`, `end` or ""; `time` is in UTC, to the microsecond."""

    level: str
    state: str
    time: datetime
    message: str
    value: str


@dataclass(frozen=True)
class Status:
    """The answer of get_status. None of it proves a launch; `status` is opaque text."""

    is_active: bool | None
    is_completed: bool | None
    status: str


@dataclass(frozen=True)
class Segment:
    """A segment; `count` is its profiles, of unstated freshness. It may span several databases.

    `definition` is the SHA-256, in hex, of its conditions, "" where none are told.
    """

    id: int
    name: str
    count: int | None
    database_ids: tuple[int, ...]
    definition: str = ""


def campaign(data: Json, asked: int) -> Campaign:
    """From campaigns/get, and from broadcasts/get and regulars/get, which tell other parts of the same."""
    fields = an_object(data, asked)
    return Campaign(
        id=asked,
        name=text(fields.get("name")),
        kind=text(fields.get("type")),
        status=text(fields.get("status")),
        is_active=flag(fields.get("is_active")),
        is_completed=flag(fields.get("is_completed")),
        channel=text(fields.get("send_channel")) or text(fields.get("channel")),
        default_source=_source(fields),
        resource_id=an_id(fields.get("resource_id")),
        updated_user=text(fields.get("updated_user")),
        updated_at=moment(fields.get("update_time")),
        content=tuple(map(_content_item, objects(fields.get("content")))),
    )


def _content_item(item: Mapping[str, Json]) -> ContentItem:
    """What is not understood is an item of no known template: the campaign itself can be read all the same."""
    try:
        told = fields_of(item, without={"message_id"})
    except PlatformUnclear:
        return ContentItem(0)
    return ContentItem(an_id(item.get("message_id")) or 0, tuple((name, value) for name, value in told if value))


def status(data: Json) -> Status:
    fields = an_object(data)
    return Status(flag(fields.get("is_active")), flag(fields.get("is_completed")), text(fields.get("status")))


def schedule(data: Json, asked: int) -> Schedule | None:
    """From broadcasts/get and regulars/get; None where there is none in it."""
    fields = an_object(data, asked).get("start_schedule")
    if not isinstance(fields, dict):
        return None
    return Schedule(
        minutes=_numbers(fields.get("start_mins")),
        hours=_numbers(fields.get("start_hours")),
        month_days=_numbers(fields.get("start_mdays")),
        weekdays=_numbers(fields.get("start_wdays")),
        months=_numbers(fields.get("start_months")),
        years=_numbers(fields.get("start_years")),
        zone=text(fields.get("tz")),
        by_profile=flag(fields.get("profile")) is True,
    )


def _numbers(value: Json) -> tuple[int, ...]:
    """A list of numbers; XML shows a list of one as a text, and an empty one as empty text."""
    read = map(whole, value if isinstance(value, list) else [value])
    return tuple(sorted(number for number in read if number is not None))


def segment(data: Json, asked: int) -> Segment:
    fields = an_object(data, asked)
    databases = (an_id(part.get("list_id")) for part in objects(fields.get("segment")))
    return Segment(
        id=asked,
        name=text(fields.get("name")),
        count=_not_negative(fields.get("count")),
        database_ids=tuple(sorted({one for one in databases if one is not None})),
        definition=sha256_of(as_text(fields["segment"])) if fields.get("segment") else "",
    )


def sendable(data: Json) -> dict[str, int]:
    """From both get_counters: subscribed and sendable profiles by channel."""
    counts: dict[str, int] = {}
    for item in objects(data):
        counters = item.get("status")
        count = _not_negative(counters.get("subscribed_sendable")) if isinstance(counters, dict) else None
        if count is not None:
            counts[text(item.get("channel"))] = count
    return counts


def log_entries(data: Json) -> list[LogEntry]:
    """Sorted by time, for the guide promises no order. An entry without a readable time makes the log unclear.

    Left out, such an entry might be the very start that is being looked for.
    """
    entries = []
    for item in objects(data):
        at = moment(item.get("time"))
        if at is None:
            raise PlatformUnclear(Phrase("an entry of the campaign's log has no readable time"))
        entries.append(
            LogEntry(
                text(item.get("level")), text(item.get("state")), at, text(item.get("message")), text(item.get("value"))
            )
        )
    return sorted(entries, key=lambda entry: entry.time)


def bounces(data: Json) -> list[Bounce]:
    """The rows of reports/bounces: an answer's text and a receiving domain each. What is no row is left out."""
    rows = ((text(item.get("bounce_text")), text(item.get("to_domain")), item.get("count")) for item in objects(data))
    return [Bounce(told, domain, _not_negative(count) or 0) for told, domain, count in rows]


def listed_campaign(item: Mapping[str, Json]) -> Campaign | None:
    number = an_id(item.get("id"))
    if number is None:
        return None
    return Campaign(
        id=number,
        name=text(item.get("name")),
        kind=text(item.get("type")),
        is_active=flag(item.get("is_active")),
        tags=_texts(item.get("ui_tags")),
        # The oldest samples spell them with capitals.
        groups=_names(item.get("groups", item.get("Groups"))),
    )


def _texts(value: Json) -> tuple[str, ...] | None:
    """A list of texts; XML shows a list of one as a text, and an empty one as empty text. None where it is missing."""
    if value is None:
        return None
    return tuple(filter(None, map(text, value if isinstance(value, list) else [value])))


def _names(value: Json) -> tuple[str, ...] | None:
    if value is None:
        return None
    return tuple(filter(None, (text(item.get("name", item.get("Name"))) for item in objects(value))))


def listed(item: Mapping[str, Json]) -> Choice | None:
    """A segment or a database of a list."""
    number = an_id(item.get("id"))
    return None if number is None else Choice(number, text(item.get("name")))


def objects(value: Json) -> list[dict[str, Json]]:
    """A list of objects; XML shows a list of one as its only item, and an empty one as empty text."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict)]


def whole(value: Json) -> int | None:
    """A whole number, also written as text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        return int(value)
    return None


def an_id(value: Json) -> int | None:
    """An id: a whole number from 1 up. The guide's samples print 0 where nothing is set."""
    number = whole(value)
    return number if number is not None and 1 <= number <= LARGEST_ID else None


def flag(value: Json) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(text(value).strip().lower())


def text(value: Json) -> str:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) else ""


def moment(value: Json) -> datetime | None:
    """An RFC 3339 time with any number of fraction digits, as UTC; what is finer than a microsecond is cut off."""
    try:
        at = datetime.fromisoformat(text(value).strip())
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


def rfc3339(at: datetime) -> str:
    """As the guide prints times: UTC, milliseconds (rounded down), `Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def an_object(data: Json, asked: int | None = None) -> dict[str, Json]:
    """The answer's object; with `asked`, the one of that id."""
    if not isinstance(data, dict) or not data:
        raise PlatformUnclear(Phrase("it holds no data"))
    answered = whole(data.get("id"))
    if asked is not None and answered not in {None, asked}:
        raise PlatformUnclear(
            Phrase("it is about {answered}, and {asked} was asked for", answered=str(answered), asked=str(asked))
        )
    return data


def _source(fields: Mapping[str, Json]) -> Source | None:
    kind, number = text(fields.get("data_type")), an_id(fields.get("data_id"))
    return Source(SourceKind(kind), number) if kind in list(SourceKind) and number else None


def _not_negative(value: Json) -> int | None:
    number = whole(value)
    return number if number is not None and number >= 0 else None
