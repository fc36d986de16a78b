"""`campaign-bot audit follow`: goes on writing what happens, each event at least once."""

import argparse
import io
import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bot.journal.following import last_position, place_at
from bot.journal.journal import Journal
from bot.journal.record import followed
from bot.journal.tables import openings
from bot.launch.record import Format, Recorded
from bot.slack.views.record import lines
from bot.terminal.journal_access import FINE, CannotBeDone, opened, standard_output

LOOK = 1.0
"""Seconds between two looks where nothing happens."""

AWAY = 5.0
"""Seconds until the next look where the database does not answer."""


@dataclass(frozen=True)
class Cursor:
    """How far everything is written: a position, what stands there, and whose record it is."""

    position: int = 0
    event: str = ""
    """`LAUNCH:SEQ`."""
    journal: str = ""
    """The digest of the record's first event; "" before anything was written."""

    @classmethod
    def read(cls, file: Path) -> "Cursor":
        """Raises CannotBeDone."""
        try:
            told = json.loads(file.read_text(encoding="utf-8"))
            return cls(int(told["position"]), str(told["event"]), str(told["journal"]))
        except FileNotFoundError:
            return cls()
        except (ValueError, KeyError, TypeError) as error:
            raise CannotBeDone(f"{file} is no cursor. Name another file, or take it away to begin anew.") from error

    def write(self, file: Path) -> None:
        """Whole or not at all, and on the disk."""
        beside = file.with_name(f"{file.name}.new")
        with beside.open("w", encoding="utf-8") as new:
            json.dump({"position": self.position, "event": self.event, "journal": self.journal}, new)
            new.flush()
            os.fsync(new.fileno())
        beside.replace(file)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Writes every event, from the first on, one JSON object a line, and goes on with what happens. Started again "
        "with the same cursor, it goes on where it was: each event is written once, or after a kill once more."
    )
    kinds = (Format.JSONL, Format.OCSF)
    parser.add_argument("--format", choices=kinds, default=Format.JSONL, type=Format, help="default jsonl")
    parser.add_argument("--cursor", type=Path, required=True, metavar="FILE", help="where it keeps how far it has come")
    parser.add_argument("--output", type=Path, metavar="FILE", help="to be added to; by default standard output")
    parser.add_argument("--once", action="store_true", help="end where nothing more has happened")


def run(environment: Mapping[str, str], chosen: argparse.Namespace) -> int:
    with opened(environment) as journal, _output(chosen.output) as output:
        follower = _Follower(journal, chosen.cursor, output, once=chosen.once)
        try:
            for line in lines(follower.records(), chosen.format):
                output.write(line)
        except KeyboardInterrupt:
            pass  # whoever watches it has seen enough; what is written is written
    return FINE


class _Follower:
    """Reads on from the cursor, and moves it once what was read is written."""

    def __init__(self, journal: Journal, file: Path, output: TextIO, *, once: bool) -> None:
        self._journal = journal
        self._file = file
        self._output = output
        self._once = once
        self._cursor = Cursor.read(file)

    def records(self) -> Iterator[Recorded]:
        """Events without end, or those there are. Whoever takes the next one has written the one before."""
        self._check()
        while True:
            batch = self._next()
            if batch is None:
                if self._once:
                    return
                time.sleep(LOOK)
                continue
            position, records = batch
            yield from records
            self._written(position, records)

    def _next(self) -> tuple[int, tuple[Recorded, ...]] | None:
        while True:
            try:
                return followed(self._journal, self._cursor.position)
            except SQLAlchemyError as error:
                if self._once:
                    raise
                sys.stderr.write(f"The database does not answer ({type(error).__name__}); trying again.\n")
                time.sleep(AWAY)

    def _written(self, position: int, records: tuple[Recorded, ...]) -> None:
        self._output.flush()
        if self._output is not sys.stdout:
            os.fsync(self._output.fileno())
        event = f"{records[-1].launch_id}:{records[-1].seq}" if records else ""
        self._cursor = Cursor(position, event, self._cursor.journal or _first(self._journal))
        self._cursor.write(self._file)

    def _check(self) -> None:
        """Raises CannotBeDone where the cursor is not this record's, or is ahead of it: events would be left out."""
        cursor = self._cursor
        if not cursor.position:
            return
        with self._journal.reading() as connection:
            last = last_position(connection)
            here = place_at(connection, cursor.position)
        other = here and cursor.event and f"{here.launch_id}:{here.seq}" != cursor.event
        if other or (last is not None and last < cursor.position) or cursor.journal != _first(self._journal):
            raise CannotBeDone(
                f"{self._file} is the cursor of another record, or of a newer copy of this one: what it points at is "
                "not there. Take the file away to begin anew, so that nothing is left out."
            )


def _first(journal: Journal) -> str:
    with journal.reading() as connection:
        found = connection.execute(select(openings.c.digest).where(openings.c.number == 1)).scalar_one_or_none()
    return found or ""


@contextmanager
def _output(file: Path | None) -> Iterator[TextIO]:
    if file is None:
        yield standard_output()
        return
    _cut_torn_line(file)
    with file.open("a", encoding="utf-8", errors="backslashreplace", newline="") as output:
        yield output


def _cut_torn_line(file: Path) -> None:
    """Takes away what a kill left of a line: the cursor is before it, so it is written again."""
    if not file.exists():
        return
    with file.open("r+b") as torn:
        end = torn.seek(0, os.SEEK_END)
        while end:
            start = max(0, end - io.DEFAULT_BUFFER_SIZE)
            torn.seek(start)
            found = torn.read(end - start).rfind(b"\n")
            if found >= 0:
                torn.truncate(start + found + 1)
                return
            end = start
        torn.truncate(0)
