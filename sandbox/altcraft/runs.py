"""The stand-in platform's runs: each begins after a delay, sends for a while, and ends as its fate says."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.altcraft.objects import Campaign, Json, LogEntry, Source, go_duration, rfc3339

TICK_SECONDS = 0.5
"""How often a run that is sending tells the hub, so that the page's bar moves."""


@dataclass(frozen=True)
class Order:
    """What a run was asked for; `source` is the one in effect. A `limit` of None or 0 cuts nothing."""

    source: Source
    limit: int | None = None
    content: Json | None = None
    attach: tuple[object, ...] = ()
    request_id: str | None = None


@dataclass(frozen=True)
class Course:
    """How a run will go: `fate` is finish, fail or hang; times are in seconds."""

    fate: str
    seconds: float
    start_delay: float
    errors: int = 2


@dataclass
class Run:
    """`state` is running, finished, failed or aborted; `started` is empty until the log has its start entry."""

    id: int
    campaign_id: int
    campaign_name: str
    order: Order
    audience_size: int
    course: Course
    state: str = "running"
    started: datetime | None = None
    ended: datetime | None = None
    timer: asyncio.TimerHandle | None = field(default=None, repr=False)

    @property
    def to_send(self) -> int:
        return min(self.order.limit or self.audience_size, self.audience_size)

    def sent_so_far(self, now: datetime) -> int:
        """Return how many messages the run has made; one that fails or hangs gets half way."""
        if self.state == "finished":
            return self.to_send
        if self.started is None:
            return 0
        seconds = ((self.ended or now) - self.started).total_seconds()
        share = min(1.0, seconds / self.course.seconds) if self.course.seconds else 1.0
        return int(self.to_send * (share if self.course.fate == "finish" else min(share, 0.5)))

    def snapshot(self, now: datetime) -> Json:
        order = self.order
        return {
            "id": self.id,
            "campaign_id": self.campaign_id,
            "campaign_name": self.campaign_name,
            "source": f"{order.source.type}:{order.source.id}",
            "audience_size": self.audience_size,
            "limit": order.limit,
            "content": order.content,
            "attach_names": [_file_name(file) for file in order.attach],
            "state": self.state,
            "started": rfc3339(self.started) if self.started else None,
            "ended": rfc3339(self.ended) if self.ended else None,
            "sent_so_far": self.sent_so_far(now),
            "request_id": order.request_id,
        }


class Runs:
    """All runs, oldest first, and the timers that move them. Timers, not tasks: a closing loop just drops them."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        log: Callable[[int, LogEntry], None],
        changed: Callable[[], None],
        ended: Callable[[Run], None],
    ) -> None:
        self.all: list[Run] = []
        self._clock = clock
        self._log = log
        self._changed = changed
        self._ended = ended

    def going(self, campaign_id: int) -> list[Run]:
        return [run for run in self.all if run.campaign_id == campaign_id and run.state == "running"]

    def begin(self, campaign: Campaign, order: Order, audience_size: int, course: Course) -> Run:
        """Take a run on; its start entry follows after the delay. Needs a running event loop."""
        run = Run(len(self.all) + 1, campaign.id, campaign.name, order, audience_size, course)
        self.all.append(run)
        self._later(run, course.start_delay, self._start)
        return run

    def abort(self, campaign_id: int, *, log_end: bool) -> None:
        """End every run of the campaign at once; what was sent stays sent."""
        for run in self.going(campaign_id):
            if run.timer:
                run.timer.cancel()
            self._end(run, "aborted", log_end=log_end and run.started is not None)

    def _later(self, run: Run, seconds: float, step: Callable[[Run], None]) -> None:
        run.timer = asyncio.get_running_loop().call_later(seconds, step, run)

    def _start(self, run: Run) -> None:
        run.started = self._clock()
        self._log(run.campaign_id, LogEntry("INFO", "Begin campaign", run.started, "start"))
        self._changed()
        if run.course.fate != "hang":
            self._send_until(run, asyncio.get_running_loop().time() + run.course.seconds)

    def _send_until(self, run: Run, deadline: float) -> None:
        left = deadline - asyncio.get_running_loop().time()
        if left <= TICK_SECONDS:
            self._later(run, left, self._finish)
            return
        self._later(run, TICK_SECONDS, lambda going: self._tick(going, deadline))

    def _tick(self, run: Run, deadline: float) -> None:
        self._changed()
        self._send_until(run, deadline)

    def _finish(self, run: Run) -> None:
        if run.course.fate == "finish":
            self._end(run, "finished", log_end=True)
            return
        for number in range(run.course.errors):
            value = f"sender {number + 3}"
            self._log(run.campaign_id, LogEntry("ERROR", "Sending failed (made up)", self._clock(), "", value))
        self._end(run, "failed", log_end=True)

    def _end(self, run: Run, state: str, *, log_end: bool) -> None:
        run.state, run.ended, run.timer = state, self._clock(), None
        if log_end:
            spent = run.ended - run.started if run.started else timedelta()
            self._log(run.campaign_id, LogEntry("INFO", "Campaign finished", run.ended, "end"))
            self._log(run.campaign_id, LogEntry("INFO", "Total time spent", run.ended, "", go_duration(spent)))
        self._ended(run)
        self._changed()


def _file_name(file: object) -> str:
    """Return a name to show; the guide does not say under which key a file object carries it."""
    if not isinstance(file, dict):
        return str(file)[:80]
    return next((str(file[key]) for key in ("name", "file_name", "filename", "header", "file") if file.get(key)), "?")
