"""Posts a message that stands by itself in a channel, and says whether Slack took it."""

from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.launch.story import NotPublished, Unanswered
from bot.slack.api.client import NeverLeft
from bot.slack.api.errors import trouble
from bot.slack.views.message import Message


def posted(client: WebClient, channel: str, message: Message, **more: Any) -> None:  # noqa: ANN401 -- the SDK's own
    """Raises NotPublished where Slack does not take it, Unanswered where nobody knows whether it does."""
    try:
        client.chat_postMessage(
            channel=channel,
            text=message.text,
            blocks=list(message.blocks),
            unfurl_links=False,
            unfurl_media=False,
            **more,
        )
    except SlackApiError as error:
        raise trouble(error) from error
    except (SlackClientError, OSError) as error:
        lost = NotPublished if isinstance(error, NeverLeft) else Unanswered
        raise lost(f"Slack could not be reached: {type(error).__name__}") from error
