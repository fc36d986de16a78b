"""Measures this build beside another one in turns: `python -m tests.benchmarks.beside CHECKOUT`.

Both run on this virtual environment, over the same stand-ins, whose campaigns name an e-mail each. Exit status 1 where
a launch was activated twice or not at all.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from tests.benchmarks.arithmetic import Table, middle_and_tail, milliseconds, ratio
from tests.benchmarks.comparison import PLATFORM, SLACK, SPACING, in_turns
from tests.benchmarks.flows import launches
from tests.benchmarks.rig import Rig

THIS, OTHER = "this build", "the other"

LEGS = {
    "ack": "Enter to the ack",
    "modal": "Enter to the modal",
    "form": "Enter to the form with all that is read",
    "activation": "Approve to the call",
    "outcome": "Approve to the outcome",
}

HEAD = ("what people wait for", "round trips, ms", "ratio (spread)", "further ms", "this", "p99", "the other", "p99")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.beside", description=__doc__.partition(":")[0])
    parser.add_argument("checkout", type=Path, help="another checkout of campaign-bot")
    parser.add_argument("--many", type=int, default=200, metavar="N", help="launches of each side; 200 without it")
    chosen = parser.parse_args(arguments)
    if not (chosen.checkout / "bot" / "__main__.py").is_file():
        parser.error(f"{chosen.checkout} is no checkout of campaign-bot")
    return asyncio.run(_compared(chosen.checkout.resolve(), chosen.many))


async def _compared(checkout: Path, many: int) -> int:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with Rig.raised(Path(folder)) as rig:
            other = {"PYTHONPATH": str(checkout)}
            async with rig.app("this") as this, rig.app("other", settings=other) as that:
                apps = {THIS: this, OTHER: that}
                rows: list[tuple[str, ...]] = []
                lost: list[str] = []
                for slack, platform, spacing in ((0.0, 0.0, None), (SLACK, PLATFORM, SPACING)):
                    await rig.stand_ins.switch(slack=slack, platform=platform)
                    await in_turns(apps, lambda app, watches: launches(app, rig.stand_ins, watches), 5, None)
                    sides = await in_turns(
                        apps, lambda app, watches: launches(app, rig.stand_ins, watches), many, spacing
                    )
                    trips = f"{slack * 1000:.0f} / {platform * 1000:.0f}"
                    rows += [_row(said, trips, sides[THIS][leg], sides[OTHER][leg]) for leg, said in LEGS.items()]
                    lost += [one for watches in sides.values() for one in watches.lost]
            lost += [
                f"campaign {campaign} was activated {times} times by {side}"
                for side, counted in rig.stand_ins.activations.items()
                for campaign, times in counted.items()
                if times != 1
            ]
    sys.stdout.write(f"{Table(HEAD, tuple(rows))}\n\n{''.join(f'Promise broken: {one}' + chr(10) for one in lost)}")
    return 1 if lost else 0


def _row(said: str, trips: str, ours: list[float], theirs: list[float]) -> tuple[str, ...]:
    further = milliseconds(median(ours) - median(theirs))
    return (said, trips, str(ratio(ours, theirs)), further, *middle_and_tail(ours), *middle_and_tail(theirs))


if __name__ == "__main__":
    sys.exit(main())
