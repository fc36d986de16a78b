"""SQLite files that have the journal's tables: migrating one takes longer than most of what is tested on it."""

import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy import make_url

from bot.journal.engine import open_engine
from bot.journal.schema import upgrade


def lay_tables(url: str) -> None:
    """Makes the database's file, with empty tables, unless there is one. Another engine's database stays as it is."""
    at = make_url(url)
    if at.get_backend_name() != "sqlite" or not at.database or Path(at.database).exists():
        return
    Path(at.database).write_bytes(_with_tables())


@cache
def _with_tables() -> bytes:
    with tempfile.TemporaryDirectory(prefix="journal-") as folder:
        file = Path(folder) / "journal.db"
        engine = open_engine(f"sqlite:///{file}")
        upgrade(engine)
        engine.dispose()
        return file.read_bytes()
