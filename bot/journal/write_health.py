"""Whether the database takes what is written, as the last writes tell."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.journal.engine import is_unwritten

TROUBLED_FOR = 60.0
"""Seconds for which a refused write counts, unless another succeeds: where nothing is due, nobody tries again."""


class Unwritten(SQLAlchemyError):
    """The database answers and takes nothing: it is read-only, or its disk is full."""


class Writes:
    """Watches the writes. A probe of its own could fit where what people do does not."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._refused_at: float | None = None

    @contextmanager
    def watched(self) -> Iterator[None]:
        """The block writes; whatever it raises goes on."""
        try:
            yield
        except DBAPIError as error:
            if is_unwritten(error):
                self._refused_at = self._clock()
            raise
        self._refused_at = None

    def check(self) -> None:
        """Raises Unwritten where the last write was refused, not long ago."""
        refused_at = self._refused_at
        if refused_at is not None and self._clock() - refused_at < TROUBLED_FOR:
            raise Unwritten
