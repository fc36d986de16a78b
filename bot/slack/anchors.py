"""Posts anchors of the record in their channel."""

from dataclasses import asdict

from slack_sdk import WebClient

from bot.launch.anchor import Anchor
from bot.slack.api.posting import posted
from bot.slack.views.anchor import anchor_message
from bot.texts import speaking

EVENT_TYPE = "campaign_bot_anchor"
"""Marks anchors in their metadata, which bear all that a verification needs."""


class ChannelAnchors:
    """Speaks in `language`, the channels' own. `client` must not retry by itself."""

    def __init__(self, client: WebClient, channel: str, language: str) -> None:
        self._client = client
        self.channel = channel
        self._language = language

    def post(self, anchor: Anchor) -> None:
        """Raises NotPublished where Slack does not take it, Unanswered where nobody knows whether it does."""
        with speaking(self._language):
            message = anchor_message(anchor)
        posted(
            self._client,
            self.channel,
            message,
            metadata={"event_type": EVENT_TYPE, "event_payload": asdict(anchor)},
        )
