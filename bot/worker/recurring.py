"""A thread that looks now and then whether something is to be told, and outlives whatever goes wrong with that."""

import logging
import threading
from collections.abc import Callable

from bot.worker.retrying import AWAY

LOOK = 60.0
"""Seconds between two looks."""

AFTER_REFUSAL = 600.0
"""Seconds until the next try where Slack did not take it: as a rule somebody has to invite the bot first."""

log = logging.getLogger(__name__)


class Recurring:
    """`look` does what is due, and gives False where it was refused; `name` is what it sees to."""

    def __init__(self, name: str, look: Callable[[], bool]) -> None:
        self._name = name
        self._look = look
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._nap()):
            pass

    def _nap(self) -> float:
        """Seconds until the next look, after this one."""
        try:
            return LOOK if self._look() else AFTER_REFUSAL
        except AWAY as error:
            log.warning("the %s waits: the journal's database does not answer (%s)", self._name, type(error).__name__)
        except Exception:
            log.exception("the %s could not be seen to", self._name)
        return LOOK
