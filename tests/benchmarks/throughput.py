"""Measurement 5: launches a minute through one process on SQLite, and through two on PostgreSQL."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack

import psutil

from tests.benchmarks.arithmetic import Section, Table
from tests.benchmarks.flows import Watches, launches
from tests.benchmarks.rig import App, Rig
from tests.postgres import Postgres

AT_ONCE = 16
"""People who launch one campaign after another, at the same time."""


async def measure(rig: Rig, postgres: Postgres, *, many: int) -> Section:
    rows, broken = [], []
    shared = {"DATABASE_URL": postgres.new_database()}
    # Instances share their tokens as in life: what one has been asked for, the other may tell.
    set_ups = (
        ("one process, SQLite", (("fast", {}),)),
        ("two, PostgreSQL", (("fast-pg", shared), ("fast-pg", shared))),
    )
    await rig.stand_ins.switch(slack=0.0, platform=0.0)
    for name, wanted in set_ups:
        async with AsyncExitStack() as stack:
            apps = [await stack.enter_async_context(rig.app(one, settings=settings)) for one, settings in wanted]
            row, lost = await _run(rig, apps, many)
            rows.append((name, *row))
            broken += lost
    activated = [times for one in ("fast", "fast-pg") for times in rig.stand_ins.activations[one].values()]
    broken += [f"a launch was activated {times} times" for times in activated if times != 1]
    head = ("set-up", "launches a minute", "twice", "lost", "busiest process", "both cores")
    note = f"{AT_ONCE} people at once, without round trips: with those, it is the people's own waiting that bounds it."
    return Section("5. Throughput", (Table(head, tuple(rows)),), notes=(note,), broken=tuple(broken))


async def _run(rig: Rig, apps: Sequence[App], many: int) -> tuple[tuple[str, ...], list[str]]:
    watches = Watches()
    left = iter(range(many))
    processes = [psutil.Process(app.process.pid) for app in apps]

    async def person(app: App) -> None:
        for _ in left:
            await launches(app, rig.stand_ins, watches)

    loop = asyncio.get_running_loop()
    before, begun = [_used(one) for one in processes], loop.time()
    psutil.cpu_percent()
    await asyncio.gather(*(person(apps[nth % len(apps)]) for nth in range(AT_ONCE)))
    took = loop.time() - begun
    busiest = max(_used(one) - earlier for one, earlier in zip(processes, before, strict=True)) / took
    counted = rig.stand_ins.activations[apps[0].name].values()
    twice = sum(times > 1 for times in counted)
    figures = (f"{(many - len(watches.lost)) / took * 60:.0f}", str(twice), str(len(watches.lost)))
    return (*figures, f"{busiest:.0%}", f"{psutil.cpu_percent():.0f}%"), watches.lost


def _used(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
