"""Counts what several requests bring in one transaction: whoever gets the turn takes along what waits meanwhile."""

import threading
from collections.abc import Sequence

from bot.journal.counting import Counting, Prepared
from bot.journal.sorting import Sorted

MOST_AT_ONCE = 8
"""Batches in one transaction: enough to share the disk's wait, few enough that a lock is held for moments only."""


class _Waiting:
    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.done = False
        self.error: Exception | None = None


class GroupCommit:
    """Hands batches to the counting; may be called by any number of threads at once."""

    def __init__(self, counting: Counting) -> None:
        self._counting = counting
        self._waiting: list[_Waiting] = []
        self._lock = threading.Lock()
        self._turn = threading.Lock()

    def count(self, body: bytes) -> Sorted:
        """Returns once the batch's events are counted and committed.

        Raises NoBatch, or what kept them from it, SQLAlchemyError as a rule.
        """
        own = _Waiting(self._counting.prepare(body))
        with self._lock:
            self._waiting.append(own)
        while not own.done:
            with self._turn:
                if not own.done:
                    self._count_some()
        if own.error:
            raise own.error
        return own.prepared.sorted

    def _count_some(self) -> None:
        with self._lock:
            group, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
        error = self._error_of(group)
        if error and len(group) > 1:
            # One may be at fault: each is tried by itself, so that it holds up no other.
            for one in group:
                one.error = self._error_of([one])
        elif error:
            group[0].error = error
        for one in group:
            one.done = True

    def _error_of(self, group: Sequence[_Waiting]) -> Exception | None:
        try:
            self._counting.count([one.prepared for one in group])
        except Exception as error:  # noqa: BLE001 -- each waiting thread raises it
            return error
        return None
