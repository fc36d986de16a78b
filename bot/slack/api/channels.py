"""Whether a card can be posted in a channel, found out before anything is asked for."""

import math
import threading
import time
from collections.abc import Callable

from cachetools import TTLCache
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.launch.events import ChannelId
from bot.phrase import Phrase
from bot.slack.api.scopes import lacking

FRESH_FOR = 60.0
"""Seconds for which a membership is taken as known."""

NOT_HERE = Phrase(
    "I am not in that channel, so nobody could approve there. Type `/invite @campaign-bot` in the channel, "
    "then press “Ask for approval” again: the form keeps what you filled in."
)
ARCHIVED = Phrase("That channel is archived, so nobody could approve there. Ask again from a channel that is in use.")
NOT_TOLD = Phrase("Slack did not tell me whether I am in that channel. Press “Ask for approval” again in a moment.")
NO_SCOPE = Phrase(
    "Slack does not tell me whether I am in that channel: the app lacks the scope {scope}. An admin should paste "
    "manifest.yaml into the app's settings, and install it again.",
    scope="",
)
NO_PROBLEM = Phrase()


class ChannelAccess:
    """Knows in which channels the bot can post. `client` needs a timeout well below Slack's 3 s for an answer."""

    def __init__(self, client: WebClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._open: TTLCache[ChannelId, None, float] = TTLCache(math.inf, FRESH_FOR, clock)
        self._lock = threading.Lock()

    def is_open(self, channel: ChannelId) -> bool:
        """Whether a card can be posted there, as far as that is known without asking."""
        with self._lock:
            return channel in self._open

    def problem(self, channel: ChannelId) -> Phrase:
        """Why no card can be posted there, as a sentence; "" where it can."""
        if self.is_open(channel):
            return NO_PROBLEM
        problem = self._ask(channel)
        if not problem:
            with self._lock:
                self._open[channel] = None
        return problem

    def _ask(self, channel: ChannelId) -> Phrase:
        try:
            room = self._client.conversations_info(channel=channel)["channel"]
        except SlackApiError as error:
            if scope := lacking(error):
                return NO_SCOPE.with_values(scope=scope)
            return NOT_HERE if error.response.get("error") == "channel_not_found" else NOT_TOLD
        except (SlackClientError, OSError, KeyError):
            return NOT_TOLD
        if room.get("is_archived"):
            return ARCHIVED
        return NO_PROBLEM if room.get("is_member") else NOT_HERE
