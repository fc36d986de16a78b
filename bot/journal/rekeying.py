"""Seals what came before a key under it, so that a record that began otherwise is covered whole."""

import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, exists, insert, select, update

from bot.campaign.request import LaunchId
from bot.journal.engine import JournalUnusable
from bot.journal.journal import Journal
from bot.journal.keys import Key, Keys, same
from bot.journal.sealing import SEAL, Proofs, pruned_seal, stream_seal
from bot.journal.stored import Stream, streams
from bot.journal.tables import events, openings, openings_head, pruned, seals
from bot.launch.events import BOT
from bot.launch.upkeep import Rekeyed

BATCH = 200
"""Streams, or remains of pruned ones, that are sealed in one transaction: few, so that a bot at work hardly waits."""


@dataclass(frozen=True)
class Sealed:
    streams: int = 0
    pruned: int = 0


class NotSealed(Exception):
    """A stream is not what the bot has written, or cannot be proven: a seal would hide that. The text is its id."""


def key_in_use(connection: Connection) -> str:
    """The id of the key under which the newest stream was opened; "" for none."""
    newest = (
        select(events.c.key_id)
        .join(openings, openings.c.launch_id == events.c.launch_id)
        .join(openings_head, openings_head.c.number == openings.c.number)
        .where(events.c.seq == 1)
    )
    return connection.execute(newest).scalar_one_or_none() or ""


def is_keyed(connection: Connection) -> bool:
    """Whether anything was ever written under a key."""
    return connection.execute(select(exists().where(events.c.key_id != ""))).scalar_one()


def check_keys(connection: Connection, keys: Keys) -> None:
    """Raises JournalUnusable where the record could not be proven, or not gone on with, by these keys."""
    used = key_in_use(connection)
    if not keys.knows(used):
        raise JournalUnusable(
            f"The record is kept under the key {used}, which is not among those that are set. Set JOURNAL_KEY to it; "
            "where the key is being changed, put the old one behind the new one, with a comma between them."
        )
    if not keys.writing or is_keyed(connection):
        return
    sealed = exists().where(seals.c.launch_id == events.c.launch_id)
    unsealed = select(exists().where(events.c.seq == 1, ~sealed))
    if connection.execute(unsealed).scalar_one():
        raise JournalUnusable(
            "JOURNAL_KEY is set, and the record is from before it. Stop every instance, verify what there is "
            "(JOURNAL_KEY= campaign-bot audit verify --against-slack), and seal it: campaign-bot audit rekey."
        )


def rekey(journal: Journal, by: str, lost: Collection[str] = ()) -> Iterator[Sealed]:
    """Seals, batch by batch, every stream of which an event is not under the writing key, and every pruned one.

    Gives what each batch has sealed, once it is committed. Safe beside bots at work that have the key. Then puts on
    record who did it. `lost` are ids of keys that are gone: what is under them is sealed as it stands. Raises
    NotSealed, with its batch untouched.
    """
    key = journal.keys.writing
    if key is None:
        raise ValueError("there is no key to seal under")
    with journal.reading() as connection:
        # Once a key is in use, what is under none was written by somebody who had it not.
        rules = _Rules(journal.keys, key, frozenset(lost), uncovered=bool(lost) or not is_keyed(connection))
    done = Sealed()
    for step in (_streams, _remains):
        last = LaunchId("")
        while True:
            with journal.writing() as connection:
                last, batch = step(connection, last, rules)
            if not last:
                break
            done = Sealed(done.streams + batch.streams, done.pruned + batch.pruned)
            yield batch
    told = Rekeyed(by, key.id, done.streams, done.pruned, tuple(sorted(lost)))
    journal.record_alone(LaunchId(str(uuid.uuid4())), BOT, told)


@dataclass(frozen=True)
class _Rules:
    """What may be sealed. `uncovered` says whether that is true of what is under no key and no seal."""

    keys: Keys
    key: Key
    lost: frozenset[str]
    uncovered: bool


def _streams(connection: Connection, last: LaunchId, rules: _Rules) -> tuple[LaunchId, Sealed]:
    other = select(events.c.launch_id).where(events.c.key_id != rules.key.id, events.c.launch_id > last).distinct()
    ids = list(connection.execute(other.order_by(events.c.launch_id).limit(BATCH)).scalars())
    if not ids:
        return LaunchId(""), Sealed()
    joined = events.outerjoin(seals, seals.c.launch_id == events.c.launch_id)
    found = streams(connection, events.c.launch_id, where=[events.c.launch_id.in_(ids)], beside=SEAL, joined=joined)
    rows = [_sealed(stream, rules) for stream in found]
    connection.execute(delete(seals).where(seals.c.launch_id.in_(ids)))
    connection.execute(insert(seals), rows)
    return LaunchId(ids[-1]), Sealed(streams=len(rows))


def _sealed(stream: Stream, rules: _Rules) -> dict[str, object]:
    """The row of `seals`. Raises NotSealed."""
    last = stream.events[-1]
    digest = stream_seal(stream.events, rules.keys, rules.key.id)
    if not digest or not _may_be_sealed(stream, rules):
        raise NotSealed(stream.launch_id)
    return {"launch_id": stream.launch_id, "seq": last.seq, "key_id": rules.key.id, "digest": digest}


def _may_be_sealed(stream: Stream, rules: _Rules) -> bool:
    proofs = Proofs.of(stream, rules.keys)
    follows = all(after.previous == one.digest for one, after in zip(stream.events, stream.events[1:], strict=False))
    numbered = [event.seq for event in stream.events] == list(range(1, stream.events[-1].seq + 1))
    proven = all(event.key_id in rules.lost for event in proofs.locked) and (rules.uncovered or not proofs.uncovered)
    unfaulty = not proofs.seal_fault or stream.beside["seals_key_id"] in rules.lost
    return follows and numbered and proven and unfaulty and all(map(proofs.holds, stream.events))


def _remains(connection: Connection, last: LaunchId, rules: _Rules) -> tuple[LaunchId, Sealed]:
    query = select(pruned).where(pruned.c.key_id != rules.key.id, pruned.c.launch_id > last)
    rows = connection.execute(query.order_by(pruned.c.launch_id).limit(BATCH)).mappings().all()
    for row in map(dict, rows):
        if not _remains_may_be_sealed(row, rules):
            raise NotSealed(row["launch_id"])
        values = {"key_id": rules.key.id, "digest": pruned_seal(row, rules.keys, rules.key.id)}
        connection.execute(update(pruned).where(pruned.c.launch_id == row["launch_id"]).values(values))
    return LaunchId(rows[-1]["launch_id"] if rows else ""), Sealed(pruned=len(rows))


def _remains_may_be_sealed(row: Mapping[str, Any], rules: _Rules) -> bool:
    key_id: str = row["key_id"]
    if not rules.keys.knows(key_id):
        return key_id in rules.lost
    return bool(key_id or rules.uncovered) and same(pruned_seal(row, rules.keys, key_id), row["digest"])
