"""Wakes a thread that sleeps, at a moment that others may bring forward."""

import math
import time
from threading import Condition


class Alarm:
    """One sleeper's. What is brought forward between `reset` and `sleep` counts for that sleep."""

    def __init__(self) -> None:
        self._condition = Condition()
        self._rings_at = math.inf

    def reset(self) -> None:
        """Forgets what was brought forward so far: the sleeper is about to look for itself."""
        with self._condition:
            self._rings_at = math.inf

    def bring_forward(self, seconds: float = 0.0) -> None:
        """Lets the sleeper wake that many seconds from now, unless it wakes earlier."""
        moment = time.monotonic() + seconds
        with self._condition:
            if moment < self._rings_at:
                self._rings_at = moment
                self._condition.notify()

    def sleep(self, seconds: float) -> None:
        """Sleeps that long, or less where the alarm was brought forward."""
        longest = time.monotonic() + seconds
        with self._condition:
            while (left := min(longest, self._rings_at) - time.monotonic()) > 0:
                self._condition.wait(left)
