"""Reads what the channels say of launches, to hold it against the journal.

The one place that takes a message's text as evidence: replies from before the whole digest stood in their metadata show
its beginning there.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.campaign.request import LaunchId
from bot.slack.api.errors import MESSAGE_GONE, trouble
from bot.slack.api.scopes import lacking
from bot.slack.channel import CARD, EVENT_TYPE

AT_ONCE = "200"
"""Messages that are read together."""

USUAL_PAUSE = 30.0
"""Seconds to wait where Slack asks for a pause without saying how long."""

_SHOWN = re.compile(r"`([0-9a-f]{12,64})`\Z")


class NotRead(Exception):
    """Slack did not let it be read. `cause` is a clause for people."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class ThreadGone(NotRead):
    """The card is not in the channel any more, nor its thread."""


@dataclass(frozen=True)
class Told:
    """A message of the bot's reply to an event, which may take several; `part` counts from 0.

    `digests` are those that it bears, whole or only their beginnings.
    """

    launch_id: LaunchId
    seq: int
    digests: tuple[str, ...]
    edited: bool
    part: int = 0
    parts: int = 1


class Root(StrEnum):
    """What a thread stands under."""

    CARD = "card"
    UNMARKED = "unmarked"
    """A message of the bot's that bears no metadata."""
    DELETED = "deleted"
    """What Slack leaves of a message that was deleted."""
    OTHER = "other"


@dataclass(frozen=True)
class Thread:
    """What the bot has written under a card. `unmarked` are the digests that its replies without metadata show."""

    root: Root
    told: tuple[Told, ...]
    unmarked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Card:
    """A card of the bot's, how many events it counts, and the digest of the last; 0 and "" where it says neither."""

    launch_id: LaunchId
    message_ts: str
    version: int = 0
    head: str = ""


@dataclass(frozen=True)
class Noted:
    """What the bot has noted with a message, and whether the message was edited since."""

    payload: Mapping[str, Any]
    edited: bool


class ThreadReader:
    """Reads as the bot. `pause` waits for that many seconds where Slack asks for it, and may say so.

    Raises NotRead, also at once where Slack does not say who the bot is.
    """

    def __init__(self, client: WebClient, pause: Callable[[float], None]) -> None:
        self._client = client
        self._pause = pause
        told = self._call("auth.test", {})
        self._own_id = str(told.get("user_id"))
        self._organisation_wide = bool(told.get("is_enterprise_install"))

    def channels(self) -> Iterator[str]:
        """The channels that the bot is in, archived ones among them."""
        for team in self._teams():
            kinds = "public_channel,private_channel"
            for channel in self._pages("users.conversations", "channels", types=kinds, **team):
                yield str(channel["id"])

    def _teams(self) -> Iterator[dict[str, str]]:
        """What names each workspace in a call; an organisation's token is told of one at a time."""
        if not self._organisation_wide:
            yield {}
            return
        for team in self._pages("auth.teams.list", "teams"):
            yield {"team_id": str(team["id"])}

    def thread(self, channel: str, message_ts: str, launch_id: LaunchId) -> Thread:
        """What stands under that launch's card. Raises ThreadGone where nothing does."""
        root, told, unmarked = Root.OTHER, list[Told](), list[str]()
        for message in self._messages("conversations.replies", channel=channel, ts=message_ts):
            if message.get("ts") == message_ts:
                root = self._root(message, launch_id)
            elif reply := self._told(message):
                told.append(reply)
            elif self._is_unmarked(message) and (shown := _shown(message)):
                unmarked.append(shown)
        return Thread(root, tuple(told), tuple(unmarked))

    def cards(self, channel: str, since: datetime | None) -> Iterator[Card]:
        """The bot's cards in the channel, all of them or those posted since then."""
        oldest = {"oldest": f"{since.timestamp():.6f}"} if since else {}
        for message in self._messages("conversations.history", channel=channel, **oldest):
            payload = self._payload(message)
            if payload and payload.get("seq") == CARD:
                version, head = payload.get("version"), payload.get("head")
                yield Card(
                    launch_id=LaunchId(str(payload.get("launch_id"))),
                    message_ts=str(message["ts"]),
                    version=version if isinstance(version, int) else 0,
                    head=str(head or ""),
                )

    def _root(self, message: Mapping[str, Any], launch_id: LaunchId) -> Root:
        if message.get("subtype") == "tombstone":
            return Root.DELETED
        payload = self._payload(message)
        if payload and (payload.get("seq"), payload.get("launch_id")) == (CARD, launch_id):
            return Root.CARD
        return Root.UNMARKED if self._is_unmarked(message) else Root.OTHER

    def _is_unmarked(self, message: Mapping[str, Any]) -> bool:
        return message.get("user") == self._own_id and not message.get("metadata")

    def noted(self, channel: str, event_type: str, since: datetime | None) -> Iterator[Noted]:
        """What the bot has noted under that type with its messages in the channel, all or those posted since then."""
        oldest = {"oldest": f"{since.timestamp():.6f}"} if since else {}
        for message in self._messages("conversations.history", channel=channel, **oldest):
            payload = self._payload(message, event_type)
            if payload is not None:
                yield Noted(payload, edited=bool(message.get("edited")))

    def _told(self, message: Mapping[str, Any]) -> Told | None:
        payload = self._payload(message)
        if payload is None or not isinstance(payload.get("seq"), int):
            return None
        written = str(payload.get("digest") or "")
        digests = tuple(one for one in (written, _shown(message)) if one)
        part, parts = payload.get("part", 0), payload.get("parts", 1)
        return Told(
            launch_id=LaunchId(str(payload.get("launch_id"))),
            seq=payload["seq"],
            digests=digests,
            edited=bool(message.get("edited")),
            part=part if isinstance(part, int) else 0,
            parts=parts if isinstance(parts, int) else 1,
        )

    def _payload(self, message: Mapping[str, Any], event_type: str = EVENT_TYPE) -> Mapping[str, Any] | None:
        """What the bot has noted with the message; None for everybody else's, whatever they note."""
        metadata = message.get("metadata") or {}
        if message.get("user") != self._own_id or metadata.get("event_type") != event_type:
            return None
        payload: Mapping[str, Any] = metadata.get("event_payload") or {}
        return payload

    def _messages(self, method: str, **where: str) -> Iterator[Mapping[str, Any]]:
        return self._pages(method, "messages", **where, include_all_metadata="true")

    def _pages(self, method: str, what: str, **where: str) -> Iterator[Mapping[str, Any]]:
        cursor = ""
        while True:
            more = {"cursor": cursor} if cursor else {}
            answer = self._call(method, {**where, **more, "limit": AT_ONCE})
            yield from answer.get(what) or []
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _call(self, method: str, arguments: dict[str, str]) -> Mapping[str, Any]:
        while True:
            try:
                answer = self._client.api_call(method, params=arguments)
            except SlackApiError as error:
                if error.response.status_code != HTTPStatus.TOO_MANY_REQUESTS:
                    raise _not_read(error) from error
                self._pause(trouble(error).retry_after or USUAL_PAUSE)
            except (SlackClientError, OSError) as error:
                raise NotRead(f"Slack could not be reached ({type(error).__name__})") from error
            else:
                found: Mapping[str, Any] = answer.data if isinstance(answer.data, dict) else {}
                return found


def _not_read(error: SlackApiError) -> NotRead:
    cause = str(error.response.get("error"))
    scope = lacking(error)
    if cause in MESSAGE_GONE:
        return ThreadGone(cause)
    return NotRead(f"Slack answered “{cause}”{f': the app lacks the scope {scope}' if scope else ''}")


def _shown(message: Mapping[str, Any]) -> str:
    """The digest's beginning as it stands under the reply; "" where none does."""
    for block in reversed(message.get("blocks") or []):
        for element in block.get("elements") or []:
            found = _SHOWN.search(str(element.get("text") or "")) if block.get("type") == "context" else None
            if found:
                return found[1]
    return ""
