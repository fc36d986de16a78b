"""Files that the bot sends: uploaded one by one, then shown together in one message."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import IO

from slack_sdk import WebClient

from bot.slack.api.client import KeptConnection

UPLOAD_TIMEOUT = 60.0
"""Seconds without any progress after which an upload is given up."""

LONGEST_ALTERNATIVE = 1000
"""Characters of what stands in for a picture."""


class UploadRefused(Exception):
    """The address that Slack gave for the file did not take it."""


def upload(client: KeptConnection, name: str, content: bytes | IO[bytes], length: int, alternative: str = "") -> str:
    """Uploads a file of `length` bytes and gives its id; nobody sees it before it is shared.

    `alternative` is for whoever does not see what is in a picture, in LONGEST_ALTERNATIVE characters.

    Raises SlackApiError, SlackClientError or OSError, and UploadRefused.
    """
    place = client.files_getUploadURLExternal(
        filename=name, length=length, alt_txt=alternative[:LONGEST_ALTERNATIVE] or None
    )
    # To that address, which is good for one upload, and without the token.
    status = client.hand_over(str(place["upload_url"]), content, length, UPLOAD_TIMEOUT)
    if status != HTTPStatus.OK:
        raise UploadRefused(f"the upload was answered with HTTP {status}")
    return str(place["file_id"])


def share(
    client: WebClient, titles: Mapping[str, str], comment: str, channel: str, thread_ts: str | None = None
) -> None:
    """Shows uploaded files, by their ids, in one message. Raises SlackApiError, SlackClientError or OSError."""
    files: list[dict[str, str | None]] = [{"id": file_id, "title": title} for file_id, title in titles.items()]
    client.files_completeUploadExternal(files=files, channel_id=channel, thread_ts=thread_ts, initial_comment=comment)
