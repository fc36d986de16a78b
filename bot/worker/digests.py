"""Tells a channel once a week what was launched and what comes: late rather than never, and never twice."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.journal.digests import Digests
from bot.launch.digest import Digest, week_to_tell
from bot.launch.story import NotPublished, Unanswered

log = logging.getLogger(__name__)


class DigestChannel(Protocol):
    """Where the digest goes."""

    def post(self, digest: Digest) -> None:
        """Raises NotPublished where Slack does not take it, Unanswered where nobody knows whether it does."""


@dataclass(frozen=True, eq=False)
class WeeklyDigest:
    """`zone` gives the policy's time zone, None where the policy cannot be read."""

    _digests: Digests
    _channel: DigestChannel
    _zone: Callable[[], ZoneInfo | None]
    _now: Callable[[], datetime]

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
