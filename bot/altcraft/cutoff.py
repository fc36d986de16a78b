"""Cuts exchanges off that take too long, by one thread for all of them: a timer for each would be a thread for each."""

import time
from threading import Lock, Thread
from typing import Protocol


class Cuttable(Protocol):
    """What can be ended from another thread."""

    def cut(self) -> None: ...


class Cutoff:
    """Cuts each exchange off that many seconds after it was begun, unless it has ended by then.

    Its thread lives while there is something to wait for. It is never woken: all wait equally long, so that whatever
    is begun later is due later.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._due: dict[Cuttable, float] = {}
        self._lock = Lock()
        self._waiting = False

    def begin(self, exchange: Cuttable) -> None:
        with self._lock:
            if not self._waiting:
                Thread(target=self._wait, name="cutoff", daemon=True).start()
                self._waiting = True
            self._due[exchange] = time.monotonic() + self._seconds

    def end(self, exchange: Cuttable) -> None:
        with self._lock:
            self._due.pop(exchange, None)

    def _wait(self) -> None:
        while (nap := self._cut_what_is_late()) is not None:
            time.sleep(nap)

    def _cut_what_is_late(self) -> float | None:
        """Seconds until the next one is due; None where there is none."""
        with self._lock:
            now = time.monotonic()
            late = [exchange for exchange, due in self._due.items() if due <= now]
            for exchange in late:
                del self._due[exchange]
            first = next(iter(self._due.values()), None)
            self._waiting = first is not None
        for exchange in late:
            exchange.cut()
        return None if first is None else first - now
