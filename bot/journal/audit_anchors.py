"""Verifies the anchors that the journal keeps, and holds the record against the heads that they name."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from bot.campaign.request import LaunchId
from bot.journal.anchored_heads import anchor_digest, list_of
from bot.journal.finding import Finding, Kind, of_anchors
from bot.journal.stored import AT_ONCE
from bot.journal.tables import anchored, anchors, events, pruned

_SHOWN = 12


def check_anchors(connection: Connection) -> Iterator[Finding]:
    """Anchors that do not give their digest, and chains that do not go through a head that was anchored."""
    yield from _digests(connection)
    yield from _heads(connection)


def _digests(connection: Connection) -> Iterator[Finding]:
    previous = ""
    rows = connection.execute(select(anchors).order_by(anchors.c.number)).mappings().all()
    for expected, row in enumerate(rows, start=1):
        digest, heads = anchor_digest(previous, row["number"], row["day"], row["chains"], list_of(connection, expected))
        if (row["number"], row["heads"], row["digest"]) != (expected, heads, digest):
            text = (
                f"The anchor of {row['day']} does not give its digest: it, the heads that are kept with it, or an "
                "anchor before it was changed or removed."
            )
            yield of_anchors(text)
            return
        previous = row["digest"]


def _heads(connection: Connection) -> Iterator[Finding]:
    here = and_(events.c.launch_id == anchored.c.launch_id, events.c.seq == anchored.c.seq)
    joined = (
        anchored.outerjoin(events, here)
        .outerjoin(pruned, pruned.c.launch_id == anchored.c.launch_id)
        .outerjoin(anchors, anchors.c.number == anchored.c.number)
    )
    query = (
        select(
            anchored.c.launch_id,
            anchored.c.seq,
            anchored.c.digest,
            anchors.c.day,
            events.c.digest.label("stored"),
            pruned.c.version,
            pruned.c.head,
        )
        .select_from(joined)
        .where(or_(events.c.digest.is_(None), events.c.digest != anchored.c.digest))
    )
    for row in connection.execute(query, execution_options={"yield_per": AT_ONCE}).mappings():
        text = _wrong(row)
        if text:
            yield Finding(kind=Kind.ANCHOR, launch_id=LaunchId(row["launch_id"]), seq=row["seq"], text=text)


def _wrong(row: Any) -> str:  # noqa: ANN401 -- a row of the query above
    """What is wrong with an anchored head, as a sentence; "" where nothing is, or nobody can tell any more."""
    day = row["day"] or "a day that is not kept"
    if row["stored"] is not None:
        return (
            f"On {day} it was anchored with the digest {row['digest'][:_SHOWN]}, and now bears "
            f"{row['stored'][:_SHOWN]}: it was replaced, or the anchor's list was changed."
        )
    if row["version"] is None:
        return f"On {day} it was anchored as the newest event of its chain, and it is not there: it was removed."
    if row["version"] > row["seq"] or (row["version"], row["head"]) == (row["seq"], row["digest"]):
        return ""
    return f"On {day} another end of it was anchored than what is kept of it in pruned."
