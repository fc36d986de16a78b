"""Looks into a campaign's log: for evidence of a launch in doubt, and for a run's start and end."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.altcraft.client import AltcraftClient, LogEntry, PlatformError
from bot.journal.journal import Journal
from bot.journal.queue import Queue
from bot.launch.commands import Observe
from bot.launch.events import EvidenceFound, FollowingStopped, NothingFound, RunEnded, RunStarted
from bot.launch.phrase import Phrase
from bot.launch.policy import Refused, Rules
from bot.launch.state import Launch
from bot.launch.timing import FOLLOW_FOR, LOOK_FOR, wait_after
from bot.worker.activation import Activation

TROUBLES_TOLD = 5
"""How many of a run's warnings and errors are quoted; the rest is counted."""

RESEND_WITHIN = timedelta(hours=24)
"""The platform remembers a request for one day, by default (guide, request deduplication)."""

NO_MARK = NothingFound(Phrase("the log was not readable before the call, so a start in it would prove nothing"))

log = logging.getLogger(__name__)


class Watch:
    """Reads what the platform tells about launches that were sent."""

    def __init__(
        self, journal: Journal, queue: Queue, platform: AltcraftClient, activation: Activation, rules: Rules
    ) -> None:
        self._journal = journal
        self._queue = queue
        self._platform = platform
        self._activation = activation
        self._rules = rules

    def look_into_doubt(self, launch: Launch) -> None:
        """Settles the doubt by the log, or sends again where that is safe, or leaves it to a person."""
        found = self._evidence(launch)
        if isinstance(found, EvidenceFound):
            self._journal.execute(launch.id, Observe(found))
            return
        if launch.looked is None:
            told = self._journal.execute(launch.id, Observe(found))
            launch = launch if isinstance(told, Refused) else told
        if self._may_resend(launch) and self._activation.resend(launch):
            return
        self._again_later(launch, launch.moved_at, LOOK_FOR)

    def follow(self, launch: Launch) -> None:
        """Notes the run's start and end; looks again later while there is no end."""
        now = self._journal.now()
        if now - launch.moved_at > FOLLOW_FOR:
            self._journal.execute(launch.id, Observe(FollowingStopped()))
            return
        try:
            begin, end = read_run(self._log_since_call(launch), _mark(launch))
        except PlatformError as error:
            log.warning("the log was not readable: %s", error, extra={"launch_id": launch.id})
            begin, end = None, None
        for event in (begin if launch.run is None else None, end):
            changed = self._journal.execute(launch.id, Observe(event)) if event else launch
            launch = launch if isinstance(changed, Refused) else changed
        if end is None:
            self._again_later(launch, launch.moved_at, FOLLOW_FOR + LOOK_FOR)

    def _evidence(self, launch: Launch) -> EvidenceFound | NothingFound:
        if launch.attempts[0].newest_log is None:
            return NO_MARK
        try:
            begin, _ = read_run(self._log_since_call(launch), _mark(launch))
        except PlatformError as error:
            return NothingFound(error.sentence)
        return EvidenceFound(begin.started_at) if begin else NothingFound()

    def _log_since_call(self, launch: Launch) -> Sequence[LogEntry]:
        return self._platform.log(launch.request.campaign_id, from_time=_mark(launch))

    def _may_resend(self, launch: Launch) -> bool:
        first_call = launch.started_at
        return (
            self._rules.resend_when_in_doubt
            and len(launch.attempts) == 1
            and first_call is not None
            and self._journal.now() - first_call < RESEND_WITHIN
        )

    def _again_later(self, launch: Launch, since: datetime, at_most: timedelta) -> None:
        now = self._journal.now()
        until = now + wait_after(since, now) if now - since < at_most else None
        self._queue.postpone(launch.id, launch.version, until)


def _mark(launch: Launch) -> datetime:
    """The moment that this launch's entries must be newer than: the log's own clock where it is known."""
    call = launch.attempts[0]
    return call.newest_log or launch.started_at or launch.moved_at


def read_run(entries: Sequence[LogEntry], after: datetime) -> tuple[RunStarted | None, RunEnded | None]:
    """The first run in the log that began after that moment, and its end, as far as the entries tell."""
    newer = [entry for entry in entries if entry.time > after]
    start = next((entry for entry in newer if entry.state == "start"), None)
    if start is None:
        return None, None
    end = next((entry for entry in newer if entry.state == "end" and entry.time >= start.time), None)
    if end is None:
        return RunStarted(start.time), None
    during = [entry for entry in newer if start.time <= entry.time <= end.time]
    warnings = [entry.message for entry in during if entry.level == "WARNING"]
    errors = [entry.message for entry in during if entry.level == "ERROR"]
    troubles = tuple((errors + warnings)[:TROUBLES_TOLD])
    return RunStarted(start.time), RunEnded(end.time, len(warnings), len(errors), troubles)
