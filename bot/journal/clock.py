"""The clocks that a journal goes by: this machine's, or the database server's where several machines share it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, func, select

SET_ANEW = 5.0
"""Seconds after which the server is asked again. Between two answers a machine's counter is off by microseconds."""


def own_clock() -> datetime:
    return datetime.now(UTC)


def since_boot() -> float:
    """Seconds by a counter that nobody sets, and that goes on while the machine sleeps, where the system has one."""
    counter = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if counter is None else time.clock_gettime(counter)


@dataclass(frozen=True)
class _Setting:
    """What the server's clock said, and the counter at that moment."""

    at: datetime
    counter: float


class ServersClock:
    """The database server's clock, carried on by this machine's counter: asking each time costs a round trip each.

    It is off by half of the round trip of its last setting at most. `counter` counts seconds.
    """

    def __init__(self, engine: Engine, counter: Callable[[], float] = since_boot) -> None:
        self._engine = engine
        self._counter = counter
        self._setting: _Setting | None = None

    def __call__(self) -> datetime:
        """Raises SQLAlchemyError where the server has to be asked and does not answer."""
        setting, now = self._setting, self._counter()
        if setting is None or now - setting.counter >= SET_ANEW:
            setting = self._setting = self._ask()
            now = self._counter()
        return setting.at + timedelta(seconds=now - setting.counter)

    def _ask(self) -> _Setting:
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            before = self._counter()
            at: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
            after = self._counter()
        return _Setting(at.astimezone(UTC), (before + after) / 2)
