"""Shows in a launch's thread what its e-mail looks like, beside everything else that is told there."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Protocol

from bot.campaign.request import LaunchId
from bot.journal.journal import Journal
from bot.journal.queue import Queue
from bot.launch.events import Edited, Entry, Requested, Voided
from bot.launch.state import Launch
from bot.launch.story import NotPublished, Story, Unanswered
from bot.launch.timing import wait_after
from bot.message.message import EMAIL, Message, Messages
from bot.picture.failures import Failure
from bot.picture.picture import Pictures
from bot.picture.reasons import NoPicture, no_picture
from bot.picture.renderer import digest_of

LONGEST_WAIT = timedelta(hours=1)
"""Between two tries to put a picture into a thread."""

LATEST = timedelta(days=1)
"""For how long after a launch came into its state a picture is tried: nobody decides by it any more."""

WITHOUT_CARD = timedelta(seconds=10)
"""Until the next look, where somebody has deleted the card and it is not there again."""

log = logging.getLogger(__name__)


class PictureThread(Protocol):
    """Where pictures go. Each method raises NotPublished where Slack does not take it, Unanswered where it may yet."""

    def is_there(self, channel: str, message_ts: str, key: str) -> bool: ...

    def post(self, channel: str, message_ts: str, key: str, pictures: Pictures) -> None: ...

    def post_none(self, channel: str, message_ts: str, key: str, none: NoPicture) -> None: ...


class Picturing:
    """Works the lane of pictures, one launch at a time: has the e-mail's pictures made, and puts them into the thread.

    Nothing is noted of a posting: before each, the thread is looked through.
    """

    def __init__(
        self,
        journal: Journal,
        queue: Queue,
        messages: Messages,
        pictures: Callable[[str], Pictures | NoPicture],
        thread: PictureThread,
    ) -> None:
        self._journal = journal
        self.queue = queue
        self._messages = messages
        self._pictures = pictures
        self._thread = thread
        self._without_browser: set[str] = set()
        """Channels that know since this start that there is none: not each of their launches says so."""

    def asked_by(self, entry: Entry) -> bool:
        """Whether the event brings messages; the launch is due then."""
        if not _brings_messages(entry):
            return False
        self.queue.make_due(entry.launch_id)
        return True

    def show(self, launch_id: LaunchId) -> None:
        """Shows the e-mails that the launch sends as it stands now, unless its thread shows them already."""
        story = self._journal.story(launch_id)
        if story is None:
            return
        try:
            until = self._shown_until(story)
        except Unanswered as trouble:
            self.queue.postpone(launch_id, story.launch.version, self._next_try(story.launch, trouble))
            self.queue.let_settle(launch_id)
            return
        self.queue.postpone(launch_id, story.launch.version, until)

    def _shown_until(self, story: Story) -> datetime | None:
        """When to try again, None where all is shown. Raises Unanswered where something may still be on its way."""
        message_ts = story.place.message_ts
        if message_ts is None:
            return self._journal.now() + WITHOUT_CARD
        try:
            for html in self._mails(story.launch):
                self._show(story.place.channel, message_ts, html)
        except Unanswered:
            raise
        except NotPublished as trouble:
            return self._next_try(story.launch, trouble)
        return None

    def _show(self, channel: str, message_ts: str, html: str) -> None:
        key = digest_of(html)
        if self._thread.is_there(channel, message_ts, key):
            return
        made = self._made(html)
        without_browser = isinstance(made, NoPicture) and made.failure is Failure.NOT_INSTALLED
        if without_browser and channel in self._without_browser:
            return
        if isinstance(made, NoPicture):
            self._thread.post_none(channel, message_ts, key, made)
        else:
            self._thread.post(channel, message_ts, key, made)
        if without_browser:
            self._without_browser.add(channel)

    def _made(self, html: str) -> Pictures | NoPicture:
        try:
            return self._pictures(html)
        except Exception:
            # A mail that breaks this would break it at each try.
            log.exception("a picture could not be made")
            return no_picture(Failure.CRASHED)

    def _mails(self, launch: Launch) -> Iterator[str]:
        for ref in launch.preview.messages:
            message = self._messages.find(ref)
            email = message.channel(EMAIL) if isinstance(message, Message) else None
            html = email.text("html") if email else ""
            if html:
                yield html

    def _next_try(self, launch: Launch, trouble: NotPublished) -> datetime | None:
        now = self._journal.now()
        if now - launch.moved_at > LATEST:
            log.warning("a picture is given up: %s", trouble.cause, extra={"launch_id": launch.id})
            return None
        if trouble.retry_after is None:
            wait = wait_after(launch.moved_at, now, most=LONGEST_WAIT)
        else:
            wait = timedelta(seconds=trouble.retry_after)
        log.warning(
            "Slack did not take a picture (%s); trying again in %.0f s",
            trouble.cause,
            wait.total_seconds(),
            extra={"launch_id": launch.id},
        )
        return now + wait


def _brings_messages(entry: Entry) -> bool:
    match entry.event:
        case Requested(preview=preview) | Voided(preview=preview) | Edited(asked=Requested(preview=preview)):
            return any(ref.digest for ref in preview.messages)
        case _:
            return False
