"""Lets a launch's stop be due, and be worked on, beside the launch's own steps."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("launches", sa.Column("stop_at", sa.DateTime(timezone=True)))
    op.add_column("launches", sa.Column("stop_claim", sa.String(36)))
    op.add_column("launches", sa.Column("stop_claim_until", sa.DateTime(timezone=True)))
    op.create_index("launches_stop", "launches", ["stop_at"])
    held = sa.text("stop_claim IS NOT NULL")
    op.create_index("launches_stop_claimed", "launches", ["stop_claim"], sqlite_where=held, postgresql_where=held)
