"""What the gate's look at a launch's record adds to Approve to call: `python -m tests.benchmarks.gate [LAUNCHES]`.

Launches are asked for and approved, one after another; every second one is then held against its record, as it is right
before its call. In one process, without Slack and the platform.
"""

import sys
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bot.campaign.request import LaunchId
from bot.journal.journal import Journal
from bot.launch.commands import Approve, Request
from bot.launch.state import Launch
from tests.benchmarks.arithmetic import Table, percentile
from tests.benchmarks.verifying import fill
from tests.builders import ANA, BEN, asked, journal_on
from tests.postgres import Postgres

PAST = 10_000
"""Launches that are on record before."""


@dataclass
class Taken:
    """Seconds that passed and seconds of the processor, a sample a launch."""

    passed: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)


def approved(journal: Journal) -> Launch:
    launch = journal.execute(LaunchId(str(uuid.uuid4())), Request(ANA, asked(reason="x" * 200)))
    return journal.execute(launch.id, Approve(BEN))


def measure(journal: Journal, many: int) -> tuple[Taken, Taken]:
    """Without the look, and with it."""
    sides = Taken(), Taken()
    for nth in range(2 * many):
        passed, worked = time.perf_counter(), time.process_time()
        launch = approved(journal)
        if nth % 2 and journal.doubts(launch):
            raise RuntimeError("there is nothing to doubt")
        sides[nth % 2].passed.append(time.perf_counter() - passed)
        sides[nth % 2].worked.append(time.process_time() - worked)
    return sides


def main() -> None:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    postgres = Postgres()
    rows = []
    try:
        with tempfile.TemporaryDirectory() as folder:
            urls = {"SQLite": f"sqlite:///{Path(folder) / 'journal.db'}", "PostgreSQL": postgres.new_database()}
            for engine, url in urls.items():
                journal = journal_on(url)
                fill(journal, PAST)
                measure(journal, many // 10)
                rows.append(row(engine, *measure(journal, many)))
                journal._engine.dispose()
    finally:
        postgres.close()
    head = ("journal", "approved, ms", "and held against its record", "adds, ms", "of a processor", "p99", "with it")
    sys.stdout.write(f"{Table(head, tuple(rows))}\n")


def row(engine: str, without: Taken, looked: Taken) -> tuple[str, ...]:
    before, after = median(without.passed), median(looked.passed)
    worked = median(looked.worked) - median(without.worked)
    tails = (percentile(without.passed, 0.99), percentile(looked.passed, 0.99))
    figures = (before, after, after - before, worked, *tails)
    return (engine, *(f"{1000 * one:.2f}" for one in figures))


if __name__ == "__main__":
    main()
