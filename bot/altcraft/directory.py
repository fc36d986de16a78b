"""What is known of a campaign and its audience before a launch: the platform's answers, gathered side by side."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeVar

from bot.altcraft.catalogue import Catalogue
from bot.altcraft.client import AltcraftClient, PlatformError, PlatformRefused, Segment
from bot.altcraft.habits import Habits, Read
from bot.altcraft.messages import MessagesReading
from bot.campaign.campaign import Absent, Audience, Campaign, Choice, MessageRef, Preview, SizeBasis
from bot.campaign.request import Source, SourceKind
from bot.message.message import MaybeMessage, Message, MessageUnread, Unread, ref_of
from bot.phrase import Phrase, joined

COLD_WAIT = 2.0
"""Seconds that a search may wait for a list's first reading; Slack gives three."""
NAME_WAIT = 0.5
"""Seconds that a preview waits for a database's name, which only the full list tells."""
PREVIEW_SECONDS = 10.0
SIDE_BY_SIDE = 16

_T = TypeVar("_T")

log = logging.getLogger(__name__)


class PlatformDirectory:
    """Implements bot.campaign.campaign.Directory.

    `wants_labels` says whether anybody goes by campaigns' tags and access groups, which take a read of their own.
    `keep` stores a message under its digest: whatever a preview refers to can be read again, however long after.
    `clock` counts seconds for the lists' ages; `preview_seconds` bounds a whole preview, `cold_wait` a search.
    """

    def __init__(
        self,
        client: AltcraftClient,
        keep: Callable[[Message], None],
        clock: Callable[[], float] = time.monotonic,
        *,
        wants_labels: Callable[[], bool] = lambda: False,
        preview_seconds: float = PREVIEW_SECONDS,
        cold_wait: float = COLD_WAIT,
    ) -> None:
        self._client = client
        self._keep = keep
        self._wants_labels = wants_labels
        self._preview_seconds = preview_seconds
        self._cold_wait = cold_wait
        self._readers = ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="preview")
        self._habits = Habits()
        self._campaigns = Catalogue("campaigns", lambda: _choices(client.campaigns()), clock)
        self._sources = {
            SourceKind.LIST: Catalogue("databases", client.databases, clock),
            SourceKind.SEGMENT: Catalogue("segments", client.segments, clock),
        }

    def preview(self, campaign_id: int, source: Source | None) -> Preview:
        """Asks the platform now; what it does not say in time becomes a sentence in `problems`."""
        # Begins to read the databases' names, for the end of this preview or for the next one.
        self._sources[SourceKind.LIST].name_of(0, wait=0)
        inquiry = _Inquiry(self._client, self._readers, self._preview_seconds, self._name_of, self._kept)
        inquiry.begin(self._habits.of((campaign_id, source)))
        preview = inquiry.preview(campaign_id, source, with_labels=self._wants_labels())
        self._habits.note((campaign_id, source), inquiry.needed)
        return preview

    def find_campaigns(self, text: str, limit: int = 100) -> Sequence[Choice]:
        return self._campaigns.search(text, limit, self._cold_wait)

    def all_campaigns(self, text: str) -> tuple[Sequence[Choice], float] | None:
        """All that find_campaigns would find, and the list's age in seconds; None where it is not read."""
        return self._campaigns.matching(text, self._cold_wait)

    def find_sources(self, kind: SourceKind, text: str, limit: int = 100) -> Sequence[Choice]:
        return self._sources[kind].search(text, limit, self._cold_wait)

    def listed_name(self, what: int | Source) -> str:
        if isinstance(what, int):
            return self._campaigns.last_name_of(what)
        return self._sources[what.kind].last_name_of(what.id)

    def close(self) -> None:
        """Lets go of the lists' readers; reads that are under way end with the client's close."""
        for catalogue in (self._campaigns, *self._sources.values()):
            catalogue.close()
        self._readers.shutdown(wait=False, cancel_futures=True)

    def _kept(self, read: MaybeMessage) -> MessageRef:
        if isinstance(read, MessageUnread):
            return ref_of(read)
        try:
            self._keep(read)
        except Exception:
            # The database's own errors are not known here; and what is not kept could not be shown to anybody.
            log.exception("a message could not be kept")
            lost = Phrase("The message was read, but the bot's database did not take it.")
            return ref_of(MessageUnread(Unread.NOT_ANSWERED, lost, read.item.message_id))
        return ref_of(read)

    def _name_of(self, source: Source, wait: float) -> str:
        return self._sources[source.kind].name_of(source.id, wait)


class _Inquiry:
    """One preview: its deadline, and the problems met so far."""

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


def _choices(campaigns: Iterator[Campaign]) -> Iterator[Choice]:
    return (Choice(one.id, one.name, one.kind, one.is_active) for one in campaigns)


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
