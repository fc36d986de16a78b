"""Keeps when in its first day a run's messages were delivered, opened and clicked."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("runs", sa.Column("first_day", sa.LargeBinary))
