"""The heads of all chains: which of them no anchor covers yet, those that one covers, and the digest over them."""

import hashlib
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, select, union_all

from bot.journal.stored import AT_ONCE
from bot.journal.tables import anchored, events, launches, openings, pruned

Head = tuple[str, int, str]
"""A chain's id, the number of its newest event, and that event's digest."""


def anchor_digest(previous: str, number: int, day: str, chains: int, heads: Iterable[Head]) -> tuple[str, int]:
    """SHA-256, in hex, over the anchor before and the heads that moved since; and how many those are."""
    whole, count = hashlib.sha256(f"{previous}\n{number} {day} {chains}\n".encode()), 0
    for launch_id, seq, digest in heads:
        whole.update(f"{launch_id} {seq} {digest}\n".encode(errors="surrogatepass"))
        count += 1
    return whole.hexdigest(), count


def list_of(connection: Connection, number: int) -> Iterable[Head]:
    """The heads that an anchor covers anew, in the order in which its digest takes them."""
    by_bytes: ColumnElement[Any] = anchored.c.launch_id
    if connection.dialect.name == "postgresql":
        by_bytes = by_bytes.collate("C")  # a database's own order may pass over hyphens
    query = select(anchored.c.launch_id, anchored.c.seq, anchored.c.digest).where(anchored.c.number == number)
    rows = connection.execute(query.order_by(by_bytes, anchored.c.seq), execution_options={"yield_per": AT_ONCE})
    return ((row[0], row[1], row[2]) for row in rows)


def moved_heads(*beside: ColumnElement[Any]) -> Select[Any]:
    """The head of every chain of which it was not told yet: of launches, of refused attempts, of what was pruned."""
    alone = openings.join(events, events.c.launch_id == openings.c.launch_id)
    later = events.alias("later")
    is_last = ~exists().where(later.c.launch_id == events.c.launch_id, later.c.seq > events.c.seq)
    has_row = exists().where(launches.c.id == openings.c.launch_id)
    every = union_all(
        select(launches.c.id.label("id"), launches.c.version.label("seq"), launches.c.head.label("digest")),
        select(events.c.launch_id, events.c.seq, events.c.digest).select_from(alone).where(~has_row, is_last),
        select(pruned.c.launch_id, pruned.c.version, pruned.c.head),
    ).subquery()
    known = exists().where(and_(anchored.c.launch_id == every.c.id, anchored.c.seq == every.c.seq))
    return select(every.c.id, every.c.seq, every.c.digest, *beside).where(~known)
