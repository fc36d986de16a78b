"""Trigger ids: the short-lived proof that a person just did something, which opening a modal costs."""

from dataclasses import dataclass

from sandbox.slack.records import SlackError
from sandbox.slack.state import State


@dataclass
class Trigger:
    """`view_id` is the modal it came from, if any; `conversation` what the person was looking at."""

    user: str
    expires: float
    view_id: str | None = None
    used: bool = False
    conversation: str | None = None


class Triggers:
    """Gives trigger ids out, and takes each back once."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._triggers: dict[str, Trigger] = {}

    def issue(self, user: str, view_id: str | None = None, conversation: str | None = None) -> str:
        trigger_id = self._state.ids.trigger()
        expires = self._state.clock() + self._state.limits.trigger_seconds
        self._triggers[trigger_id] = Trigger(user, expires, view_id, conversation=conversation)
        return trigger_id

    def check(self, trigger_id: str) -> Trigger:
        """Return the trigger; raises invalid_trigger_id, exchanged_trigger_id or expired_trigger_id."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._state.clock() > trigger.expires:
            raise SlackError("expired_trigger_id")
        return trigger
