"""Counts what is refused again and again, so that it does not grow the record without end."""

import sqlalchemy as sa
from alembic import op

from bot.journal.tables import Moment

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "refusals",
        sa.Column("launch_id", sa.String(36), primary_key=True),
        sa.Column("actor", sa.String(40), primary_key=True),
        sa.Column("action", sa.String(40), primary_key=True),
        sa.Column("reason", sa.String(40), primary_key=True),
        sa.Column("since", Moment, nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
    )
