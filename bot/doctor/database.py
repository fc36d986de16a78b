"""Whether the journal's database can be used. It is only read: no file is made, and nothing is migrated."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from bot.doctor import workflows
from bot.doctor.finding import Finding
from bot.journal.engine import JournalUnusable, open_engine
from bot.journal.schema import pending

CLOCKS_APART = timedelta(seconds=30)

NETWORK_FILE_SYSTEMS = frozenset(
    {"9p", "afs", "beegfs", "ceph", "cifs", "fuse.glusterfs", "fuse.s3fs", "fuse.sshfs", "gfs2", "glusterfs", "lustre"}
    | {"ncpfs", "nfs", "nfs4", "ocfs2", "smb3", "smbfs"}
)

MOUNTS = Path("/proc/self/mountinfo")
LOCKS = Path("/proc/locks")

MOUNT_POINT = 4
LOCK_PLACE = 5
"""Which word of a line it is."""


def findings(url: str, clock: Callable[[], datetime]) -> Iterator[Finding]:
    """All that is wrong with the database. `clock` is this machine's."""
    try:
        engine = open_engine(url)
    except JournalUnusable as unusable:
        yield Finding(str(unusable))
        return
    try:
        if engine.dialect.name == "sqlite":
            yield from _file(engine.url.database or "")
        else:
            yield from _server(engine, clock)
    finally:
        engine.dispose()


def place_findings(url: str) -> Iterator[Finding]:
    """What is wrong with it for all that this machine can tell: nobody else is asked."""
    try:
        engine = open_engine(url)
    except JournalUnusable as unusable:
        yield Finding(str(unusable))
        return
    if engine.dialect.name == "sqlite":
        yield from _file(engine.url.database or "")
    engine.dispose()


def _file(database: str) -> Iterator[Finding]:
    path = Path(database).absolute()
    yield from _file_system(path, MOUNTS)
    if not path.exists():
        yield from _place(path)
        yield _new(str(path))
        return
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        yield Finding(
            f"{path} or its folder may not be written by this user, and SQLite needs both: chown them to the user that "
            "the bot runs as."
        )
        return
    if _is_held(path, LOCKS):
        yield Finding(
            f"A campaign-bot runs on {path} now. That is fine if it is this one; a second is refused at its start.",
            may_run=True,
        )
    # Read-only, and without the journal's own settings, which would turn a foreign file into one of ours.
    address = f"file:{quote(str(path))}?mode=ro"
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            yield from _tables(connection, str(path))
    except SQLAlchemyError as error:
        yield Finding(f"{path} cannot be read: {_cause(error)}. Restore the backup, or name another file.")


def _place(path: Path) -> Iterator[Finding]:
    """A file that is not there yet is made at the start, with its folder."""
    there = next(folder for folder in path.parents if folder.exists())
    if not there.is_dir():
        yield Finding(f"{path} cannot be made: {there} is no folder. Name another place.")
    elif not os.access(there, os.W_OK):
        yield Finding(f"{path} cannot be made: {there} may not be written by this user. Make it, or name another.")


def _file_system(path: Path, mounts: Path) -> Iterator[Finding]:
    """Locks are not to be trusted over a network, and without them two processes write at once."""
    kind = _kind_of_mount(path, mounts)
    if kind in NETWORK_FILE_SYSTEMS:
        yield Finding(
            f"{path} lies on a network file system ({kind}), where SQLite's locks do not hold, so that the journal can "
            "break and a launch run twice. Move it to a local disk, or use PostgreSQL."
        )


def _kind_of_mount(path: Path, mounts: Path) -> str:
    """The type of the file system that the path lies on, "" where this machine does not tell."""
    try:
        lines = mounts.read_text().splitlines()
    except OSError:
        return ""
    kinds: dict[Path, str] = {}
    for line in lines:
        before, _, after = line.partition(" - ")
        fields = before.split()
        if len(fields) > MOUNT_POINT and after:
            # Spaces and the like are written as octal numbers.
            point = fields[MOUNT_POINT].encode().decode("unicode_escape")
            kinds[Path(point)] = after.split()[0]
    place = path.resolve()
    return next((kinds[folder] for folder in (place, *place.parents) if folder in kinds), "")


def _is_held(path: Path, locks: Path) -> bool:
    """Whether a process holds the journal's lock, looked up: taking it would refuse a bot that starts just now."""
    try:
        inode = Path(f"{path}.lock").stat().st_ino
        held = {line.split()[LOCK_PLACE].rpartition(":")[2] for line in locks.read_text().splitlines()}
    except (OSError, IndexError):
        return False
    return str(inode) in held


def _server(engine: Engine, clock: Callable[[], datetime]) -> Iterator[Finding]:
    outside = engine.execution_options(isolation_level="AUTOCOMMIT")
    try:
        with outside.connect() as one, outside.connect() as other:
            yield from _clock(one, clock())
            yield from _tables(one, f"The database {engine.url.database}")
            if _swaps_sessions(one, other):
                yield Finding(
                    "DATABASE_URL leads through a pooler in transaction mode, where the locks by which instances see "
                    "each other get lost: a call under way could be taken for interrupted. Go directly to PostgreSQL, "
                    "or through a pooler in session mode."
                )
    except SQLAlchemyError as error:
        yield Finding(
            f"The database does not answer: {_cause(error)}. Check DATABASE_URL, and that PostgreSQL runs and lets "
            "this user in from this machine."
        )


def _clock(connection: Connection, now: datetime) -> Iterator[Finding]:
    apart = now - connection.execute(select(func.clock_timestamp())).scalar_one()
    if abs(apart) > CLOCKS_APART:
        yield Finding(
            f"The database's clock and this machine's are {abs(apart).total_seconds():.0f} s apart. The database's "
            "decides when launches start and expire: let NTP set both.",
            may_run=True,
        )


def _swaps_sessions(one: Connection, other: Connection) -> bool:
    """Whether two connections share a session: a pooler in transaction mode hands it to whoever has the word."""
    session = text("SELECT pg_backend_pid()")
    before = one.execute(session).scalar_one()
    other.execute(text("BEGIN"))
    try:
        between = other.execute(session).scalar_one()
        after = one.execute(session).scalar_one()
    finally:
        other.execute(text("ROLLBACK"))
    return between in {before, after} or before != after


def _tables(connection: Connection, name: str) -> Iterator[Finding]:
    try:
        missing = pending(connection)
    except JournalUnusable as unusable:
        yield Finding(str(unusable))
        return
    if missing and not inspect(connection).has_table("alembic_version"):
        yield _new(name)
        return
    if missing:
        yield Finding(
            f"The database was last used by an earlier version: {len(missing)} migration(s) are pending. Back it up, "
            "then start the bot, which applies them, or run campaign-bot db upgrade while no other instance runs.",
            may_run=True,
        )
        return
    yield from workflows.findings(connection)


def _new(name: str) -> Finding:
    return Finding(
        f"{name} holds no journal yet, and the first start makes one. If there were launches before, DATABASE_URL "
        "leads elsewhere: mend it first, for a bot with an empty journal knows none of them.",
        may_run=True,
    )


def _cause(error: SQLAlchemyError) -> str:
    return str(error.__cause__ or error).splitlines()[0].rstrip(".")
