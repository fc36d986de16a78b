"""Looks into a campaign's log for evidence of a launch in doubt."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from bot.altcraft.client import AltcraftClient, PlatformError
from bot.journal.journal import Journal
from bot.journal.numbers import Numbers
from bot.journal.queue import Queue
from bot.launch.commands import Observe
from bot.launch.delivery import DeliveryRules
from bot.launch.events import EvidenceFound, NothingFound
from bot.launch.state import Launch
from bot.launch.timing import LOOK_FOR, next_doubt_reminder, wait_after
from bot.phrase import Phrase
from bot.policy.refusals import Refused
from bot.worker.activation import Activation
from bot.worker.mentions import Mentions
from bot.worker.runs import mark_of, read_run

RESEND_WITHIN = timedelta(hours=24)
"""The platform remembers a request for one day, by default (guide, request deduplication)."""

NO_MARK = NothingFound(Phrase("the log was not readable before the call, so a start in it would prove nothing"))

log = logging.getLogger(__name__)


class Doubts:
    """Reads what the platform tells about launches that may have been sent."""

    def __init__(
        self,
        journal: Journal,
        queue: Queue,
        platform: AltcraftClient,
        activation: Activation,
        rules: DeliveryRules,
        mentions: Mentions,
    ) -> None:
        self._journal = journal
        self._numbers = Numbers(journal)
        self._queue = queue
        self._platform = platform
        self._activation = activation
        self._rules = rules
        self._mentions = mentions

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
        now = self._journal.now()
        reminder = next_doubt_reminder(launch, now)
        look = self._next_look(launch, now)
        self._queue.postpone(launch.id, launch.version, min(look, reminder) if look else reminder)

    def look_behind_a_word(self, launch: Launch) -> None:
        """Reads the log on after somebody said that it did not run: what it shows weighs more than anybody's word."""
        found = self._evidence(launch)
        if isinstance(found, EvidenceFound):
            warning = replace(found, mention=self._mentions.to_warn(launch))
            self._journal.execute(launch.id, Observe(warning))
            return
        self._queue.postpone(launch.id, launch.version, self._next_look(launch, self._journal.now()))

    def _evidence(self, launch: Launch) -> EvidenceFound | NothingFound:
        proved_at = self._numbers.proof(launch.id)
        if proved_at:
            return EvidenceFound(proved_at, by_hook=True)
        if launch.attempts[0].newest_log is None:
            return NO_MARK
        try:
            entries = self._platform.log(launch.target, from_time=mark_of(launch))
        except PlatformError as error:
            return NothingFound(error.sentence)
        begin, _ = read_run(entries, mark_of(launch))
        return EvidenceFound(begin.started_at) if begin else NothingFound()

    def _may_resend(self, launch: Launch) -> bool:
        first_call = launch.started_at
        return (
            self._rules.resend_when_in_doubt
            and launch.stop is None
            and len(launch.attempts) == 1
            and first_call is not None
            and self._journal.now() - first_call < RESEND_WITHIN
        )

    def _next_look(self, launch: Launch, now: datetime) -> datetime | None:
        """When the log is read again; None once its time is over."""
        since = launch.moved_at
        return now + wait_after(since, now) if now - since < LOOK_FOR else None
