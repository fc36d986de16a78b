"""Makes a listener of Bolt's that acks in time, lets in people of its own workspace, and speaks their language."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any

from bot.slack.acks import Listener, Prompt, PromptAcks
from bot.slack.api.languages import Languages
from bot.slack.api.respond import Respond
from bot.slack.gatekeeper import Gatekeeper
from bot.slack.payloads import by_nobody, reader
from bot.slack.stale_requests import Late
from bot.texts import speak

PATIENCE = 2.0
"""Seconds that what Slack does not wait for, an event, may wait for its reader's language."""


@dataclass(frozen=True, eq=False)
class Acked:
    """The decorator for every listener; each takes the payload as `body`.

    `respond` makes what a listener answers with. The language is set where a listener begins, in the context that each
    of its calls has to itself.
    """

    _prompt: PromptAcks
    _languages: Languages
    _respond: Callable[[str | None], Respond]
    _gatekeeper: Gatekeeper
    _late: Late

    def __call__(self, listener: Listener) -> Prompt:
        patience = 0.0 if "ack" in inspect.signature(listener).parameters else PATIENCE

        @wraps(listener)
        def guarded(**given: Any) -> Iterator[None] | None:  # noqa: ANN401 -- whatever Bolt gives by name
            body, context = given["body"], given.pop("context")
            if not self._gatekeeper.lets_in(body):
                # Slack is not asked who a stranger is.
                speak(self._languages.channels)
                return self._gatekeeper.refuse(body, given.get("ack"), self._respond(body.get("response_url")))
            if by_nobody(body):
                # Two bots that answer each other would never end.
                return None
            if "respond" in given:
                given["respond"] = self._respond(given["respond"].response_url)
            speak(self._languages.of(reader(body), patience))
            if "ack" in given and self._late.has_come(body, context):
                return self._late.refuse(body, given["ack"], self._respond(body.get("response_url")))
            return listener(**given)

        return self._prompt(guarded, also=("context",))

    def of_workflows(self, listener: Listener) -> Prompt:
        """For what a workflow does: perhaps nobody's doing, with nobody who waits for an answer.

        The listener acks; until it has, Slack delivers it again.
        """

        @wraps(listener)
        def guarded(**given: Any) -> Iterator[None] | None:  # noqa: ANN401 -- whatever Bolt gives by name
            body = given["body"]
            if self._gatekeeper.lets_in(body):
                return listener(**given)
            speak(self._languages.channels)
            return self._gatekeeper.refuse(body, given["ack"], self._respond(None))

        return self._prompt(guarded)
