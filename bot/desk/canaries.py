"""Between a launch's canary and the rest: an approver releases it, or it ends there."""

from bot.campaign.request import LaunchId, UserId
from bot.desk.deciding import Deciding, Decision
from bot.desk.denials import Denials
from bot.journal.journal import Journal
from bot.journal.numbers import Numbers
from bot.launch.canarying import unseen_halt
from bot.launch.commands import Release, StopHere
from bot.launch.decide import decide
from bot.launch.eligible import of_this_launch
from bot.launch.state import Launch
from bot.policy import refusals
from bot.policy.context import PolicyContext
from bot.policy.permissions import check_role
from bot.policy.policy import PolicyUnreadable
from bot.policy.refusals import Reason, Refused
from bot.policy.roles import Action
from bot.results.brakes import judge


class CanaryDesk:
    """Takes what people decide once a canary is begun. `deciding` holds a launch against what there is now."""

    def __init__(self, journal: Journal, context: PolicyContext, deciding: Deciding) -> None:
        self._journal = journal
        self._context = context
        self._deciding = deciding
        self._numbers = Numbers(journal)
        self._denials = Denials(journal)

    def release(self, made: Decision) -> Launch | Refused:
        """Releases the rest, if it is what was approved, and no brake is on. A refusal is recorded.

        As slow as the platform is: never call it before an ack.
        """
        reason = self._hindrance(made)
        if reason:
            return self._denials.refuse(made.launch_id, made.person, Action.RELEASE, reason)
        return self._denials.carry_out(made.launch_id, Action.RELEASE, self._asked(made))

    def stop_here(self, launch_id: LaunchId, person: UserId) -> Launch | Refused:
        """Ends the launch before the rest: whoever asked for it may, and whoever may approve or cancel launches."""
        launch = self._journal.load(launch_id)
        refused = check_role(Action.STOP_HERE, person, self._context.roles)
        if refused and not (launch and launch.requester == person):
            return self._denials.refuse(launch_id, person, Action.STOP_HERE, refused.reason)
        return self._denials.carry_out(launch_id, Action.STOP_HERE, StopHere(person))

    def _hindrance(self, made: Decision) -> Reason | None:
        """What is quick to say comes first; then the records, and last the platform."""
        refused = check_role(Action.RELEASE, made.person, self._context.roles)
        launch = self._journal.load(made.launch_id)
        if refused and launch and isinstance(refused.reason, refusals.MissingRole):
            return of_this_launch(launch, refused.reason)
        if refused:
            return refused.reason
        early = decide(launch, self._asked(made))
        if launch is None or isinstance(early, Refused):
            return early.reason if isinstance(early, Refused) else refusals.NoSuchLaunch()
        canary = self._journal.load(launch.canary.launch_id) if launch.canary else None
        if canary is None or self._journal.doubts(launch) or self._journal.doubts(canary):
            return refusals.RecordDoubted()
        halted = unseen_halt(launch, canary)
        if halted:
            return halted
        checked = self._deciding.check(launch, made, Action.RELEASE)
        return checked.reason if isinstance(checked, Refused) else None

    def _asked(self, made: Decision) -> Release:
        """With the brakes that are on by what is counted now."""
        launch = self._journal.load(made.launch_id)
        if launch is None or launch.canary is None:
            return Release(made.person, made.shown)
        try:
            brakes = self._context.policy().brakes
        except PolicyUnreadable as unreadable:
            return Release(made.person, made.shown, unread=unreadable.cause)
        counts = self._numbers.counts(launch.canary.launch_id)
        return Release(made.person, made.shown, judge(brakes, counts).on if brakes else ())
