"""What time it is at Slack, by the dates of its answers: so that the age of what it has signed can be told."""

import time
from collections import deque
from collections.abc import Callable
from email.utils import parsedate_to_datetime

REMEMBERED = 5
"""Answers. One whose date is wrong is forgotten after as many others."""

WHOLE = 1.0
"""Seconds. Both a date and a signature's moment are cut to the second."""


class SlackClock:
    """Goes on by this machine's monotonic clock, so that setting the other one changes nothing."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic, wall: Callable[[], float] = time.time) -> None:
        self._monotonic = monotonic
        self._wall = wall
        self._ahead: deque[float] = deque(maxlen=REMEMBERED)

    def heard(self, date: str) -> None:
        """An answer has just come with this date in its header; it was made then, or up to a second later."""
        try:
            told = parsedate_to_datetime(date).timestamp()
        except ValueError:
            return
        self._ahead.append(told - self._monotonic())

    def age(self, signed_at: int) -> float:
        """Seconds for which what Slack signed at that moment is certainly old; 0 where nobody can say.

        Both Slack's dates and this machine's clock have to say so: one of them may be wrong, and nothing that Slack
        still waits for may be taken for old.
        """
        if not self._ahead:
            return 0.0
        now = min(max(self._ahead) + self._monotonic(), self._wall())
        return max(now - (signed_at + WHOLE), 0.0)
