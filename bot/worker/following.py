"""Follows a launch after its acceptance: to its run's end, or where it only activates, to the campaign's schedule."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from cachetools import FIFOCache

from bot.altcraft.client import AltcraftClient, PlatformError, PlatformRefused, Status
from bot.campaign.request import LaunchId
from bot.campaign.schedule import ScheduleRead
from bot.journal.journal import Journal
from bot.journal.queue import Queue
from bot.launch.commands import Observe
from bot.launch.run import FollowingStopped, LogUnread, RunCompleted, RunEnded, RunHalted, RunStarted
from bot.launch.state import Launch
from bot.launch.stoppable import is_stopping
from bot.launch.timing import FIRST_LOOKS, LOOK_FOR, wait_after
from bot.policy.policy import FOLLOW_FOR, Policy, PolicyUnreadable
from bot.policy.refusals import Refused
from bot.worker.runs import mark_of, read_run

UNREAD_LOOKS = 4
"""At how many looks in a row the log must have been unreadable before anybody is told."""

SURE_LOOKS = 2
"""At how many looks in a row the campaign must have been found switched off: its log may lag behind."""

MOST_REMEMBERED = 1000

log = logging.getLogger(__name__)


class Streaks:
    """How often in a row something was found about a launch. Kept in memory: forgotten, it costs a few more looks."""

    def __init__(self) -> None:
        self._found: FIFOCache[LaunchId, tuple[str, int]] = FIFOCache(MOST_REMEMBERED)
        self._lock = threading.Lock()

    def in_a_row(self, launch_id: LaunchId, what: str) -> int:
        """Notes what this look has found, "" for nothing that needs a second one; gives how often in a row by now."""
        with self._lock:
            before, times = self._found.pop(launch_id, ("", 0))
            if not what:
                return 0
            times = times + 1 if before == what else 1
            self._found[launch_id] = (what, times)
            return times


class Follow:
    """Looks at the campaign's log and status, less and less often. `policy` raises PolicyUnreadable."""

    def __init__(self, journal: Journal, queue: Queue, platform: AltcraftClient, policy: Callable[[], Policy]) -> None:
        self._journal = journal
        self._queue = queue
        self._platform = platform
        self._policy = policy
        self._streaks = Streaks()

    def follow(self, launch: Launch) -> None:
        """Notes the run's start and end, or that it cannot go on; looks again later while there is no end."""
        if self._journal.now() - launch.moved_at > (LOOK_FOR if launch.request.is_test else self._bound()):
            self._journal.execute(launch.id, Observe(FollowingStopped()))
            return
        try:
            entries = self._platform.log(launch.target, from_time=mark_of(launch))
        except PlatformError as error:
            log.warning("the log was not readable: %s", error, extra={"launch_id": launch.id})
            self._unread(launch, error)
            return
        begin, end = read_run(entries, mark_of(launch))
        launch = self._note(launch, begin if launch.run is None else None)
        if end:
            self._streaks.in_a_row(launch.id, "")
            self._note(launch, end)
        elif not self._without_an_end(launch):
            self._again_later(launch)

    def read_schedule(self, launch: Launch) -> None:
        """Notes when a campaign that was only activated starts by itself."""
        campaign_id = launch.request.campaign_id
        known = launch.preview.campaign
        try:
            kind = known.kind if known and known.kind else self._platform.campaign(campaign_id).kind
            read = ScheduleRead(self._platform.schedule(campaign_id, kind))
        except PlatformError as error:
            if not isinstance(error, PlatformRefused) and self._journal.now() - launch.moved_at < LOOK_FOR:
                self._again_later(launch)
                return
            read = ScheduleRead(None, error.sentence)
        self._journal.execute(launch.id, Observe(read))

    def _without_an_end(self, launch: Launch) -> bool:
        """Whether the campaign's status shows at a second look what the log does not: that nothing runs any more."""
        status = self._status(launch)
        found = _found(launch, status) if status else ""
        times = self._streaks.in_a_row(launch.id, found)
        if status is None or not found or times < SURE_LOOKS:
            return False
        over = RunCompleted(status.status) if found == "completed" else RunHalted(status.status)
        return not isinstance(self._journal.execute(launch.id, Observe(over)), Refused)

    def _status(self, launch: Launch) -> Status | None:
        try:
            return self._platform.status(launch.target)
        except PlatformError as error:
            log.warning("the status was not readable: %s", error, extra={"launch_id": launch.id})
            return None

    def _unread(self, launch: Launch, error: PlatformError) -> None:
        times = self._streaks.in_a_row(launch.id, "unread")
        if times >= UNREAD_LOOKS and launch.log_unread is None:
            self._note(launch, LogUnread(error.sentence))
        self._again_later(launch)

    def _note(self, launch: Launch, event: RunStarted | RunEnded | LogUnread | None) -> Launch:
        changed = self._journal.execute(launch.id, Observe(event)) if event else launch
        return launch if isinstance(changed, Refused) else changed

    def _bound(self) -> timedelta:
        try:
            return self._policy().follow_for
        except PolicyUnreadable:
            return FOLLOW_FOR

    def _again_later(self, launch: Launch) -> None:
        now = self._journal.now()
        # Where something has moved it on meanwhile, that has said when it is due.
        self._queue.postpone(launch.id, launch.version, _next_look(launch, now))


def _next_look(launch: Launch, now: datetime) -> datetime:
    return now + wait_after(launch.moved_at, now, FIRST_LOOKS)


def _found(launch: Launch, status: Status) -> str:
    """What the status says about an end; "" where it says nothing."""
    campaign = launch.preview.campaign
    if status.is_completed and campaign is not None and campaign.is_completed is False:
        return "completed"
    return "off" if status.is_active is False and not is_stopping(launch) else ""
