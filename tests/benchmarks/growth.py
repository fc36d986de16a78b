"""Measurement 6: the same waits with a short past, a long one, and many launches that wait for approval."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from statistics import median

from tests.benchmarks.arithmetic import Goal, Section, Table, milliseconds
from tests.benchmarks.comparison import in_turns
from tests.benchmarks.filling import fill
from tests.benchmarks.flows import Watches, launches
from tests.benchmarks.rig import App, Rig
from tests.postgres import Postgres

PASTS: Mapping[str, Mapping[str, int]] = {
    "1,000 events": {"finished_events": 1_000},
    "100,000 events": {"finished_events": 100_000},
    "1,000,000 events": {"finished_events": 1_000_000},
    "10,000 pending": {"finished_events": 1_000, "pending": 10_000},
}
FLAT = 1.2
LEGS = {
    "modal": "Enter to modal",
    "submission": "submission acked",
    "activation": "Approve to call",
    "outcome": "to outcome",
}


async def measure(rig: Rig, postgres: Postgres, *, many: int) -> Section:
    rows: list[tuple[str, ...]] = []
    worst: list[tuple[float, str]] = []
    broken: list[str] = []
    for engine in ("SQLite", "PostgreSQL"):
        urls = {
            past: postgres.new_database() if engine == "PostgreSQL" else f"sqlite:///{rig.folder / f'past-{nth}.db'}"
            for nth, past in enumerate(PASTS)
        }
        for past, url in urls.items():
            await asyncio.to_thread(fill, url, **PASTS[past])
        watches = await _lived(rig, engine, urls, many)
        broken += [lost for one in watches.values() for lost in one.lost]
        first = next(iter(PASTS))
        for past, measured in watches.items():
            medians = {leg: median(measured[leg]) for leg in LEGS}
            against = {leg: medians[leg] / median(watches[first][leg]) for leg in LEGS}
            rows.append((engine, past, *(f"{milliseconds(medians[leg])} ({against[leg]:.2f})" for leg in LEGS)))
            worst += [(grown, f"{LEGS[leg]} on {engine} with {past}") for leg, grown in against.items()]
    grown, where = max(worst)
    goal = Goal(f"each flat within {FLAT}", f"The most is {grown:.2f}: {where}", grown <= FLAT)
    head = ("database", "past", *(f"{told}, ms (ratio)" for told in LEGS.values()))
    return Section("6. Growth", (Table(head, tuple(rows)),), (goal,), broken=tuple(broken))


async def _lived(rig: Rig, engine: str, urls: Mapping[str, str], many: int) -> dict[str, Watches]:
    async with AsyncExitStack() as stack:
        apps = {
            past: await stack.enter_async_context(rig.app(f"past-{engine}-{nth}", settings={"DATABASE_URL": url}))
            for nth, (past, url) in enumerate(urls.items())
        }

        async def whole(app: App, watches: Watches) -> None:
            await launches(app, rig.stand_ins, watches)

        await in_turns(apps, whole, 5, None)
        return await in_turns(apps, whole, many, None)
