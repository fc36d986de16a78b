"""Clicks on Approve while a thousand connections stand half open: `python -m tests.benchmarks.half_open [CHECKOUT]`.

With a checkout of another build, its figures stand beside this one's, on this virtual environment.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.benchmarks import payloads
from tests.benchmarks.arithmetic import Table, milliseconds
from tests.benchmarks.crowd import WAYS
from tests.benchmarks.payloads import Payload
from tests.benchmarks.rig import ROOT, App, Rig
from tests.benchmarks.trouble import SLACKS_PATIENCE, pending
from tests.benchmarks.wire import Client

CLICKS = 20
APART = 0.5
"""Seconds between two clicks."""

AFTERWARDS = 30.0
"""Seconds in which a click that Slack called failed may still be carried out."""

HEAD = ("build", "connections", "standing", "clicks", "got through", "median ms", "longest ms", "failed, and launched")


@dataclass
class Clicks:
    seconds: list[float]
    failed: set[int]
    """The campaigns whose approvals Slack called failed."""

    def middle_and_longest(self) -> tuple[str, str]:
        if not self.seconds:
            return "–", "–"
        return milliseconds(median(self.seconds)), milliseconds(max(self.seconds))


async def measure(rig: Rig, build: str, many: int, settings: dict[str, str]) -> list[tuple[str, ...]]:
    """A row for each way in which they stand."""
    rows = []
    for way in WAYS:
        name = f"{build} {way}".replace(" ", "-")
        async with rig.app(name, settings=settings) as app:
            broken: list[str] = []
            waiting = await pending(app, rig, CLICKS, broken)
            async with _standing(app, many, way) as standing:
                clicks = await _clicked(app, waiting)
            await asyncio.sleep(AFTERWARDS if clicks.failed else 0)
            launched = clicks.failed & rig.stand_ins.activations[name].keys()
            told = (build, f"{many}, {way}", str(max(standing)), str(CLICKS), str(len(clicks.seconds)))
            rows.append((*told, *clicks.middle_and_longest(), str(len(launched))))
    return rows


@asynccontextmanager
async def _standing(app: App, many: int, way: str) -> AsyncIterator[list[int]]:
    """A crowd before the app's door, once all of it is there, or as many as are let stand. Gives how many stood."""
    crowd = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.benchmarks.crowd",
        str(app.port),
        str(many),
        way,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert crowd.stdout is not None
    stood: list[int] = []

    reading = asyncio.create_task(_read(crowd.stdout, stood))
    try:
        await asyncio.sleep(4)
        yield stood
    finally:
        crowd.kill()
        await crowd.wait()
        await reading


async def _read(lines: asyncio.StreamReader, stood: list[int]) -> None:
    while line := await lines.readline():
        stood.append(int(line))


async def _clicked(app: App, waiting: list[tuple[str, str, int]]) -> Clicks:
    clicks = Clicks([], set())
    pressing = []
    for value, card, campaign in waiting:
        payload = payloads.approval(value, card, app.respond_at)
        pressing.append(asyncio.create_task(_click(app, payload, campaign, clicks)))
        await asyncio.sleep(APART)
    await asyncio.gather(*pressing)
    return clicks


async def _click(app: App, payload: Payload, campaign: int, clicks: Clicks) -> None:
    """On a connection of its own, as through a proxy that keeps none; given up as Slack gives up."""
    client = Client(app.port)
    headers, body = payload.signed()
    begun = asyncio.get_running_loop().time()
    try:
        status, _ = await asyncio.wait_for(client.post("/slack/events", headers, body), SLACKS_PATIENCE)
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        clicks.failed.add(campaign)
        return
    finally:
        client.close()
    if status == 200:
        clicks.seconds.append(asyncio.get_running_loop().time() - begun)
    else:
        clicks.failed.add(campaign)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.half_open", description=__doc__.partition(":")[0])
    parser.add_argument("checkout", type=Path, nargs="?", help="another checkout of campaign-bot")
    parser.add_argument("--many", type=int, default=1000, metavar="N", help="connections; 1000 without it")
    chosen = parser.parse_args(arguments)
    asyncio.run(_told(chosen.checkout and chosen.checkout.resolve(), chosen.many))
    return 0


async def _told(checkout: Path | None, many: int) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with Rig.raised(Path(folder)) as rig:
            await rig.stand_ins.switch(slack=0.0, platform=0.0)
            rows = await measure(rig, "this", many, {})
            if checkout:
                rows += await measure(rig, "other", many, {"PYTHONPATH": str(checkout)})
    sys.stdout.write(f"{Table(HEAD, tuple(rows))}\n")


if __name__ == "__main__":
    sys.exit(main())
