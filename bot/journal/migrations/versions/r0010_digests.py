"""Notes which weeks were told of in the digest's channel, so that each is told once."""

import sqlalchemy as sa
from alembic import op

from bot.journal.tables import Moment

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "digests",
        sa.Column("week", sa.String(10), primary_key=True),
        sa.Column("begun_at", Moment, nullable=False),
    )
