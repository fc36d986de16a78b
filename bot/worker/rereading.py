"""Reads again what a launch rests on: the campaign with its audience, and the campaign's log, side by side."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import datetime, timedelta

from cachetools import TLRUCache

from bot.altcraft.client import AltcraftClient, PlatformError
from bot.campaign.campaign import Directory, Preview
from bot.campaign.request import LaunchId
from bot.journal.journal import Journal
from bot.launch.state import Launch

LOG_WINDOW = timedelta(days=1)
"""How far back the campaign's log is read for its newest entry."""

FRESH_FOR = 2.0
"""Seconds for which what was read for the last approval is as good as read right before the call."""

MOST_KEPT = 1000

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reading:
    """What was read from that second of `clock` on. The log gives None where it cannot be read, perhaps only later."""

    preview: Preview
    newest_log: "Future[datetime | None]"
    begun: float


class Rereading:
    """Reads, and remembers it for a moment: an approval's reading serves the launch that it sets free.

    The log is read in `side_by_side`, the rest in the thread that asks for it.
    """

    def __init__(
        self,
        journal: Journal,
        platform: AltcraftClient,
        directory: Directory,
        side_by_side: Executor,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._journal = journal
        self._platform = platform
        self.directory = directory
        self._side_by_side = side_by_side
        self._clock = clock
        self._kept: TLRUCache[tuple[LaunchId, str], Reading, float] = TLRUCache(MOST_KEPT, _fresh_until, clock)
        self._lock = threading.Lock()

    def anew(self, launch: Launch) -> Preview:
        """The campaign and its audience, read now; the log is read beside them, for the call that may follow."""
        reading = self._read(launch)
        with self._lock:
            self._kept[(launch.id, launch.fingerprint)] = reading
        return reading.preview

    def recent(self, launch: Launch) -> Reading:
        """A reading of exactly this launch that is still fresh; else a new one."""
        with self._lock:
            kept = self._kept.pop((launch.id, launch.fingerprint), None)
        return kept or self._read(launch)

    def _read(self, launch: Launch) -> Reading:
        begun, request = self._clock(), launch.request
        newest_log = self._side_by_side.submit(self._newest_log, launch)
        return Reading(self.directory.preview(request.campaign_id, request.source), newest_log, begun)

    def _newest_log(self, launch: Launch) -> datetime | None:
        """The mark that a start of this launch must be newer than. An empty log is marked by the window's begin."""
        begin = self._journal.now() - LOG_WINDOW
        try:
            entries = self._platform.log(launch.target, from_time=begin)
        except PlatformError as error:
            log.warning("the log was not readable before the call: %s", error, extra={"launch_id": launch.id})
            return None
        return max((entry.time for entry in entries), default=begin)


def _fresh_until(_launch: tuple[LaunchId, str], reading: Reading, _now: float) -> float:
    return reading.begun + FRESH_FOR
