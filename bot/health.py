"""Whether the bot can do its work now, and what is missing where it cannot."""

from collections.abc import Callable, Iterator

from sqlalchemy.exc import SQLAlchemyError

from bot.bounded import Bounded, NoAnswer
from bot.journal.write_health import Unwritten

STUCK_AFTER = 60.0
"""Seconds without a sign of life from a runner; it gives one every five, or after a call to the database ends."""


class Health:
    """Answers within seconds, whatever hangs.

    `ping` raises Unwritten where the database takes no writes, another SQLAlchemyError where it does not answer;
    `silent_for` gives the seconds since the worker's last sign of life; `slack`, set once there is a connection to ask,
    gives what is wrong with it, or "".
    """

    def __init__(self, ping: Callable[[], None], silent_for: Callable[[], float]) -> None:
        self._ping = Bounded(ping)
        self._silent_for = silent_for
        self.slack: Callable[[], str] = lambda: "Slack has not answered yet"

    def missing(self) -> tuple[str, ...]:
        """What keeps the bot from its work, one clause each; nothing where it is ready."""
        return tuple(self._missing())

    def _missing(self) -> Iterator[str]:
        try:
            self._ping()
        except Unwritten:
            yield "the journal's database takes no writes: it is read-only, or its disk is full"
        except (SQLAlchemyError, NoAnswer):
            yield "the journal's database does not answer"
        if self._silent_for() > STUCK_AFTER:
            yield "the worker does not move"
        slack = self.slack()
        if slack:
            yield slack
