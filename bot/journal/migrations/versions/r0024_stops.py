"""Lets the last stops be found without going through all launches of their campaign."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    stops = sa.text("kind = 'stop:ask'")
    op.create_index("events_stops", "events", ["at"], sqlite_where=stops, postgresql_where=stops)
