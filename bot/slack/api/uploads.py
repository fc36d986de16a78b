"""Files that the bot sends: uploaded one by one, then shown together in one message."""

from collections.abc import Mapping
from typing import IO

import requests
from slack_sdk import WebClient

UPLOAD_TIMEOUT = 60.0
"""Seconds without any progress after which an upload is given up."""


class UploadRefused(Exception):
    """The address that Slack gave for the file did not take it."""


def upload(client: WebClient, name: str, content: bytes | IO[bytes], length: int) -> str:
    """Uploads a file of `length` bytes and gives its id; nobody sees it before it is shared.

    Raises SlackApiError, SlackClientError, RequestException or OSError, and UploadRefused.
    """
    place = client.files_getUploadURLExternal(filename=name, length=length)
    # To that address, which is good for one upload, and without the token.
    answer = requests.post(str(place["upload_url"]), data=content, timeout=UPLOAD_TIMEOUT, allow_redirects=False)
    if answer.status_code != requests.codes.ok:
        raise UploadRefused(f"the upload was answered with HTTP {answer.status_code}")
    return str(place["file_id"])


def share(
    client: WebClient, titles: Mapping[str, str], comment: str, channel: str, thread_ts: str | None = None
) -> None:
    """Shows uploaded files, by their ids, in one message. Raises SlackApiError, SlackClientError or OSError."""
    files: list[dict[str, str | None]] = [{"id": file_id, "title": title} for file_id, title in titles.items()]
    client.files_completeUploadExternal(files=files, channel_id=channel, thread_ts=thread_ts, initial_comment=comment)
