"""The order in which events were put on record, so that whoever follows them misses none.

On PostgreSQL positions are given before the transaction that takes them is over, so a later one may be seen before an
earlier one. Each appending transaction therefore holds a lock that it shares with the others, and a follower reads no
further than to the last position of a moment in which nobody held it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, insert, select, text
from sqlalchemy.exc import OperationalError

from bot.campaign.request import LaunchId
from bot.journal.tables import order_of_events

AT_ONCE = 500
"""Events that are read together."""

_PLACING = 0x666F6C6C6F77
"""The advisory lock of whoever appends; "follow" in ASCII."""

_PATIENCE = "200ms"
"""How long a follower may keep those waiting who append, behind one that takes its time."""

_LOCK_NOT_AVAILABLE = "55P03"

_PLACE = insert(order_of_events)
_PLACE_LOCKED = text(
    "INSERT INTO order_of_events (launch_id, seq) SELECT :launch_id, :seq FROM pg_advisory_xact_lock_shared(:placing)"
).bindparams(placing=_PLACING)
_AFTER = (
    select(order_of_events)
    .where(order_of_events.c.position > bindparam("after"), order_of_events.c.position <= bindparam("last"))
    .order_by(order_of_events.c.position)
    .limit(AT_ONCE)
)


@dataclass(frozen=True)
class Place:
    """An event in the order of all events."""

    position: int
    launch_id: LaunchId
    seq: int


def place(connection: Connection, placed: Sequence[tuple[str, int]]) -> None:
    """Gives events their positions, within the transaction that appends them."""
    statement = _PLACE_LOCKED if connection.dialect.name == "postgresql" else _PLACE
    for launch_id, seq in placed:
        connection.execute(statement, {"launch_id": launch_id, "seq": seq})


def last_position(connection: Connection) -> int | None:
    """Up to where everything is there that ever will be; None while somebody appends who takes their time.

    To be called in a transaction of its own that ends at once.
    """
    if connection.dialect.name == "postgresql":
        try:
            connection.execute(text(f"SET LOCAL lock_timeout = '{_PATIENCE}'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:placing)"), {"placing": _PLACING})
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
                return None
            raise
    return connection.execute(select(func.max(order_of_events.c.position))).scalar_one() or 0


def places(connection: Connection, after: int, last: int) -> list[Place]:
    """The next events behind that position, up to the last; no more than AT_ONCE."""
    rows = connection.execute(_AFTER, {"after": after, "last": last})
    return [Place(row.position, LaunchId(row.launch_id), row.seq) for row in rows]


def place_at(connection: Connection, position: int) -> Place | None:
    """What stands at that position; None where it was pruned, or nothing ever did."""
    found = connection.execute(select(order_of_events).where(order_of_events.c.position == position)).one_or_none()
    return Place(found.position, LaunchId(found.launch_id), found.seq) if found else None
