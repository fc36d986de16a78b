"""Keeps which heads were told of in the audit's channel, and when."""

import sqlalchemy as sa
from alembic import op

from bot.journal.tables import Moment

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "anchors",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("begun_at", Moment, nullable=False),
        sa.Column("chains", sa.Integer, nullable=False),
        sa.Column("heads", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("token", sa.LargeBinary),
    )
    op.create_index("anchors_day", "anchors", ["day"], unique=True)
    op.create_table(
        "anchored",
        sa.Column("launch_id", sa.String(36), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
    )
    op.create_index("anchored_number", "anchored", ["number", "launch_id"])
