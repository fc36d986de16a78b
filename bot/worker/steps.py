"""What a due launch needs done: one step of its life, by the state it is in."""

from dataclasses import dataclass, replace

from bot.campaign.request import LaunchId
from bot.journal.journal import Journal
from bot.journal.queue import Queue
from bot.launch.commands import Observe
from bot.launch.copying import CopyStep
from bot.launch.events import Expired, Reminded
from bot.launch.outcome import Unknown
from bot.launch.state import Launch, State
from bot.launch.timing import due_at, last_call, next_doubt_reminder, reminder_due
from bot.phrase import Phrase
from bot.policy.refusals import Refused
from bot.worker.activation import Activation
from bot.worker.canaries import Canaries
from bot.worker.copying import Copying
from bot.worker.doubts import Doubts
from bot.worker.following import Follow
from bot.worker.mentions import Mentions

INTERRUPTED = Unknown(Phrase("the bot stopped between sending the request and noting the answer"))


@dataclass(frozen=True, eq=False)
class Steps:
    """Takes launches one step on."""

    _journal: Journal
    _queue: Queue
    _activation: Activation
    _copying: Copying
    _canaries: Canaries
    _doubts: Doubts
    _follow: Follow
    _mentions: Mentions

    def take(self, launch_id: LaunchId) -> None:
        launch = self._journal.load(launch_id)
        if launch is None:
            return
        self._step(launch)
        due = due_at(launch)
        if due is None or due > self._journal.now():
            # It was due by its row alone. Where nothing has moved it on, it would be claimed again and again.
            self._queue.postpone(launch.id, launch.version, due)

    def _step(self, launch: Launch) -> None:
        match launch.state:
            case State.REQUESTED:
                self._wait_for_people(launch)
            case State.APPROVED if launch.is_on_copy and launch.target == launch.request.campaign_id:
                self._copying.make(launch)
            case State.APPROVED if launch.awaits_canary:
                self._canaries.go_on(launch)
            case State.APPROVED:
                self._activation.begin(launch)
            case State.LAUNCHING:
                # Claimed again while launching: whoever made the call is gone, and its answer with it.
                interrupted = replace(INTERRUPTED, mention=self._mentions.to_settle(launch))
                self._journal.execute(launch.id, Observe(interrupted))
            case State.IN_DOUBT:
                self._settle(launch)
            case State.UNREACHED if launch.is_taken_not_to_have_run:
                self._doubts.look_behind_a_word(launch)
            case State.UNREACHED if launch.copy and launch.copy.step == CopyStep.IN_DOUBT:
                self._copying.look(launch)
            case State.LAUNCHED if not launch.request.run_now:
                self._follow.read_schedule(launch)
            case State.LAUNCHED | State.RUNNING:
                self._follow.follow(launch)

    def _wait_for_people(self, launch: Launch) -> None:
        now = self._journal.now()
        if now >= launch.expires_at:
            self._journal.execute(launch.id, Observe(Expired(), launch.fingerprint))
        elif reminder_due(launch, now):
            called = last_call(launch)
            last = called is not None and called <= now
            reminded = Reminded(self._mentions.to_remind(launch, last=last), last)
            self._journal.execute(launch.id, Observe(reminded, launch.fingerprint))

    def _settle(self, launch: Launch) -> None:
        """Looks for what settles a doubt, and brings it to people again where that takes long."""
        if next_doubt_reminder(launch, self._journal.now()) <= self._journal.now():
            reminded = Reminded(self._mentions.to_settle(launch), doubt=True)
            told = self._journal.execute(launch.id, Observe(reminded, launch.fingerprint))
            launch = launch if isinstance(told, Refused) else told
        self._doubts.look_into_doubt(launch)
