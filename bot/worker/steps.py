"""What a due launch needs done: one step of its life, by the state it is in."""

from collections.abc import Callable

from bot.journal.journal import Journal
from bot.launch.commands import Observe
from bot.launch.events import Expired, Reminded
from bot.launch.outcome import Unknown
from bot.launch.phrase import Phrase
from bot.launch.request import LaunchId
from bot.launch.rules import Policy, PolicyUnreadable, RoleList
from bot.launch.state import Launch, State
from bot.launch.timing import last_call, reminder_due
from bot.worker.activation import Activation
from bot.worker.following import Follow
from bot.worker.watching import Watch

INTERRUPTED = Unknown(Phrase("the bot stopped between sending the request and noting the answer"))


class Steps:
    """Takes launches one step on."""

    def __init__(
        self, journal: Journal, activation: Activation, watch: Watch, follow: Follow, policy: Callable[[], Policy]
    ) -> None:
        self._journal = journal
        self._policy = policy
        self._activation = activation
        self._watch = watch
        self._follow = follow

    def take(self, launch_id: LaunchId) -> None:
        launch = self._journal.load(launch_id)
        if launch is not None:
            self._step(launch)

    def _step(self, launch: Launch) -> None:
        match launch.state:
            case State.REQUESTED:
                self._wait_for_people(launch)
            case State.APPROVED:
                self._activation.begin(launch)
            case State.LAUNCHING:
                # Claimed again while launching: whoever made the call is gone, and its answer with it.
                self._journal.execute(launch.id, Observe(INTERRUPTED))
            case State.IN_DOUBT:
                self._watch.look_into_doubt(launch)
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
            reminded = Reminded(self._mentioned(launch, last=last), last)
            self._journal.execute(launch.id, Observe(reminded, launch.fingerprint))

    def _mentioned(self, launch: Launch, *, last: bool) -> tuple[str, ...]:
        """Who is pinged: those who can still approve, or near the end the second line. Nobody twice."""
        try:
            policy = self._policy()
        except PolicyUnreadable:
            return ()
        decided = {approval.by for approval in launch.approvals}
        if not launch.demands.self_approval:
            decided.add(launch.requester)
        second_line = policy.roles.get(launch.demands.second_line, RoleList())
        roles = (second_line,) if last else policy.asked(launch.demands)
        return tuple(dict.fromkeys(one for role in roles for one in role.mentioned if one not in decided))
