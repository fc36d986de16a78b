"""Has pictures of what people will receive put into a launch's thread, beside everything else that is told there."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Protocol

from cachetools import LRUCache

from bot.campaign.campaign import MessageRef
from bot.launch.events import Edited, Event, Requested, Voided
from bot.launch.story import Line, NotPublished, Story
from bot.message.message import EMAIL, Message, Messages
from bot.picture.failures import Failure
from bot.picture.picture import Pictures
from bot.picture.reasons import NoPicture
from bot.picture.renderer import digest_of

MOST_WAITING = 100
"""Events that wait for their pictures; what comes beyond has none."""

MOST_REMEMBERED = 10_000

log = logging.getLogger(__name__)


class PictureThread(Protocol):
    """Where pictures go. Each method raises NotPublished where Slack does not take it."""

    def is_there(self, channel: str, message_ts: str, key: str) -> bool: ...

    def post(self, channel: str, message_ts: str, key: str, pictures: Pictures) -> None: ...

    def post_none(self, channel: str, message_ts: str, none: NoPicture) -> None: ...


class Picturing:
    """Takes what was told. `executor` has one thread, so that nothing is posted twice in one thread of Slack's.

    A picture is an aid: what a crash or Slack keeps from being posted is not posted later.
    """

    def __init__(
        self,
        messages: Messages,
        pictures: Callable[[str], Pictures | NoPicture],
        thread: PictureThread,
        executor: Executor,
    ) -> None:
        self._messages = messages
        self._pictures = pictures
        self._thread = thread
        self._executor = executor
        self._places = threading.BoundedSemaphore(MOST_WAITING)
        self._told: LRUCache[tuple[str, str, str], bool] = LRUCache(MOST_REMEMBERED)

    def told(self, story: Story, line: Line, message_ts: str, *, maybe_before: bool) -> None:
        """An event's reply is in the thread, perhaps for the second time. Never waits, and never raises."""
        refs = tuple(ref for ref in _messages_of(line.entry.event) if ref.digest)
        if not refs or not self._places.acquire(blocking=False):
            return
        try:
            # Only the first event has a thread in which no earlier process can have been at work.
            look_first = maybe_before or line.entry.seq > 1
            self._executor.submit(self._show_all, story.place.channel, message_ts, refs, look_first)
        except RuntimeError:  # the bot is stopping
            self._places.release()

    def _show_all(self, channel: str, message_ts: str, refs: tuple[MessageRef, ...], look_first: bool) -> None:
        try:
            for html in filter(None, map(self._html, refs)):
                self._show(channel, message_ts, html, look_first)
        except NotPublished as trouble:
            log.warning("a picture did not reach the thread: %s", trouble.cause)
        except Exception:
            log.exception("a picture could not be put into the thread")
        finally:
            self._places.release()

    def _show(self, channel: str, message_ts: str, html: str, look_first: bool) -> None:
        key = digest_of(html)
        if (channel, message_ts, key) in self._told:
            return
        made = self._pictures(html)
        if isinstance(made, NoPicture) and made.failure is Failure.NOT_INSTALLED:
            return  # A team that has chosen to do without is not told so under every launch.
        # Before it is posted: of a posting that broke off, nobody knows whether it arrived.
        self._told[channel, message_ts, key] = True
        if isinstance(made, NoPicture):
            self._thread.post_none(channel, message_ts, made)
        elif not (look_first and self._thread.is_there(channel, message_ts, key)):
            self._thread.post(channel, message_ts, key, made)

    def _html(self, ref: MessageRef) -> str:
        message = self._messages.find(ref)
        email = message.channel(EMAIL) if isinstance(message, Message) else None
        return email.text("html") if email else ""


def _messages_of(event: Event) -> tuple[MessageRef, ...]:
    match event:
        case Requested(preview=preview) | Voided(preview=preview) | Edited(asked=Requested(preview=preview)):
            return preview.messages
        case _:
            return ()
