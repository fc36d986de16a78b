"""Brings the journal's tables up to this version, whoever starts first, and refuses a database that does not fit."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from bot.journal.engine import JournalUnusable
from bot.journal.tables import metadata

MIGRATING = 0x63616D706169676E
"""The advisory lock under which one instance migrates and the others wait; "campaign" in ASCII."""


REVISIONS = sorted(file.stem[1:5] for file in Path(__file__).parent.glob("migrations/versions/r*.py"))
"""Oldest first: a revision `0003` lies in the file `r0003_….py`."""


def upgrade(engine: Engine) -> None:
    """Applies what is missing, all or nothing.

    Raises JournalUnusable where a newer version has been at work, or where the tables are not what their revision says.
    """
    with engine.connect() as connection:
        if _revision(connection) == REVISIONS[-1]:
            _check_whole(connection)
            return
    _migrate(engine)


def expect_current(engine: Engine) -> None:
    """Raises JournalUnusable where the tables are not this version's; changes nothing."""
    with engine.connect() as connection:
        if _revision(connection) != REVISIONS[-1]:
            raise JournalUnusable(
                "The journal's tables are not those of this version. Run campaign-bot db upgrade with this version "
                "first, or use the version that the bot runs in."
            )
        _check_whole(connection)


def pending(connection: Connection) -> tuple[str, ...]:
    """The revisions that `upgrade` would apply, oldest first; nothing is changed. Raises JournalUnusable likewise."""
    current = _known_revision(connection)
    if current is None:
        _check_empty(connection)
        return tuple(REVISIONS)
    if current == REVISIONS[-1]:
        _check_whole(connection)
    return tuple(REVISIONS[REVISIONS.index(current) + 1 :])


def _known_revision(connection: Connection) -> str | None:
    current = _revision(connection)
    if current is not None and current not in REVISIONS:
        raise JournalUnusable(
            f"The database is at revision {current}, which this version does not know: a newer campaign-bot has "
            "used it. Start that version, or restore the backup from before the upgrade."
        )
    return current


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return found


def _migrate(engine: Engine) -> None:
    # Alembic takes as long to load as all the rest; most starts have nothing to migrate.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "bot.journal:migrations")
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATING})
        if _known_revision(connection) is None:
            _check_empty(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        _check_whole(connection)


def _check_empty(connection: Connection) -> None:
    """A database without a revision must hold none of the tables: they would be another's, or half of ours."""
    ours = sorted(set(inspect(connection).get_table_names()) & set(metadata.tables))
    if ours:
        raise JournalUnusable(
            f"The database holds {', '.join(ours)}, but no revision that tells how they came there: it is half "
            "migrated, or another program's. Restore a backup, or point DATABASE_URL at an empty database."
        )


def _check_whole(connection: Connection) -> None:
    inspector = inspect(connection)
    there = set(inspector.get_table_names())
    for table in metadata.sorted_tables:
        columns = {column["name"] for column in inspector.get_columns(table.name)} if table.name in there else set()
        missing = sorted({column.name for column in table.columns} - columns)
        if missing:
            raise JournalUnusable(
                f"The database says that it is migrated, but its table {table.name} lacks {', '.join(missing)}: it is "
                "half migrated or was changed by hand. Restore the backup from before."
            )
