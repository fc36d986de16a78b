"""The kept files: attached ones, and messages as they were read. Each is stored once, under its SHA-256 in hex.

A form may refer to a file long after it was stored, and what no event refers to is swept. So whoever is about to refer
to a file holds it, and a held one is spared for a day. Of a hold and a sweep at once, one comes first, as both write to
the file's row: either the sweep finds it held, or the hold finds it gone.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.journal.references import REFERRING, references
from bot.journal.stored import streams
from bot.journal.tables import events, files

SPARED = timedelta(days=1)
"""How long a file stays for that no event refers to: longer than anybody leaves a form open."""

_HELD_ANEW = timedelta(hours=1)
"""A hold that is younger is as good as a new one, and costs no write."""

_HELD = select(files.c.sha256).where(files.c.sha256.in_(bindparam("wanted", expanding=True)))
_HOLD = update(files).where(files.c.sha256 == bindparam("wanted")).values(kept_at=bindparam("now"))
_SWEEP = delete(files).where(files.c.sha256 == bindparam("unneeded"), files.c.kept_at < bindparam("bound"))


class FileGone(Exception):
    """A file that an event would refer to is not kept."""


def store(connection: Connection, sha256: str, content: bytes, now: datetime) -> None:
    """Raises IntegrityError where it is stored already."""
    connection.execute(insert(files).values(sha256=sha256, content=content, kept_at=now))


def not_held(connection: Connection, wanted: Collection[str], now: datetime) -> set[str]:
    """Those of them that are not kept, or whose hold is about to run out."""
    if not wanted:
        return set()
    held = _HELD.where(files.c.kept_at >= now - _HELD_ANEW)
    return set(wanted) - set(connection.execute(held, {"wanted": list(wanted)}).scalars())


def hold(connection: Connection, wanted: Collection[str], now: datetime) -> None:
    """Sees to it that these files stay, in a transaction that writes. Raises FileGone where one is not kept."""
    # In one order, so that of two who hold the same files neither waits for the other for ever.
    for one in sorted(not_held(connection, wanted, now)):
        if connection.execute(_HOLD, {"wanted": one, "now": now}).rowcount != 1:
            raise FileGone(one)


def unneeded(connection: Connection, now: datetime) -> list[str]:
    """The files that no event refers to, and that nobody has held for as long as they are spared."""
    found = set(connection.execute(select(files.c.sha256).where(files.c.kept_at < now - SPARED)).scalars())
    if found:
        for stream in streams(connection, events.c.launch_id, where=[events.c.kind.in_(REFERRING)]):
            found.difference_update(reference.sha256 for reference, _ in references(stream.events))
    return sorted(found)


def sweep(connection: Connection, unneeded_then: Collection[str], now: datetime) -> int:
    """Removes files that `unneeded` gave for that moment, but those that were held since; says how many."""
    removed = (
        connection.execute(_SWEEP, {"unneeded": one, "bound": now - SPARED}).rowcount for one in sorted(unneeded_then)
    )
    return sum(removed)
