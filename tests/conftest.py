"""What several packages of tests share: the two databases that a journal can be kept in, and --full."""

import gc
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.migrated import lay_tables
from tests.postgres import Postgres

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

LONGEST = ("crash", "end_to_end")
"""Folders whose tests mostly wait: begun first, so that the quick ones fill what is left at the end."""

# What is collected stays until the end: looking through it for garbage takes a third of the collection's time.
gc.disable()

ENGINES = ("sqlite", "postgresql")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--full", action="store_true", help="kill at every point, 200 times at random, 1,000 launches; race 1,000 times"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    root = Path(__file__).parent
    items.sort(key=lambda item: item.path.relative_to(root).parts[0] not in LONGEST)


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True)
def log_as_it_was() -> Iterator[None]:
    """Takes back where a command that ran in this process has logged to: the next test's streams are others."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before


@pytest.fixture
def full(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--full"))


@pytest.fixture
def say(capsys):
    """Prints a table also where pytest keeps what tests print."""

    def said(text: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{text}\n")

    return said


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    yield server
    server.close()


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path) -> str:
    """An empty database, once on each engine."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgres").new_database()
    return f"sqlite:///{tmp_path / 'journal.db'}"


@pytest.fixture(params=ENGINES)
def journal_url(request: pytest.FixtureRequest, tmp_path) -> str:
    """A database with the journal's tables, empty, once on each engine."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgres").new_journal()
    url = f"sqlite:///{tmp_path / 'journal.db'}"
    lay_tables(url)
    return url
