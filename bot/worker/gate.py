"""The last look before the call: is it still what was approved, and do policy and roles still let it start?"""

from dataclasses import replace
from typing import TypeAlias

from bot.campaign.campaign import Preview
from bot.campaign.request import UserId
from bot.journal.journal import Journal
from bot.launch import events
from bot.launch.approval import with_demands
from bot.launch.canarying import was_halted_since
from bot.launch.forecast import QUIET
from bot.launch.mentions import to_decide
from bot.launch.outcome import NotSent
from bot.launch.review import review, voided
from bot.launch.state import Launch, State
from bot.launch.timing import expiry
from bot.phrase import Phrase
from bot.policy.context import PolicyContext
from bot.policy.policy import Policy, PolicyUnreadable
from bot.policy.roles import Role, Roles, RolesUnknown
from bot.worker.canary_gate import CanaryGate
from bot.worker.copy_check import CopyCheck

Veto: TypeAlias = (
    events.Withheld | events.HeldBack | events.Postponed | events.Tightened | events.Voided | NotSent | events.Practised
)
"""What keeps an approved launch from being sent now."""


UNREAD_FOR_TEST = Phrase(
    "Right before the test, the campaign, its message or the segment's size could not be read. Ask for the test anew."
)


CHANGED_SINCE_COPY = Phrase(
    "The campaign, or what the policy asks for, has changed since the copy was made. Ask for the test anew."
)


HALTED_SINCE = Phrase("Somebody has asked to stop its canary since the rest was released.")


class Gate:
    """Holds an approved launch against the platform, the policy and the roles as they are now."""

    def __init__(self, journal: Journal, context: PolicyContext, copies: CopyCheck) -> None:
        self._journal = journal
        self._context = context
        self._copies = copies
        self._canaries = CanaryGate(journal, context, copies, self._veto)

    def check(self, launch: Launch, seen: Preview) -> Veto | None:
        """Why the launch does not go out now; None where it does. The roles come last: reading may have taken long."""
        try:
            veto = self._canaries.check(launch, seen) if launch.request.is_canary else self._veto(launch, seen)
        except PolicyUnreadable as unreadable:
            return NotSent(Phrase("the policy cannot be read: {cause}", cause=unreadable.cause))
        except RolesUnknown as unknown:
            return NotSent(Phrase("the roles could not be checked: {cause}", cause=unknown.cause))
        return veto or (events.Practised() if launch.request.practice else None)

    def _veto(self, launch: Launch, seen: Preview) -> Veto | None:
        """Raises PolicyUnreadable and RolesUnknown."""
        canary = self._journal.load(launch.canary.launch_id) if launch.canary else None
        if canary and was_halted_since(launch, canary):
            return events.HeldBack((HALTED_SINCE,))
        by_policy = self._by_policy(launch, seen, self._context.policy())
        return by_policy or _lost_role(launch, self._context.roles)

    def _by_policy(self, launch: Launch, seen: Preview, policy: Policy) -> Veto | None:
        case = self._context.case(policy, launch.id, launch.requester, launch.request, seen, launch.channel)
        found = review(launch, policy, case, self._context.messages, self._journal.stopped_since(launch))
        now = self._journal.now()
        expires_at = expiry(launch.request, found.demands, now)
        if found.unread and launch.request.is_test:
            return events.HeldBack((UNREAD_FOR_TEST,))
        if found.unread and seen.missing:
            return NotSent(Phrase("the platform says that the campaign or the audience is no longer there"))
        if found.unread:
            return NotSent(Phrase("the campaign could not be read again, to see that it is still what was approved"))
        if launch.copy and (found.has_changed or found.demands != launch.demands):
            # It must not wait for people: nobody knows whether the copy is switched on.
            return events.HeldBack((CHANGED_SINCE_COPY,))
        if found.has_changed:
            return voided(launch, policy, found, seen, expires_at)
        if found.obstacles:
            return events.HeldBack(found.obstacles)
        if found.demands != launch.demands:
            return _tightened(launch, policy, events.Tightened(found.demands, found.rules, expires_at))
        if launch.request.is_test:
            unsafe = self._copies.obstacle(launch, seen.campaign, policy.test)
            return events.HeldBack((unsafe,)) if unsafe else None
        quiet_until = found.demands.quiet_until(now, policy.zone)
        return events.Postponed(quiet_until, QUIET) if quiet_until else None


def _tightened(launch: Launch, policy: Policy, tightened: events.Tightened) -> events.Tightened:
    """Where the launch has to be approved again, somebody has to know."""
    if with_demands(launch, tightened).state != State.REQUESTED:
        return tightened
    return replace(tightened, mention=to_decide(policy, launch, tightened.demands))


def _lost_role(launch: Launch, roles: Roles) -> events.Withheld | None:
    """A person on whom the launch rests who no longer holds the role. Raises RolesUnknown."""
    wanted = {one.role for one in launch.demands.of_which}
    rests_on: list[tuple[UserId, str]] = [(launch.requester, Role.REQUESTER)]
    rests_on += [(approval.by, Role.APPROVER) for approval in launch.approvals]
    rests_on += [(approval.by, role) for approval in launch.approvals for role in approval.roles if role in wanted]
    if launch.glass:
        rests_on.append((launch.glass_by, Role.ADMIN))
    return next((events.Withheld(person, role) for person, role in rests_on if not roles.holds(person, role)), None)
