"""What Prometheus reads at /metrics: launches, waits, calls to Slack and the platform, and what is due in the journal.

Nothing here is a global: whoever runs a bot makes its Metrics, and hands its methods to the parts that have news.
"""

from collections.abc import Callable, Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from bot.bounded import Bounded, NoAnswer
from bot.journal.backlog import Backlog
from bot.journal.commit_observers import Appended
from bot.launch.codec import kind_of
from bot.launch.events import KINDS, BrokeGlass
from bot.launch.state import State

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST

WAITS: Final = (30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 28_800, 86_400)
"""Seconds: people answer in minutes or hours, and a request expires after four hours unless a policy says otherwise."""

CALLS: Final = (0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 15, 30, 60)
"""Seconds: 3 is what Slack gives for an ack, 30 the usual ALTCRAFT_TIMEOUT."""


class Metrics:
    """All metrics of one bot. Labels hold words of the program's own, never ids or people's text."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._launches = Counter(
            "campaign_bot_launches",
            "Launches that came into a state, by this instance's doing; finished, stopped, rejected, cancelled, "
            "expired, refused and unreached are outcomes.",
            ("state", "practice"),
            registry=self.registry,
        )
        self._events = Counter(
            "campaign_bot_events",
            "Events that this instance appended to the journal, by audit tag.",
            ("event",),
            registry=self.registry,
        )
        self._approval_wait = Histogram(
            "campaign_bot_approval_wait_seconds",
            "From the request, or the last change that voided approvals, to the approval that was still missing.",
            buckets=WAITS,
            registry=self.registry,
        )
        self._platform = Histogram(
            "campaign_bot_platform_call_seconds",
            "Calls to the platform, by method and outcome.",
            ("call", "outcome"),
            buckets=CALLS,
            registry=self.registry,
        )
        self._slack = Histogram(
            "campaign_bot_slack_call_seconds",
            "Calls to Slack's Web API, by method and outcome.",
            ("call", "outcome"),
            buckets=CALLS,
            registry=self.registry,
        )
        self._hooks = Counter(
            "campaign_bot_hooks",
            "The platform's hooks that came, by what became of them.",
            ("outcome",),
            registry=self.registry,
        )
        self._hook_events = Counter(
            "campaign_bot_hook_events",
            "Events in hooks that were answered with OK: read, or unreadable. Repeats are among them.",
            ("outcome",),
            registry=self.registry,
        )
        for outcome in ("read", "unreadable"):
            self._hook_events.labels(outcome)
        # A counter that is not there yet hides its first step from rate() and increase().
        for state in State:
            for practice in ("no", "yes"):
                self._launches.labels(state.value, practice)
        for tag in KINDS:
            self._events.labels(tag)

    def appended(self, appended: Appended) -> None:
        """Counts what a commit holds."""
        for entry in appended.entries:
            self._events.labels(kind_of(entry.event)).inc()
        before, after = appended.before, appended.after
        if after is None or (before is not None and before.state == after.state):
            return
        self._launches.labels(after.state.value, "yes" if after.request.practice else "no").inc()
        if before is None or (before.state, after.state) != (State.REQUESTED, State.APPROVED):
            return
        if not any(isinstance(entry.event, BrokeGlass) for entry in appended.entries):
            self._approval_wait.observe((after.moved_at - before.moved_at).total_seconds())

    def platform_called(self, call: str, seconds: float, outcome: str) -> None:
        self._platform.labels(call, outcome).observe(seconds)

    def slack_called(self, call: str, seconds: float, outcome: str) -> None:
        self._slack.labels(call, outcome).observe(seconds)

    def hook_came(self, outcome: str, read: int, unreadable: int) -> None:
        """Counts a request of the platform's hooks, and its events where they were counted."""
        self._hooks.labels(outcome).inc()
        self._hook_events.labels("read").inc(read)
        self._hook_events.labels("unreadable").inc(unreadable)

    def watch(self, look: Callable[[], Backlog]) -> None:
        """Looks into the journal at each scrape. `look` raises SQLAlchemyError where the database does not answer."""
        self.registry.register(_Journal(look))

    def page(self) -> bytes:
        """What a scrape gets, in CONTENT_TYPE."""
        return generate_latest(self.registry)


class _Journal(Collector):
    """Asks the database at each scrape, and for no longer than a scrape can wait."""

    def __init__(self, look: Callable[[], Backlog]) -> None:
        self._look = Bounded(look)

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing: otherwise the registry would ask the database when it is put together."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            found = self._look()
        except (SQLAlchemyError, NoAnswer):
            found = None
        yield GaugeMetricFamily(
            "campaign_bot_database_up", "Whether the journal's database answers.", float(found is not None)
        )
        if found is None:
            # Numbers that nobody knows are left out, so that no alert takes an old one for today's.
            return
        due = GaugeMetricFamily(
            "campaign_bot_due_launches",
            "Launches whose next step (steps), stop (stops), news for Slack (publishing), pictures (pictures), "
            "numbers (reports) or segment of recipients (fillings) are due, and steps of workflows that wait for an "
            "answer (workflows), up to 10,000.",
            labels=("lane",),
        )
        oldest = GaugeMetricFamily(
            "campaign_bot_oldest_due_seconds", "For how long the first of them has been due.", labels=("lane",)
        )
        for lane, backlog in found.lanes.items():
            due.add_metric((lane,), backlog.due)
            oldest.add_metric((lane,), backlog.oldest)
        yield due
        yield oldest
        yield GaugeMetricFamily("campaign_bot_in_doubt_launches", "Launches in doubt, up to 10,000.", found.in_doubt)
