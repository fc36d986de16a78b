"""Tells what became of a run when it is time, and ends the counting with the last of its numbers."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.campaign.request import LaunchId
from bot.journal.journal import Journal
from bot.journal.numbers import Numbers
from bot.journal.queue import Queue
from bot.launch.commands import Observe
from bot.launch.run import ResultsReported
from bot.launch.state import Launch
from bot.policy.policy import REPORT_AFTER, Policy, PolicyUnreadable

EARLIER_RUNS = 5
"""Runs of the campaign that a new one is held beside."""


class Reporting:
    """Works the lane of reports. `policy` raises PolicyUnreadable."""

    def __init__(self, journal: Journal, queue: Queue, policy: Callable[[], Policy]) -> None:
        self._journal = journal
        self._numbers = Numbers(journal)
        self._queue = queue
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
            self._journal.execute(launch.id, Observe(ResultsReported(after, counts, earlier, last)))
        elif last:
            # Nothing ever came, so there is nothing to tell.
            self._numbers.stop_counting(launch.id)
            self._queue.postpone(launch.id, launch.version, None)
        else:
            later = next(span for span in self._spans() if span > after)
            self._queue.postpone(launch.id, launch.version, started_at + later)

    def _spans(self) -> tuple[timedelta, ...]:
        try:
            return self._policy().report_after
        except PolicyUnreadable:
            return REPORT_AFTER
