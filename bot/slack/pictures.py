"""Puts the pictures of an e-mail into the card's thread."""

from bot.picture.picture import Pictures
from bot.picture.reasons import NoPicture
from bot.slack.api.client import KeptConnection
from bot.slack.api.uploads import share, upload
from bot.slack.posting import asked, sent
from bot.slack.views.bounds import named
from bot.slack.views.text import said
from bot.texts import _, listed, speaking

EVENT_TYPE = "campaign_bot_picture"
"""Marks the sentence that stands for a picture in its metadata; pictures are known by the names of their files."""


class ThreadPictures:
    """Speaks in `language`, the channels' own. `hosts` are those that images are fetched from.

    Each method raises NotPublished where Slack does not take it, Unanswered where nobody knows whether it does.
    """

    def __init__(self, client: KeptConnection, language: str, hosts: tuple[str, ...] = ()) -> None:
        self._client = client
        self._language = language
        self._hosts = hosts

    def is_there(self, channel: str, message_ts: str, key: str) -> bool:
        """Whether the thread has these pictures, or says why not, as far as its first thousand replies show."""
        answer = asked(
            lambda: self._client.conversations_replies(
                channel=channel, ts=message_ts, limit=1000, include_all_metadata=True
            )
        )
        return any(_shows(reply, key) for reply in answer.get("messages") or [])

    def post(self, channel: str, message_ts: str, key: str, pictures: Pictures) -> None:
        """Posts both in one reply; `key` tells them apart from those of another mail."""
        with speaking(self._language):
            comment = _comment(pictures, self._hosts)
            titles = (_("On a wide screen"), _("On a narrow screen"))
        shown = ((_name(key, "wide"), pictures.wide.png), (_name(key, "narrow"), pictures.narrow.png))
        ids = [asked(lambda: upload(self._client, name, png, len(png))) for name, png in shown]  # noqa: B023
        sent(lambda: share(self._client, dict(zip(ids, titles, strict=True)), comment, channel, message_ts))

    def post_none(self, channel: str, message_ts: str, key: str, none: NoPicture) -> None:
        """Says in one sentence why there is no picture."""
        with speaking(self._language):
            text = said(none.why)
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
        sent(lambda: self._client.chat_postMessage(channel=channel, thread_ts=message_ts, text=text, metadata=metadata))


def _shows(reply: dict[str, object], key: str) -> bool:
    files = reply.get("files")
    if isinstance(files, list) and any(file.get("name") == _name(key, "wide") for file in files):
        return True
    metadata = reply.get("metadata")
    return metadata == {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


def _comment(pictures: Pictures, hosts: tuple[str, ...]) -> str:
    text = _(
        "The e-mail on a wide and on a narrow screen. Images are grey boxes, for nothing is fetched; variables stand "
        "as they are written."
    )
    if hosts:
        text = _(
            "The e-mail on a wide and on a narrow screen. Images come from {hosts} alone, others are grey boxes; "
            "variables stand as they are written."
        ).format(hosts=listed(named([f"`{host}`" for host in hosts])))
    cut = _("It goes on beyond the picture’s edges.")
    return f"{text} {cut}" if pictures.wide.cut or pictures.narrow.cut else text


def _name(key: str, screen: str) -> str:
    return f"e-mail-{key[:12]}-{screen}.png"
