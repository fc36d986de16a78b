"""Keeps the pauses that Slack asks for, channel by channel."""

import threading
from datetime import datetime, timedelta

SPACING = timedelta(seconds=1)
"""Slack takes about one message a second in a channel."""


class Pace:
    """When a channel may be written to again. Launches that have to wait get turns one after the other."""

    def __init__(self) -> None:
        self._quiet_until: dict[str, datetime] = {}
        self._last_turn: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def keep_quiet(self, channel: str, until: datetime) -> None:
        """Slack asked for a pause in the channel."""
        with self._lock:
            self._quiet_until[channel] = max(until, self._quiet_until.get(channel, until))

    def turn(self, channel: str, now: datetime) -> datetime | None:
        """When somebody who wants to write now may do so; None for at once."""
        with self._lock:
            quiet_until = self._quiet_until.get(channel)
            if quiet_until is None or now >= quiet_until:
                self._quiet_until.pop(channel, None)
                self._last_turn.pop(channel, None)
                return None
            turn = max(quiet_until, self._last_turn.get(channel, quiet_until - SPACING) + SPACING)
            self._last_turn[channel] = turn
            return turn
