"""Verifies the journal: finds what was edited, removed, put in or put elsewhere behind the bot's back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache, reduce
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, func, select

from bot.campaign.request import LaunchId
from bot.journal.audit_anchors import check_anchors
from bot.journal.audit_files import KeptFiles, check_files, kept_files
from bot.journal.audit_first_events import check_openings, stray_rows
from bot.journal.audit_rows import Row, end, finding_at, launch_row, missing, projected, row_columns, told, without_row
from bot.journal.finding import Finding, Kind
from bot.journal.first_events import ONLY
from bot.journal.keys import NO_KEYS, Keys
from bot.journal.references import references
from bot.journal.sealing import SEAL, Proofs
from bot.journal.stored import StoredEvent, Stream, grouped, some_at_once, streams, streams_query, whole_number
from bot.journal.tables import events, launches, openings, openings_head, pruned, seals
from bot.launch.evolve import evolve, fold
from bot.launch.state import OPEN_END, Launch

UNKEYED = (
    "It is under no key, and no seal covers it: whoever can write to the database can have written it, or it is from "
    "before campaign-bot audit rekey."
)


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


@dataclass(frozen=True)
class Known:
    """What streams are held against: the keys, the kept files, and the moment."""

    keys: Keys
    kept: KeptFiles
    now: datetime


def verify(connection: Connection, counts: Counts, keys: Keys = NO_KEYS, now: datetime = OPEN_END) -> Iterator[Finding]:
    """Everything that is not as the bot left it, within one transaction. `counts` grows on the way.

    What is due is held against `now`: nothing is put off for longer than so long from then.

    Reads stream by stream, so that memory does not grow with the journal, but for a digest of each kept file.
    """
    yield from check_streams(connection, known_of(connection, counts, keys, now), counts)
    yield from verify_rest(connection, counts, keys)


def known_of(connection: Connection, counts: Counts, keys: Keys, now: datetime) -> Known:
    """Reads what every stream is held against."""
    known = Known(keys, kept_files(connection), now)
    counts.files = len(known.kept.whole) + len(known.kept.damaged)
    return known


def check_streams(
    connection: Connection,
    known: Known,
    counts: Counts,
    within: tuple[LaunchId, LaunchId] = (LaunchId(""), LaunchId("")),
    look: Callable[[Stream, Known], Known] = lambda _stream, known: known,
) -> Iterator[Finding]:
    """What is wrong with the streams from one id on and before another, "" for no bound.

    `look` may know more when it has seen a stream.
    """
    for stream in _all_streams(connection, *within):
        yield from check_stream(stream, look(stream, known), counts)


def verify_rest(connection: Connection, counts: Counts, keys: Keys) -> Iterator[Finding]:
    """What holds the streams together, and what belongs to none."""
    yield from check_openings(connection, keys)
    yield from stray_rows(connection)
    yield from check_anchors(connection)
    counts.pruned = connection.execute(select(func.count()).select_from(pruned)).scalar_one()


def verify_launch(
    connection: Connection, launch_id: LaunchId, keys: Keys = NO_KEYS, now: datetime = OPEN_END
) -> tuple[Finding, ...]:
    """What is wrong with one launch, or with one refused attempt."""
    counts = Counts()
    found = tuple(_one_stream(connection, launch_id))
    kept = kept_files(connection, {one.sha256 for stream in found for one, _ in references(stream.events)})
    known = Known(keys, kept, now)
    return tuple(finding for stream in found for finding in check_stream(stream, known, counts))


def doubts(connection: Connection, launch: Launch, keys: Keys, now: datetime) -> tuple[Finding, ...]:
    """Why the launch must not be acted upon: its stored events and its row are not what the bot would have left.

    Its files are not looked at: each is held against its digest when it is read.
    """
    stream = next(_one_stream(connection, launch.id), None)
    if stream is None:
        return (_gone(launch, "The launch has no events: they were removed from the journal."),)
    row, proofs = launch_row(stream), Proofs.of(stream, keys)
    found = [*_chain(stream, proofs), *_keyed(proofs, stream), *_place(stream, proofs)]
    found += end(stream, row) if row else without_row(stream)
    if found or row is None:
        return tuple(found)
    entries = stream.entries() or ()
    # What others have appended meanwhile is no doubt: whoever acts upon the launch appends first, and sees it then.
    if fold(entries[: launch.version]) != launch:
        return (_gone(launch, "Its events do not come to the launch that was about to be acted upon."),)
    return tuple(projected(stream, row, reduce(evolve, entries[launch.version :], launch), now))


def _gone(launch: Launch, text: str) -> Finding:
    return Finding(kind=Kind.PROJECTION, launch_id=launch.id, seq=launch.version, text=text)


def check_stream(stream: Stream, known: Known, counts: Counts) -> Iterator[Finding]:
    """What is wrong with one stream, its launch's row, its place among the openings, and the files it refers to."""
    proofs = Proofs.of(stream, known.keys)
    broken = [*_chain(stream, proofs), *_keyed(proofs, stream)]
    yield from broken
    yield from _place(stream, proofs)
    yield from check_files(stream, known.kept)
    row = launch_row(stream)
    counts.events += len(stream.events)
    if row is None:
        counts.alone += 1
        yield from without_row(stream)
        return
    counts.launches += 1
    ends = list(end(stream, row))
    yield from ends
    if not broken and not ends:
        yield from _folded(stream, row, counts, known.now)
        yield from told(stream, row, known.now)


def _all_streams(connection: Connection, first: LaunchId, end: LaunchId) -> Iterator[Stream]:
    """Each with what it is held against, read once for the stream: with each event, that would be most of the reading.

    Within one transaction, so that both readings see the same.
    """
    within = [events.c.launch_id >= first, *([events.c.launch_id < end] if end else [])]
    earlier = events.alias("earlier")
    is_first = ~exists().where(earlier.c.launch_id == events.c.launch_id, earlier.c.seq < events.c.seq)
    beside = _beside(connection.dialect.name)
    query = select(events.c.launch_id, *beside).select_from(_JOINED).where(*within, is_first)
    rows = some_at_once(connection, query.order_by(events.c.launch_id))
    names = tuple(column.key for column in beside)
    each = groupby(rows, key=itemgetter(0))
    for stream, (_, found) in zip(streams(connection, events.c.launch_id, where=within), each, strict=True):
        told, *others = found
        # Where there are others somebody has put them in; events that come as often as them are told to be too many.
        as_often = tuple(event for event in stream.events for _ in (told, *others)) if others else stream.events
        yield Stream(stream.launch_id, as_often, dict(zip(names, told[1:], strict=True)))


def _one_stream(connection: Connection, launch_id: LaunchId) -> Iterator[Stream]:
    """In one statement, which sees one state of the database outside any transaction too."""
    query, beside = _query(connection.dialect.name)
    return grouped(connection.execute(query, {"launch": launch_id}), beside)


@cache
def _query(dialect: str) -> tuple[Select[Any], tuple[str, ...]]:
    """One stream with all that it is held against, and the names of what stands beside its events."""
    beside = _beside(dialect)
    where = [events.c.launch_id == bindparam("launch")]
    query = streams_query(dialect, events.c.launch_id, where=where, beside=beside, joined=_JOINED)
    return query, tuple(column.key for column in beside)


_UNCHAINED = select(openings_head.c.unchained).where(openings_head.c.id == ONLY).scalar_subquery()
"""How many were opened before openings were chained."""

_BEFORE = openings.alias("before")
_JOINED = (
    events.outerjoin(launches, launches.c.id == events.c.launch_id)
    .outerjoin(openings, openings.c.launch_id == events.c.launch_id)
    .outerjoin(_BEFORE, _BEFORE.c.number == openings.c.number - 1)
    .outerjoin(seals, seals.c.launch_id == events.c.launch_id)
)
"""The events with what they are held against."""


def _beside(dialect: str) -> tuple[Any, ...]:
    return (
        *row_columns(dialect),
        *SEAL,
        openings.c.number.label("number"),
        openings.c.digest.label("opening"),
        _BEFORE.c.digest.label("opened_before"),
        _UNCHAINED.label("unchained"),
    )


def _chain(stream: Stream, proofs: Proofs) -> Iterator[Finding]:
    """Each event by itself, and whether it follows the one before."""
    expected = 1
    before: StoredEvent | None = None
    for event in stream.events:
        whole = proofs.holds(event)
        if event.seq > expected:
            yield missing(stream, expected, event.seq - 1)
        if not whole:
            yield _not_whole(stream, event, proofs)
        elif event.seq < expected:
            yield finding_at(Kind.INSERTED, event, "It bears a number that no event gets: it was put in.")
        elif before and event.seq == expected and event.previous != before.digest:
            yield finding_at(
                Kind.REPLACED, before, f"Event {event.seq} follows another one than this: one of the two was replaced."
            )
        # What does not give its digest is named already; that nothing follows it any more goes without saying.
        expected, before = max(event.seq + 1, expected), event if whole else None


def _keyed(proofs: Proofs, stream: Stream) -> Iterator[Finding]:
    """Whether a key at hand covers every event that it has to: whoever has none could write the others."""
    if proofs.seal_fault:
        yield finding_at(Kind.KEY, stream.events[-1], proofs.seal_fault)
        return
    if proofs.keys.writing:
        yield from (finding_at(Kind.KEY, event, UNKEYED) for event in proofs.uncovered[:1])
    for event in proofs.locked[:1]:
        yield finding_at(Kind.KEY, event, f"Its digest is under the key {event.key_id}, which is not at hand.")


def _not_whole(stream: Stream, event: StoredEvent, proofs: Proofs) -> Finding:
    """An event that does not give its digest: perhaps it does so under a number that it had before."""
    others = range(1, len(stream.events) + 2)
    written = next((seq for seq in others if proofs.gives(event, seq)), None)
    if written is not None:
        return finding_at(Kind.MOVED, event, f"It was written as event {written} of the launch: the order was changed.")
    return finding_at(Kind.EDITED, event, "It does not give its digest: it was edited, or put in.")


def _place(stream: Stream, proofs: Proofs) -> Iterator[Finding]:
    """Whether the stream stands where it was opened."""
    first, place = stream.events[0], stream.beside
    if place["number"] is None:
        yield finding_at(Kind.INSERTED, first, "No opening of it is on record: the whole of it was put in.")
        return
    if first.seq != 1 or not proofs.holds(first):
        return
    number = whole_number(place["number"])
    follows = "" if number <= max(whole_number(place["unchained"]), 1) else place["opened_before"]
    if follows is not None and first.previous != follows:
        yield finding_at(Kind.OPENING, first, "It does not follow what was opened before it: put in or replaced.")
    elif first.digest != place["opening"]:
        yield finding_at(Kind.OPENING, first, "It is not the event with which it was opened: it was replaced.")


def _folded(stream: Stream, row: Row, counts: Counts, now: datetime) -> Iterator[Finding]:
    """Whether the row says what the events come to."""
    entries = stream.entries()
    if entries is None:
        counts.unfolded += 1
        return
    launch = fold(entries)
    if launch is None:
        text = "It has a row in launches, but was never asked for: the row was put in."
        yield finding_at(Kind.PROJECTION, stream.events[-1], text)
        return
    yield from projected(stream, row, launch, now)
