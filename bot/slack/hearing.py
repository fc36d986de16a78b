"""Registers Bolt's listeners so that each speaks the language of whoever it answers."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from slack_bolt import App

from bot.policy.roles import Action
from bot.slack.acks import Listener, Prompt, PromptAcks
from bot.slack.api.languages import Languages
from bot.slack.api.respond import Respond
from bot.slack.gatekeeper import Gatekeeper
from bot.slack.payloads import reader
from bot.texts import speak

PATIENCE = 2.0
"""Seconds that an answer which Slack does not wait for may wait for its reader's language."""


class Hearing:
    """Bolt's app as listeners are registered with it; each takes the payload as `body`.

    The language is set where a listener begins, in the context that each of its calls has to itself.
    """

    def __init__(
        self,
        app: App,
        languages: Languages,
        prompt: PromptAcks,
        respond: Callable[[str | None], Respond],
        gatekeeper: Gatekeeper,
    ) -> None:
        self._app = app
        self._languages = languages
        self._prompt = prompt
        self._respond = respond
        self._gatekeeper = gatekeeper

    def command(self, name: str, action: Action = Action.READ) -> Callable[[Listener], None]:
        """`action` is what a refusal of the whole command is recorded as."""
        return self._registering(action, self._app.command(name))

    def options(self, action_id: str) -> Callable[[Listener], None]:
        return self._registering(action_id, self._app.options(action_id))

    def action(self, action_id: str) -> Callable[[Listener], None]:
        return self._registering(action_id, self._app.action(action_id))

    def shortcut(self, callback_id: str) -> Callable[[Listener], None]:
        return self._registering(callback_id, self._app.shortcut(callback_id))

    def view(self, callback_id: str) -> Callable[[Listener], None]:
        return self._registering(callback_id, self._app.view(callback_id))

    def event(self, kind: str) -> Callable[[Listener], None]:
        return self._registering(kind, self._app.event(kind), PATIENCE)

    def _registering(
        self, subject: str, register: Callable[[Prompt], object], patience: float = 0.0
    ) -> Callable[[Listener], None]:
        def registering(listener: Listener) -> None:
            @wraps(listener)
            def speaking_listener(**given: Any) -> Iterator[None] | None:  # noqa: ANN401 -- whatever Bolt gives by name
                body = given["body"]
                if not self._gatekeeper.lets_in(body):
                    # Slack is not asked who a stranger is.
                    speak(self._languages.channels)
                    answer = self._respond(body.get("response_url"))
                    return self._gatekeeper.refuse(subject, body, given.get("ack"), answer)
                if "respond" in given:
                    given["respond"] = self._respond(given["respond"].response_url)
                speak(self._languages.of(reader(body), patience))
                return listener(**given)

            register(self._prompt(speaking_listener))

        return registering
