"""Puts the pictures of an e-mail into the card's thread."""

from collections.abc import Callable

import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.launch.story import NotPublished
from bot.picture.picture import Picture, Pictures
from bot.picture.reasons import NoPicture
from bot.slack.api.errors import trouble
from bot.slack.views.text import said
from bot.texts import _, speaking

UPLOAD_TIMEOUT = 30.0
"""Seconds without any progress after which an upload is given up."""


class ThreadPictures:
    """Speaks in `language`, the channels' own. Each method raises NotPublished where Slack does not take it."""

    def __init__(self, client: WebClient, language: str) -> None:
        self._client = client
        self._language = language

    def is_there(self, channel: str, message_ts: str, key: str) -> bool:
        """Whether the thread has these pictures already, as far as its first thousand replies show."""
        answer = _asked(lambda: self._client.conversations_replies(channel=channel, ts=message_ts, limit=1000))
        names = {file.get("name") for reply in answer.get("messages") or [] for file in reply.get("files") or []}
        return _name(key, "wide") in names

    def post(self, channel: str, message_ts: str, key: str, pictures: Pictures) -> None:
        """Posts both in one reply; `key` tells them apart from those of another mail."""
        with speaking(self._language):
            comment = _comment(pictures)
            titles = (_("On a wide screen"), _("On a narrow screen"))
        shown = (("wide", pictures.wide), ("narrow", pictures.narrow))
        files: list[dict[str, str | None]] = [
            {"id": self._uploaded(_name(key, screen), picture), "title": title}
            for (screen, picture), title in zip(shown, titles, strict=True)
        ]
        _asked(
            lambda: self._client.files_completeUploadExternal(
                files=files, channel_id=channel, thread_ts=message_ts, initial_comment=comment
            )
        )

    def post_none(self, channel: str, message_ts: str, none: NoPicture) -> None:
        """Says in one sentence why there is no picture."""
        with speaking(self._language):
            text = said(none.why)
        _asked(lambda: self._client.chat_postMessage(channel=channel, thread_ts=message_ts, text=text))

    def _uploaded(self, name: str, picture: Picture) -> str:
        place = _asked(lambda: self._client.files_getUploadURLExternal(filename=name, length=len(picture.png)))
        try:
            # To that address, which is good for one upload, and without the token.
            answer = requests.post(
                str(place["upload_url"]), data=picture.png, timeout=UPLOAD_TIMEOUT, allow_redirects=False
            )
        except requests.RequestException as error:
            raise NotPublished(f"the upload failed: {type(error).__name__}") from error
        if answer.status_code != requests.codes.ok:
            raise NotPublished(f"the upload was answered with HTTP {answer.status_code}")
        return str(place["file_id"])


def _comment(pictures: Pictures) -> str:
    text = _(
        "The e-mail on a wide and on a narrow screen. Images are grey boxes, for nothing is fetched; variables stand "
        "as they are written."
    )
    cut = _("It goes on beyond the picture’s edges.")
    return f"{text} {cut}" if pictures.wide.cut or pictures.narrow.cut else text


def _name(key: str, screen: str) -> str:
    return f"e-mail-{key[:12]}-{screen}.png"


def _asked(call: Callable[[], SlackResponse]) -> SlackResponse:
    try:
        return call()
    except SlackApiError as error:
        raise trouble(error) from error
    except (SlackClientError, OSError) as error:
        raise NotPublished(f"Slack could not be reached: {type(error).__name__}") from error
