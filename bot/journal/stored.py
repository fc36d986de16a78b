"""Streams of events exactly as they are stored, so that neither a newer version nor damage stops the reading."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import Column, ColumnElement, Connection, Row, Select, Text, cast, select, type_coerce
from sqlalchemy.sql.selectable import FromClause

from bot.campaign.encoding import canonical, instant, parsed, sorted_json
from bot.campaign.request import Json, LaunchId, UserId
from bot.journal.chain import message_of_texts
from bot.journal.keys import Keys, same
from bot.journal.tables import events
from bot.launch.codec import ESCAPED, decode_text
from bot.launch.events import Entry

AT_ONCE = 2_000
"""Rows that are fetched together."""

_PLAIN_MOMENT = len("2026-11-23 12:00:00.000000")

_REMEMBERED = 4_096
"""Texts of which is remembered what they come to."""

_NO_EVENT = (TypeError, ValueError, OverflowError, RecursionError)
"""What values raise that no event can have."""

_OWN = 9
"""How many columns of a row are the event's own."""


class Unreadable:
    """What stands for a stored value that is no JSON, or no moment."""


UNREADABLE = Unreadable()

_PARSER = msgspec.json.Decoder()


class StoredEvent:
    """A row of `events`, understood only as far as somebody asks: most of a verification needs the bytes alone."""

    __slots__ = ("_at", "_data", "_text", "_whole", "actor", "digest", "key_id", "kind", "launch_id", "previous", "seq")

    def __init__(
        self,
        launch_id: str,
        seq: object,
        kind: str,
        actor: str,
        previous: str,
        digest: str,
        key_id: str,
        at: object,
        text: str,
    ) -> None:
        self.launch_id = LaunchId(launch_id)
        self.seq = whole_number(seq)
        self.kind = kind
        self.actor = actor
        self.previous = previous
        self.digest = digest
        self.key_id = key_id
        self._at = at
        self._text = text
        self._data: Json | Unreadable | None = None
        self._whole: bool | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StoredEvent) and self.row == other.row

    def __hash__(self) -> int:
        return hash((self.launch_id, self.seq))

    @property
    def row(self) -> tuple[object, ...]:
        own = (self.launch_id, self.seq, self.kind, self.actor, self.previous, self.digest, self.key_id)
        return (*own, self._at, self._text)

    @property
    def at(self) -> datetime | Unreadable:
        return moment(self._at)

    @property
    def data(self) -> "Json | Unreadable":
        if self._data is None:
            self._data = _json(self._text)
        return self._data

    def may_name(self, names: Iterable[str]) -> bool:
        """Whether one of these names of fields may stand in its data: False spares reading what has none of them."""
        text = str(self._text)
        return ESCAPED in text or any(name in text for name in names)

    @property
    def instant(self) -> str:
        """Its moment as digests cover it; "" for what is none."""
        try:
            return _instant(self._at)
        except (ValueError, OverflowError):
            return ""

    def message(self) -> bytes | None:
        """What its digest is made over; None for a row that no event gives."""
        return self._message(self._spelled(canonical), self.seq)

    def is_whole(self, keys: Keys, seq: int | None = None) -> bool:
        """Whether it gives its digest, also under another number. Raises UnknownKey."""
        if seq is not None:
            return self._gives(keys, seq)
        if self._whole is None:
            self._whole = self._gives(keys, self.seq)
        return self._whole

    def _gives(self, keys: Keys, seq: int) -> bool:
        # Nearly always the text is stored as the digest covers it, and then nothing has to be read for it.
        if self._is_over(str(self._text), keys, seq):
            return True
        return any(self._is_over(self._spelled(one), keys, seq) for one in (sorted_json, canonical))

    def _is_over(self, data: str | None, keys: Keys, seq: int) -> bool:
        """Whether its digest is made over its data in that spelling. Raises UnknownKey."""
        message = self._message(data, seq)
        return message is not None and same(keys.digest(message, self.key_id), str(self.digest))

    def _spelled(self, spelling: Callable[[Json], str]) -> str | None:
        """Its data in that spelling; None for what is no JSON."""
        try:
            return spelling(self._json())
        except _NO_EVENT:
            return None

    def _message(self, data: str | None, seq: int) -> bytes | None:
        if data is None:
            return None
        try:
            return message_of_texts(
                self.previous,
                launch_id=_written(self.launch_id),
                seq=seq,
                at=_instant(self._at),
                kind=_written(self.kind),
                actor=_written(self.actor),
                data=data,
            )
        except _NO_EVENT:
            return None

    def _json(self) -> Json:
        """Raises TypeError for what is no JSON."""
        data = self.data
        if isinstance(data, Unreadable):
            raise TypeError("no JSON")
        return data

    def entry(self) -> Entry | None:
        """The entry; None for what this version cannot read."""
        at = self.at
        if isinstance(at, Unreadable):
            return None
        try:
            event = decode_text(self.kind, self._text)
        except Exception:  # noqa: BLE001 -- whatever a structure that does not fit makes the decoder raise
            return None
        return Entry(self.launch_id, self.seq, at, UserId(self.actor), event)


@dataclass(frozen=True, slots=True)
class Stream:
    """One launch's events, or one refused attempt's, with the columns that were asked for beside them."""

    launch_id: LaunchId
    events: tuple[StoredEvent, ...]
    beside: Mapping[str, Any]

    def entries(self) -> tuple[Entry, ...] | None:
        """All entries; None where this version cannot read one of them."""
        found = tuple(event.entry() for event in self.events)
        known = tuple(entry for entry in found if entry)
        return known if len(known) == len(found) else None


def streams(
    connection: Connection,
    *order: ColumnElement[Any],
    where: Iterable[ColumnElement[bool]] = (),
    beside: Iterable[ColumnElement[Any]] = (),
    joined: FromClause = events,
) -> Iterator[Stream]:
    """The streams one by one, held in memory no longer than they are looked at.

    `order` has to keep each stream together; `beside` are columns of `joined`, the events with what is joined to them.
    """
    beside = tuple(beside)
    query = streams_query(connection.dialect.name, *order, where=where, beside=beside, joined=joined)
    return grouped(some_at_once(connection, query), [column.key or "" for column in beside])


def some_at_once(connection: Connection, query: Select[Any]) -> Iterator[Row[Any]]:
    """The rows, of which never more than some are in memory."""
    found = connection.execute(query, execution_options={"yield_per": AT_ONCE})
    return chain.from_iterable(found.partitions())


def streams_query(
    dialect: str,
    *order: ColumnElement[Any],
    where: Iterable[ColumnElement[bool]] = (),
    beside: Iterable[ColumnElement[Any]] = (),
    joined: FromClause = events,
) -> Select[Any]:
    """What `streams` asks a database of that dialect; to be built once where it is asked often."""
    return _stored(dialect, beside).select_from(joined).where(*where).order_by(*order, events.c.seq)


def grouped(rows: Iterable[Sequence[Any]], beside: Sequence[str]) -> Iterator[Stream]:
    """The streams in the rows of a `streams_query`; `beside` are the names of the columns beside the events."""
    for launch_id, of_stream in groupby(rows, key=itemgetter(0)):
        found = list(of_stream)
        told = dict(zip(beside, found[0][_OWN:], strict=True))
        yield Stream(LaunchId(launch_id), tuple(StoredEvent(*row[:_OWN]) for row in found), told)


def as_stored(dialect: str, column: Column[datetime]) -> ColumnElement[Any]:
    """A moment's column, read without being understood where the database would hold any text in it."""
    return type_coerce(column, Text).label(column.name) if dialect == "sqlite" else column


def moment(value: object) -> datetime | Unreadable:
    """The moment that `as_stored` has read, in UTC."""
    try:
        if isinstance(value, str) and len(value) == _PLAIN_MOMENT:
            return datetime.fromisoformat(f"{value}+00:00")  # as SQLite keeps it: no zone stands there
        found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return UNREADABLE


def whole_number(value: object) -> int:
    """The number; -1 for what is none: SQLite holds any text in a column of numbers."""
    return value if isinstance(value, int) else -1


def _stored(dialect: str, beside: Iterable[ColumnElement[Any]]) -> Select[Any]:
    c = events.c
    own = (c.launch_id, c.seq, c.kind, c.actor, c.previous, c.digest, c.key_id)
    return select(*own, as_stored(dialect, c.at), cast(c.data, Text).label("data"), *beside)


def _json(text: str) -> "Json | Unreadable":
    value: Json
    try:
        value = _PARSER.decode(text)
    except (TypeError, ValueError, RecursionError):
        pass  # Python's own reader knows halves of surrogate pairs as well
    else:
        return value
    try:
        return parsed(text)
    except (TypeError, ValueError, RecursionError):
        return UNREADABLE


_written = lru_cache(_REMEMBERED)(canonical)


def _instant(value: object) -> str:
    """The moment as a digest covers it. Raises ValueError for what is none."""
    if isinstance(value, str) and len(value) == _PLAIN_MOMENT and value[10] == " ":
        # As SQLite keeps it. Whatever else it may be, it then is not what the digest was made over.
        return f"{value[:10]}T{value[11:]}+00:00"
    found = moment(value)
    if isinstance(found, Unreadable):
        raise ValueError(f"no moment: {value!r}")  # noqa: TRY004 -- as for any other text that is none
    return instant(found)
