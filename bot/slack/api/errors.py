"""What it means that Slack did not take a message: try again, post the card anew, or tell people elsewhere."""

import re
from http import HTTPStatus

from slack_sdk.errors import SlackApiError

from bot.launch.story import CardGone, ChannelGone, NotPublished, Unanswered
from bot.phrase import Phrase
from bot.slack.api.scopes import answered

MESSAGE_GONE = frozenset({"message_not_found", "thread_not_found"})

UNCHANGEABLE = frozenset({"cant_update_message", "edit_window_closed"})
"""The message stands, but the workspace allows no change to it."""

CHANNEL_GONE = {
    "channel_not_found": Phrase("I am not a member of the channel any more, or it was deleted"),
    "is_archived": Phrase("the channel is archived"),
    "not_in_channel": Phrase("I am not a member of the channel any more"),
    "restricted_action": Phrase("the workspace does not let me post in the channel"),
    "restricted_action_read_only_channel": Phrase("the channel is read-only for me"),
    "restricted_action_thread_only_channel": Phrase("the channel lets me post in threads only"),
}
"""Slack's errors that stay until a person mends them, as clauses for people."""


_WORD = re.compile(r"[a-z0-9_]+")
"""How Slack names an error. Anything else, and a 5xx, was said by what stands between, which may pass it on yet."""


class Unchangeable(NotPublished):
    """The message cannot be changed: trying again is of no use."""


def trouble(error: SlackApiError) -> NotPublished:
    """What Slack's refusal means for publishing."""
    cause = str(error.response.get("error"))
    if cause in MESSAGE_GONE:
        return CardGone(cause)
    if cause in UNCHANGEABLE:
        return Unchangeable(cause)
    if cause in CHANNEL_GONE:
        return ChannelGone(CHANNEL_GONE[cause])
    if error.response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or not _WORD.fullmatch(cause):
        return Unanswered(cause)
    return NotPublished(answered(error), _retry_after(error))


def _retry_after(error: SlackApiError) -> float | None:
    headers = {name.lower(): value for name, value in (error.response.headers or {}).items()}
    after = headers.get("retry-after")
    if isinstance(after, list):
        after = after[0] if after else None
    return float(after) if after else None
