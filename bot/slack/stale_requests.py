"""Turns away what Slack has stopped waiting for: the person was told that it failed, and may have tried again."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from slack_bolt import Ack

from bot.slack.api.respond import Respond
from bot.slack.payloads import Payload
from bot.slack.private_replies import PrivateReplies
from bot.texts import _

SLACKS_PATIENCE = 3.0
"""Seconds in which Slack wants an answer (its documentation); then it tells the person that it failed."""

WAITS_SINCE = "waits_since"
"""In Bolt's context: the moment at which Slack has certainly begun to wait, on this machine's monotonic clock."""

_WAITED_FOR = frozenset({"block_actions", "view_submission", "shortcut"})
"""Beside commands. An event is delivered until it is answered, and what a select asks for changes nothing."""

log = logging.getLogger(__name__)


class Late:
    """Judges by the moment of the context."""

    def __init__(self, telling: PrivateReplies, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._telling = telling
        self._monotonic = monotonic

    def has_come(self, body: Payload, context: Mapping[str, Any]) -> bool:
        """Whether a person was told already that this failed."""
        if "command" not in body and body.get("type") not in _WAITED_FOR:
            return False
        waited = self._monotonic() - context.get(WAITS_SINCE, self._monotonic())
        if waited <= SLACKS_PATIENCE:
            return False
        kind = "command" if "command" in body else body["type"]
        log.warning("a %s came %.1f s late and was not carried out", kind, waited - SLACKS_PATIENCE)
        return True

    def refuse(self, body: Payload, ack: Ack, respond: Respond) -> Iterator[None]:
        """Stands in for a listener: acks, does nothing, and says so to the person alone."""
        ack()
        yield
        self._telling.afterwards(body, respond, _told(body))


def _told(body: Payload) -> str:
    if "command" in body:
        return _("What you typed reached me too late, after Slack had given up, so nothing was done. Type it again.")
    if body["type"] == "view_submission":
        return _(
            "What you submitted reached me too late, after Slack had given up, so nothing was done. Submit it again."
        )
    return _("Your click reached me too late, after Slack had given up, so nothing was done. Press again.")
