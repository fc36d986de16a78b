"""Verifies the journal: finds what was edited, removed, put in or put elsewhere behind the bot's back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, func, select

from bot.campaign.campaign import audience_of
from bot.campaign.request import LaunchId
from bot.journal.audit_files import KeptFiles, check_files, kept_files
from bot.journal.audit_first_events import check_openings, stray_rows
from bot.journal.finding import Finding, Kind
from bot.journal.first_events import ONLY
from bot.journal.references import references
from bot.journal.stored import StoredEvent, Stream, as_stored, moment, streams, whole_number
from bot.journal.tables import events, launches, openings, openings_head, pruned
from bot.launch.codec import kind_of
from bot.launch.events import Denied
from bot.launch.lifecycle import fold
from bot.policy.roles import Action

DENIED = kind_of(Denied(Action.REQUEST, ""))

_PROJECTED = ("id", "state", "version", "head", "campaign_id", "channel", "audience")


@dataclass
class Counts:
    """What was looked at. `unfolded` are launches with events of a newer version, whose state could not be checked."""

    launches: int = 0
    alone: int = 0
    """Refused attempts that belong to no launch."""
    events: int = 0
    pruned: int = 0
    unfolded: int = 0
    files: int = 0
    """Kept files: attached ones, and messages."""


def verify(connection: Connection, counts: Counts) -> Iterator[Finding]:
    """Everything that is not as the bot left it, within one transaction. `counts` grows on the way.

    Reads stream by stream, so that memory does not grow with the journal, but for a digest of each kept file.
    """
    unchained, kept = _unchained(connection), kept_files(connection)
    counts.files = len(kept.whole) + len(kept.damaged)
    for stream in _all_streams(connection):
        _count(stream, counts)
        yield from check_stream(stream, unchained, kept, counts)
    yield from check_openings(connection)
    yield from stray_rows(connection)
    counts.pruned = connection.execute(select(func.count()).select_from(pruned)).scalar_one()


def verify_launch(connection: Connection, launch_id: LaunchId) -> tuple[Finding, ...]:
    """What is wrong with one launch, or with one refused attempt."""
    unchained, counts = _unchained(connection), Counts()
    found = tuple(_all_streams(connection, events.c.launch_id == launch_id))
    kept = kept_files(connection, {one.sha256 for stream in found for one, _ in references(stream.events)})
    return tuple(finding for stream in found for finding in check_stream(stream, unchained, kept, counts))


def check_stream(stream: Stream, unchained: int, kept: KeptFiles, counts: Counts) -> Iterator[Finding]:
    """What is wrong with one stream, its launch's row, its place among the openings, and the files it refers to."""
    broken = list(_chain(stream))
    yield from broken
    yield from _place(stream, unchained)
    yield from check_files(stream, kept)
    row = _launch_row(stream)
    if row is None:
        yield from _without_row(stream)
        return
    ends = list(_end(stream, row))
    yield from ends
    if not broken and not ends:
        yield from _folded(stream, row, counts)


def _unchained(connection: Connection) -> int:
    sealed = connection.execute(select(openings_head.c.unchained).where(openings_head.c.id == ONLY))
    return whole_number(sealed.scalar_one_or_none())


def _all_streams(connection: Connection, *where: ColumnElement[bool]) -> Iterator[Stream]:
    before = openings.alias("before")
    joined = (
        events.outerjoin(launches, launches.c.id == events.c.launch_id)
        .outerjoin(openings, openings.c.launch_id == events.c.launch_id)
        .outerjoin(before, before.c.number == openings.c.number - 1)
    )
    beside: list[Any] = [launches.c[name].label(f"launches_{name}") for name in _PROJECTED]
    beside += [
        as_stored(connection, launches.c.reaches_at).label("launches_reaches_at"),
        openings.c.number.label("number"),
        openings.c.digest.label("opening"),
        before.c.digest.label("opened_before"),
    ]
    return streams(connection, events.c.launch_id, where=where, beside=beside, joined=joined)


def _count(stream: Stream, counts: Counts) -> None:
    counts.events += len(stream.events)
    if _launch_row(stream) is None:
        counts.alone += 1
    else:
        counts.launches += 1


def _chain(stream: Stream) -> Iterator[Finding]:
    """Each event by itself, and whether it follows the one before."""
    expected = 1
    before: StoredEvent | None = None
    for event in stream.events:
        whole = event.recomputed() == event.digest
        if event.seq > expected:
            yield _missing(stream, expected, event.seq - 1)
        if not whole:
            yield _not_whole(stream, event)
        elif event.seq < expected:
            yield _finding(Kind.INSERTED, event, "It bears a number that no event gets: it was put in.")
        elif before and event.seq == expected and event.previous != before.digest:
            yield _finding(
                Kind.REPLACED, before, f"Event {event.seq} follows another one than this: one of the two was replaced."
            )
        # What does not give its digest is named already; that nothing follows it any more goes without saying.
        expected, before = max(event.seq + 1, expected), event if whole else None


def _not_whole(stream: Stream, event: StoredEvent) -> Finding:
    """An event that does not give its digest: perhaps it does so under a number that it had before."""
    others = range(1, len(stream.events) + 2)
    written = next((seq for seq in others if event.recomputed(seq) == event.digest), None)
    if written is not None:
        return _finding(Kind.MOVED, event, f"It was written as event {written} of the launch: the order was changed.")
    return _finding(Kind.EDITED, event, "It does not give its digest: it was edited, or put in.")


def _missing(stream: Stream, first: int, last: int) -> Finding:
    what = f"Event {first} is missing" if first == last else f"The events {first} to {last} are missing"
    return Finding(kind=Kind.MISSING, launch_id=stream.launch_id, seq=first, text=f"{what}: removed from the journal.")


def _place(stream: Stream, unchained: int) -> Iterator[Finding]:
    """Whether the stream stands where it was opened."""
    first, place = stream.events[0], stream.beside
    if place["number"] is None:
        yield _finding(Kind.INSERTED, first, "No opening of it is on record: the whole of it was put in.")
        return
    if first.seq != 1 or first.recomputed() != first.digest:
        return
    number = whole_number(place["number"])
    follows = "" if number <= max(unchained, 1) else place["opened_before"]
    if follows is not None and first.previous != follows:
        yield _finding(Kind.OPENING, first, "It does not follow what was opened before it: it was put in or replaced.")
    elif first.digest != place["opening"]:
        yield _finding(Kind.OPENING, first, "It is not the event with which it was opened: it was replaced.")


def _without_row(stream: Stream) -> Iterator[Finding]:
    first = stream.events[0]
    if len(stream.events) > 1 or first.kind != DENIED:
        yield _finding(Kind.PROJECTION, first, "The launch has no row in launches: it was removed there.")


def _end(stream: Stream, row: "_Row") -> Iterator[Finding]:
    """Whether the events end where the launch's row says."""
    last = stream.events[-1]
    if row["version"] > last.seq:
        yield _missing(stream, last.seq + 1, row["version"])
    elif row["version"] < last.seq:
        after = next((event for event in stream.events if event.seq > row["version"]), last)
        yield _finding(
            Kind.INSERTED, after, f"The launch's row ends with event {row['version']}: this was put in after it."
        )
    elif row["head"] != last.digest:
        yield _finding(
            Kind.PROJECTION, last, "The launch's row (head) names another end: that, or this event, was edited."
        )


def _folded(stream: Stream, row: "_Row", counts: Counts) -> Iterator[Finding]:
    """Whether the row says what the events come to."""
    entries = stream.entries()
    if entries is None:
        counts.unfolded += 1
        return
    last = stream.events[-1]
    launch = fold(entries)
    if launch is None:
        yield _finding(Kind.PROJECTION, last, "It has a row in launches, but was never asked for: the row was put in.")
        return
    reaches_at = None if row["reaches_at"] is None else moment(row["reaches_at"])
    follows = {
        "state": (row["state"], launch.state.value),
        "campaign_id": (row["campaign_id"], launch.request.campaign_id),
        "channel": (row["channel"], launch.channel),
        "audience": (row["audience"], str(audience_of(launch.request, launch.preview) or "")),
        "reaches_at": (reaches_at, launch.reaches_at),
    }
    for column, (says, should) in follows.items():
        if says != should:
            text = f"The launch's row says {column} = {_shown(says)}; its events come to {_shown(should)}."
            yield _finding(Kind.PROJECTION, last, text)


def _shown(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


_Row = dict[str, Any]


def _launch_row(stream: Stream) -> _Row | None:
    beside: RowMapping = stream.beside
    if beside["launches_id"] is None:
        return None
    row = {name: beside[f"launches_{name}"] for name in (*_PROJECTED, "reaches_at")}
    return {**row, "version": whole_number(row["version"])}


def _finding(kind: Kind, event: StoredEvent, text: str) -> Finding:
    return Finding(kind=kind, launch_id=event.launch_id, seq=event.seq, text=text, event=event)
