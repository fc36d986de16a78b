"""Measurements 1 to 3: Enter to the modal, and Approve to the call and to the outcome, in turns with plain Bolt."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from statistics import median

from tests.benchmarks.arithmetic import Goal, Section, Table, middle_and_tail, milliseconds, ratio
from tests.benchmarks.flows import Watches, by_hand, launches, opens
from tests.benchmarks.rig import PLAIN, App, Rig
from tests.postgres import Postgres

SLACK, PLATFORM = 0.08, 0.2
"""Round trips that the goals are about, in seconds."""

HANDSHAKE = 2
"""Round trips that a new connection costs before its first request: one for TCP, one for TLS 1.3."""

SPACING = 0.2
"""Seconds over which each side begins one of its ways: in less, two slow cores let many stand in line for them."""

HANDSHAKES_SPACING = 0.05

SQLITE, POSTGRES, BY_HAND = "SQLite", "PostgreSQL", "plain Bolt"

Flow = Callable[[App, Watches], Awaitable[object]]


@dataclass(frozen=True)
class Run:
    """One run in turns: seconds of each leg by side, at these round trips."""

    slack: float
    platform: float
    sides: Mapping[str, Watches]

    @property
    def trips(self) -> str:
        return f"{self.slack * 1000:.0f} / {self.platform * 1000:.0f}"

    def table(self, leg: str, *others: str) -> tuple[tuple[str, ...], ...]:
        """A row for each of our sides: the ratio first, then what it is a ratio of."""
        hand = self.sides[BY_HAND][leg]
        rows = []
        for side in (one for one in self.sides if one != BY_HAND):
            ours = self.sides[side][leg]
            ahead = milliseconds(median(ours) - median(hand))
            figures = (*middle_and_tail(ours), *middle_and_tail(hand))
            rows.append((str(ratio(ours, hand)), *others, self.trips, side, ahead, *figures, str(len(ours))))
        return tuple(rows)


@dataclass(frozen=True)
class Runs:
    """The runs at no round trip and at the usual ones, and what broke in them.

    PostgreSQL is measured at no round trip, where it is its own time that shows.
    """

    bare: Run
    usual: Run
    broken: tuple[str, ...]


async def measure(rig: Rig, postgres: Postgres, *, quick: bool) -> Runs:
    many = samples(quick=quick)
    async with AsyncExitStack() as stack:
        apps = {
            SQLITE: await stack.enter_async_context(rig.app("ours")),
            POSTGRES: await stack.enter_async_context(
                rig.app("ours-pg", settings={"DATABASE_URL": postgres.new_database()})
            ),
            BY_HAND: await stack.enter_async_context(rig.app("plain", PLAIN)),
        }

        async def whole(app: App, watches: Watches) -> None:
            await (by_hand if app is apps[BY_HAND] else launches)(app, rig.stand_ins, watches)

        await rig.stand_ins.switch(slack=0.0, platform=0.0)
        await in_turns(apps, whole, 5, None)
        bare = Run(0.0, 0.0, await in_turns(apps, whole, many, None))
        await rig.stand_ins.switch(slack=SLACK, platform=PLATFORM)
        two = {side: apps[side] for side in (SQLITE, BY_HAND)}
        usual = Run(SLACK, PLATFORM, await in_turns(two, whole, many, SPACING))
        await rig.stand_ins.switch(slack=0.0, platform=0.0)
    return Runs(bare, usual, (*_lost(bare, usual), *_twice(rig)))


async def measure_handshakes(rig: Rig, *, quick: bool) -> Run:
    """Enter to the modal where each new connection to Slack costs its handshakes.

    One way takes some hundred milliseconds, and next to none of them a processor: it may be measured beside others.
    """
    async with rig.app("ours-far") as ours, rig.app("plain-far", PLAIN) as by_hand:

        async def modal(app: App, watches: Watches) -> None:
            await opens(app, rig.stand_ins, watches)

        await rig.stand_ins.switch(slack=SLACK, platform=0.0, fresh_trips=HANDSHAKE)
        apps = {SQLITE: ours, BY_HAND: by_hand}
        run = Run(SLACK, 0.0, await in_turns(apps, modal, samples(quick=quick), HANDSHAKES_SPACING))
        await rig.stand_ins.switch(slack=0.0, fresh_trips=0)
    return run


def told(runs: Runs, far: Run) -> tuple[Section, ...]:
    """The sections 1 to 3."""
    broken = [*runs.broken, *_lost(far)]
    return (
        _modal(runs.bare, runs.usual, far, broken),
        _activation(runs.bare, runs.usual),
        _outcome(runs.bare, runs.usual),
    )


def samples(*, quick: bool) -> int:
    return 25 if quick else 500


async def in_turns(apps: Mapping[str, App], flow: Flow, many: int, spacing: float | None) -> dict[str, Watches]:
    """Each side's flow that many times, in turns: one after the other, or begun evenly over `spacing` seconds."""
    watches = {side: Watches() for side in apps}
    begun: list[asyncio.Task[object]] = []
    for _ in range(many):
        for side, app in apps.items():
            going = asyncio.ensure_future(flow(app, watches[side]))
            if spacing is None:
                await going
            else:
                begun.append(going)
                await asyncio.sleep(spacing / len(apps))
    await asyncio.gather(*begun)
    return watches


def _lost(*runs: Run) -> list[str]:
    return [lost for run in runs for watches in run.sides.values() for lost in watches.lost]


def _twice(rig: Rig) -> list[str]:
    """Launches that were not activated exactly once; the flows tell those that were not at all."""
    return [
        f"campaign {campaign} was activated {times} times by {side}"
        for side, counted in rig.stand_ins.activations.items()
        for campaign, times in counted.items()
        if times != 1
    ]


_FIGURES = ("further ms", "our median", "our p99", "plain median", "plain p99", "samples")
_TRIPS = "round trips Slack / platform, ms"


def _modal(bare: Run, usual: Run, far: Run, broken: list[str]) -> Section:
    head = ("ratio (spread)", "a new connection costs", _TRIPS, "journal", *_FIGURES)
    no, charged = "nothing", f"{HANDSHAKE} round trips"
    rows = (*usual.table("modal", no), *far.table("modal", charged), *bare.table("modal", no))
    ack_rows = (*usual.table("ack", no), *bare.table("ack", no))
    ours, hand = usual.sides[SQLITE]["modal"], usual.sides[BY_HAND]["modal"]
    over = median(ours) - usual.slack
    with_handshakes = ratio(far.sides[SQLITE]["modal"], far.sides[BY_HAND]["modal"])
    goals = (
        Goal("at most one Slack round trip", f"{milliseconds(over)} ms beyond one", over < usual.slack / 2),
        Goal(
            "the median at or below plain Bolt's, where a new connection costs what it does in life",
            f"Ratio {with_handshakes}",
            with_handshakes.whole <= 1,
        ),
        Goal(
            "the same where a new connection costs nothing",
            f"Ratio {ratio(ours, hand)}; {milliseconds(median(ours) - median(hand))} ms apart",
            median(ours) <= median(hand),
        ),
    )
    tables = (Table(head, rows), Table(("ratio of acks (spread)", *head[1:]), ack_rows))
    return Section("1. Enter to the modal", tables, goals, broken=tuple(broken))


def _activation(bare: Run, usual: Run) -> Section:
    rows = (*usual.table("activation"), *bare.table("activation"))
    hand = median(bare.sides[BY_HAND]["activation"])
    goals = []
    for side, most in ((SQLITE, 0.010), (POSTGRES, 0.020)):
        further = median(bare.sides[side]["activation"]) - hand
        goals.append(
            Goal(
                f"within {most * 1000:.0f} ms of plain Bolt on {side} at no round trip",
                f"{milliseconds(further)} ms further",
                further <= most,
            )
        )
    further = median(usual.sides[SQLITE]["activation"]) - median(usual.sides[BY_HAND]["activation"])
    goals.append(
        Goal(
            "no more than one further round trip to the platform at 200 ms",
            f"{milliseconds(further)} ms further",
            further < usual.platform * 1.5,
        )
    )
    return Section(
        "2. Approve to the call", (Table(("ratio (spread)", _TRIPS, "journal", *_FIGURES), rows),), tuple(goals)
    )


def _outcome(bare: Run, usual: Run) -> Section:
    rows = (*usual.table("outcome"), *bare.table("outcome"))
    most = 2 * usual.platform + usual.slack + 0.030
    took = median(usual.sides[SQLITE]["outcome"])
    goal = Goal(
        "two round trips to the platform, one to Slack, and 30 ms",
        f"{milliseconds(took)} ms, of {milliseconds(most)}",
        took <= most,
    )
    return Section(
        "3. Approve to the outcome", (Table(("ratio (spread)", _TRIPS, "journal", *_FIGURES), rows),), (goal,)
    )
