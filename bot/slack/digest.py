"""Posts the weekly digest in its channel."""

from collections.abc import Callable
from dataclasses import dataclass

from slack_sdk import WebClient

from bot.campaign.request import UserId
from bot.launch.digest import Digest
from bot.launch.search import Found
from bot.slack.api.posting import posted
from bot.slack.views.digest import digest_message
from bot.texts import speaking


@dataclass(frozen=True, eq=False)
class ChannelDigest:
    """Speaks in `language`, the channels' own. `client` must not retry by itself.

    `name_of` gives a person's name, "" where Slack does not tell it; `link_to` a card's address, "" for none.
    """

    _client: WebClient
    _channel: str
    _language: str
    _name_of: Callable[[UserId], str]
    _link_to: Callable[[Found], str]

    def post(self, digest: Digest) -> None:
        """Raises NotPublished where Slack does not take it, Unanswered where nobody knows whether it does."""
        with speaking(self._language):
            # A mention would call people to what they know.
            message = digest_message(digest, lambda person: self._name_of(person) or person, self._link_to)
        posted(self._client, self._channel, message)
