"""Which reads a preview took last time, so that the next one can begin them all at once."""

import threading
from collections.abc import Callable
from typing import Any, TypeAlias

from cachetools import FIFOCache

from bot.campaign.request import Source

MOST_KNOWN = 1000

Subject: TypeAlias = tuple[int, Source | None]
Read: TypeAlias = tuple[Callable[..., Any], tuple[object, ...]]
"""A client's method with its arguments."""


class Prefetch:
    """Remembers reads by what they were for; a guess that turns out wrong costs a read, never a wrong answer."""

    def __init__(self) -> None:
        self._known: FIFOCache[Subject, tuple[Read, ...]] = FIFOCache(MOST_KNOWN)
        self._lock = threading.Lock()

    def of(self, subject: Subject) -> tuple[Read, ...]:
        """The reads of last time; none where there was none."""
        with self._lock:
            return self._known.get(subject, ())

    def note(self, subject: Subject, reads: tuple[Read, ...]) -> None:
        with self._lock:
            self._known[subject] = reads
