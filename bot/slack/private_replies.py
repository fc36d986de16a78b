"""Tells one person something after what they did, wherever they did it: beside a message, or on the Home tab."""

import logging
import secrets
from collections.abc import Callable

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.slack.api.respond import Respond
from bot.slack.payloads import Payload
from bot.slack.views.notices import notice_view
from bot.texts import _

log = logging.getLogger(__name__)


class PrivateReplies:
    """Never raises: what does not reach Slack is logged. `client` needs a timeout well below Slack's 3 s."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def alone(self, body: Payload, respond: Respond, text: str) -> None:
        """Tells whoever sent the payload, and nobody else."""
        # The trigger lasts three seconds, and the platform may have taken longer.
        if respond.response_url or not self.in_window(body, text):
            self.afterwards(body, respond, text)

    def afterwards(self, body: Payload, respond: Respond, text: str) -> None:
        """The same, where the trigger is over for certain."""
        if respond.response_url:
            tell(respond, text)
        else:
            _attempt(lambda: self._client.chat_postMessage(channel=body["user"]["id"], text=text))

    def in_window(self, body: Payload, text: str, title: str = "") -> bool:
        """Tells it in a small window, of that title or else “Not done”; whether that opened."""
        view = notice_view(title or _("Not done"), text)
        return _attempt(lambda: self._client.views_open(trigger_id=body["trigger_id"], view=view))


def tell(respond: Respond, text: str) -> None:
    """Tells the person alone, in answer to what they typed or pressed. Never raises, as Telling."""
    _attempt(lambda: respond(text=text, response_type="ephemeral", replace_original=False))


def reference() -> str:
    """A short word by which a person's report and the log's line find each other."""
    return secrets.token_hex(3)


def _attempt(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except (SlackClientError, OSError) as error:
        log.warning("an answer to one person did not reach Slack: %s", type(error).__name__)
        return False
    return True
