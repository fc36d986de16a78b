"""Refuses what is of another workspace, organisation or app, before any listener sees it."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from slack_bolt import Ack

from bot.campaign.request import UserId
from bot.policy.refusals import Refused
from bot.policy.roles import Action
from bot.slack.api.respond import Respond
from bot.slack.payloads import Payload, reader
from bot.slack.private_replies import PrivateReplies, tell
from bot.slack.views.help import ACTIVATE, STOP
from bot.slack.views.notices import notice_view
from bot.slack.workspace import Home
from bot.texts import _

_COMMANDS = {ACTIVATE: Action.REQUEST, STOP: Action.STOP}

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Gatekeeper:
    """Lets in what belongs to the bot's `home`. `turn_away` records who was refused what."""

    _home: Home
    _turn_away: Callable[[UserId, Action], Refused]
    _telling: PrivateReplies
    _why: Callable[[Refused], str]

    def lets_in(self, body: Payload) -> bool:
        """Whether the payload is for a listener at all; what is not is told to the log."""
        foreign = self._home.foreign(body)
        if foreign:
            log.warning("refused a payload of %s: %s", _kind(body), foreign)
        return not foreign

    def refuse(self, body: Payload, ack: Ack | None, respond: Respond) -> Iterator[None]:
        """Stands in for a listener: records the refusal, acks with nothing done, and says so to the person.

        `ack` is None where the listener takes none, as for events.
        """
        refused = self._turn_away(_person(body), _action(body))
        if ack is None:
            return
        match _kind(body):
            case "command":
                ack(text=self._why(refused))
            case "block_suggestion":
                ack(options=[])
            case "view_submission":
                ack(response_action="update", view=notice_view(_("Not done"), self._why(refused)))
            case _:
                ack()
                yield
                self._answer(body, respond, self._why(refused))

    def _answer(self, body: Payload, respond: Respond, text: str) -> None:
        """Answers where the payload itself leads; nobody of elsewhere is written to."""
        if respond.response_url:
            tell(respond, text)
        elif "trigger_id" in body:
            self._telling.in_window(body, text)


def _kind(body: Payload) -> str:
    return "command" if "command" in body else str(body.get("type") or "unknown")


def _person(body: Payload) -> UserId:
    try:
        return reader(body)
    except (KeyError, TypeError):
        return UserId("unknown")


def _action(body: Payload) -> Action:
    """What a record of refusals calls it; what has no action of its own only looks."""
    if "command" in body:
        return _COMMANDS.get(str(body["command"]), Action.READ)
    named = (*(body.get("actions") or ()), body.get("view"), body)
    words = [str(part.get("action_id") or part.get("callback_id") or "") for part in named if isinstance(part, dict)]
    return next((action for word in words for action in Action if word.startswith(action)), Action.READ)
