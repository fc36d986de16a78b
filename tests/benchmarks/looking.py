"""What it costs to look at the history and the Home tab, with a thousand events on record and with a million.

Run it with `python -m tests.benchmarks.looking`; the number of events can be given: `… looking 1000 1000000`. Both
journals are asked in turns within one run, so that a busy machine slows both. The goal is a ratio of at most 1.2.
"""

import hashlib
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, insert, text

from bot.campaign.request import LaunchId, UserId
from bot.journal.engine import open_engine
from bot.journal.journal import Journal
from bot.journal.launch_search import Looking
from bot.journal.schema import upgrade
from bot.journal.tables import events, launches
from bot.launch.codec import encode, kind_of
from bot.launch.events import BOT, Approved, Cancelled, Event
from bot.launch.outcome import Accepted, Unknown
from bot.launch.run import RunEnded, RunStarted
from bot.launch.search import PENDING_PHASES, Mark, Phase, Wanted, home_lists, phase_of
from bot.launch.state import Launch
from bot.policy.demands import Demands
from tests.builders import ANA, BEN, NOON, asked, launch, started
from tests.postgres import Postgres

SIZES = (1_000, 1_000_000)
SAMPLES = 300
WARM_UP = 30
GOAL = 1.2
CAMPAIGNS = 10
REQUESTERS = 10
BATCH = 500

Told = tuple[tuple[UserId, Event], ...]

SENT: Told = ((BEN, Approved()), (BOT, started()), (BOT, Accepted()))
OVER: tuple[Told, ...] = (
    (*SENT, (BOT, RunStarted(NOON)), (BOT, RunEnded(NOON + timedelta(minutes=5)))),
    ((ANA, Cancelled()),),
    (*SENT, (BOT, RunStarted(NOON)), (BOT, RunEnded(NOON + timedelta(minutes=5), 2, 1, ("bad address",)))),
)
OPEN: tuple[Told, ...] = (
    (),
    ((BEN, Approved()),),
    (*SENT, (BOT, RunStarted(NOON))),
    ((BEN, Approved()), (BOT, started()), (BOT, Unknown("the connection broke"))),
)
OPEN_EACH = 12
"""Launches of each open kind: as many in a long record as in a short one, and enough to fill every list."""

QUESTIONS = {
    "all launches": (Wanted(), False),
    "all, half-way back": (Wanted(), True),
    "of a campaign": (Wanted(campaign_id=1), False),
    "of a person": (Wanted(requester=UserId("U0000")), False),
    "pending": (Wanted(phases=PENDING_PHASES), False),
    "in doubt": (Wanted(phases=(Phase.IN_DOUBT,)), False),
}


class Record:
    """A journal of so many events."""

    def __init__(self, url: str, size: int) -> None:
        engine = open_engine(url)
        upgrade(engine)
        made = fill(engine, size)
        self._looking = Looking(Journal(engine))
        middle = NOON - timedelta(minutes=made // 2)
        self._middle = Mark(middle, LaunchId("~"))

    def ask(self, question: str) -> None:
        if question == "Home":
            board = self._looking.board(ANA)
            home_lists(board, ANA, NOON, approves=True)
            return
        wanted, from_the_middle = QUESTIONS[question]
        page = self._looking.page(wanted, self._middle if from_the_middle else None)
        if not page.found:
            raise AssertionError(f"{question} found nothing")


def fill(engine: Engine, size: int) -> int:
    """Fills in whole launches until there are so many events; gives the number of launches."""
    kinds = {told: _template(told) for told in (*OPEN, *OVER)}
    left, made = size, 0
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        for batch in _batches(_plan()):
            rows, projections = [], []
            for told in batch:
                if left <= 0:
                    break
                new, row = _launch(made, *kinds[told])
                rows.extend(new)
                projections.append(row)
                left -= len(new)
                made += 1
            if rows:
                connection.execute(insert(events), rows)
                connection.execute(insert(launches), projections)
            if left <= 0:
                break
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return made


def _plan() -> Iterator[Told]:
    """The newest first: what is open, then what is over, without end."""
    for _ in range(OPEN_EACH):
        yield from OPEN
    yield from itertools.cycle(OVER)


def _batches(plan: Iterator[Told]) -> Iterator[tuple[Told, ...]]:
    while True:
        yield tuple(itertools.islice(plan, BATCH))


def _template(told: Told) -> tuple[Launch, list[tuple[UserId, str, dict]]]:
    requested = asked(demands=Demands(hold=timedelta(minutes=2)) if told == OPEN[1] else None)
    whole = ((ANA, requested), *told)
    return launch(*told, requested=requested), [(actor, kind_of(event), encode(event)) for actor, event in whole]


def _launch(number: int, folded: Launch, happened: list) -> tuple[list[dict], dict]:
    launch_id = f"L{number:08}"
    at = NOON - timedelta(minutes=number)
    requester = UserId(f"U{number % REQUESTERS:04}") if number % 3 else ANA
    rows = [
        {
            "launch_id": launch_id,
            "seq": seq,
            "at": at + timedelta(seconds=seq),
            "kind": kind,
            "actor": requester if seq == 1 else actor,
            "data": data,
            "previous": "",
            "digest": hashlib.sha256(f"{launch_id}{seq}".encode()).hexdigest(),
        }
        for seq, (actor, kind, data) in enumerate(happened, start=1)
    ]
    return rows, _row(launch_id, number, at + timedelta(seconds=1), requester, folded, len(rows))


def _row(launch_id: str, number: int, at: datetime, requester: UserId, folded: Launch, version: int) -> dict:
    return {
        "id": launch_id,
        "state": folded.state.value,
        "campaign_id": number % CAMPAIGNS + 1,
        "channel": folded.channel,
        "version": version,
        "head": "",
        "message_ts": f"{number}.0",
        "requester": requester,
        "asked_at": at,
        "expires_at": folded.expires_at,
        "shelf": phase_of(folded).value,
    }


def measured(ask: Callable[[], None]) -> float:
    begun = time.perf_counter()
    ask()
    return (time.perf_counter() - begun) * 1000


def compare(short: Record, long: Record, question: str) -> tuple[float, float]:
    """The median milliseconds of both, asked in turns."""
    times: tuple[list[float], list[float]] = ([], [])
    for sample in range(WARM_UP + SAMPLES):
        for record, kept in zip((short, long), times, strict=True):
            took = measured(lambda record=record: record.ask(question))
            if sample >= WARM_UP:
                kept.append(took)
    return statistics.median(times[0]), statistics.median(times[1])


@contextmanager
def databases() -> Iterator[dict[str, Callable[[], str]]]:
    """Where each engine's empty databases come from."""
    numbers = itertools.count(1)
    server = Postgres(durable=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            yield {
                "SQLite": lambda: f"sqlite:///{Path(folder) / f'{next(numbers)}.db'}",
                "PostgreSQL": server.new_database,
            }
    finally:
        server.close()


def main(sizes: tuple[int, ...]) -> int:
    """Prints the table; the exit status says whether the goal was met."""
    few, many = sizes
    say = sys.stdout.write
    worst = 0.0
    say(f"| engine | question | {few:,} events | {many:,} events | ratio |\n| --- | --- | --- | --- | --- |\n")
    with databases() as engines:
        for engine, new_database in engines.items():
            short, long = Record(new_database(), few), Record(new_database(), many)
            for question in (*QUESTIONS, "Home"):
                before, after = compare(short, long, question)
                worst = max(worst, after / before)
                say(f"| {engine} | {question} | {before:.2f} ms | {after:.2f} ms | {after / before:.2f} |\n")
                sys.stdout.flush()
    say(f"\nThe worst ratio is {worst:.2f}; the goal is at most {GOAL}.\n")
    return 0 if worst <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main(tuple(int(one) for one in sys.argv[1:]) or SIZES))
