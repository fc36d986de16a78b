"""Runs the benchmarks, prints their tables and writes docs/benchmarks.md; exit status 1 where a promise broke."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from tests.benchmarks import comparison, footprint, growth, mails, report, selects, throughput, trouble
from tests.benchmarks.arithmetic import Section
from tests.benchmarks.rig import Rig
from tests.postgres import Postgres

COMPARED = ("1", "2", "3")
QUICK = (*COMPARED, "4")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Measures the bot.")
    parser.add_argument("--quick", action="store_true", help="1 to 4 only, with few samples; writes no page")
    parser.add_argument("--only", nargs="+", metavar="N", help="these numbers only; writes no page")
    chosen = parser.parse_args(arguments)
    begun = time.monotonic()
    postgres = Postgres(durable=True)
    try:
        sections = asyncio.run(_measured(postgres, quick=chosen.quick, only=chosen.only))
        if not chosen.quick and not chosen.only:
            report.PAGE.write_text(report.page(sections, report.machine(postgres)))
    finally:
        postgres.close()
    broken = [one for section in sections for one in section.broken]
    took = f"{time.monotonic() - begun:.0f} s"
    sys.stdout.write(f"{'A promise broke.' if broken else 'Every promise held.'} It took {took}.\n")
    return 1 if broken else 0


async def _measured(postgres: Postgres, *, quick: bool, only: Sequence[str] | None) -> list[Section]:
    """Each measurement, printed as soon as it is there."""
    sections: list[Section] = []

    def tell(*found: Section) -> None:
        for section in found:
            sections.append(section)
            sys.stdout.write(f"{section}\n\n")
            sys.stdout.flush()

    def wanted(*numbers: str) -> bool:
        return not (quick and set(numbers).isdisjoint(QUICK)) and (not only or not set(numbers).isdisjoint(only))

    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with AsyncExitStack() as stack:
            rig = await stack.enter_async_context(Rig.raised(Path(folder)))
            runs = await comparison.measure(rig, postgres, quick=quick) if wanted(*COMPARED) else None
            if wanted("4"):
                tell(await trouble.measure(rig, quick=quick))
            if wanted("5"):
                tell(await throughput.measure(rig, postgres, many=60))
            costs = await footprint.measure(rig) if wanted("7") else None
            # It takes as long as all that follows, which it leaves the other core.
            living = await stack.enter_async_context(footprint.lifetimes(10_000)) if costs else None
            past = asyncio.create_task(growth.filled(rig, postgres)) if wanted("6") else None
            if runs:
                tell(*comparison.told(runs, await comparison.measure_handshakes(rig, quick=quick)))
            if past:
                tell(await growth.measure(rig, await past, many=30))
            if wanted("8"):
                tell(await selects.measure(rig, many=600))
            if wanted("9"):
                tell(await mails.measure(rig, turns=4, seconds=5))
            if costs and living:
                tell(footprint.told(costs, await footprint.count(rig), await living))
    return sections


if __name__ == "__main__":
    sys.exit(main())
