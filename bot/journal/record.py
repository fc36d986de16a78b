"""Gives out what is on record: all events that are wished for, and an overview of the launches."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from bot.campaign.campaign import MessageRef
from bot.campaign.encoding import instant
from bot.campaign.request import Json, LaunchId
from bot.journal.following import last_position, places
from bot.journal.journal import Journal
from bot.journal.messages import KeptMessages
from bot.journal.stored import AT_ONCE, StoredEvent, Stream, Unreadable, streams
from bot.journal.tables import events, files, launches, openings, pruned
from bot.launch.events import Entry
from bot.launch.evolve import fold
from bot.launch.record import Recorded, Wish, covered_by
from bot.launch.state import Launch
from bot.message.message import MaybeMessage

_Find = Callable[[MessageRef], MaybeMessage]

_ABOUT = func.coalesce(launches.c.test_of, launches.c.campaign_id)
"""The campaign that people speak of: a test's row names the copy that it is made on."""

_IN_ORDER = events.outerjoin(openings, openings.c.launch_id == events.c.launch_id)


@dataclass(frozen=True)
class Overview:
    """One launch in a list."""

    launch_id: LaunchId
    opened_at: datetime
    campaign_id: int
    state: str
    requester: str
    is_test: bool


def recorded(journal: Journal, wish: Wish, opened: tuple[int, int] | None = None) -> Iterator[Recorded]:
    """The events that are wished for: launches in the order in which they were asked for, each as a whole.

    All as of one moment, and a launch at a time, so that the length of the record does not matter. Only a message that
    is pruned meanwhile is told to be kept no more. `opened` asks for those alone that were opened from one number on to
    another.
    """
    find = KeptMessages(journal).find
    with journal.reading() as connection:
        where = [*_where(wish), *([openings.c.number.between(*opened)] if opened else [])]
        for stream in streams(connection, openings.c.number, events.c.launch_id, where=where, joined=_IN_ORDER):
            yield from (one for one in _recorded(stream, find) if _wished(one, wish))


def followed(journal: Journal, after: int) -> tuple[int, tuple[Recorded, ...]] | None:
    """The next events behind that position in the order in which they were put on record, and the position of the last.

    None where there are none yet. What was pruned meanwhile is left out.
    """
    with journal.reading() as connection:
        last = last_position(connection)
    if last is None:
        return None
    with journal.reading() as connection:
        found = places(connection, after, last)
        if not found:
            return None
        ids = {place.launch_id for place in found}
        there = streams(connection, events.c.launch_id, where=[events.c.launch_id.in_(ids)])
        find = KeptMessages(journal).find
        told = {(one.launch_id, one.seq): one for stream in there for one in _recorded(stream, find)}
    wanted = ((place.launch_id, place.seq) for place in found)
    return found[-1].position, tuple(told[each] for each in wanted if each in told)


def story_of(connection: Connection, launch_id: LaunchId, find: _Find) -> tuple[Recorded, ...]:
    """All that is on record about one launch. `find` gives the messages that were approved."""
    found = streams(connection, events.c.launch_id, where=[events.c.launch_id == launch_id])
    return tuple(one for stream in found for one in _recorded(stream, find))


def overview(
    connection: Connection, *, campaign_id: int | None, state: str, since: datetime | None
) -> Iterator[Overview]:
    """The launches, oldest first: of one campaign, in one state (`""` for any), asked for since then."""
    which: list[ColumnElement[bool]] = []
    if campaign_id is not None:
        of_it = and_(launches.c.campaign_id == campaign_id, launches.c.test_of.is_(None))
        which.append(or_(of_it, launches.c.test_of == campaign_id))
    if state:
        which.append(launches.c.state == state)
    if since:
        which.append(events.c.at >= since)
    first = launches.join(events, and_(events.c.launch_id == launches.c.id, events.c.seq == 1))
    query = (
        select(launches.c.id, events.c.at, _ABOUT, launches.c.state, events.c.actor, launches.c.test_of.is_not(None))
        .select_from(first)
        .where(*which)
        .order_by(events.c.at, launches.c.id)
    )
    for row in connection.execute(query, execution_options={"yield_per": AT_ONCE}):
        yield Overview(LaunchId(row[0]), *row[1:])


def find_ids(connection: Connection, prefix: str, most: int) -> list[LaunchId]:
    """The ids, pruned ones too, that begin so; no more than that many."""
    found: set[str] = set()
    for column in (events.c.launch_id, pruned.c.launch_id):
        query = select(column).where(column.startswith(prefix, autoescape=True)).distinct().limit(most)
        found |= set(connection.execute(query).scalars())
    return sorted(LaunchId(one) for one in found)[:most]


def find_files(connection: Connection, prefix: str, most: int) -> list[str]:
    """The SHA-256s, in hex, of kept files that begin so; no more than that many."""
    query = select(files.c.sha256).where(files.c.sha256.startswith(prefix, autoescape=True))
    return list(connection.execute(query.order_by(files.c.sha256).limit(most)).scalars())


def remains_of(connection: Connection, launch_id: LaunchId) -> dict[str, Any] | None:
    """What is kept of a pruned launch."""
    row = connection.execute(select(pruned).where(pruned.c.launch_id == launch_id)).mappings().one_or_none()
    return dict(row) if row else None


def _where(wish: Wish) -> list[ColumnElement[bool]]:
    """Whole streams, each with an event in the time that is wished for: a launch is told by all of its events."""
    within = [events.c.at >= wish.since] if wish.since else []
    within += [events.c.at < wish.until] if wish.until else []
    return [events.c.launch_id.in_(select(events.c.launch_id).where(*within))] if within else []


def _wished(one: Recorded, wish: Wish) -> bool:
    if wish.campaign_id is not None and (one.launch is None or one.launch.request.campaign_id != wish.campaign_id):
        return False
    late_enough = wish.since is None or one.at >= instant(wish.since)
    return late_enough and (wish.until is None or one.at < instant(wish.until))


def _recorded(stream: Stream, find: _Find) -> Iterator[Recorded]:
    entries = tuple(event.entry() for event in stream.events)
    launch, covered = _folded(entries), dict(covered_by(entries, find))
    for event, entry in zip(stream.events, entries, strict=True):
        yield Recorded(
            launch_id=event.launch_id,
            seq=event.seq,
            at=event.instant,
            kind=event.kind,
            actor=event.actor,
            data=partial(_data, event),
            previous=event.previous,
            digest=event.digest,
            key_id=event.key_id,
            launch=launch,
            entry=entry,
            covered=covered.get(event.seq),
        )


def _data(event: StoredEvent) -> Json:
    return None if isinstance(event.data, Unreadable) else event.data


def _folded(entries: tuple[Entry | None, ...]) -> Launch | None:
    """The launch as far as this version understands it; None where the first event is gone or damaged."""
    try:
        return fold(tuple(entry for entry in entries if entry))
    except ValueError:
        return None
