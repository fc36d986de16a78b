"""Streams of events exactly as they are stored, so that neither a newer version nor damage stops the reading."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, RowMapping, Select, Text, cast, select, type_coerce
from sqlalchemy.sql.selectable import FromClause

from bot.campaign.request import Json, LaunchId, UserId
from bot.journal.chain import digest_of_stored
from bot.journal.tables import events
from bot.launch.codec import decode
from bot.launch.events import Entry, Event

AT_ONCE = 2_000
"""Rows that are fetched together."""


class Unreadable:
    """What stands for a stored value that is no JSON, or no moment."""


UNREADABLE = Unreadable()


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """A row of `events`."""

    launch_id: LaunchId
    seq: int
    at: datetime | Unreadable
    kind: str
    actor: str
    data: "Json | Unreadable"
    previous: str
    digest: str

    def recomputed(self, seq: int | None = None) -> str | None:
        """The digest that the row gives, or would give under another number; None for a row that no event gives."""
        if isinstance(self.at, Unreadable) or isinstance(self.data, Unreadable):
            return None
        number = self.seq if seq is None else seq
        try:
            return digest_of_stored(self.previous, self.launch_id, number, self.at, self.kind, self.actor, self.data)
        except (TypeError, ValueError, OverflowError):
            return None

    def entry(self) -> Entry | None:
        """The entry; None for what this version cannot read."""
        event = self._event()
        if event is None or isinstance(self.at, Unreadable):
            return None
        return Entry(self.launch_id, self.seq, self.at, UserId(self.actor), event)

    def _event(self) -> Event | None:
        if not isinstance(self.data, dict):
            return None
        try:
            return decode(self.kind, self.data)
        except Exception:  # noqa: BLE001 -- whatever a structure that does not fit makes the decoder raise
            return None


@dataclass(frozen=True, slots=True)
class Stream:
    """One launch's events, or one refused attempt's, with the columns that were asked for beside them."""

    launch_id: LaunchId
    events: tuple[StoredEvent, ...]
    beside: RowMapping

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
    query = _stored(connection, beside).select_from(joined).where(*where).order_by(*order, events.c.seq)
    rows = connection.execute(query, execution_options={"yield_per": AT_ONCE}).mappings()
    for launch_id, of_stream in groupby(rows, key=lambda row: row["launch_id"]):
        found = list(of_stream)
        yield Stream(LaunchId(launch_id), tuple(_event(row) for row in found), found[0])


def as_stored(connection: Connection, column: Column[datetime]) -> ColumnElement[Any]:
    """A moment's column, read without being understood where the database would hold any text in it."""
    return type_coerce(column, Text).label(column.name) if connection.dialect.name == "sqlite" else column


def moment(value: object) -> datetime | Unreadable:
    """The moment that `as_stored` has read, in UTC."""
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return UNREADABLE


def whole_number(value: object) -> int:
    """The number; -1 for what is none: SQLite holds any text in a column of numbers."""
    return value if isinstance(value, int) else -1


def _stored(connection: Connection, beside: Iterable[ColumnElement[Any]]) -> Select[Any]:
    others = (events.c.launch_id, events.c.seq, events.c.kind, events.c.actor, events.c.previous, events.c.digest)
    data = cast(events.c.data, Text).label("data")
    return select(*others, as_stored(connection, events.c.at), data, *beside)


def _event(row: RowMapping) -> StoredEvent:
    return StoredEvent(
        launch_id=LaunchId(row["launch_id"]),
        seq=whole_number(row["seq"]),
        at=moment(row["at"]),
        kind=row["kind"],
        actor=row["actor"],
        data=_json(row["data"]),
        previous=row["previous"],
        digest=row["digest"],
    )


def _json(text: str) -> "Json | Unreadable":
    try:
        value: Json = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return UNREADABLE
    return value
