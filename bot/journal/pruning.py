"""Removes the events of what is over, and keeps what the rest needs to be verified."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, exists, func, insert, select, text

from bot.journal.journal import Journal
from bot.journal.kept_files import sweep, unneeded
from bot.journal.keys import Keys
from bot.journal.runs import sweep_runs
from bot.journal.sealing import SEAL, Proofs, pruned_seal
from bot.journal.stored import Stream, streams
from bot.journal.tables import events, launches, order_of_events, pruned, seals
from bot.launch.state import ENDED

BATCH = 200
"""Streams, or files, that are removed in one transaction: few, so that a bot at work hardly waits."""


@dataclass(frozen=True)
class Prunable:
    launches: int
    attempts: int
    events: int


@dataclass(frozen=True)
class Removed:
    """What a batch, or several of them, removed."""

    launches: int = 0
    attempts: int = 0
    events: int = 0

    @property
    def streams(self) -> int:
        return self.launches + self.attempts

    def and_(self, other: "Removed") -> "Removed":
        return Removed(self.launches + other.launches, self.attempts + other.attempts, self.events + other.events)


class NotWhole(Exception):
    """A stream is not what the bot has written: pruning it would hide that."""


def prunable(connection: Connection, before: datetime) -> Prunable:
    """What `prune` would remove."""
    over, alone = _launches_over(before).subquery(), _attempts_over(before).subquery()
    of_launches = select(func.count()).select_from(events).where(events.c.launch_id.in_(select(over.c.id)))
    attempts = connection.execute(select(func.count()).select_from(alone)).scalar_one()
    return Prunable(
        launches=connection.execute(select(func.count()).select_from(over)).scalar_one(),
        attempts=attempts,
        events=connection.execute(of_launches).scalar_one() + attempts,
    )


def prune(journal: Journal, before: datetime) -> Iterator[Removed]:
    """Removes launches that have ended, and refused attempts at none, whose last event is older; batch by batch.

    Gives what each batch has removed, once it is committed. Raises NotWhole, with its batch untouched.
    """
    for over in (_launches_over(before), _attempts_over(before)):
        while True:
            with journal.writing() as connection:
                batch = _prune_some(connection, over, before, journal.now(), journal.keys)
            if batch is None:
                break
            yield batch


def sweepable(journal: Journal) -> int:
    """How many files `sweep_files` would remove now."""
    with journal.reading() as connection:
        return len(unneeded(connection, journal.now()))


def sweep_files(journal: Journal) -> int:
    """Removes the files that no event refers to and that nobody has wanted for a day; says how many.

    They belonged to what was pruned, or to forms that nobody has submitted. Safe beside a bot at work.
    """
    now = journal.now()
    with journal.reading() as connection:
        found = unneeded(connection, now)
    removed = 0
    for first in range(0, len(found), BATCH):
        with journal.writing() as connection:
            removed += sweep(connection, found[first : first + BATCH], now)
    return removed


def prune_runs(journal: Journal) -> None:
    """Removes what was counted of launches that are on record no more, and gives back what is free of the disk."""
    with journal.writing() as connection:
        sweep_runs(connection)
    with journal.asking() as connection:
        # On SQLite the file as a whole, as long as nobody reads or writes; on PostgreSQL the end of what is free.
        connection.execute(text("VACUUM seen, runs" if journal.shared else "VACUUM"))


def _launches_over(before: datetime) -> Select[Any]:
    """Ended, with nothing in anybody's hands, and no event since."""
    later = exists().where(events.c.launch_id == launches.c.id, events.c.at >= before)
    return select(launches.c.id).where(
        launches.c.state.in_([state.value for state in ENDED]),
        launches.c.claim.is_(None),
        launches.c.publish_claim.is_(None),
        launches.c.stop_claim.is_(None),
        launches.c.picture_claim.is_(None),
        ~later,
    )


def _attempts_over(before: datetime) -> Select[Any]:
    """Refused attempts that belong to no launch."""
    opened = exists().where(launches.c.id == events.c.launch_id)
    return select(events.c.launch_id.label("id")).where(
        events.c.seq == 1, events.c.kind == "launch:deny", events.c.at < before, ~opened
    )


def _prune_some(
    connection: Connection, over: Select[Any], before: datetime, now: datetime, keys: Keys
) -> Removed | None:
    # Locked, so that an event appended meanwhile finds its launch gone, or its launch is left alone.
    ids = list(connection.execute(over.limit(BATCH).with_for_update(skip_locked=True)).scalars())
    if not ids:
        return None
    joined = events.outerjoin(launches, launches.c.id == events.c.launch_id).outerjoin(
        seals, seals.c.launch_id == events.c.launch_id
    )
    beside = (
        launches.c.campaign_id,
        launches.c.state,
        launches.c.head.label("kept_head"),
        launches.c.version,
        *SEAL,
    )
    there = streams(connection, events.c.launch_id, where=[events.c.launch_id.in_(ids)], beside=beside, joined=joined)
    # Somebody may have been refused between the look and the lock; then it is not that old any more.
    found = [stream for stream in there if not _since(stream, before)]
    gone = [stream.launch_id for stream in found]
    if found:
        connection.execute(insert(pruned), [_remains(stream, now, keys) for stream in found])
    connection.execute(delete(events).where(events.c.launch_id.in_(gone)))
    connection.execute(delete(order_of_events).where(order_of_events.c.launch_id.in_(gone)))
    connection.execute(delete(launches).where(launches.c.id.in_(gone)))
    connection.execute(delete(seals).where(seals.c.launch_id.in_(gone)))
    of_launches = sum(stream.beside["version"] is not None for stream in found)
    return Removed(of_launches, len(found) - of_launches, sum(len(stream.events) for stream in found))


def _since(stream: Stream, before: datetime) -> bool:
    at = stream.events[-1].at
    return isinstance(at, datetime) and at >= before


def _remains(stream: Stream, now: datetime, keys: Keys) -> dict[str, Any]:
    first, last, beside = stream.events[0], stream.events[-1], stream.beside
    if beside["version"] is not None and (beside["version"], beside["kept_head"]) != (last.seq, last.digest):
        raise NotWhole(stream.launch_id)
    if [event.seq for event in stream.events] != list(range(1, last.seq + 1)) or not _holds(stream, keys):
        raise NotWhole(stream.launch_id)
    row = {
        "launch_id": stream.launch_id,
        "campaign_id": beside["campaign_id"],
        "state": beside["state"] or "",
        "opened_at": first.at,
        "ended_at": last.at,
        "previous": first.previous,
        "opening": first.digest,
        "head": last.digest,
        "version": last.seq,
        "pruned_at": now,
    }
    key_id = keys.writing_id
    return {**row, "digest": pruned_seal(row, keys, key_id), "key_id": key_id}


def _holds(stream: Stream, keys: Keys) -> bool:
    """Whether each event gives its digest, under a key where one is in use, and follows the one before."""
    follows = all(after.previous == one.digest for one, after in zip(stream.events, stream.events[1:], strict=False))
    proofs = Proofs.of(stream, keys)
    return follows and proofs.are_complete and all(proofs.holds(event) for event in stream.events)
