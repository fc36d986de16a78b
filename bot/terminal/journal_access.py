"""Opens the journal for a command in a terminal, beside a bot that may be running on it."""

import io
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from sqlalchemy.exc import SQLAlchemyError

from bot.journal.engine import JournalUnusable, open_engine
from bot.journal.journal import Journal
from bot.journal.schema import expect_current
from bot.settings import SettingsError, read_database_url, read_journal_keys
from bot.slack.views.plaintext import one_line

FINE, FOUND, CANNOT = 0, 1, 2
"""Exit statuses: nothing is wrong; something was found; it could not be done."""

Environment = Callable[[], Mapping[str, str]]


class CannotBeDone(Exception):
    """The text is a sentence that says what to do."""


@contextmanager
def opened(environment: Mapping[str, str]) -> Iterator[Journal]:
    """The journal as it is: nothing is created, and no lock is taken that a running bot holds.

    Raises JournalUnusable, or SQLAlchemyError where the database does not answer.
    """
    engine = open_engine(read_database_url(environment))
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    if file and not Path(file).exists():
        raise JournalUnusable(f"There is no journal at {file}. Check DATABASE_URL, and from which folder you run this.")
    try:
        expect_current(engine)
        yield Journal(engine, keys=read_journal_keys(environment).keys)
    finally:
        engine.dispose()


def standard_output() -> TextIO:
    """Standard output as a file is written: UTF-8, and lines that end as they are made, whatever the machine's way."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="")
    return sys.stdout


def carried_out(command: Callable[[], int]) -> int:
    """The command's exit status; what hinders it is told in a sentence."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # What people wrote may hold what a terminal cannot show.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return command()
    except SettingsError as error:
        told = " ".join(error.problems)
    except (JournalUnusable, CannotBeDone) as error:
        told = str(error)
    except SQLAlchemyError as error:
        cause = str(error.__cause__ or error).splitlines()[0].rstrip(".")
        told = f"The journal cannot be read: {cause}. Check DATABASE_URL, and that the database is running."
    except BrokenPipeError:
        # Whoever reads the output has read enough; Python would complain once more at its end.
        sys.stderr.close()
        return FINE
    except OSError as error:
        told = f"It cannot be written: {error.strerror or type(error).__name__}."
    sys.stderr.write(f"{one_line(told)}\n")
    return CANNOT
