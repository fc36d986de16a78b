"""Holds a run against the policy's brakes when something was counted of it, and has it stopped where one is on."""

import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.campaign.request import RequestId
from bot.journal.journal import Journal
from bot.journal.numbers import Numbers
from bot.journal.queue import Queue
from bot.launch.commands import Brake
from bot.launch.state import Launch
from bot.launch.stop import Braked, StopAsked
from bot.launch.stoppable import is_past_brakes
from bot.policy.policy import Policy, PolicyUnreadable
from bot.policy.refusals import Refused
from bot.results.brakes import Verdict, judge
from bot.worker.mentions import Mentions

UNREADABLE_FOR = timedelta(seconds=30)
"""After that time a policy that could not be read is read again: what it says of brakes is not known until then."""

log = logging.getLogger(__name__)


class Braking:
    """Judges runs, in the stops' lane. `policy` raises PolicyUnreadable."""

    def __init__(self, journal: Journal, queue: Queue, policy: Callable[[], Policy], mentions: Mentions) -> None:
        self._journal = journal
        self._numbers = Numbers(journal)
        self._queue = queue
        self._policy = policy
        self._mentions = mentions

    def judge(self, launch: Launch) -> Launch:
        """The launch, with a stop asked for where a brake is on and the policy has the bot act on it."""
        # Before the counts: what is counted from here on makes it due anew.
        due = self._queue.due_of(launch.id)
        try:
            verdict = self._verdict(launch)
        except PolicyUnreadable as unreadable:
            log.warning("not judged: %s", unreadable.cause, extra={"launch_id": launch.id})
            self._again(launch, due, self._journal.now() + UNREADABLE_FOR)
            return launch
        if verdict and verdict.on:
            braked = Braked(verdict.on, verdict.after, verdict.unsure, self._mentions.to_brake(launch))
            stopped = self._journal.execute(launch.id, Brake(StopAsked(RequestId(str(uuid.uuid4())), brake=braked)))
            if not isinstance(stopped, Refused):
                return stopped
        self._again(launch, due, None)
        return launch

    def _verdict(self, launch: Launch) -> Verdict | None:
        """How the run stands; None where the bot does not act on it. Raises PolicyUnreadable."""
        brakes = self._policy().brakes
        if brakes is None or not brakes.stop or is_past_brakes(launch, self._journal.now()):
            return None
        counts = self._numbers.counts(launch.id)
        # A later run of the campaign is judged by its own numbers, and it is what a stop would break off.
        return None if counts.overtaken else judge(brakes, counts)

    def _again(self, launch: Launch, due: datetime | None, until: datetime | None) -> None:
        self._queue.postpone_from(launch.id, launch.version, due, until)
