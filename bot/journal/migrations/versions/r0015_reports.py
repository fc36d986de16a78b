"""Lets the numbers of a launch's run be due, and be worked on, beside everything else."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("launches", sa.Column("report_at", sa.DateTime(timezone=True)))
    op.add_column("launches", sa.Column("report_claim", sa.String(36)))
    op.add_column("launches", sa.Column("report_claim_until", sa.DateTime(timezone=True)))
    op.create_index("launches_report", "launches", ["report_at"])
    held = sa.text("report_claim IS NOT NULL")
    op.create_index("launches_report_claimed", "launches", ["report_claim"], sqlite_where=held, postgresql_where=held)
