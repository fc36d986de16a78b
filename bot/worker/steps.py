"""What a due launch needs done: one step of its life, by the state it is in."""

from bot.journal.journal import Journal
from bot.launch.events import Expired
from bot.launch.lifecycle import Launch, Observe, State
from bot.launch.outcome import Unknown
from bot.launch.request import LaunchId
from bot.worker.activation import Activation
from bot.worker.watching import Watch

INTERRUPTED = Unknown("the bot stopped between sending the request and noting the answer")


class Steps:
    """Takes launches one step on."""

    def __init__(self, journal: Journal, activation: Activation, watch: Watch) -> None:
        self._journal = journal
        self._activation = activation
        self._watch = watch

    def take(self, launch_id: LaunchId) -> None:
        launch = self._journal.load(launch_id)
        if launch is not None:
            self._step(launch)

    def _step(self, launch: Launch) -> None:
        match launch.state:
            case State.REQUESTED:
                self._expire(launch)
            case State.APPROVED:
                self._activation.begin(launch)
            case State.LAUNCHING:
                # Claimed again while launching: whoever made the call is gone, and its answer with it.
                self._journal.execute(launch.id, Observe(INTERRUPTED))
            case State.IN_DOUBT:
                self._watch.look_into_doubt(launch)
            case State.LAUNCHED | State.RUNNING:
                self._watch.follow(launch)

    def _expire(self, launch: Launch) -> None:
        if self._journal.now() >= launch.expires_at:
            self._journal.execute(launch.id, Observe(Expired()))
