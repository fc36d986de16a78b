"""Checks what a launch sends, as it was read and with the values that the launch gives."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Protocol

from cachetools import FIFOCache

from bot.campaign.campaign import MessageRef, Preview, audience_of
from bot.campaign.numbers import written
from bot.campaign.request import ActivationRequest, LaunchId, Source
from bot.message.checks import checks
from bot.message.finding import Asked, CheckSettings, Sent
from bot.message.message import Messages
from bot.message.report import Report, report
from bot.message.text import versions

MOST_KEPT = 200
"""Reports that stay at hand: a form is checked again at each key that is pressed in it."""


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
    """`messages` are those that were read so far, `now` is the record's clock."""

    def __init__(self, messages: Messages, find_sent: FindSent, now: Callable[[], datetime]) -> None:
        self.messages = messages
        self._find_sent = find_sent
        self._now = now
        self._kept: FIFOCache[_Subject, Report] = FIFOCache(MOST_KEPT)
        self._lock = threading.Lock()

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
        # Reading a large HTML takes long; the checks and the report look at the same.
        read = cache(versions)
        return report(messages, checks(asked, subject.settings, read), read)
