"""Remembers what was done, so that what comes twice, a double click or a repeated delivery, is done once."""

import threading

from cachetools import FIFOCache

MOST_REMEMBERED = 1000


class Once:
    """Remembers the newest `most` keys."""

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._done: FIFOCache[str, None] = FIFOCache(most)
        self._lock = threading.Lock()

    def first(self, key: str) -> bool:
        """Whether this is the first time."""
        with self._lock:
            if key in self._done:
                return False
            self._done[key] = None
            return True

    def forget(self, key: str) -> None:
        """It came to nothing: the next time is the first again."""
        with self._lock:
            self._done.pop(key, None)
