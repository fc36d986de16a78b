"""Brings the journal's tables up to this version, whoever starts first, and refuses a database that does not fit."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from bot.journal.engine import JournalUnusable
from bot.journal.tables import metadata

MIGRATING = 0x63616D706169676E
"""The advisory lock under which one instance migrates and the others wait; "campaign" in ASCII."""


def upgrade(engine: Engine) -> None:
    """Applies what is missing, all or nothing.

    Raises JournalUnusable where a newer version has been at work, or where the tables are not what their revision says.
    """
    config = Config()
    config.set_main_option("script_location", "bot.journal:migrations")
    known = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATING})
        current = MigrationContext.configure(connection).get_current_revision()
        if current is not None and current not in known:
            raise JournalUnusable(
                f"The database is at revision {current}, which this version does not know: a newer campaign-bot has "
                "used it. Start that version, or restore the backup from before the upgrade."
            )
        if current is None:
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
