"""Puts refused attempts on record: in the launch's own chain, or where there is none under an id of their own.

What is refused again within the hour is counted, and the count put on record once.
"""

import uuid
from contextlib import suppress
from dataclasses import replace

from bot.campaign.request import LaunchId, UserId
from bot.journal.journal import Journal, Within
from bot.journal.repeats import Attempt, Repeats, SettledByAnother
from bot.launch.commands import Command, Deny
from bot.launch.decide import actor_of
from bot.launch.events import Denied
from bot.launch.state import Launch
from bot.policy.refusals import NoSuchLaunch, Reason, Refused, reason_tag
from bot.policy.roles import Action

NO_LAUNCH = LaunchId("")


def new_launch_id() -> LaunchId:
    return LaunchId(str(uuid.uuid4()))


class Denials:
    """The record of what was refused."""

    def __init__(self, journal: Journal, repeats: Repeats | None = None) -> None:
        self._journal = journal
        self._repeats = repeats or Repeats(journal)

    def carry_out(self, launch_id: LaunchId, action: Action, command: Command) -> Launch | Refused:
        """What the command makes of the launch; where it is refused, that is recorded."""
        result = self._journal.execute(launch_id, command)
        return (
            self.refuse(launch_id, actor_of(command), action, result.reason) if isinstance(result, Refused) else result
        )

    def refuse(self, launch_id: LaunchId, person: UserId, action: Action, reason: Reason) -> Refused:
        """Records the refusal of an action on a launch, and gives it."""
        known = launch_id if self._journal.load(launch_id) else NO_LAUNCH
        return self._refused(known, person, action, reason)

    def turn_away(self, person: UserId, action: Action, reason: Reason) -> Refused:
        """Records the refusal of something that belongs to no launch, and gives it."""
        return self._refused(NO_LAUNCH, person, action, reason)

    def settle(self) -> bool:
        """Puts on record what was counted until an hour ago. True: there is nothing that could be refused.

        Raises SQLAlchemyError where the database does not answer; what was not settled then is later.
        """
        for count in self._repeats.due():
            attempt = count.attempt
            with suppress(SettledByAnother):
                self._record(replace(attempt, denied=replace(attempt.denied, times=count.times)), count.taken)
        return True

    def _refused(self, launch_id: LaunchId, person: UserId, action: Action, reason: Reason) -> Refused:
        attempt = Attempt(launch_id, person, Denied(action, reason_tag(reason)))
        before = self._repeats.counted(attempt)
        if before is not None:
            self._record(replace(attempt, denied=replace(attempt.denied, times=before + 1)))
        return Refused(reason)

    def _record(self, attempt: Attempt, within: Within | None = None) -> None:
        """In the launch's chain, or by itself where the launch is none, or was pruned meanwhile."""
        if attempt.launch_id:
            done = self._journal.execute(attempt.launch_id, Deny(attempt.actor, attempt.denied), within)
            if not (isinstance(done, Refused) and isinstance(done.reason, NoSuchLaunch)):
                return
        self._journal.record_alone(new_launch_id(), attempt.actor, attempt.denied, within)
