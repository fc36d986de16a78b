"""Lets events be followed, in the order in which they were committed."""

import sqlalchemy as sa
from alembic import op

from bot.journal.tables import position

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "order_of_events",
        sa.Column("position", position, primary_key=True, autoincrement=True),
        sa.Column("launch_id", sa.String(36), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("order_of_events_launch", "order_of_events", ["launch_id"])
    op.execute(
        "INSERT INTO order_of_events (launch_id, seq) SELECT launch_id, seq FROM events ORDER BY at, launch_id, seq"
    )
