"""Reads again what a launch rests on: the campaign with its audience, and the campaign's log, side by side."""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.altcraft.client import AltcraftClient, PlatformError
from bot.journal.journal import Journal
from bot.launch.campaign import Directory, Preview
from bot.launch.request import LaunchId
from bot.launch.state import Launch

LOG_WINDOW = timedelta(days=1)
"""How far back the campaign's log is read for its newest entry."""

FRESH_FOR = 2.0
"""Seconds for which what was read for the last approval is as good as read right before the call."""

MOST_KEPT = 1000

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reading:
    """Reads under way, begun at that second of `clock`. `newest_log` gives None where the log cannot be read."""

    preview: "Future[Preview]"
    newest_log: "Future[datetime | None]"
    begun: float


class Rereading:
    """Begins readings, and remembers them for a moment: an approval's serves the launch that it sets free."""

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
        self._directory = directory
        self._side_by_side = side_by_side
        self._clock = clock
        self._kept: OrderedDict[tuple[LaunchId, str], Reading] = OrderedDict()
        self._lock = threading.Lock()

    def anew(self, launch: Launch) -> Preview:
        """The campaign and its audience, read now; the log is read beside them, for the call that may follow."""
        return self._begin(launch).preview.result()

    def recent(self, launch: Launch) -> Reading:
        """A reading of exactly this launch that is still fresh; else a new one."""
        with self._lock:
            kept = self._kept.pop((launch.id, launch.fingerprint), None)
        return kept if kept and self._clock() - kept.begun < FRESH_FOR else self._begin(launch)

    def _begin(self, launch: Launch) -> Reading:
        request = launch.request
        reading = Reading(
            self._side_by_side.submit(self._directory.preview, request.campaign_id, request.source),
            self._side_by_side.submit(self._newest_log, launch),
            self._clock(),
        )
        with self._lock:
            self._kept[(launch.id, launch.fingerprint)] = reading
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return reading

    def _newest_log(self, launch: Launch) -> datetime | None:
        """The mark that a start of this launch must be newer than. An empty log is marked by the window's begin."""
        begin = self._journal.now() - LOG_WINDOW
        try:
            entries = self._platform.log(launch.request.campaign_id, from_time=begin)
        except PlatformError as error:
            log.warning("the log was not readable before the call: %s", error, extra={"launch_id": launch.id})
            return None
        return max((entry.time for entry in entries), default=begin)
