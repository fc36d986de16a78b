"""Measurement 7: what the bot costs while it starts, waits and works."""

import asyncio
import json
import signal
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

from tests.benchmarks.arithmetic import Goal, Section, Table
from tests.benchmarks.flows import Watches, launches
from tests.benchmarks.rig import COUNTED, ROOT, App, Rig

IDLE_FOR = 4.0
"""Seconds over which the use of the processor is taken while nothing happens."""

LEAK = 1.1
"""How much larger the memory may be after the last launch than after a fifth of them, when every cache is full."""

AFTER_LAUNCH = 4.0
"""Seconds after which a launch's run has been seen to end, and told."""

Rows = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Counted:
    """How often one launch calls Slack, and the journal, by what is called."""

    calls: Mapping[str, float]
    transactions: Mapping[str, float]
    broken: tuple[str, ...]


async def measure(rig: Rig) -> Rows:
    """What it costs to start, and to wait."""
    imported = [await _import_seconds() for _ in range(3)]
    begun = time.monotonic()
    async with rig.app("footprint") as app:
        ready = time.monotonic() - begun
        memory, threads, share = await _idle(app)
    return (
        ("import of the whole bot", f"{median(imported):.2f} s"),
        ("start to ready", f"{ready:.2f} s"),
        ("memory while idle", f"{memory:.0f} MiB, {threads} threads"),
        ("processor while idle", f"{share:.2%} of one"),
    )


def told(costs: Rows, counted: Counted, grown: Sequence[Mapping[str, float]]) -> Section:
    """The costs, the counts, and what `lifetimes` gave."""
    last = grown[-1]
    settled = next(one for one in grown if one["launches"] >= last["launches"] / 5)
    rows = (
        *costs,
        *((f"memory after {one['launches']:,.0f} launches", f"{one['mib']:.1f} MiB") for one in (settled, last)),
        (
            "processor time of a launch, without sockets, told at its end",
            f"{last['cpu'] / last['launches'] * 1000:.1f} ms",
        ),
    )
    twice = f"{last['twice']:.0f} of {last['launches']:.0f} launches were not activated exactly once"
    broken = (*counted.broken, *((twice,) if last["twice"] else ()))
    ratio = last["mib"] / settled["mib"]
    goal = Goal("no leak", f"Memory grows by {ratio:.3f} over the last four fifths of the launches", ratio <= LEAK)
    tables = (
        Table(("cost", ""), rows),
        Table(("calls to Slack in a launch", "times"), _rows(counted.calls)),
        Table(("transactions in a launch, SQLite", "times"), _rows(counted.transactions)),
    )
    return Section("7. Footprint", tables, (goal,), broken=broken)


def _rows(counts: Mapping[str, float]) -> tuple[tuple[str, ...], ...]:
    rows = [
        (what, f"{times:.1f}") for what, times in sorted(counts.items(), key=lambda item: -item[1]) if times >= 0.05
    ]
    return (*rows, ("in all", f"{sum(counts.values()):.1f}"))


async def _import_seconds() -> float:
    begun = time.monotonic()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "import bot.cli", cwd=ROOT)
    await process.wait()
    return time.monotonic() - begun


async def _idle(app: App) -> tuple[float, int, float]:
    """The memory in MiB, the threads, and the share of one processor."""
    await asyncio.sleep(2)
    process = psutil.Process(app.process.pid)
    before, begun = process.cpu_times(), time.monotonic()
    await asyncio.sleep(IDLE_FOR)
    after, took = process.cpu_times(), time.monotonic() - begun
    used = after.user + after.system - before.user - before.system
    return process.memory_info().rss / 2**20, process.num_threads(), max(0.0, used / took)


async def count(rig: Rig) -> Counted:
    """One launch, alone, from the command until its run's end has been told."""
    many = 10
    file = rig.folder / "tally.json"
    await rig.stand_ins.switch(slack=0.0, platform=0.0)
    async with rig.app("counted", COUNTED, {"TALLY": str(file)}) as app:
        watches = Watches()
        await launches(app, rig.stand_ins, watches)
        await asyncio.sleep(AFTER_LAUNCH)
        before, calls_before = await _tally(app, file), _calls(rig, app)
        for _ in range(many):
            await launches(app, rig.stand_ins, watches)
        await asyncio.sleep(AFTER_LAUNCH)
        after, calls_after = await _tally(app, file), _calls(rig, app)
    calls, transactions = _each(calls_before, calls_after, many), _each(before, after, many)
    return Counted(calls, transactions, tuple(watches.lost))


def _calls(rig: Rig, app: App) -> dict[str, int]:
    platform = ("campaigns/", "segments/", "databases/")
    return {
        method: times
        for (by, method), times in rig.stand_ins.calls.items()
        if by == app.name and not method.startswith(platform)
    }


async def _tally(app: App, file: Path) -> dict[str, int]:
    psutil.Process(app.process.pid).send_signal(signal.SIGUSR1)
    # Written in a moment, to a file that is very small.
    await asyncio.sleep(0.5)
    found: dict[str, int] = json.loads(await asyncio.to_thread(file.read_text))
    return found


def _each(before: Mapping[str, int], after: Mapping[str, int], many: int) -> dict[str, float]:
    return {what: (times - before.get(what, 0)) / many for what, times in after.items()}


@asynccontextmanager
async def lifetimes(many: int) -> AsyncIterator["asyncio.Task[list[dict[str, float]]]"]:
    """What a process tells that lives through that many launches, for minutes; it is ended with the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.benchmarks.lifetimes", str(many)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    telling = asyncio.create_task(_told_by(process))
    try:
        yield telling
    finally:
        telling.cancel()
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _told_by(process: asyncio.subprocess.Process) -> list[dict[str, float]]:
    told, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError("the process that lives through launches failed")
    return [json.loads(line) for line in told.splitlines()]
