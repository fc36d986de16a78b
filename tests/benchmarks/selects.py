"""Measurement 8: what a searchable select offers while somebody types, from a long list of campaigns."""

import psutil

from tests.benchmarks import payloads
from tests.benchmarks.arithmetic import Goal, Section, Table, middle_and_tail, percentile
from tests.benchmarks.comparison import PLATFORM
from tests.benchmarks.rig import App, Rig

TYPED = ("4", "42", "spring", "mailing 77", "nothing is called so", "")
"""What is typed in turns: an id's begin, a name's part, what no campaign has, and nothing yet."""

SIZES = (5_000, 50_000)


async def measure(rig: Rig, *, many: int) -> Section:
    rows, goals, broken = [], [], []
    for size in SIZES:
        await rig.stand_ins.switch(platform=PLATFORM, campaigns=size)
        async with rig.app(f"select-{size}") as app:
            process = psutil.Process(app.process.pid)
            before = process.memory_info().rss
            first = await _first(app)
            seconds = [await _typed(app, TYPED[nth % len(TYPED)], broken) for nth in range(many)]
            grown = (process.memory_info().rss - before) / 2**20
        rows.append((f"{size:,}", f"{first:.1f}", *middle_and_tail(seconds), f"{grown:.0f}", str(many)))
        tail = percentile(seconds, 0.99)
        goals.append(Goal(f"answered below 100 ms with {size:,} campaigns", f"p99 {tail * 1000:.1f} ms", tail < 0.1))
    await rig.stand_ins.switch(platform=0.0, campaigns=100)
    head = ("campaigns", "the whole list is there after, s", "median ms", "p99 ms", "memory, MiB", "samples")
    return Section("8. Typing in a select", (Table(head, tuple(rows)),), tuple(goals), broken=tuple(broken))


async def _first(app: App) -> float:
    """Seconds until the list has been read for the first time: the platform tells 1,000 campaigns a round trip."""
    waited = 0.0
    while True:
        _, answer, seconds = await app.send(payloads.options("campaign", "spring"))
        waited += seconds
        if b"spring" in answer:
            return waited


async def _typed(app: App, text: str, broken: list[str]) -> float:
    status, _, seconds = await app.send(payloads.options("campaign", text))
    if status != 200:
        broken.append(f"an option load was answered with {status}")
    return seconds
