"""Lets Alembic run over the connection that `bot.journal.engine.upgrade` hands it."""

from alembic import context

from bot.journal.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=False)
context.run_migrations()
