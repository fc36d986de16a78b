"""Acks of commands while a run's events are received: `python -m tests.benchmarks.beside_hooks [SECONDS]`.

In turns in one run: nothing to receive, events as fast as they are taken at the bot's own port, and at a
`campaign-bot events` of its own beside it. The goal is a 99th percentile within three times the idle one.
"""

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from sandbox.stage import free_port
from tests.benchmarks.arithmetic import Table, milliseconds, percentile
from tests.benchmarks.events import CONNECTIONS, SECRET
from tests.benchmarks.flows import Watches, acks, launches
from tests.benchmarks.hooks import write
from tests.benchmarks.rig import ROOT, App, Rig

A_SECOND = 20
TURNS = 3
TIMES_IDLE = 3
EVENTS = 200_000
"""Of the run; once all are sent, they are sent again: what is known already takes nearly as long."""

IDLE, INSIDE, BESIDE = "nothing", "the bot itself", "`campaign-bot events`"


async def measured(seconds: int) -> int:
    """Prints the table; the exit status says whether the goal was met."""
    found: dict[str, list[float]] = {IDLE: [], INSIDE: [], BESIDE: []}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with Rig.raised(Path(folder)) as rig:
            inside, beside = free_port(), free_port()
            known = {"ALTCRAFT_EVENTS_SECRET": SECRET, "EVENTS_PORT": str(inside)}
            async with rig.app("counted", settings=known) as app, _receiver(rig, app, beside):
                file = await _run_of(app, rig)
                for _ in range(TURNS):
                    for kind, port in ((IDLE, None), (INSIDE, inside), (BESIDE, beside)):
                        async with _sending(file, port):
                            found[kind] += await acks(app, A_SECOND, seconds)
                        app.close()
    tails = {kind: percentile(took, 0.99) for kind, took in found.items()}
    head = ("events go to", "commands", "median of acks, ms", "p99", "longest", "p99 beside idle")
    rows = tuple(
        (
            kind,
            str(len(took)),
            *map(milliseconds, (median(took), tails[kind], max(took))),
            f"{tails[kind] / tails[IDLE]:.1f}",
        )
        for kind, took in found.items()
    )
    sys.stdout.write(f"{Table(head, rows)}\n")
    return 0 if all(tail <= TIMES_IDLE * tails[IDLE] for tail in tails.values()) else 1


@asynccontextmanager
async def _receiver(rig: Rig, app: App, port: int) -> AsyncIterator[None]:
    environment = {
        "DATABASE_URL": f"sqlite:///{rig.folder / f'{app.name}.db'}",
        "ALTCRAFT_EVENTS_SECRET": SECRET,
        "EVENTS_PORT": str(port),
        "PYTHONPATH": str(ROOT),
    }
    receiver = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "events", env=environment, cwd=rig.folder, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield
    finally:
        receiver.terminate()
        await receiver.wait()


async def _run_of(app: App, rig: Rig) -> Path:
    """Launches a campaign; gives a file with its run's events."""
    watches = Watches()
    await launches(app, rig.stand_ins, watches)
    (campaign,) = rig.stand_ins.activations[app.name]
    file = rig.folder / "batches"
    write(file, EVENTS, datetime.now(UTC).replace(microsecond=0), int(campaign))
    return file


@asynccontextmanager
async def _sending(file: Path, port: int | None) -> AsyncIterator[None]:
    """Sends the file to that port again and again while the block lasts."""

    async def bring() -> None:
        while port is not None:
            where = (str(file), str(port), f"/altcraft/events/{SECRET}", str(CONNECTIONS[0]))
            command = ("-m", "tests.benchmarks.hooks", *where)
            sender = await asyncio.create_subprocess_exec(
                sys.executable, *command, cwd=ROOT, stdout=asyncio.subprocess.DEVNULL
            )
            try:
                await sender.wait()
            finally:
                with contextlib.suppress(ProcessLookupError):
                    sender.kill()
            if sender.returncode:
                raise RuntimeError("events were not taken")

    bringing = asyncio.create_task(bring())
    try:
        yield
        if bringing.done() and port is not None:
            await bringing
    finally:
        bringing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await bringing


if __name__ == "__main__":
    sys.exit(asyncio.run(measured(int(sys.argv[1]) if len(sys.argv) > 1 else 20)))
