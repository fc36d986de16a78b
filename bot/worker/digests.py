"""Tells a channel once a week what was launched and what comes: late rather than never, and never twice."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.journal.digests import Digests
from bot.launch.digest import Digest, week_to_tell
from bot.launch.story import NotPublished, Unanswered
from bot.worker.patience import AWAY

LOOK = 60.0
"""Seconds between two looks whether it is time."""

AFTER_REFUSAL = 600.0
"""Seconds until the next try where Slack did not take it: as a rule somebody has to invite the bot first."""

log = logging.getLogger(__name__)


class DigestChannel(Protocol):
    """Where the digest goes."""

    def post(self, digest: Digest) -> None:
        """Raises NotPublished where Slack does not take it, Unanswered where nobody knows whether it does."""


class WeeklyDigest:
    """A thread that sees to it. `zone` gives the policy's time zone, None where the policy cannot be read."""

    def __init__(
        self,
        digests: Digests,
        channel: DigestChannel,
        zone: Callable[[], ZoneInfo | None],
        now: Callable[[], datetime],
    ) -> None:
        self._digests = digests
        self._channel = channel
        self._zone = zone
        self._now = now
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="digest", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def tell_if_due(self) -> bool:
        """Tells the week if it is time and nobody has; False where Slack did not take it, so that it is tried again.

        Raises SQLAlchemyError where the database does not answer. What was begun then is not told again.
        """
        zone = self._zone()
        week = week_to_tell(self._now(), zone) if zone else None
        if week is None or not self._digests.begin(week):
            return True
        try:
            self._channel.post(self._digests.of(week))
        except Unanswered as error:
            log.warning("whether the digest of the week from %s was told is not known: %s", week.name, error.cause)
        except NotPublished as error:
            log.warning("the digest of the week from %s was not told: %s", week.name, error.cause)
            self._digests.take_back(week)
            return False
        return True

    def _run(self) -> None:
        while not self._stopping.wait(self._nap()):
            pass

    def _nap(self) -> float:
        """Seconds until the next look, after this one."""
        try:
            return LOOK if self.tell_if_due() else AFTER_REFUSAL
        except AWAY as error:
            log.warning("the digest waits: the journal's database does not answer (%s)", type(error).__name__)
        except Exception:
            log.exception("the digest could not be told")
        return LOOK
