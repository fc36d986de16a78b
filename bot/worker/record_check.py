"""Right before a call: is what is stored of the launch what the bot has written, and is it the launch in hand?"""

import logging
from collections.abc import Iterable

from bot.journal.finding import Finding, Kind
from bot.journal.journal import Journal
from bot.launch.events import HeldBack
from bot.launch.state import Launch, State
from bot.launch.stop import StopGaveUp
from bot.phrase import Phrase
from bot.worker.mentions import Mentions

MOST_SHOWN = 3
"""Findings that are told; `campaign-bot audit verify` names the others."""

_ELSE = Phrase("not as it was written")
_WHAT = {
    Kind.EDITED: Phrase("edited, or put in"),
    Kind.MOVED: Phrase("not in the place where it was written"),
    Kind.REPLACED: Phrase("replaced"),
    Kind.MISSING: Phrase("missing"),
    Kind.INSERTED: Phrase("put in"),
    Kind.PROJECTION: Phrase("the launch's row says something else"),
    Kind.OPENING: Phrase("not where the launch was opened"),
    Kind.KEY: Phrase("not under a key of mine"),
}

log = logging.getLogger(__name__)


class RecordCheck:
    """Holds back what the record does not bear out, tells the thread, and calls the admins.

    Everybody who can write to the database could otherwise launch in a colleague's name.
    """

    def __init__(self, journal: Journal, mentions: Mentions) -> None:
        self._journal = journal
        self._mentions = mentions

    def holds_back(self, launch: Launch) -> bool:
        """Whether the launch must not be sent. One in doubt stays so, for the first try may have been taken."""
        reasons = self._reasons(launch)
        if reasons and launch.state == State.APPROVED:
            self._journal.distrust(launch, HeldBack(reasons, True, self._mentions.to_look_into(launch)))
        return bool(reasons)

    def holds_back_the_stop(self, launch: Launch) -> bool:
        """Whether the stop must not be sent."""
        reasons = self._reasons(launch)
        if reasons:
            self._journal.distrust(launch, StopGaveUp(self._mentions.to_look_into(launch), reasons))
        return bool(reasons)

    def _reasons(self, launch: Launch) -> tuple[Phrase, ...]:
        found = self._journal.doubts(launch)
        for finding in found:
            log.critical(
                "not acted upon: event %s of its record: %s", finding.seq, finding.text, extra={"launch_id": launch.id}
            )
        return tuple(_reasons(found))


def _reasons(found: Iterable[Finding]) -> Iterable[Phrase]:
    for finding in tuple(found)[:MOST_SHOWN]:
        yield Phrase("Event {seq} of its record: {what}.", seq=finding.seq or 0, what=_WHAT.get(finding.kind, _ELSE))
