"""Exports a long record by several processes, each a part at a time: one processor is what bounds it otherwise."""

import json
import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

from sqlalchemy import func, select

from bot.campaign.encoding import sorted_json
from bot.child_process import pool
from bot.journal.engine import open_engine
from bot.journal.journal import Journal
from bot.journal.record import recorded
from bot.journal.tables import openings
from bot.launch.record import Format, Recorded, Wish
from bot.slack.views.record import lines

PART = 1_000
"""Launches and refused attempts in one part: its lines are held in memory until they are written."""

WORTHWHILE = 5_000
"""From how many on processes are started."""


@dataclass(frozen=True)
class _Job:
    """How a process opens the journal, and what is wished for."""

    url: str
    wish: Wish


@dataclass(frozen=True)
class _Part:
    """The lines of a part, without the table's head. `telling` are those in which a message stands whole."""

    lines: list[str]
    telling: frozenset[int]


def exported(
    journal: Journal, wish: Wish, *, processes: int | None = None, worthwhile: int = WORTHWHILE, part: int = PART
) -> Iterator[str]:
    """The file's lines, as `lines` gives them, made by as many processes as there are processors.

    Each part is as of one moment of its own. What is opened after the beginning is left out.
    """
    processes = processes or os.cpu_count() or 1
    with journal.reading() as connection:
        last = connection.execute(select(func.max(openings.c.number))).scalar_one() or 0
    if processes == 1 or last < worthwhile:
        yield from lines(recorded(journal, wish), wish.format)
        return
    yield from lines((), wish.format)  # the table's head
    told: set[str] = set()
    bounds = [(first, first + part - 1) for first in range(1, last + 1, part)]
    with pool(processes) as started:
        for made in _in_order(started, _Job(journal.url, wish), bounds, 2 * processes):
            for number, line in enumerate(made.lines):
                yield _once(line, told) if number in made.telling else line


def _in_order(started: ProcessPoolExecutor, job: _Job, bounds: list[tuple[int, int]], ahead: int) -> Iterator[_Part]:
    """The parts in their order; no more than so many are made before they are asked for."""
    waiting: deque[Future[_Part]] = deque()
    make = partial(_made, job)
    for each in bounds:
        waiting.append(started.submit(make, each))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _made(job: _Job, opened: tuple[int, int]) -> _Part:
    engine, telling = open_engine(job.url), set[int]()
    head = sum(1 for _ in lines((), job.wish.format))

    def noted() -> Iterator[Recorded]:
        for number, record in enumerate(recorded(Journal(engine), job.wish, opened)):
            if record.covered and job.wish.format is Format.JSONL:
                telling.add(number)
            yield record

    try:
        made = list(lines(noted(), job.wish.format))
    finally:
        engine.dispose()
    return _Part(made[head:], frozenset(telling))


def _once(line: str, told: set[str]) -> str:
    """The line, with each message whole only where none of the parts before had it."""
    fields = json.loads(line)
    for message in fields["messages"]:
        if message.get("digest") in told:
            message.pop("message", None)
        elif "message" in message:
            told.add(message["digest"])
    return f"{sorted_json(fields)}\n"
