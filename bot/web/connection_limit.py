"""Who may stand at a port: so many connections, and where they are all taken, whoever waits longest gives way.

Anybody may open a connection and never end a request. A click arrives whole within moments of its connection, so that
it is never the one that has waited longest.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Hashable
from typing import Protocol

TOLD_EVERY = 60.0
"""Seconds between two lines of the log on those who were sent away."""

log = logging.getLogger(__name__)


class Standing(Hashable, Protocol):
    """A connection."""

    @property
    def held(self) -> int:
        """Bytes of a body that it has sent so far."""

    def leave(self) -> None:
        """Is closed at once, and holds nothing any more."""


class Places:
    """Belongs to one thread. `most` connections stand, and hold `most_held` bytes of unfinished bodies together."""

    def __init__(self, most: int, most_held: int) -> None:
        self._most = most
        self._most_held = most_held
        self._waiting: OrderedDict[Standing, None] = OrderedDict()
        self._working: set[Standing] = set()
        self.quiet = asyncio.Event()
        """Set while no request is being answered."""
        self.quiet.set()
        self._held = 0
        self._sent_away = 0
        self._told_at = -TOLD_EVERY

    def __len__(self) -> int:
        return len(self._waiting) + len(self._working)

    def admit(self, newcomer: Standing) -> bool:
        """Whether there is a place, or there was somebody who waited for one to be taken from."""
        if len(self) >= self._most:
            longest = next(iter(self._waiting), None)
            if longest is None:
                return False
            self._send_away(longest)
        self._waiting[newcomer] = None
        return True

    def waits(self, one: Standing) -> None:
        """Its request was answered; it may begin another, and is the last to give way."""
        if one in self._working:
            self._rests(one)
            self._waiting[one] = None

    def works(self, one: Standing) -> None:
        """Its request is whole, and keeps its place until it is answered."""
        if one in self._waiting:
            del self._waiting[one]
            self._working.add(one)
            self.quiet.clear()

    def gone(self, one: Standing) -> None:
        self._waiting.pop(one, None)
        self._rests(one)

    def holds(self, size: int) -> None:
        """So many bytes of somebody's body are held from now on; less than 0 of them are not any more."""
        self._held += size
        while self._held > self._most_held:
            longest = next((one for one in self._waiting if one.held), None)
            if longest is None:
                return
            self._send_away(longest)

    def all(self) -> tuple[Standing, ...]:
        return (*self._waiting, *self._working)

    def _rests(self, one: Standing) -> None:
        self._working.discard(one)
        if not self._working:
            self.quiet.set()

    def _send_away(self, one: Standing) -> None:
        self.gone(one)
        one.leave()
        self._sent_away += 1
        if time.monotonic() - self._told_at >= TOLD_EVERY:
            log.warning(
                "%d connections were closed before they had brought a whole request: no more than %d may stand",
                self._sent_away,
                self._most,
            )
            self._sent_away, self._told_at = 0, time.monotonic()
