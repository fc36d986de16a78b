"""Asks for something that may hang, and waits only so long for the answer."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

PATIENCE = 2.0
"""Seconds: below what probes and scrapers usually wait."""

_T = TypeVar("_T")


class NoAnswer(Exception):
    """The answer did not come in time."""


class Bounded(Generic[_T]):
    """Calls `ask` in a thread of its own. One that hangs is left to itself, and no second one is begun beside it."""

    def __init__(self, ask: Callable[[], _T], patience: float = PATIENCE) -> None:
        self._ask = ask
        self._patience = patience
        self._lock = threading.Lock()
        self._under_way: Future[_T] | None = None

    def __call__(self) -> _T:
        """What `ask` gives, or raises; NoAnswer where that takes longer than the patience, in seconds."""
        with self._lock:
            if self._under_way is None or self._under_way.done():
                self._under_way = Future()
                threading.Thread(target=self._run, args=(self._under_way,), name="bounded", daemon=True).start()
            asked = self._under_way
        try:
            return asked.result(self._patience)
        except TimeoutError as error:
            # Also where `ask` itself ran out of time, which is no other answer.
            raise NoAnswer from error

    def _run(self, answer: Future[_T]) -> None:
        try:
            answer.set_result(self._ask())
        except Exception as error:  # noqa: BLE001 -- whoever asked gets it
            answer.set_exception(error)
