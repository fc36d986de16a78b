"""Somebody calls the bot by its name: they get the help, and nobody else is bothered."""

import logging

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.slack.deduplication import Once
from bot.slack.payloads import Payload, mention
from bot.slack.views import help as helping
from bot.slack.views.looking import plain_message

log = logging.getLogger(__name__)


class MentionListener:
    """Answers each message that names the bot once, however often Slack delivers it."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._answered = Once()

    def mentioned(self, body: Payload) -> None:
        asked = mention(body)
        # By the message: a second delivery is signed anew, and may be an edit's.
        if not self._answered.first(f"{asked.channel} {asked.ts}"):
            return
        text = helping.everything(asked.person)
        blocks = list(plain_message(text).blocks)
        try:
            self._client.chat_postEphemeral(
                channel=asked.channel, user=asked.person, text=text, blocks=blocks, thread_ts=asked.thread_ts or None
            )
        except (SlackClientError, OSError) as error:
            # It may have arrived: nothing is said twice.
            log.warning("the help did not reach Slack: %s", type(error).__name__)
