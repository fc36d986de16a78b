"""Verifies the journal: finds what was edited, removed, put in or put elsewhere behind the bot's back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from bot.campaign.campaign import audience_of
from bot.campaign.request import LaunchId
from bot.journal.audit_files import KeptFiles, check_files, kept_files
from bot.journal.audit_first_events import check_openings, stray_rows
from bot.journal.finding import Finding, Kind
from bot.journal.first_events import ONLY
from bot.journal.keys import NO_KEYS, Keys
from bot.journal.references import references
from bot.journal.sealing import SEAL, Proofs
from bot.journal.stored import StoredEvent, Stream, as_stored, moment, read_streams, streams_query, whole_number
from bot.journal.tables import events, launches, openings, openings_head, pruned, seals
from bot.launch.codec import kind_of, tag_of
from bot.launch.events import Denied
from bot.launch.lifecycle import fold
from bot.launch.state import Launch
from bot.launch.upkeep import Pruned, Rekeyed
from bot.policy.roles import Action

DENIED = kind_of(Denied(Action.REQUEST, ""))
ALONE = {DENIED, tag_of(Rekeyed), tag_of(Pruned)}
"""Kinds of events that may stand in a stream of their own, without a launch."""

UNKEYED = (
    "It is under no key, and no seal covers it: whoever can write to the database can have written it, or it is from "
    "before campaign-bot audit rekey."
)

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
    unkeyed: int = 0
    """Events that no key covers."""


@dataclass(frozen=True)
class Known:
    """What streams are held against: the keys, how many were opened unchained, and the kept files."""

    keys: Keys
    unchained: int
    kept: KeptFiles


def verify(connection: Connection, counts: Counts, keys: Keys = NO_KEYS) -> Iterator[Finding]:
    """Everything that is not as the bot left it, within one transaction. `counts` grows on the way.

    Reads stream by stream, so that memory does not grow with the journal, but for a digest of each kept file.
    """
    known = Known(keys, _unchained(connection), kept_files(connection))
    counts.files = len(known.kept.whole) + len(known.kept.damaged)
    for stream in _all_streams(connection):
        _count(stream, counts)
        yield from check_stream(stream, known, counts)
    yield from check_openings(connection, keys)
    yield from stray_rows(connection)
    counts.pruned = connection.execute(select(func.count()).select_from(pruned)).scalar_one()


def verify_launch(connection: Connection, launch_id: LaunchId, keys: Keys = NO_KEYS) -> tuple[Finding, ...]:
    """What is wrong with one launch, or with one refused attempt."""
    counts = Counts()
    found = tuple(_one_stream(connection, launch_id))
    kept = kept_files(connection, {one.sha256 for stream in found for one, _ in references(stream.events)})
    known = Known(keys, _unchained(connection), kept)
    return tuple(finding for stream in found for finding in check_stream(stream, known, counts))


def doubts(connection: Connection, launch: Launch, keys: Keys) -> tuple[Finding, ...]:
    """Why the launch must not be acted upon: its stored events and its row are not what the bot would have left.

    Its files are not looked at: each is held against its digest when it is read.
    """
    stream = next(_one_stream(connection, launch.id), None)
    if stream is None:
        return (_gone(launch, "The launch has no events: they were removed from the journal."),)
    row, proofs = _launch_row(stream), Proofs.of(stream, keys)
    found = [*_chain(stream, proofs), *_keyed(proofs, stream), *_place(stream, _unchained(connection), proofs)]
    found += _end(stream, row) if row else _without_row(stream)
    if found or row is None:
        return tuple(found)
    entries = stream.entries()
    if entries is None or fold(entries) != launch:
        return (_gone(launch, "Its events do not come to the launch that was about to be acted upon."),)
    return tuple(_projected(stream, row, launch))


def _gone(launch: Launch, text: str) -> Finding:
    return Finding(kind=Kind.PROJECTION, launch_id=launch.id, seq=launch.version, text=text)


def check_stream(stream: Stream, known: Known, counts: Counts) -> Iterator[Finding]:
    """What is wrong with one stream, its launch's row, its place among the openings, and the files it refers to."""
    proofs = Proofs.of(stream, known.keys)
    counts.unkeyed += len(proofs.uncovered)
    broken = [*_chain(stream, proofs), *_keyed(proofs, stream)]
    yield from broken
    yield from _place(stream, known.unchained, proofs)
    yield from check_files(stream, known.kept)
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


def _all_streams(connection: Connection) -> Iterator[Stream]:
    query, beside = _query(connection.dialect.name)
    return read_streams(connection, query, beside)


def _one_stream(connection: Connection, launch_id: LaunchId) -> Iterator[Stream]:
    query, beside = _query(connection.dialect.name, one=True)
    return read_streams(connection, query, beside, {"launch": launch_id})


@cache
def _query(dialect: str, *, one: bool = False) -> tuple[Select[Any], tuple[str, ...]]:
    """The streams with all that they are held against, and the names of what stands beside their events."""
    before = openings.alias("before")
    joined = (
        events.outerjoin(launches, launches.c.id == events.c.launch_id)
        .outerjoin(openings, openings.c.launch_id == events.c.launch_id)
        .outerjoin(before, before.c.number == openings.c.number - 1)
        .outerjoin(seals, seals.c.launch_id == events.c.launch_id)
    )
    beside: list[Any] = [launches.c[name].label(f"launches_{name}") for name in _PROJECTED]
    beside += [
        *SEAL,
        as_stored(dialect, launches.c.reaches_at).label("launches_reaches_at"),
        openings.c.number.label("number"),
        openings.c.digest.label("opening"),
        before.c.digest.label("opened_before"),
    ]
    where = [events.c.launch_id == bindparam("launch")] if one else []
    query = streams_query(dialect, events.c.launch_id, where=where, beside=beside, joined=joined)
    return query, tuple(column.key for column in beside)


def _count(stream: Stream, counts: Counts) -> None:
    counts.events += len(stream.events)
    if _launch_row(stream) is None:
        counts.alone += 1
    else:
        counts.launches += 1


def _chain(stream: Stream, proofs: Proofs) -> Iterator[Finding]:
    """Each event by itself, and whether it follows the one before."""
    expected = 1
    before: StoredEvent | None = None
    for event in stream.events:
        whole = proofs.holds(event)
        if event.seq > expected:
            yield _missing(stream, expected, event.seq - 1)
        if not whole:
            yield _not_whole(stream, event, proofs)
        elif event.seq < expected:
            yield _finding(Kind.INSERTED, event, "It bears a number that no event gets: it was put in.")
        elif before and event.seq == expected and event.previous != before.digest:
            yield _finding(
                Kind.REPLACED, before, f"Event {event.seq} follows another one than this: one of the two was replaced."
            )
        # What does not give its digest is named already; that nothing follows it any more goes without saying.
        expected, before = max(event.seq + 1, expected), event if whole else None


def _keyed(proofs: Proofs, stream: Stream) -> Iterator[Finding]:
    """Whether a key at hand covers every event that it has to: whoever has none could write the others."""
    if proofs.seal_fault:
        yield _finding(Kind.KEY, stream.events[-1], proofs.seal_fault)
        return
    if proofs.keys.writing:
        yield from (_finding(Kind.KEY, event, UNKEYED) for event in proofs.uncovered[:1])
    for event in proofs.locked[:1]:
        yield _finding(Kind.KEY, event, f"Its digest is under the key {event.key_id}, which is not at hand.")


def _not_whole(stream: Stream, event: StoredEvent, proofs: Proofs) -> Finding:
    """An event that does not give its digest: perhaps it does so under a number that it had before."""
    others = range(1, len(stream.events) + 2)
    written = next((seq for seq in others if proofs.gives(event, seq)), None)
    if written is not None:
        return _finding(Kind.MOVED, event, f"It was written as event {written} of the launch: the order was changed.")
    return _finding(Kind.EDITED, event, "It does not give its digest: it was edited, or put in.")


def _missing(stream: Stream, first: int, last: int) -> Finding:
    what = f"Event {first} is missing" if first == last else f"The events {first} to {last} are missing"
    return Finding(kind=Kind.MISSING, launch_id=stream.launch_id, seq=first, text=f"{what}: removed from the journal.")


def _place(stream: Stream, unchained: int, proofs: Proofs) -> Iterator[Finding]:
    """Whether the stream stands where it was opened."""
    first, place = stream.events[0], stream.beside
    if place["number"] is None:
        yield _finding(Kind.INSERTED, first, "No opening of it is on record: the whole of it was put in.")
        return
    if first.seq != 1 or not proofs.holds(first):
        return
    number = whole_number(place["number"])
    follows = "" if number <= max(unchained, 1) else place["opened_before"]
    if follows is not None and first.previous != follows:
        yield _finding(Kind.OPENING, first, "It does not follow what was opened before it: it was put in or replaced.")
    elif first.digest != place["opening"]:
        yield _finding(Kind.OPENING, first, "It is not the event with which it was opened: it was replaced.")


def _without_row(stream: Stream) -> Iterator[Finding]:
    first = stream.events[0]
    if len(stream.events) > 1 or first.kind not in ALONE:
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
    launch = fold(entries)
    if launch is None:
        text = "It has a row in launches, but was never asked for: the row was put in."
        yield _finding(Kind.PROJECTION, stream.events[-1], text)
        return
    yield from _projected(stream, row, launch)


def _projected(stream: Stream, row: "_Row", launch: Launch) -> Iterator[Finding]:
    """Where the row does not say what the launch that its events tell would have it say."""
    last = stream.events[-1]
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
    beside = stream.beside
    if beside["launches_id"] is None:
        return None
    row = {name: beside[f"launches_{name}"] for name in (*_PROJECTED, "reaches_at")}
    return {**row, "version": whole_number(row["version"])}


def _finding(kind: Kind, event: StoredEvent, text: str) -> Finding:
    return Finding(kind=kind, launch_id=event.launch_id, seq=event.seq, text=text, event=event)
