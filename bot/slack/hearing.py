"""Registers Bolt's listeners so that each speaks the language of whoever it answers."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from slack_bolt import App

from bot.slack.acks import Listener, Prompt, PromptAcks
from bot.slack.api.languages import Languages
from bot.slack.api.respond import Respond
from bot.slack.payloads import reader
from bot.texts import speak

PATIENCE = 2.0
"""Seconds that an answer which Slack does not wait for may wait for its reader's language."""


class Hearing:
    """Bolt's app as listeners are registered with it; each takes the payload as `body`.

    The language is set where a listener begins, in the context that each of its calls has to itself.
    """

    def __init__(
        self, app: App, languages: Languages, prompt: PromptAcks, respond: Callable[[str | None], Respond]
    ) -> None:
        self._app = app
        self._languages = languages
        self._prompt = prompt
        self._respond = respond

    def command(self, name: str) -> Callable[[Listener], None]:
        return self._registering(self._app.command(name))

    def options(self, action_id: str) -> Callable[[Listener], None]:
        return self._registering(self._app.options(action_id))

    def action(self, action_id: str) -> Callable[[Listener], None]:
        return self._registering(self._app.action(action_id))

    def shortcut(self, callback_id: str) -> Callable[[Listener], None]:
        return self._registering(self._app.shortcut(callback_id))

    def view(self, callback_id: str) -> Callable[[Listener], None]:
        return self._registering(self._app.view(callback_id))

    def event(self, kind: str) -> Callable[[Listener], None]:
        return self._registering(self._app.event(kind), PATIENCE)

    def _registering(self, register: Callable[[Prompt], object], patience: float = 0.0) -> Callable[[Listener], None]:
        def registering(listener: Listener) -> None:
            @wraps(listener)
            def speaking_listener(**given: Any) -> Iterator[None] | None:  # noqa: ANN401 -- whatever Bolt gives by name
                if "respond" in given:
                    given["respond"] = self._respond(given["respond"].response_url)
                speak(self._languages.of(reader(given["body"]), patience))
                return listener(**given)

            register(self._prompt(speaking_listener))

        return registering
