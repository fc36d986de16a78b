"""What is known of a campaign and its audience before a launch: the platform's answers, gathered side by side."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from bot.altcraft.catalogue import Catalogue
from bot.altcraft.client import AltcraftClient
from bot.altcraft.prefetch import Prefetch
from bot.altcraft.preview_reading import PreviewReading
from bot.campaign.campaign import Campaign, Choice, MessageRef, Preview
from bot.campaign.request import Source, SourceKind
from bot.message.message import MaybeMessage, Message, MessageUnread, Unread, ref_of
from bot.phrase import Phrase

COLD_WAIT = 2.0
"""Seconds that a search may wait for a list's first reading; Slack gives three."""
PREVIEW_SECONDS = 10.0
SIDE_BY_SIDE = 16

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
        self._prefetch = Prefetch()
        self._campaigns = Catalogue("campaigns", lambda: _choices(client.campaigns()), clock)
        self._sources = {
            SourceKind.LIST: Catalogue("databases", client.databases, clock),
            SourceKind.SEGMENT: Catalogue("segments", client.segments, clock),
        }
        self._catalogues = (self._campaigns, *self._sources.values())

    def preview(self, campaign_id: int, source: Source | None) -> Preview:
        """Asks the platform now; what it does not say in time becomes a sentence in `problems`."""
        # Begins to read the databases' names, for the end of this preview or for the next one.
        self._sources[SourceKind.LIST].name_of(0, wait=0)
        reading = PreviewReading(self._client, self._readers, self._preview_seconds, self._name_of, self._kept)
        reading.begin(self._prefetch.of((campaign_id, source)))
        preview = reading.preview(campaign_id, source, with_labels=self._wants_labels())
        self._prefetch.note((campaign_id, source), reading.needed)
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

    def read_ahead(self) -> None:
        """Begins to read the lists, so that already the first form names what was typed. Waits for nothing."""
        for catalogue in self._catalogues:
            catalogue.last_name_of(0)

    def close(self) -> None:
        """Lets go of the lists' readers; reads that are under way end with the client's close."""
        for catalogue in self._catalogues:
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


def _choices(campaigns: Iterator[Campaign]) -> Iterator[Choice]:
    return (Choice(one.id, one.name, one.kind, one.is_active) for one in campaigns)
