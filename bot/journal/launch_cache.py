"""Launches as this process saw them last."""

import threading

from cachetools import FIFOCache

from bot.campaign.request import LaunchId
from bot.launch.state import Launch

MOST_REMEMBERED = 1000
"""Launches that are kept folded in memory."""


class Remembered:
    """Launches as this process saw them last: folding a long history again and again is what costs."""

    def __init__(self) -> None:
        self._launches: FIFOCache[LaunchId, Launch] = FIFOCache(MOST_REMEMBERED)
        self._lock = threading.Lock()

    def get(self, launch_id: LaunchId) -> Launch | None:
        with self._lock:
            return self._launches.get(launch_id)

    def put(self, launch: Launch) -> None:
        with self._lock:
            known = self._launches.get(launch.id)
            self._launches[launch.id] = known if known and known.version >= launch.version else launch
