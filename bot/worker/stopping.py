"""The call that stops a campaign: committed before it is made, tried again where it never left, looked into after."""

import logging
import uuid
from dataclasses import dataclass, replace

from bot.altcraft.client import AltcraftClient, PlatformError
from bot.campaign.request import LaunchId, RequestId
from bot.journal.journal import Journal
from bot.journal.queue import Queue
from bot.launch import stop as stops
from bot.launch.commands import ObserveStop, SwitchOff
from bot.launch.delivery import DeliveryRules
from bot.launch.outcome import Accepted, NotSent, Outcome, RefusedByPlatform, Unknown
from bot.launch.state import Launch
from bot.launch.stoppable import may_be_braked
from bot.launch.testing import may_be_off_already, off_due_at
from bot.launch.timing import LONGEST_STOP_WAIT, LOOK_FOR, wait_after
from bot.phrase import Phrase
from bot.policy.refusals import Refused
from bot.worker.braking import Braking
from bot.worker.mentions import Mentions
from bot.worker.record_check import RecordCheck
from bot.worker.retrying import retry_until_database_answers

INTERRUPTED = stops.StopUnknown(Phrase("the bot ended between sending the stop and noting the answer"))

UNSAID = Phrase("The platform does not say whether the campaign is switched on.")

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class StopCalls:
    """Takes stops one step on, in a lane of their own. Who may stop was checked when the stop was asked for.

    It is not checked again before a later try: somebody who lost the role meanwhile has harmed nobody by stopping.
    """

    _journal: Journal
    _queue: Queue
    _platform: AltcraftClient
    _rules: DeliveryRules
    _mentions: Mentions
    _record_check: RecordCheck
    _braking: Braking

    def take(self, launch_id: LaunchId) -> None:
        launch = self._journal.load(launch_id)
        if launch is not None and off_due_at(launch):
            launch = self._switch_off(launch)
        elif launch is not None and may_be_braked(launch):
            launch = self._braking.judge(launch)
        if launch is None or launch.stop is None:
            return
        match launch.stop.step:
            case stops.StopStep.ASKED:
                self._call(launch, launch.stop)
            case stops.StopStep.CALLING:
                # Claimed again while calling: whoever made the call is gone, and its answer with it.
                self._note(launch, launch.stop, INTERRUPTED)
            case stops.StopStep.IN_DOUBT:
                self._look(launch, launch.stop)

    def _switch_off(self, launch: Launch) -> Launch | None:
        """Asks, in the bot's own name, for a test's copy to be off; what is queued goes out, for it is the test."""
        asked = stops.StopAsked(RequestId(str(uuid.uuid4())), keep_queue=True, after_test=True)
        result = self._journal.execute(launch.id, SwitchOff(asked))
        return self._journal.load(launch.id) if isinstance(result, Refused) else result

    def _call(self, launch: Launch, stop: stops.Stopping) -> None:
        if self._rules.out_of_time(stop.first_miss_at, self._journal.now()):
            self._note(launch, stop, stops.StopGaveUp())
            return
        if stop.after_test and may_be_off_already(launch):
            seen = self._evidence(launch)
            if isinstance(seen, stops.Stopped):
                self._note(launch, stop, seen)
                return
        if self._record_check.holds_back_the_stop(launch):
            return
        prepared = self._platform.prepare_stop(launch.target, abort_if_running=not stop.keep_queue)
        # Committed before the call, as for a launch; the id stays the same for every try of this stop.
        started = self._note(launch, stop, stops.StopStarted(stop.attempts + 1, stop.request_id, prepared.digest))
        if isinstance(started, Refused):
            return
        outcome = _of_a_stop(self._platform.deactivate(prepared, stop.request_id))
        if stop.after_test and isinstance(outcome, stops.Stopped):
            outcome = self._confirmed(launch, outcome)
        retry_until_database_answers(lambda: self._note(launch, stop, outcome))

    def _confirmed(self, launch: Launch, taken: stops.Stopped) -> stops.Stopped | stops.StopUnknown:
        """A copy that is left on may start to everybody: its status has to say that it is off."""
        seen = self._evidence(launch)
        if isinstance(seen, stops.Stopped):
            return taken
        return stops.StopUnknown(
            seen.cause or Phrase("the platform took it, and its status says that the campaign is on")
        )

    def _look(self, launch: Launch, stop: stops.Stopping) -> None:
        """Settles a stop whose answer is not known by the campaign's status; tells once where that does not help."""
        found = self._evidence(launch)
        if isinstance(found, stops.Stopped) or stop.looked is None:
            told = self._note(launch, stop, found)
            launch = launch if isinstance(told, Refused) else told
        now, since = self._journal.now(), stop.doubted_at
        if not isinstance(found, stops.Stopped) and since and now - since < LOOK_FOR:
            wait = wait_after(since, now, most=LONGEST_STOP_WAIT)
            self._queue.postpone(launch.id, launch.version, now + wait)
        else:
            self._queue.postpone(launch.id, launch.version, None)

    def _evidence(self, launch: Launch) -> stops.Stopped | stops.StopNotSeen:
        try:
            status = self._platform.status(launch.target)
        except PlatformError as error:
            log.warning("the status was not readable: %s", error, extra={"launch_id": launch.id})
            return stops.StopNotSeen(cause=error.sentence)
        if status.is_active is False:
            return stops.Stopped(seen=True, status=status.status)
        if status.is_active is None:
            return stops.StopNotSeen(status.status, UNSAID)
        return stops.StopNotSeen(status.status)

    def _note(self, launch: Launch, stop: stops.Stopping, news: stops.StopNews) -> Launch | Refused:
        if isinstance(news, stops.StopUnknown | stops.StopRefused | stops.StopGaveUp):
            called = self._mentions.to_switch_off(launch) if stop.after_test else self._mentions.to_stop(stop)
            news = replace(news, mention=called)
        return self._journal.execute(launch.id, ObserveStop(news, stop.request_id))


def _of_a_stop(outcome: Outcome) -> stops.StopOutcome:
    """The same classes as for a launch, in the words of a stop."""
    match outcome:
        case Accepted(duplicate):
            return stops.Stopped(duplicate=duplicate)
        case RefusedByPlatform(code, text):
            return stops.StopRefused(code, text)
        case NotSent(cause):
            return stops.StopNotSent(cause)
        case Unknown(cause):
            return stops.StopUnknown(cause)
