"""Checks what a launch sends, as it was read and with the values that the launch gives."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from cachetools import FIFOCache, LRUCache, cached

from bot.campaign.campaign import MessageRef, Preview, audience_of
from bot.campaign.encoding import sha256_of
from bot.campaign.numbers import written
from bot.campaign.request import ActivationRequest, LaunchId, Source
from bot.message.checks import checks
from bot.message.finding import Asked, CheckSettings, Sent
from bot.message.message import Channel, Messages
from bot.message.report import Report, report
from bot.message.text import Read, Readable, versions

MOST_KEPT = 200
"""Reports that stay at hand: a form is checked again at each key that is pressed in it."""


MOST_READ = 2**20
"""Characters of messages' texts that stay at hand: to read a large HTML takes longer than all that follows."""


class FindSent(Protocol):
    """Finds what went to an audience since a moment, but by that launch."""

    def __call__(self, but: LaunchId, audience: Source, since: datetime) -> tuple[Sent, ...]: ...


@dataclass(frozen=True)
class _Subject:
    """All that a report depends on."""

    messages: tuple[MessageRef, ...]
    content: str
    audience: Source | None
    size: int | None
    settings: CheckSettings
    earlier: tuple[Sent, ...]
    minute: datetime | None


class Checking:
    """`messages` are those that were read so far, `now` is the record's clock, `read` makes a message readable."""

    def __init__(
        self, messages: Messages, find_sent: FindSent, now: Callable[[], datetime], read: Read = versions
    ) -> None:
        self.messages = messages
        self._find_sent = find_sent
        self._now = now
        self._kept: FIFOCache[_Subject, Report] = FIFOCache(MOST_KEPT)
        self._lock = threading.Lock()
        self.read = _remembering(read)

    def report(self, but: LaunchId, request: ActivationRequest, preview: Preview, settings: CheckSettings) -> Report:
        """What is sent and what its checks find. It is empty for a preview that tells no messages."""
        if not preview.messages:
            return Report()
        subject = self._subject(but, request, preview, settings)
        with self._lock:
            kept = self._kept.get(subject)
        if kept is None:
            kept = self._made(subject, request)
            with self._lock:
                self._kept[subject] = kept
        return kept

    def _subject(
        self, but: LaunchId, request: ActivationRequest, preview: Preview, settings: CheckSettings
    ) -> _Subject:
        audience, minute = audience_of(request, preview), None
        earlier: tuple[Sent, ...] = ()
        if settings.repeat_days and audience:
            minute = self._now().replace(second=0, microsecond=0)
            earlier = self._find_sent(but, audience, minute - timedelta(days=settings.repeat_days))
        size = preview.audience.size if preview.audience else None
        content = written(dict(request.content or {}), ordered=True)
        return _Subject(preview.messages, content, audience, size, settings, earlier, minute)

    def _made(self, subject: _Subject, request: ActivationRequest) -> Report:
        messages = tuple(map(self.messages.find, subject.messages))
        asked = Asked(
            messages=messages,
            now=subject.minute or self._now(),
            content=request.content or {},
            audience=subject.audience,
            size=subject.size,
            earlier=subject.earlier,
        )
        return report(messages, checks(asked, subject.settings, self.read), self.read)


def _remembering(read: Read) -> Read:
    """The same, that reads the same channel once, for the checks and the report, and for whatever is typed later."""
    kept: LRUCache[str, tuple[Readable, ...]] = LRUCache(MOST_READ, getsizeof=_characters)
    return cached(kept, key=_digest, lock=threading.Lock())(read)


def _characters(read: tuple[Readable, ...]) -> int:
    return sum(len(one.text) + sum(len(link.address) + len(link.text) for link in one.links) for one in read)


def _digest(channel: Channel) -> str:
    return sha256_of([channel.sid, dict(channel.fields)])
