"""What the platform tells about its campaigns for people who look: the list, and how one of them stands."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from bot.altcraft.client import AltcraftClient, LogEntry, PlatformError
from bot.altcraft.directory import PlatformDirectory
from bot.campaign.campaign import Campaign, Preview
from bot.campaign.overview import LIST_PAGE, Campaigns, CampaignStatus, Listing, RunTold
from bot.campaign.schedule import Schedule
from bot.phrase import Phrase, joined

LOG_WINDOW = timedelta(days=31)
"""How far back a log is read: which end a limit cuts off is not documented, so a long log is never asked for."""

SECONDS = 15.0
"""For everything that is read beside the preview; its own time is bounded as well."""

_T = TypeVar("_T")

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class PlatformOverview:
    """The platform's answers to an Overview. `side_by_side` runs the reads of one standing; `now` tells the time."""

    _client: AltcraftClient
    _directory: PlatformDirectory
    _side_by_side: Executor
    _now: Callable[[], datetime]

    def campaigns(self, listing: Listing, below: int | None = None, above: int | None = None) -> Campaigns | None:
        found = self._directory.all_campaigns(listing.text)
        if found is None:
            return None
        choices, age = found
        kept = [one for one in choices if one.is_active is True] if listing.only_active else list(choices)
        kept.sort(key=lambda one: -one.id)
        begin = _begin([one.id for one in kept], below, above)
        page = tuple(kept[begin : begin + LIST_PAGE])
        return Campaigns(
            choices=page,
            matching=len(kept),
            first=begin + 1 if page else 0,
            age=age,
            before=page[0].id if page and begin else None,
            after=page[-1].id if begin + len(page) < len(kept) else None,
        )

    def standing(self, campaign_id: int) -> CampaignStatus:
        since = self._now() - LOG_WINDOW
        entries = self._side_by_side.submit(self._client.log, campaign_id, from_time=since)
        preview = self._directory.preview(campaign_id, None)
        problems: list[Phrase] = []
        preview = replace(preview, campaign=self._with_status(preview.campaign, problems))
        schedule = self._schedule(campaign_id, preview, problems)
        told = _answer(entries, Phrase("The campaign's log could not be read."), problems)
        return CampaignStatus(
            campaign_id=campaign_id,
            preview=preview,
            schedule=schedule,
            run=_last_run(told or ()),
            log_read=told is not None,
            log_since=since,
            problems=tuple(problems),
        )

    def _with_status(self, campaign: Campaign | None, problems: list[Phrase]) -> Campaign | None:
        """Not every edition tells the status together with the campaign."""
        if campaign is None or (campaign.status and campaign.is_completed is not None):
            return campaign
        asked = self._side_by_side.submit(self._client.status, campaign.id)
        told = _answer(asked, Phrase("The campaign's status could not be read."), problems)
        if told is None:
            return campaign
        return replace(campaign, status=told.status, is_active=told.is_active, is_completed=told.is_completed)

    def _schedule(self, campaign_id: int, preview: Preview, problems: list[Phrase]) -> Schedule | None:
        """Only broadcasts and regular campaigns tell one."""
        kind = preview.campaign.kind if preview.campaign else ""
        if kind not in {"broadcast", "regular"}:
            return None
        asked = self._side_by_side.submit(self._client.schedule, campaign_id, kind)
        return _answer(asked, Phrase("The campaign's schedule could not be read."), problems)


def _begin(ids: Sequence[int], below: int | None, above: int | None) -> int:
    """Where a page begins in ids that fall. A mark that is gone meanwhile still divides them."""
    if below is not None:
        return sum(one >= below for one in ids)
    if above is not None:
        return max(0, sum(one > above for one in ids) - LIST_PAGE)
    return 0


def _answer(asked: "Future[_T]", problem: Phrase, problems: list[Phrase]) -> _T | None:
    try:
        return asked.result(timeout=SECONDS)
    except PlatformError as error:
        problems.append(joined(" ", [problem, error.sentence]))
    except TimeoutError:
        asked.cancel()
        problems.append(joined(" ", [problem, Phrase("The platform took too long to answer.")]))
    except Exception:
        log.exception("a read for an overview failed unexpectedly")
        problems.append(joined(" ", [problem, Phrase("Something unexpected went wrong, and was logged.")]))
    return None


def _last_run(entries: Sequence[LogEntry]) -> RunTold | None:
    """The last start in the log and what followed it; entries come sorted by time."""
    starts = [at for at, entry in enumerate(entries) if entry.state == "start"]
    if not starts:
        return None
    run = entries[starts[-1] :]
    return RunTold(
        started_at=run[0].time,
        ended_at=next((entry.time for entry in run if entry.state == "end"), None),
        warnings=sum(entry.level.upper() == "WARNING" for entry in run),
        errors=sum(entry.level.upper() == "ERROR" for entry in run),
    )
