"""Opens the journal's database: SQLite set up so that a commit is a commit, migrations applied, one process a file."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

BUSY_MS = 10_000

POOLED = 32
"""Connections kept open, and as many again for a rush: a listener must not queue behind the worker for one."""


class JournalUnusable(Exception):
    """The database cannot be used as it is; the text says why and what to do."""


def open_engine(url: str) -> Engine:
    """An engine on the database. Raises JournalUnusable for an engine that is not supported."""
    backend = _parsed(url).get_backend_name()
    if backend != "sqlite":
        raise JournalUnusable(f"DATABASE_URL names {backend}; this version keeps its journal in SQLite only.")
    engine = create_engine(url, pool_size=POOLED, max_overflow=POOLED)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError as error:
        raise JournalUnusable("DATABASE_URL cannot be read. It looks like sqlite:///campaign-bot.db.") from error


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own transaction start is off, so that a write can begin with IMMEDIATE and wait its turn.
    connection.isolation_level = None
    for pragma in (f"busy_timeout={BUSY_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def sole_owner(url: str) -> Iterator[None]:
    """Holds a SQLite file for this process alone; a kill frees it. Raises JournalUnusable while another has it."""
    database = _parsed(url).database
    if _parsed(url).get_backend_name() != "sqlite" or not database or database == ":memory:":
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
                f"Another campaign-bot already uses {database}. Stop it first: a SQLite journal serves one process."
            ) from error
        yield
    finally:
        os.close(handle)


def upgrade(engine: Engine) -> None:
    """Brings the tables up to this version. Raises JournalUnusable where a newer version has been at work."""
    config = Config()
    config.set_main_option("script_location", "bot.journal:migrations")
    scripts = ScriptDirectory.from_config(config)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        current = MigrationContext.configure(connection).get_current_revision()
        if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
            raise JournalUnusable(
                f"The database is at revision {current}, which this version does not know: a newer campaign-bot has "
                "used it. Start that version, or restore the backup from before the upgrade."
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
