"""One preview of a campaign and its audience: the platform's answers, gathered side by side until a deadline."""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeVar

from bot.altcraft.client import AltcraftClient, PlatformError, PlatformRefused, Segment
from bot.altcraft.messages import MessagesReading
from bot.altcraft.prefetch import Read
from bot.campaign.campaign import Absent, Audience, Campaign, MessageRef, Preview, SizeBasis
from bot.campaign.request import Source, SourceKind
from bot.message.message import MaybeMessage
from bot.phrase import Phrase, joined

NAME_WAIT = 0.5
"""Seconds that a preview waits for a database's name, which only the full list tells."""

_T = TypeVar("_T")

log = logging.getLogger(__name__)


class PreviewReading:
    """One preview: its deadline, and the problems met so far.

    `listed_name` tells a source's name from the lists, after so many seconds at most; `kept` keeps a message.
    """

    def __init__(
        self,
        client: AltcraftClient,
        readers: ThreadPoolExecutor,
        seconds: float,
        listed_name: Callable[[Source, float], str],
        kept: Callable[[MaybeMessage], MessageRef],
    ) -> None:
        self._client = client
        self._readers = readers
        self._deadline = time.monotonic() + seconds
        self._listed_name = listed_name
        self._kept = kept
        self._messages: MessagesReading | None = None
        self._problems: list[Phrase] = []
        self._failed = False
        self._missing: list[Absent] = []
        self._begun: dict[Read, Future[Any]] = {}
        self._needed: dict[Read, None] = {}

    @property
    def needed(self) -> tuple[Read, ...]:
        """The reads that the preview took."""
        return tuple(self._needed)

    def begin(self, reads: Sequence[Read]) -> None:
        """Begins reads that the preview will probably take, instead of one after the other's answer."""
        for read in reads:
            self._begun[read] = self._submit(read)

    def preview(self, campaign_id: int, source: Source | None, *, with_labels: bool) -> Preview:
        early_segment = self._ask_segment(source)
        listed = self._ask(self._client.listed, campaign_id) if with_labels else None
        campaign = self._campaign(campaign_id)
        if campaign:
            self._messages = MessagesReading(campaign, lambda template: self._ask(self._client.template, template))
        if listed and campaign:
            campaign = self._labelled(campaign, listed)
        asked_for = source
        source = source or (campaign.default_source if campaign else None)
        if source is None:
            if campaign:
                silent = Phrase("The platform did not say which audience campaign {id} goes to.", id=str(campaign_id))
                self._problems.append(silent)
            return self._found(campaign, None)
        # Only what was asked for can be mended in the request; the campaign's own audience is the platform's.
        segment = self._segment(source, early_segment, Absent.SOURCE if asked_for else None)
        return self._found(campaign, self._audience(campaign, source, segment))

    def _found(self, campaign: Campaign | None, audience: Audience | None) -> Preview:
        messages = self._messages.messages(self._left) if self._messages else ()
        return Preview(
            campaign=campaign,
            audience=audience,
            problems=tuple(self._problems),
            failed=self._failed,
            missing=tuple(self._missing),
            messages=tuple(map(self._kept, messages)),
        )

    def _campaign(self, campaign_id: int) -> Campaign | None:
        campaign = self._answer(
            self._ask(self._client.campaign, campaign_id),
            Phrase("Campaign {id} could not be read.", id=str(campaign_id)),
            Phrase("Check its id, and that the token may see it."),
            absent=Absent.CAMPAIGN,
        )
        if campaign is None or _is_complete(campaign):
            return campaign
        more = {"broadcast": self._client.broadcast, "regular": self._client.regular}.get(campaign.kind)
        if more is None:
            return campaign
        details = self._answer(
            self._ask(more, campaign_id),
            Phrase("The channel and audience settings of campaign {id} could not be read.", id=str(campaign_id)),
        )
        return _merged(campaign, details) if details else campaign

    def _labelled(self, campaign: Campaign, asked: "Future[Campaign | None]") -> Campaign:
        listed = self._answer(
            asked, Phrase("The tags and groups of campaign {id} could not be read.", id=str(campaign.id))
        )
        return replace(campaign, tags=listed.tags, groups=listed.groups) if listed else campaign

    def _segment(self, source: Source, asked: "Future[Segment] | None", absent: Absent | None) -> Segment | None:
        asked = asked or self._ask_segment(source)
        if asked is None:
            return None
        unread = Phrase("Segment {id} could not be read.", id=str(source.id))
        return self._answer(asked, unread, Phrase("Check its id."), absent=absent)

    def _audience(self, campaign: Campaign | None, source: Source, segment: Segment | None) -> Audience:
        name = segment.name if segment else self._listed_name(source, min(NAME_WAIT, self._left()))
        known = Audience(source=source, name=name, definition=segment.definition if segment else "")
        size = self._sendable(campaign, source, segment)
        if size is not None:
            return replace(known, size=size, basis=SizeBasis.SENDABLE)
        if segment and segment.count is not None:
            return replace(known, size=segment.count, basis=SizeBasis.PROFILES)
        self._problems.append(Phrase("The size of the audience ({source}) is not known.", source=_named(source)))
        return known

    def _sendable(self, campaign: Campaign | None, source: Source, segment: Segment | None) -> int | None:
        """The campaign's channel in the source's counters; None without a channel or a resource to count for."""
        if campaign is None or not campaign.channel or campaign.resource_id is None:
            return None
        if source.kind is SourceKind.LIST:
            asked = self._ask(self._client.database_counters, source.id, campaign.resource_id)
        else:
            asked = self._ask(self._client.segment_counters, source.id, campaign.resource_id, _only_database(segment))
        counters = self._answer(asked, Phrase("The counters of {source} could not be read.", source=_named(source)))
        return counters.get(campaign.channel) if counters is not None else None

    def _left(self) -> float:
        return max(0.0, self._deadline - time.monotonic())

    def _ask_segment(self, source: Source | None) -> "Future[Segment] | None":
        if source is None or source.kind is not SourceKind.SEGMENT:
            return None
        return self._ask(self._client.segment, source.id)

    def _ask(self, read: Callable[..., _T], *arguments: object) -> "Future[_T]":
        wanted: Read = (read, arguments)
        self._needed[wanted] = None
        if wanted not in self._begun:
            self._begun[wanted] = self._submit(wanted)
        return self._begun[wanted]

    def _submit(self, wanted: Read) -> "Future[Any]":
        read, arguments = wanted
        try:
            return self._readers.submit(read, *arguments)
        except RuntimeError:
            # The directory was closed in the meantime.
            ended: Future[Any] = Future()
            ended.cancel()
            return ended

    def _answer(
        self, asked: "Future[_T]", problem: Phrase, advice: Phrase | None = None, absent: Absent | None = None
    ) -> _T | None:
        """What was read; else None, with the problem noted. `absent` is what a plain no means to be missing."""
        try:
            return asked.result(timeout=self._left())
        except PlatformRefused as refused:
            said = [problem, refused.sentence, *([advice] if advice else [])]
            self._problems.append(joined(" ", said))
            if absent and refused.says_no:
                self._missing.append(absent)
            # A plain answer, though not the one that was hoped for.
            return None
        except PlatformError as error:
            self._problems.append(joined(" ", [problem, error.sentence]))
        except TimeoutError:
            asked.cancel()
            self._problems.append(joined(" ", [problem, Phrase("The platform took too long to answer.")]))
        except CancelledError:
            self._problems.append(joined(" ", [problem, Phrase("The bot is stopping.")]))
        except Exception:
            log.exception("a read for a preview failed unexpectedly")
            wrong = Phrase("Something unexpected went wrong, and was logged.")
            self._problems.append(joined(" ", [problem, wrong]))
        self._failed = True
        return None


def _is_complete(campaign: Campaign) -> bool:
    return bool(campaign.channel and campaign.default_source and campaign.resource_id)


def _named(source: Source) -> Phrase:
    """As people call it."""
    if source.kind is SourceKind.LIST:
        return Phrase("database {name}", name=str(source.id))
    return Phrase("segment {name}", name=str(source.id))


def _merged(campaign: Campaign, details: Campaign) -> Campaign:
    return replace(
        campaign,
        channel=campaign.channel or details.channel,
        default_source=campaign.default_source or details.default_source,
        resource_id=campaign.resource_id or details.resource_id,
        content=campaign.content or details.content,
    )


def _only_database(segment: Segment | None) -> int | None:
    """The counters take one database, and the guide does not say which of several it should be."""
    return segment.database_ids[0] if segment and len(segment.database_ids) == 1 else None
