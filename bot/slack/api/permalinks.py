"""Addresses of cards in the workspace, made without asking Slack for each of them."""

import logging
import threading

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.launch.search import Found

log = logging.getLogger(__name__)


class Permalinks:
    """`client` needs a timeout well below Slack's 3 s: the workspace's own address is asked for once."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._workspace = ""
        self._lock = threading.Lock()

    def to_card(self, found: Found) -> str:
        """The card's address; "" where no card stands, or where Slack does not tell the workspace's."""
        return self.to_message(found.launch.channel, found.message_ts)

    def to_message(self, channel: str, message_ts: str | None) -> str:
        """The message's address, as to_card."""
        if message_ts is None:
            return ""
        workspace = self._address()
        message = message_ts.replace(".", "")
        return f"{workspace}archives/{channel}/p{message}" if workspace else ""

    def _address(self) -> str:
        with self._lock:
            if not self._workspace:
                self._workspace = self._ask()
            return self._workspace

    def _ask(self) -> str:
        try:
            return str(self._client.auth_test()["url"] or "")
        except (SlackClientError, OSError, KeyError) as error:
            log.warning("Slack did not tell the workspace's address: %s", type(error).__name__)
            return ""
