"""Anchors the record once a day on which something happened: late rather than never, and never twice."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeAlias

from bot.journal.anchors import Anchors
from bot.launch.anchor import Anchor, day_to_anchor
from bot.launch.story import NotPublished, Unanswered
from bot.stamps import NotStamped

Stamp: TypeAlias = Callable[[str], bytes]
"""Has a digest stamped by an authority; raises NotStamped."""

log = logging.getLogger(__name__)


class AnchorChannel(Protocol):
    """Where anchors go; `channel` is its id."""

    @property
    def channel(self) -> str: ...

    def post(self, anchor: Anchor) -> None:
        """Raises NotPublished where Slack does not take it, Unanswered where nobody knows whether it does."""


class DailyAnchor:
    """Sees to it that each day that is over is anchored."""

    def __init__(
        self, anchors: Anchors, channel: AnchorChannel, now: Callable[[], datetime], stamp: Stamp | None = None
    ) -> None:
        self._anchors = anchors
        self._channel = channel
        self._now = now
        self._stamp = stamp
        self._seen = ""

    def tell_if_due(self) -> bool:
        """Anchors the day that is over if nobody has; False where Slack did not take it, so that it is tried again.

        Raises SQLAlchemyError where the database does not answer. What was begun then is not told again: the next
        anchor covers it.
        """
        day = day_to_anchor(self._now())
        if day == self._seen:
            return True
        anchor = self._anchors.begin(day)
        told = self._told(anchor) if anchor else True
        if anchor and told:
            self._stamped(anchor)
        # What happens from now on is the next day's; looking for it again takes a look at every chain.
        self._seen = day if told else ""
        return told

    def _stamped(self, anchor: Anchor) -> None:
        """Where there is no stamp, the next anchor's covers this one as well."""
        if self._stamp is None:
            return
        try:
            stamp = self._stamp(anchor.digest)
        except NotStamped as error:
            log.warning("the anchor of %s was not stamped: %s", anchor.day, error)
            return
        self._anchors.stamped(anchor, stamp)

    def _told(self, anchor: Anchor) -> bool:
        try:
            self._channel.post(anchor)
        except Unanswered as error:
            log.warning("whether the anchor of %s was told is not known: %s", anchor.day, error.cause)
            return True
        except NotPublished as error:
            log.warning("the anchor of %s was not told: %s", anchor.day, error.cause)
            self._anchors.take_back(anchor)
            return False
        self._anchors.told(anchor, self._channel.channel)
        return True
