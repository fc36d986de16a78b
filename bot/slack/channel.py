"""Brings a launch's card and thread up to date with the journal."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.campaign.request import UserId
from bot.launch.story import Line, Linked, NotPublished, Story, Unanswered
from bot.phrase import Phrase
from bot.results.brakes import Brakes
from bot.slack.api.client import NeverLeft
from bot.slack.api.errors import Unchangeable, trouble
from bot.slack.api.languages import Languages
from bot.slack.api.permalinks import Permalinks
from bot.slack.views import other
from bot.slack.views.card import card, card_elsewhere
from bot.slack.views.message import Message
from bot.slack.views.received import After
from bot.slack.views.thread import replies
from bot.texts import speaking

EVENT_TYPE = "campaign_bot_launch"
"""Marks the bot's messages in their metadata, so that a restart can tell which are there."""

CARD = 0
"""The number that the card's metadata carry where a reply's carry its event's."""

CLOCKS_APART = 120.0
"""Seconds by which Slack's clock and the journal's may differ."""

PATIENCE = 5.0
"""Seconds that a message to one person waits for that person's language."""


@dataclass(frozen=True)
class Part:
    """Which message of a reply that takes several, counted from 0, and how many it takes."""

    number: int
    of: int


WHOLE = Part(0, 1)

log = logging.getLogger(__name__)


class Channel:
    """Posts and updates messages. `client` must not retry by itself: a post that was taken would be made twice.

    `admins` gives those to tell, besides the requester, where a channel is gone. Whatever stands in a channel is in
    the channels' one language, whatever somebody is told alone in their own. `zone` gives the policy's time zone, None
    where the policy cannot be read; `offers_tests` says whether the policy names where tests may go, `brakes` gives
    the policy's, and `offers_receivers` says whether it names where those who received a launch may be put.
    """

    def __init__(
        self,
        client: WebClient,
        admins: Callable[[], frozenset[UserId]],
        languages: Languages,
        zone: Callable[[], ZoneInfo | None] = lambda: None,
        campaign_link: str = "",
        offers_tests: Callable[[], bool] = lambda: False,
        brakes: Callable[[], Brakes | None] = lambda: None,
        offers_receivers: Callable[[], bool] = lambda: False,
        links: Permalinks | None = None,
    ) -> None:
        self._client = client
        self._admins = admins
        self._languages = languages
        self._zone = zone
        self._campaign_link = campaign_link
        self._offers_tests = offers_tests
        self._brakes = brakes
        self._offers_receivers = offers_receivers
        self._links = links or Permalinks(client)

    def post_card(self, story: Story, *, look_first: bool) -> str:
        """See Publisher."""
        if look_first:
            found = self._find_card(story)
            if found:
                return found
        return str(self._post(story, self._card(story), CARD, None)["ts"])

    def post_reply(self, story: Story, line: Line, message_ts: str, *, look_first: bool) -> None:
        """See Publisher."""
        with speaking(self._languages.channels):
            messages = replies(story.launch, line)
        there = self._parts(story, line, message_ts) if look_first else frozenset()
        for part, message in enumerate(messages):
            if part not in there:
                self._post(story, message, line.entry.seq, message_ts, line.digest, Part(part, len(messages)))

    def update_card(self, story: Story, message_ts: str) -> None:
        """See Publisher. Where the workspace forbids changes, the card stays as it is and the thread goes on."""
        message = self._card(story)
        try:
            self._call("chat.update", {"ts": message_ts, **_content(story, message, CARD)})
        except Unchangeable as refusal:
            log.warning("the card cannot be changed: %s", refusal.cause, extra={"launch_id": story.launch.id})

    def tell_elsewhere(self, story: Story, cause: Phrase) -> None:
        """See Publisher. Whoever cannot be written to is passed over, unless that is everybody."""
        told = [self._tell_alone(person, story, cause) for person in {story.launch.requester, *self._admins()}]
        if not any(told):
            raise NotPublished("neither the requester nor an admin could be told")

    def _card(self, story: Story) -> Message:
        with speaking(self._languages.channels):
            return card(
                story.launch,
                story.now,
                self._zone(),
                self._campaign_link,
                counts=story.counts,
                tested=story.tested,
                brakes=self._brakes(),
                linked=self._linked(story.linked),
                offers_tests=self._offers_tests(),
                after=self._after(story),
            )

    def _after(self, story: Story) -> After:
        corrections = tuple(map(self._linked, story.corrections))
        return After(story.added, corrections, self._linked(story.corrected), offered=self._offers_receivers())

    def _linked(self, one: Linked | None) -> other.Linked:
        if one is None:
            return other.NOT_LINKED
        return other.Linked(self._links.to_message(one.channel, one.message_ts), one.counts, one.launch)

    def _tell_alone(self, person: UserId, story: Story, cause: Phrase) -> bool:
        with speaking(self._languages.of(person, PATIENCE)):
            message = card_elsewhere(story.launch, cause, self._campaign_link)
        try:
            self._call("chat.postMessage", {**_content(story, message, CARD), "channel": person})
        except NotPublished as refusal:
            log.warning("%s could not be told: %s", person, refusal.cause, extra={"launch_id": story.launch.id})
            return False
        return True

    def _post(
        self,
        story: Story,
        message: Message,
        seq: int,
        thread_ts: str | None,
        digest: str = "",
        part: Part = WHOLE,
    ) -> SlackResponse:
        thread = {"thread_ts": thread_ts} if thread_ts else {}
        unfurl = {"unfurl_links": False, "unfurl_media": False}
        return self._call("chat.postMessage", {**thread, **unfurl, **_content(story, message, seq, digest, part)})

    def _find_card(self, story: Story) -> str | None:
        oldest = story.launch.requested_at.timestamp() - CLOCKS_APART
        messages = self._messages("conversations.history", channel=story.place.channel, oldest=f"{oldest:.6f}")
        return next((str(message["ts"]) for message in messages if _tells(message, story, CARD)), None)

    def _parts(self, story: Story, line: Line, message_ts: str) -> frozenset[int]:
        """Which messages of the event's reply are in the thread."""
        messages = self._messages("conversations.replies", channel=story.place.channel, ts=message_ts)
        return frozenset(_part(message) for message in messages if _tells(message, story, line.entry.seq))

    def _messages(self, method: str, **where: str) -> Iterator[dict[str, Any]]:
        cursor = ""
        while True:
            more = {"cursor": cursor} if cursor else {}
            arguments: dict[str, object] = {**where, **more, "include_all_metadata": "true", "limit": "200"}
            answer = self._call(method, arguments, form=True)
            yield from answer.get("messages") or []
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _call(self, method: str, arguments: dict[str, object], *, form: bool = False) -> SlackResponse:
        try:
            if form:  # reading methods take no JSON
                return self._client.api_call(method, params=arguments)
            return self._client.api_call(method, json=arguments)
        except SlackApiError as error:
            raise trouble(error) from error
        except (SlackClientError, OSError) as error:
            # What only reads, or never left, can do nothing late.
            lost = NotPublished if form or isinstance(error, NeverLeft) else Unanswered
            raise lost(f"Slack could not be reached: {type(error).__name__}") from error


def _tells(message: dict[str, Any], story: Story, seq: int) -> bool:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return (
        metadata.get("event_type") == EVENT_TYPE
        and payload.get("launch_id") == story.launch.id
        and payload.get("seq") == seq
    )


def _part(message: dict[str, Any]) -> int:
    part = ((message.get("metadata") or {}).get("event_payload") or {}).get("part", 0)
    return part if isinstance(part, int) else 0


def _content(story: Story, message: Message, seq: int, digest: str = "", part: Part = WHOLE) -> dict[str, object]:
    # The whole digest makes the thread an exact witness of the journal: see thread_reader.py.
    # The card counts refused attempts too, which have no reply.
    newest = {"version": story.launch.version, "head": story.head} if seq == CARD and story.head else {}
    witness = {"digest": digest} if digest else newest
    split = {"part": part.number, "parts": part.of} if part.of > 1 else {}
    payload = {"launch_id": story.launch.id, "seq": seq, **witness, **split}
    return {
        "channel": story.place.channel,
        "text": message.text,
        "blocks": list(message.blocks),
        "metadata": {"event_type": EVENT_TYPE, "event_payload": payload},
    }
