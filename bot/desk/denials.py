"""Puts refused attempts on record: in the launch's own chain, or where there is none under an id of their own."""

import uuid

from bot.campaign.request import LaunchId, UserId
from bot.journal.journal import Journal
from bot.launch.commands import Deny
from bot.launch.events import Denied
from bot.policy.refusals import NoSuchLaunch, Reason, Refused, reason_tag
from bot.policy.roles import Action


def new_launch_id() -> LaunchId:
    return LaunchId(str(uuid.uuid4()))


class Denials:
    """The record of what was refused."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def refuse(self, launch_id: LaunchId, person: UserId, action: Action, reason: Reason) -> Refused:
        """Records the refusal of an action on a launch, and gives it."""
        on_record = self._journal.execute(launch_id, Deny(person, _denied(action, reason)))
        if isinstance(on_record, Refused) and isinstance(on_record.reason, NoSuchLaunch):
            self.turn_away(person, action, reason)
        return Refused(reason)

    def turn_away(self, person: UserId, action: Action, reason: Reason) -> Refused:
        """Records the refusal of something that belongs to no launch, and gives it."""
        self._journal.record_denied(new_launch_id(), person, _denied(action, reason))
        return Refused(reason)


def _denied(action: Action, reason: Reason) -> Denied:
    return Denied(action, reason_tag(reason))
