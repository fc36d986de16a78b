"""Opens the journal's database: SQLite in a file, or PostgreSQL where several instances share one journal."""

import json
import os
import re
import select
import sqlite3
import time
from contextlib import suppress
from typing import Any

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidatePoolError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from bot.campaign.encoding import storable
from bot.campaign.request import Json

BUSY_MS = 10_000

POOLED = 32
"""Connections kept open, and as many again for a rush: a listener must not queue behind the worker for one."""

POSTGRES_POOLED = 10
POSTGRES_RUSH = 20
"""Fewer than for a file: a server's connections are dear, and 100 in all by default."""

TRUSTED_FOR = 2.0
"""Seconds for which a connection that has just been used counts as alive."""

LAST_USED = "last used"

MOST_PORT = 65535

UNREADABLE = (
    "DATABASE_URL cannot be read. It looks like sqlite:///campaign-bot.db or "
    "postgresql://user:password@host:5432/database, with a port from 1 to 65535 and an IPv6 address in brackets. In "
    "the user's name and the password, write %40 for @, %3A for :, %2F for /, %3F for ?, %5B for [, %5D for ] and %25 "
    "for %."
)

_SERVER = re.compile(
    r"""[\w+]+://
    (?:[^:/@]* (?::(?P<password>(?:(?!\?\w+=)[^@])*))? @)?
    (?:\[[^\[\]@/?]+\] | [^\[\]@/?:]*)
    (?::[0-9]*)?
    (?:/[^@?]*)?
    (?:\?[^@]*)?""",
    re.VERBOSE,
)
"""An address with one meaning. A second @ is a piece of the password, which would be looked up, and told, as a host."""

POSTGRES_CONNECT = {
    "connect_timeout": 5,
    "application_name": "campaign-bot",
    # The driver writes JSON in UTF-8, whatever the connection speaks.
    "client_encoding": "utf8",
    # A server that vanished without a word is noticed after some 25 s instead of hours.
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}


_READ_ONLY = "25006"
_DISK_FULL = "53100"
"""PostgreSQL's SQLSTATEs."""

_SQLITE_UNWRITTEN = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY})
_PRIMARY_CODE = 0xFF
"""The part of SQLite's extended codes that names the error."""


class JournalUnusable(Exception):
    """The database cannot be used as it is; the text says why and what to do."""


def open_engine(url: str) -> Engine:
    """An engine on the database, not connected yet. Raises JournalUnusable for a database that is not supported."""
    parsed = parse(url)
    match parsed.get_backend_name():
        case "sqlite":
            return _sqlite(parsed)
        case "postgresql" | "postgres":
            return _postgres(parsed)
        case other:
            raise JournalUnusable(f"DATABASE_URL names {other}. It takes sqlite:///… or postgresql://….")


def parse(url: str) -> URL:
    """The parts of a DATABASE_URL. Raises JournalUnusable where it cannot be read, or could be read in two ways."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None
    if parsed is None or not _plain(url, parsed):
        # Outside the handler: what the parser complains of may be a piece of the password.
        raise JournalUnusable(UNREADABLE)
    return parsed


def passwords(url: str) -> tuple[str, ...]:
    """The passwords in a DATABASE_URL, as they are written there and as they are meant. Raises JournalUnusable."""
    parsed, written = parse(url), _SERVER.fullmatch(url)
    asked = parsed.query.get("password", ())
    held = (written and written["password"], parsed.password, *((asked,) if isinstance(asked, str) else asked))
    return tuple(dict.fromkeys(filter(None, held)))


def _plain(url: str, parsed: URL) -> bool:
    if parsed.get_backend_name() == "sqlite":
        return not (parsed.host or parsed.port or parsed.username)
    return _SERVER.fullmatch(url) is not None and (parsed.port is None or 0 < parsed.port <= MOST_PORT)


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise JournalUnusable(
            "DATABASE_URL names no file, so that a restart would lose every launch. It takes "
            "sqlite:///campaign-bot.db, for instance."
        )
    engine = create_engine(url, pool_size=POOLED, max_overflow=POOLED, json_serializer=storable)
    file = url.database
    event.listen(engine, "do_connect", lambda *_: _make_for_owner(file))
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_for_owner(file: str) -> None:
    """Makes the journal's file, where there is none, for its owner alone, as what SQLite puts beside it."""
    if not file.startswith("file:"):
        with suppress(OSError):  # there already; or it cannot be made, which SQLite then says
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own transaction start is off, so that a write can begin with IMMEDIATE and wait its turn.
    connection.isolation_level = None
    for pragma in (f"busy_timeout={BUSY_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("single", False):
        return
    begin = ["BEGIN"]
    if options.get("writes", False):
        # NORMAL leaves the disk's own wait to the next commit that is FULL; their order stays, also after a power cut.
        begin = [f"PRAGMA synchronous={'FULL' if options.get('durable', True) else 'NORMAL'}", "BEGIN IMMEDIATE"]
    # On the driver itself: by the engine's own way, beginning takes longer than most of what is begun.
    driver: Any = connection.connection.driver_connection
    for statement in begin:
        try:
            driver.execute(statement)
        except sqlite3.Error as error:
            raise OperationalError(statement, None, error) from error


class _Json:
    """How JSON is written: in ASCII where the server keeps texts in an encoding that has not all of Unicode."""

    def __init__(self) -> None:
        self._is_unicode = True

    def __call__(self, value: Json) -> str:
        text = storable(value)
        return text if self._is_unicode or text.isascii() else json.dumps(value)

    def learn(self, driver: Any, _record: object) -> None:  # noqa: ANN401 -- the driver's own
        self._is_unicode = driver.info.parameter_status("server_encoding") == "UTF8"


def _postgres(url: URL) -> Engine:
    written = _Json()
    try:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_size=POSTGRES_POOLED,
            max_overflow=POSTGRES_RUSH,
            json_serializer=written,
            connect_args={**POSTGRES_CONNECT, **_which_of(url)},
        )
    except ModuleNotFoundError as error:
        raise JournalUnusable(
            "DATABASE_URL names PostgreSQL, whose driver is not installed: pip install '.[postgres]' in the bot's "
            "checkout."
        ) from error
    event.listen(engine, "connect", written.learn)
    event.listen(engine, "handle_error", _leave_where_read_only)
    event.listen(engine, "checkin", _put_back)
    event.listen(engine, "checkout", lambda driver, record, _proxy: _look_alive(engine, driver, record))
    return engine


def _put_back(_driver: object, record: ConnectionPoolEntry) -> None:
    record.info[LAST_USED] = time.monotonic()


def _look_alive(engine: Engine, driver: Any, record: ConnectionPoolEntry) -> None:  # noqa: ANN401 -- the driver's own
    """Asks a connection that has lain idle whether it still works: asking each time is a round trip each time."""
    idle_since = record.info.get(LAST_USED)
    if idle_since is None:
        return
    try:
        if time.monotonic() - idle_since < TRUSTED_FOR and not _has_news(driver):
            return
        alive = engine.dialect.do_ping(driver) and takes_writes(driver)
    except engine.dialect.loaded_dbapi.Error:
        alive = False
    if not alive:
        raise InvalidatePoolError  # the pool opens others


def _has_news(driver: Any) -> bool:  # noqa: ANN401 -- the driver's own
    """Whether something has come that nobody asked for. A server that ends a session says so, and takes it no more.

    Raises the driver's OperationalError where the connection is closed already.
    """
    looked = select.poll()
    looked.register(driver.fileno(), select.POLLIN)
    return bool(looked.poll(0))


def _which_of(url: URL) -> dict[str, str]:
    """Of several hosts, the one that can be written to: the others follow it, or led before a failover."""
    named = url.query.get("host", url.host or "")
    hosts = named.split(",") if isinstance(named, str) else named
    if len(hosts) == 1 or "target_session_attrs" in url.query:
        return {}
    return {"target_session_attrs": "read-write"}


def takes_writes(driver: Any) -> bool:  # noqa: ANN401 -- the driver's own
    """Whether a PostgreSQL connection's server took writes at its last answer; True where it does not tell."""
    told = (driver.info.parameter_status(name) for name in ("in_hot_standby", "default_transaction_read_only"))
    return "on" not in told


def is_unwritten(error: DBAPIError) -> bool:
    """Whether the database answered that it takes nothing: it is read-only, or its disk is full."""
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorcode", 0) & _PRIMARY_CODE in _SQLITE_UNWRITTEN
    return getattr(error.orig, "sqlstate", None) in {_READ_ONLY, _DISK_FULL}


def _leave_where_read_only(context: ExceptionContext) -> None:
    """After a failover the old server may live on, and would keep the bot for ever: its connections count as lost."""
    if getattr(context.original_exception, "sqlstate", None) == _READ_ONLY:
        context.is_disconnect = True
