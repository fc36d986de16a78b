"""What a launch's thread shows beside its replies: pictures of its e-mails, and one of its run's first day."""

import hashlib
import logging
from collections.abc import Callable, Iterator
from typing import Protocol

from bot.campaign.encoding import canonical
from bot.launch.events import Edited, Entry, Requested, Voided
from bot.launch.run import ResultsReported
from bot.launch.state import Launch
from bot.message.message import EMAIL, Message, Messages
from bot.picture.failures import Failure
from bot.picture.picture import Pictures
from bot.picture.reasons import NoPicture, no_picture
from bot.picture.renderer import digest_of
from bot.results.first_day import FirstDay

log = logging.getLogger(__name__)


class Exhibit(Protocol):
    """One kind of them."""

    def is_brought_by(self, entry: Entry) -> bool:
        """Whether there is something to show from that event on."""

    def show(self, launch: Launch, channel: str, message_ts: str) -> None:
        """Shows what is not there yet. Raises NotPublished where Slack does not take it, Unanswered where it may."""


class PictureThread(Protocol):
    """Where pictures go. Each method raises NotPublished where Slack does not take it, Unanswered where it may yet."""

    def is_there(self, channel: str, message_ts: str, key: str) -> bool: ...

    def post(self, channel: str, message_ts: str, key: str, pictures: Pictures) -> None: ...

    def post_none(self, channel: str, message_ts: str, key: str, none: NoPicture) -> None: ...


class ChartThread(Protocol):
    """Likewise."""

    def is_there(self, channel: str, message_ts: str, key: str) -> bool: ...

    def post(self, channel: str, message_ts: str, key: str, launch: Launch, day: FirstDay) -> None: ...


class Mails:
    """What the launch's e-mails look like."""

    def __init__(
        self, messages: Messages, pictures: Callable[[str], Pictures | NoPicture], thread: PictureThread
    ) -> None:
        self._messages = messages
        self._pictures = pictures
        self._thread = thread
        self._without_browser: set[str] = set()
        """Channels that know since this start that there is none: not each of their launches says so."""

    def is_brought_by(self, entry: Entry) -> bool:
        match entry.event:
            case Requested(preview=preview) | Voided(preview=preview) | Edited(asked=Requested(preview=preview)):
                return any(ref.digest for ref in preview.messages)
            case _:
                return False

    def show(self, launch: Launch, channel: str, message_ts: str) -> None:
        for html in self._mails(launch):
            self._show(channel, message_ts, html)

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


class FirstDays:
    """When the run's messages were delivered, opened and clicked."""

    def __init__(self, thread: ChartThread) -> None:
        self._thread = thread

    def is_brought_by(self, entry: Entry) -> bool:
        return isinstance(entry.event, ResultsReported) and entry.event.first_day is not None

    def show(self, launch: Launch, channel: str, message_ts: str) -> None:
        day = next((one.first_day for one in launch.results if one.first_day), None)
        if day is None:
            return
        key = hashlib.sha256(canonical([*day.delivered, *day.opened, *day.clicked]).encode()).hexdigest()
        if not self._thread.is_there(channel, message_ts, key):
            self._thread.post(channel, message_ts, key, launch, day)
