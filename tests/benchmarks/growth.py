"""Measurement 6: the same waits with a short past, a long one, and many launches that wait for approval."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from statistics import median

from bot.journal.journal import Journal
from tests.benchmarks.arithmetic import Goal, Section, Table, milliseconds
from tests.benchmarks.comparison import in_turns
from tests.benchmarks.filling import fill
from tests.benchmarks.flows import Watches, launches
from tests.benchmarks.rig import App, Rig
from tests.builders import journal_on
from tests.postgres import Postgres

PASTS: Mapping[str, Mapping[str, int]] = {
    "1,000 events": {"finished_events": 1_000},
    "100,000 events": {"finished_events": 100_000},
    "1,000,000 events": {"finished_events": 1_000_000},
    "10,000 pending": {"finished_events": 1_000, "pending": 10_000},
}
Databases = Mapping[str, Mapping[str, str]]
"""Their addresses, by the engine and the past."""

FLAT = 1.2
LEGS = {
    "modal": "Enter to modal",
    "submission": "submission acked",
    "activation": "Approve to call",
    "outcome": "to outcome",
}


async def filled(rig: Rig, postgres: Postgres) -> Databases:
    """A database for each past on each engine; it takes some time, most of it the engines' own."""
    databases = {
        "SQLite": {past: f"sqlite:///{rig.folder / f'past-{nth}.db'}" for nth, past in enumerate(PASTS)},
        "PostgreSQL": {past: postgres.new_database() for past in PASTS},
    }

    # One after the other: the migrations are not made for several threads.
    journals = [{past: journal_on(url) for past, url in urls.items()} for urls in databases.values()]

    def fill_all(of_one_engine: Mapping[str, Journal]) -> None:
        for past, journal in of_one_engine.items():
            fill(journal, **PASTS[past])

    await asyncio.gather(*(asyncio.to_thread(fill_all, one) for one in journals))
    return databases


async def measure(rig: Rig, databases: Databases, *, many: int) -> Section:
    rows: list[tuple[str, ...]] = []
    worst: list[tuple[float, str]] = []
    broken: list[str] = []
    for engine, urls in databases.items():
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
        started = (
            stack.enter_async_context(rig.app(f"past-{engine}-{nth}", settings={"DATABASE_URL": url}))
            for nth, url in enumerate(urls.values())
        )
        apps = dict(zip(urls, await asyncio.gather(*started), strict=True))

        async def whole(app: App, watches: Watches) -> None:
            await launches(app, rig.stand_ins, watches)

        await in_turns(apps, whole, 5, None)
        return await in_turns(apps, whole, many, None)
