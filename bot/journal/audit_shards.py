"""Verifies a long record by several processes, each over its own part: one processor is what bounds it otherwise."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import partial

from sqlalchemy import Connection, func, select

from bot.campaign.request import LaunchId
from bot.child_process import pool
from bot.journal.audit import Counts, Known, check_streams, known_of, verify, verify_rest
from bot.journal.audit_files import KeptFiles, kept_files
from bot.journal.engine import open_engine
from bot.journal.finding import Finding
from bot.journal.journal import Journal
from bot.journal.keys import Keys
from bot.journal.references import references
from bot.journal.stored import Stream
from bot.journal.tables import openings

SHARD = 5_000
"""Streams in one part: small ones, so that all processes end together."""

WORTHWHILE = 10_000
"""Streams from which processes are started: starting one takes as long as verifying some thousands."""


@dataclass(frozen=True)
class Part:
    """The streams from one id on and before another; "" for no bound. One by another's id belongs to one part."""

    first: str
    end: str


@dataclass(frozen=True)
class _Worker:
    """What a process is given: how to open the journal, and what the parts have in common."""

    url: str
    keys: Keys
    kept: KeptFiles


def verify_in_processes(
    journal: Journal, counts: Counts, *, processes: int | None = None, worthwhile: int = WORTHWHILE, shard: int = SHARD
) -> Iterator[Finding]:
    """As `verify`, by as many processes as there are processors, or by this one alone where the record is short.

    Each part is read in a transaction of its own, which is enough for a stream, its row and where it was opened.
    """
    processes = processes or os.cpu_count() or 1
    with journal.reading() as connection:
        count = connection.execute(select(func.count()).select_from(openings)).scalar_one()
        if processes == 1 or count < worthwhile:
            yield from verify(connection, counts, journal.keys, journal.now())
            return
        known = known_of(connection, counts, journal.keys, journal.now())
        parts = _parts(connection, count, max(processes, -(-count // shard)))
    worker = _Worker(journal.url, journal.keys, known.kept)
    with pool(processes) as started:
        found = started.map(partial(_verified, worker), parts)
        with journal.reading() as connection:
            yield from verify_rest(connection, counts, journal.keys)
        for findings, counted in found:
            _add(counts, counted)
            yield from findings


def _parts(connection: Connection, count: int, wanted: int) -> list[Part]:
    ids = select(openings.c.launch_id).order_by(openings.c.launch_id)
    places = (count * nth // wanted for nth in range(1, wanted))
    bounds = [connection.execute(ids.offset(place).limit(1)).scalar_one() for place in places]
    return [Part(first, end) for first, end in zip(["", *bounds], [*bounds, ""], strict=True)]


def _verified(worker: _Worker, part: Part) -> tuple[list[Finding], Counts]:
    engine, counts = open_engine(worker.url), Counts()
    try:
        journal = Journal(engine, keys=worker.keys)
        # Asked anew: what is put off while the other parts are verified is put off from then.
        known = Known(worker.keys, worker.kept, journal.now())
        with journal.reading() as connection:
            look = partial(_with_newer_files, connection)
            return list(
                check_streams(connection, known, counts, (LaunchId(part.first), LaunchId(part.end)), look)
            ), counts
    finally:
        engine.dispose()


def _with_newer_files(connection: Connection, stream: Stream, known: Known) -> Known:
    """With the files that were kept after all of them were read: this part sees what was written since."""
    wanted = {reference.sha256 for reference, _ in references(stream.events)}
    newer = wanted - known.kept.whole - known.kept.damaged
    if not newer:
        return known
    found = kept_files(connection, newer)
    kept = KeptFiles(known.kept.whole | found.whole, known.kept.damaged | found.damaged)
    return replace(known, kept=kept)


def _add(counts: Counts, counted: Counts) -> None:
    for field in fields(Counts):
        setattr(counts, field.name, getattr(counts, field.name) + getattr(counted, field.name))
