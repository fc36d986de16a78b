"""What a person decides on, read again at that moment: the campaign, the policy, the roles."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.campaign.campaign import Preview
from bot.campaign.request import LaunchId, UserId
from bot.journal.journal import Journal
from bot.launch.commands import Checked, Observe
from bot.launch.events import Tightened
from bot.launch.forecast import Forecast, forecast
from bot.launch.review import review, voided
from bot.launch.state import Launch
from bot.launch.timing import expiry
from bot.policy import refusals
from bot.policy.context import PolicyContext
from bot.policy.demands import Demands, Typed
from bot.policy.policy import PolicyUnreadable
from bot.policy.refusals import Refused
from bot.policy.roles import Action, RolesUnknown


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A person's click: the card's fingerprint as they saw it, and what they typed to confirm."""

    launch_id: LaunchId
    person: UserId
    shown: str = ""
    typed: Mapping[Typed, str] = field(default_factory=dict)

    @property
    def unchecked(self) -> Checked:
        return Checked(shown=self.shown, typed=self.typed)


class Deciding:
    """Holds a launch against what there is now, before a decision on it counts. `reread` reads its campaign again."""

    def __init__(self, journal: Journal, context: PolicyContext, reread: Callable[[Launch], Preview]) -> None:
        self._journal = journal
        self._context = context
        self._reread = reread

    def check(self, launch: Launch, made: Decision, action: Action) -> Checked | Refused:
        """What there is now; what has changed voids the approvals. As slow as the platform is."""
        seen = self._reread(launch)
        try:
            policy = self._context.policy()
            case = self._context.case(policy, launch.id, launch.requester, launch.request, seen, launch.channel)
        except PolicyUnreadable as unreadable:
            return Refused(refusals.PolicyNotRead(unreadable.cause))
        except RolesUnknown as unknown:
            return Refused(refusals.RolesNotChecked(action, unknown.cause))
        found = review(launch, policy, case, self._context.messages, self._journal.stopped_since(launch))
        if found.unread:
            return Refused(refusals.NotReadAgain(seen.problems))
        if found.has_changed:
            void = voided(launch, policy, found, seen, expiry(launch.request, found.demands, self._journal.now()))
            self._journal.execute(launch.id, Observe(void, launch.fingerprint))
            return Refused(refusals.ChangedSince(found.changes, found.notes))
        if found.obstacles:
            return Refused(refusals.PolicyForbids(found.obstacles))
        if set(found.demands.typed) - set(launch.demands.typed) or found.demands.canary != launch.demands.canary:
            # The card asks for it from now on, or shows who receives it first, so that the next click can confirm.
            tightened = Tightened(found.demands, found.rules)
            self._journal.execute(launch.id, Observe(tightened, launch.fingerprint))
        return Checked(shown=made.shown, typed=made.typed, demands=found.demands, rules=found.rules, seen=seen)

    def expected(self, launch: Launch) -> Forecast | None:
        """When the launch would start, were nothing missing any more; None where nobody can tell."""
        try:
            policy = self._context.policy()
            case = self._context.case(
                policy, launch.id, launch.requester, launch.request, launch.preview, launch.channel
            )
        except (PolicyUnreadable, RolesUnknown):
            return None
        demands = review(launch, policy, case, self._context.messages).demands
        return forecast(launch.request, demands, policy.zone, self._journal.now())

    def roles_counted(self, person: UserId, demands: Demands) -> frozenset[str] | Refused:
        """The person's roles from which approvals have to come, or would under a rule that comes to match later."""
        try:
            among = self._context.policy().roles_of_approvers | {one.role for one in demands.of_which}
            return self._context.roles.held(person, among)
        except (PolicyUnreadable, RolesUnknown) as unknown:
            return Refused(refusals.RolesNotChecked(Action.APPROVE, unknown.cause))

    def everyone_asked(self, launch: Launch) -> tuple[str, ...]:
        """Everyone whose approval could be asked for: user ids and user-group ids."""
        try:
            roles = self._context.policy().asked(launch.demands)
        except PolicyUnreadable:
            return ()
        return tuple(dict.fromkeys(one for role in roles for one in role.members))
