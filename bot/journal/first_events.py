"""The chain of openings: the first event of each stream follows the first event of the stream opened before it.

A launch's own chain cannot show that the whole launch was taken out, or put in; this one can.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select, update

from bot.campaign.request import LaunchId
from bot.journal.tables import openings, openings_head

ONLY = 1
"""The id of the one row of `openings_head`."""

# Locked where several can open at once; SQLite's write transactions follow one another anyway.
_LAST = select(openings_head.c.number, openings_head.c.digest).where(openings_head.c.id == ONLY).with_for_update()
_ENTER = insert(openings)
_MOVE = (
    update(openings_head)
    .where(openings_head.c.id == ONLY)
    .values(number=bindparam("to_number"), digest=bindparam("to_digest"))
)


@dataclass(frozen=True)
class Opening:
    """The place of the next stream: its number, and the digest that its first event follows."""

    number: int
    previous: str


def next_opening(connection: Connection) -> Opening:
    """Takes the next place; other openings wait until the transaction ends.

    To be called before the transaction writes anything. Nobody then waits for this row with something in hand that its
    holder may want, so that no two openings can block each other.
    """
    number, digest = connection.execute(_LAST).one()
    return Opening(number + 1, digest)


def enter(connection: Connection, opening: Opening, stream: LaunchId, digest: str) -> None:
    """Notes that the stream has taken the place, with the digest of its first event."""
    connection.execute(_ENTER, {"number": opening.number, "launch_id": stream, "digest": digest})
    connection.execute(_MOVE, {"to_number": opening.number, "to_digest": digest})
