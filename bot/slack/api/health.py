"""Whether Slack answers, by the calls that are made anyway; asked for only after one that it did not answer."""

from collections.abc import Callable

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

SILENT = frozenset({"unreachable", "failed"})
"""The outcomes of a call that Slack did not answer."""


class SlackHealth:
    """Slack as the last call found it. `noted` observes the clients' calls."""

    def __init__(self) -> None:
        self._silent = False

    def noted(self, _call: str, _seconds: float, outcome: str) -> None:
        self._silent = outcome in SILENT

    def problem(self, ask: Callable[[], object]) -> str:
        """What is wrong, as a clause; "" for nothing. `ask` makes a call, so that a silence does not outlive itself."""
        if not self._silent:
            return ""
        ask()
        return "Slack does not answer" if self._silent else ""


def asking(client: WebClient) -> Callable[[], None]:
    """Asks Slack who the bot is, whatever comes of it: the client's observer learns that."""

    def ask() -> None:
        try:
            client.auth_test()
        except (SlackApiError, SlackClientError, OSError):
            return

    return ask
