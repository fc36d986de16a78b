"""One writer after the other in this process."""

import sqlite3
from threading import Lock
from types import TracebackType

from sqlalchemy.exc import OperationalError

from bot.journal.engine import BUSY_MS


class WriteLock:
    """Held while a transaction writes into a file.

    SQLite itself lets whoever finds the file taken sleep and try again, longer each time: nobody is woken when it gets
    free, and it lies idle while others wait for it. Raises OperationalError as SQLite would, after as long.
    """

    def __init__(self) -> None:
        self._lock = Lock()

    def __enter__(self) -> None:
        if not self._lock.acquire(timeout=BUSY_MS / 1000):
            raise OperationalError("BEGIN IMMEDIATE", None, sqlite3.OperationalError("database is locked"))

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self._lock.release()
