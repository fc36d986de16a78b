"""The one dangerous call: what is checked before it, what is committed before it, what is noted after it."""

import logging
from dataclasses import replace
from datetime import datetime

from bot.altcraft.client import AltcraftClient, Prepared
from bot.campaign.request import Invalid, RequestId
from bot.journal.file_store import FileStore
from bot.journal.journal import Journal
from bot.launch.commands import Command, Observe, Resend
from bot.launch.delivery import DeliveryRules
from bot.launch.events import GaveUp, LaunchStarted
from bot.launch.outcome import NotSent, Unknown
from bot.launch.state import Launch
from bot.launch.timing import held_until
from bot.phrase import Phrase
from bot.policy.fingerprint import drift
from bot.policy.refusals import Refused
from bot.worker.gate import Gate
from bot.worker.mentions import Mentions
from bot.worker.record_check import RecordCheck
from bot.worker.rereading import Rereading
from bot.worker.retrying import retry_until_database_answers

log = logging.getLogger(__name__)


class Activation:
    """Sends approved launches to the platform."""

    def __init__(
        self,
        journal: Journal,
        platform: AltcraftClient,
        rereading: Rereading,
        gate: Gate,
        rules: DeliveryRules,
        mentions: Mentions,
        record_check: RecordCheck,
    ) -> None:
        self._journal = journal
        self._files = FileStore(journal)
        self._platform = platform
        self._rereading = rereading
        self._gate = gate
        self._rules = rules
        self._mentions = mentions
        self._record_check = record_check

    def begin(self, launch: Launch) -> None:
        """The first try of an approved launch, or the next one after tries that never left."""
        if held_until(launch, self._journal.now()):
            # It was claimed for an earlier approval, which has been voided and given anew meanwhile.
            return
        if self._rules.out_of_time(launch.first_miss_at, self._journal.now()):
            self._journal.execute(launch.id, Observe(GaveUp(), launch.fingerprint))
            return
        if self._journal.in_doubt(launch.target, launch.id):
            self._journal.execute(launch.id, Observe(NotSent(Phrase("another launch of this campaign is in doubt"))))
            return
        try:
            prepared = self._prepare(launch)
        except (Invalid, LookupError) as error:
            fault = error.text if isinstance(error, Invalid) else str(error)
            unwritten = NotSent(Phrase("the request could not be written: {fault}", fault=fault))
            self._journal.execute(launch.id, Observe(unwritten))
            return
        reading = self._rereading.recent(launch)
        moved = drift(launch.preview, reading.preview)
        start = self._start(launch, prepared, reading.newest_log.result(), moved)
        veto = self._gate.check(launch, reading.preview)
        if veto:
            self._journal.execute(launch.id, Observe(veto, launch.fingerprint))
            return
        # The last thing before the commit: what is sent is what was in hand while the record was found to be whole.
        if not self._record_check.holds_back(launch):
            self._send(launch, prepared, Observe(start, launch.fingerprint))

    def resend(self, launch: Launch) -> bool:
        """The identical request once more, with the same id, out of a doubt.

        False where it cannot be identical, or the record does not bear it out.
        """
        if self._record_check.holds_back(launch):
            return False
        first = launch.attempts[0]
        try:
            prepared = self._prepare(launch)
        except (Invalid, LookupError):
            prepared = None
        if prepared is None or prepared.digest != first.body_digest:
            log.error("the body differs from the first try's: not sent again", extra={"launch_id": launch.id})
            return False
        self._send(launch, prepared, Resend(self._start(launch, prepared, first.newest_log)))
        return True

    def _send(self, launch: Launch, prepared: Prepared, start: Command) -> None:
        # Committed before the call: from here on, a crash leaves a doubt, never a second call.
        started = self._journal.execute(launch.id, start)
        if isinstance(started, Refused):
            return
        outcome = self._platform.activate(prepared, started.attempts[-1].request_id)
        if isinstance(outcome, Unknown):
            outcome = replace(outcome, mention=self._mentions.to_settle(launch))
        # Nobody but this thread knows the answer: a database that went away meanwhile is waited for.
        retry_until_database_answers(lambda: self._journal.execute(launch.id, Observe(outcome)))

    def _prepare(self, launch: Launch) -> Prepared:
        return self._platform.prepare_activation(launch.sent, self._files.attached(launch.request))

    def _start(
        self,
        launch: Launch,
        prepared: Prepared,
        newest_log: datetime | None,
        moved: tuple[int, int] | None = None,
    ) -> LaunchStarted:
        return LaunchStarted(
            attempt=len(launch.attempts) + 1,
            request_id=RequestId(launch.id),
            body_digest=prepared.digest,
            newest_log=newest_log,
            size=moved[1] if moved else None,
        )
