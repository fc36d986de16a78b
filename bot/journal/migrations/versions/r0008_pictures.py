"""Lets the pictures of a launch's e-mail be due, and be worked on, beside the telling of everything else."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("launches", sa.Column("picture_at", sa.DateTime(timezone=True)))
    op.add_column("launches", sa.Column("picture_claim", sa.String(36)))
    op.add_column("launches", sa.Column("picture_claim_until", sa.DateTime(timezone=True)))
    op.create_index("launches_picture", "launches", ["picture_at"])
    held = sa.text("picture_claim IS NOT NULL")
    op.create_index("launches_picture_claimed", "launches", ["picture_claim"], sqlite_where=held, postgresql_where=held)
