"""Threads that answer requests.

A pool of concurrent.futures takes one lock of the whole process for each piece of work, at which the event loop would
wait for every other pool: of 1,000 commands at 200 a second, hundreds were acked too late for it.
"""

import logging
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread

log = logging.getLogger(__name__)

Work = Callable[[], None]


class Workers:
    """So many threads, which take work in its order. What is raised there is logged."""

    def __init__(self, many: int) -> None:
        self._given: SimpleQueue[Work | None] = SimpleQueue()
        self._many = many
        for _ in range(many):
            Thread(target=self._take, name="http", daemon=True).start()

    def give(self, work: Work) -> None:
        self._given.put(work)

    def end(self) -> None:
        """Each ends once what was given before is done."""
        for _ in range(self._many):
            self._given.put(None)

    def _take(self) -> None:
        while work := self._given.get():
            try:
                work()
            except Exception:
                log.exception("a request could not be answered")
