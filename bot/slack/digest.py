"""Posts the weekly digest in its channel."""

from collections.abc import Callable

from slack_sdk import WebClient

from bot.campaign.request import UserId
from bot.launch.digest import Digest
from bot.launch.search import Found
from bot.slack.api.posting import posted
from bot.slack.views.digest import digest_message
from bot.texts import speaking


class ChannelDigest:
    """Speaks in `language`, the channels' own. `client` must not retry by itself.

    `name_of` gives a person's name, "" where Slack does not tell it; `link_to` a card's address, "" for none.
    """

    def __init__(
        self,
        client: WebClient,
        channel: str,
        language: str,
        name_of: Callable[[UserId], str],
        link_to: Callable[[Found], str],
    ) -> None:
        self._client = client
        self._channel = channel
        self._language = language
        self._name_of = name_of
        self._link_to = link_to

    def post(self, digest: Digest) -> None:
        """Raises NotPublished where Slack does not take it, Unanswered where nobody knows whether it does."""
        with speaking(self._language):
            # A mention would call people to what they know.
            message = digest_message(digest, lambda person: self._name_of(person) or person, self._link_to)
        posted(self._client, self._channel, message)
