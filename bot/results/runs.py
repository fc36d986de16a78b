"""To which run of its campaign an event belongs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from bot.campaign.request import LaunchId
from bot.results.hooks import HookEvent

STARTS_WITHIN = timedelta(hours=1)
"""How long after our call the platform may date the start of its run."""

CLOCKS_APART = timedelta(minutes=1)
"""How far the platform's clock may be behind ours."""

MOST_IDS = 1000
"""Of the platform's ids of runs that are kept read: one for each run that sends now."""

_LAUNCH_ID = re.compile(r"[0-9a-fA-F]{24}")


@dataclass(frozen=True)
class Run:
    """A launch whose events are counted. `since` is when its call began."""

    launch_id: LaunchId
    campaign_id: int
    since: datetime


@dataclass(frozen=True)
class Start:
    """What a platform's launch id reads as."""

    account_id: int
    campaign_id: int
    at: datetime


class Belongs(NamedTuple):
    """The run under which an event is counted.

    With `elsewhere` the event names another start of the campaign, so that it counts for none. With `ambiguous` only
    its time speaks for this run, while an earlier one is still followed.
    """

    run: Run
    ambiguous: bool = False
    elsewhere: bool = False


@lru_cache(MOST_IDS)
def read_launch_id(text: str) -> Start | None:
    """Three hexadecimal numbers of eight digits: account, campaign, seconds since 1970. None where it is no such."""
    if not _LAUNCH_ID.fullmatch(text):
        return None
    account, campaign, seconds = (int(text[first : first + 8], 16) for first in (0, 8, 16))
    return Start(account, campaign, datetime.fromtimestamp(seconds, UTC))


def started_at(event: HookEvent) -> datetime | None:
    """When the event's run was started, by its launch id: only where that agrees with its account and campaign."""
    named = event.platform_launch_id
    start = read_launch_id(named) if named else None
    if start is None or (start.account_id, start.campaign_id) != (event.account_id, event.campaign_id):
        return None
    return start.at


def belongs(event: HookEvent, runs: Sequence[Run]) -> Belongs | None:
    """The run that the event counts for, of the followed ones of its campaign, oldest first; None for none of them.

    It depends on nothing that comes later: not on events, and not on runs that begin after it.
    """
    at = event.at
    begun = 0
    while begun < len(runs) and runs[begun].since <= at:
        begun += 1
    if not begun:
        return Belongs(runs[0]) if runs and runs[0].since - CLOCKS_APART <= at else None
    newest = runs[begun - 1]
    start = started_at(event)
    if start is None:
        return Belongs(newest, ambiguous=begun > 1)
    named = [run for run in runs[:begun] if -CLOCKS_APART <= start - run.since <= STARTS_WITHIN]
    return Belongs(named[-1]) if named else Belongs(newest, elsewhere=True)


def proves_start(event: HookEvent, called_at: datetime) -> bool:
    """Whether the event shows that its campaign was started after a call began; the event is the campaign's.

    Openings and clicks of an earlier run come for days, and so may a late delivery: such an event only proves what
    its launch id says.
    """
    if event.is_test:
        return False
    start = started_at(event)
    return start > called_at if start else event.kind.value == "send" and event.at > called_at
