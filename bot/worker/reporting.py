"""Tells what became of a run when it is time, and ends the counting with the last of its numbers."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.altcraft.client import AltcraftClient, PlatformError
from bot.campaign.request import LaunchId
from bot.journal.journal import Journal
from bot.journal.numbers import Numbers
from bot.journal.queue import Queue
from bot.launch.commands import Observe
from bot.launch.run import ResultsReported
from bot.launch.state import Launch
from bot.policy.policy import REPORT_AFTER, Policy, PolicyUnreadable
from bot.results.bounces import MailAnswer, most_frequent
from bot.results.first_day import DAY, FirstDay

EARLIER_RUNS = 5
"""Runs of the campaign that a new one is held beside."""

BOUNCES_UNTIL = timedelta(hours=24)
"""After the call. What mail servers said is read for the reports until then: later, nearly nothing is tried again."""

MOST_BOUNCES = 200
"""Rows that are asked for: an answer of one domain's servers each."""

log = logging.getLogger(__name__)


class Reporting:
    """Works the lane of reports. `policy` raises PolicyUnreadable."""

    def __init__(self, journal: Journal, queue: Queue, platform: AltcraftClient, policy: Callable[[], Policy]) -> None:
        self._journal = journal
        self._numbers = Numbers(journal)
        self._queue = queue
        self._platform = platform
        self._policy = policy

    def report(self, launch_id: LaunchId) -> None:
        """Appends the run's numbers if their time has come, and says when the next are due."""
        launch = self._journal.load(launch_id)
        if launch is None:
            return
        if not launch.was_sent or not launch.is_counted or launch.started_at is None:
            self._queue.postpone(launch_id, launch.version, None)
            return
        spans = self._spans()
        told = launch.results[-1].after if launch.results else timedelta()
        coming = [span for span in spans if span > told]
        passed = [span for span in coming if launch.started_at + span <= self._journal.now()]
        if passed or not coming:
            # After a long pause, one report stands for all that were missed.
            self._note(launch, launch.started_at, passed[-1] if passed else told, last=not coming or passed == coming)
        else:
            self._queue.postpone(launch_id, launch.version, launch.started_at + coming[0])

    def _note(self, launch: Launch, started_at: datetime, after: timedelta, *, last: bool) -> None:
        counts, earlier = self._numbers.beside_earlier(launch, EARLIER_RUNS)
        if counts.anything:
            bounces = self._bounces(launch, started_at) if after <= BOUNCES_UNTIL else ()
            first_day = self._first_day(launch, after)
            report = ResultsReported(after, counts, earlier, last, bounces, first_day)
            self._journal.execute(launch.id, Observe(report))
        elif last:
            # Nothing ever came, so there is nothing to tell.
            self._numbers.stop_counting(launch.id)
            self._queue.postpone(launch.id, launch.version, None)
        else:
            later = next(span for span in self._spans() if span > after)
            self._queue.postpone(launch.id, launch.version, started_at + later)

    def _first_day(self, launch: Launch, after: timedelta) -> FirstDay | None:
        if after < DAY or any(one.first_day for one in launch.results):
            return None
        found = self._numbers.first_day(launch.id)
        return found if found.anything else None

    def _bounces(self, launch: Launch, started_at: datetime) -> tuple[MailAnswer, ...]:
        """What mail servers said; nothing where the platform does not tell, as to a token without the right."""
        # Whose days are meant is not documented, and theirs may be a day further.
        last = self._journal.now() + timedelta(days=1)
        try:
            found = self._platform.bounces(launch.target, started_at.date(), last.date(), most=MOST_BOUNCES)
        except PlatformError as error:
            log.info("the platform does not tell of bounces: %s", error, extra={"launch_id": launch.id})
            return ()
        return most_frequent(found)

    def _spans(self) -> tuple[timedelta, ...]:
        try:
            return self._policy().report_after
        except PolicyUnreadable:
            return REPORT_AFTER
