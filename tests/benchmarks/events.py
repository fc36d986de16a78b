"""How fast hooks are received, beside a plain receiver, on both engines: real HTTP, sent by another process.

Run it with `python -m tests.benchmarks.events`; the number of events can be given. The goals are five times the plain
receiver's rate and 15,000 events a second, with memory that grows by less than 50 MiB. Over how many connections the
platform brings its batches, its guide does not say: so each is measured over few and over some.
"""

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import psutil
from sqlalchemy import Engine, text

from bot.campaign.request import LaunchId
from bot.journal.engine import open_engine
from bot.journal.journal import Journal
from bot.journal.runs import counts_of, forget
from bot.journal.schema import upgrade
from bot.launch.commands import Approve, Observe, Request
from bot.launch.outcome import Accepted
from tests.benchmarks.hooks import write
from tests.benchmarks.looking import databases
from tests.builders import ANA, BEN, Clock, asked, started

MILLION = 1_000_000
RATE = 15_000
TIMES_PLAIN = 5
MOST_GROWTH = 50
CONNECTIONS = (4, 8)
"""Over which batches are brought at the same time."""

MIB = 1024 * 1024

LAUNCH = LaunchId("L1")
SECRET = "Zk3-9_aPqLw7RtYvBn2MxCdEfGhJsUiO"


@dataclass(frozen=True)
class Sent:
    """The events of a run, in batches, one a line of the file."""

    file: Path
    events: int
    connections: int


@dataclass(frozen=True)
class Measured:
    rate: float
    cpu: float
    """Microseconds of a processor that the receiver and its processes took for an event."""
    grown: float
    """MiB of their resident memory, from the first answer to the most that there ever was."""
    disk: float
    """MiB of the database that were added."""
    left: float
    """MiB of these that are still there after pruning."""


def main(events: int) -> int:
    """Prints the table; the exit status says whether the goals were met."""
    say = sys.stdout.write
    head = ("engine", "connections", "receiver", "events a second", "CPU an event", "memory", "disk", "after pruning")
    say(f"| {' | '.join(head)} |\n|{' --- |' * len(head)}\n")
    met = True
    begin = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
    with tempfile.TemporaryDirectory() as folder, databases() as engines:
        file = Path(folder) / "batches"
        expected = write(file, events, begin)
        for connections, (engine, new_database) in product(CONNECTIONS, engines.items()):
            sent = Sent(file, events, connections)
            plain = _plain(new_database(), sent)
            ours = _ours(new_database(), sent, expected, begin)
            for name, found in (("plain", plain), ("campaign-bot events", ours)):
                left = "" if found is plain else f"{found.left:.0f} MiB"
                say(
                    f"| {engine} | {connections} | {name} | {found.rate:,.0f} | {found.cpu:.0f} µs | "
                    f"{found.grown:.0f} MiB | {found.disk:.0f} MiB | {left} |\n"
                )
            times = f"**{ours.rate / plain.rate:.1f}** | {plain.cpu / ours.cpu:.1f}"
            say(f"| {engine} | {connections} | ratio | {times} | | | |\n")
            sys.stdout.flush()
            met &= ours.rate >= max(RATE, TIMES_PLAIN * plain.rate) and ours.grown < MOST_GROWTH
    return 0 if met else 1


def _plain(url: str, sent: Sent) -> Measured:
    port = _free_port()
    command = [sys.executable, "-m", "tests.benchmarks.plain_receiver", url, str(port)]
    with _process(command, {}, port) as process:
        return _sent(process, sent, port, "/", url, lambda _engine: None)


def _ours(url: str, sent: Sent, expected: Mapping[str, int], begin: datetime) -> Measured:
    engine = open_engine(url)
    upgrade(engine)
    journal = Journal(engine, Clock(begin))
    for command in (Request(ANA, asked()), Approve(BEN), Observe(started()), Observe(Accepted())):
        journal.execute(LAUNCH, command)
    port = _free_port()
    settings = {"DATABASE_URL": url, "ALTCRAFT_EVENTS_SECRET": SECRET, "EVENTS_PORT": str(port)}
    with _process([sys.executable, "-m", "bot", "events"], settings, port) as process:

        def prune(of: Engine) -> None:
            with journal.reading() as connection:
                counted = counts_of(connection, LAUNCH)
            found = {kind.value: many for kind, many in counted.by_kind.items()}
            if found != dict(expected):
                raise AssertionError(f"counted {found}, sent {expected}")
            with journal.writing() as connection:
                forget(connection, LAUNCH)
            with of.connect().execution_options(isolation_level="AUTOCOMMIT", single=True) as connection:
                connection.execute(text("VACUUM"))

        measured = _sent(process, sent, port, f"/altcraft/events/{SECRET}", url, prune)
    engine.dispose()
    return measured


def _sent(
    process: psutil.Process, sent: Sent, port: int, path: str, url: str, prune: Callable[[Engine], None]
) -> Measured:
    engine = open_engine(url)
    before, memory = _size(engine), _memory(process)
    most = [memory]
    worked = _worked(process)
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.2):
            most.append(_memory(process))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        module = [sys.executable, "-m", "tests.benchmarks.hooks"]
        sending = [*module, str(sent.file), str(port), path, str(sent.connections)]
        took = float(subprocess.run(sending, check=True, capture_output=True, text=True).stdout)
    finally:
        over.set()
        watching.join()
    cpu = (_worked(process) - worked) / sent.events * MILLION
    after = _size(engine)
    prune(engine)
    left = _size(engine)
    engine.dispose()
    return Measured(sent.events / took, cpu, (max(most) - memory) / MIB, (after - before) / MIB, (left - before) / MIB)


def _family(process: psutil.Process) -> list[psutil.Process]:
    """It, and those that it has started for its work."""
    return [process, *process.children()]


def _worked(process: psutil.Process) -> float:
    """Seconds of a processor that it has taken so far."""
    return sum(float(times.user + times.system) for times in (one.cpu_times() for one in _family(process)))


def _memory(process: psutil.Process) -> int:
    """Bytes of resident memory."""
    return sum(int(one.memory_info().rss) for one in _family(process))


def _size(engine: Engine) -> int:
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            connection.execute(text("CHECKPOINT"))
            return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
    with engine.connect().execution_options(single=True) as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    return Path(engine.url.database or "").stat().st_size


@contextmanager
def _process(command: list[str], settings: Mapping[str, str], port: int) -> Iterator[psutil.Process]:
    """A receiver that takes connections."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = subprocess.Popen(command, env={**kept, **settings}, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else MILLION))
