"""Which running instance of the bot this is, and which others are gone, so that their work is taken over."""

import fcntl
import os
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from bot.journal.engine import JournalUnusable, takes_writes

_LOCK_KEY = "hashtextextended('campaign-bot:' || :owner, 0)"


class Instance:
    """One running bot. `id` is new at each start and stands in every claim that it makes."""

    def __init__(self, gone: Callable[[str], bool], own_id: str) -> None:
        self.id = own_id
        self.gone = gone
        """Whether the instance of that id runs no more. Raises SQLAlchemyError where the database does not answer."""


@contextmanager
def signed_on(engine: Engine) -> Iterator[Instance]:
    """This process as an instance on the database. Raises JournalUnusable where a SQLite file serves another already.

    A kill ends it like the block's end does: a lock on the file, or on PostgreSQL a lock of the session, goes with the
    process.
    """
    own_id = str(uuid.uuid4())
    if engine.dialect.name == "sqlite":
        with _sole_owner(engine.url.database):
            # Nobody else can hold the file, so whoever else made a claim is gone.
            yield Instance(lambda owner: owner != own_id, own_id)
        return
    presence = _Presence(engine, own_id)
    try:
        presence.show()
        yield Instance(presence.gone, own_id)
    finally:
        presence.end()


@contextmanager
def _sole_owner(database: str | None) -> Iterator[None]:
    if not database or database == ":memory:":
        yield
        return
    lock = Path(f"{database}.lock")
    lock.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise JournalUnusable(
                f"Another campaign-bot already uses {database}. Stop it first: a SQLite journal serves one process, "
                "PostgreSQL several."
            ) from error
        yield
    finally:
        os.close(handle)


class _Presence:
    """A connection whose session lock says that this instance runs; the others try the lock to learn of its end."""

    def __init__(self, engine: Engine, own_id: str) -> None:
        self._engine = engine
        self._own_id = own_id
        self._connection: Connection | None = None
        self._turn = threading.Lock()

    def show(self) -> None:
        """Holds the lock, on a new connection where the last one broke. Raises SQLAlchemyError."""
        with self._turn:
            if self._connection is not None and self._answers(self._connection):
                return
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            # Not the pool's any more: no other work may end up on it, nor may the pool close it.
            connection.detach()
            # After a break the server may not know yet that the old session is over, and keeps the lock for it.
            if connection.execute(text(f"SELECT pg_try_advisory_lock({_LOCK_KEY})"), {"owner": self._own_id}).scalar():
                self._connection = connection
            else:
                connection.close()

    def gone(self, owner: str) -> bool:
        self.show()
        if owner == self._own_id:
            return False
        with self._engine.connect() as connection:
            free = text(f"SELECT pg_try_advisory_xact_lock({_LOCK_KEY})")
            return bool(connection.execute(free, {"owner": owner}).scalar_one())

    def end(self) -> None:
        with self._turn:
            if self._connection is not None:
                self._connection.close()

    def _answers(self, connection: Connection) -> bool:
        with suppress(DBAPIError):
            connection.execute(text("SELECT 1"))
            # On a server that the others have left after a failover, nobody sees that this instance runs.
            if takes_writes(connection.connection.dbapi_connection):
                return True
        connection.close()
        self._connection = None
        return False
