"""Tells canaries from launches, by the campaign that they are made of and the launch that they are a part of."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("launches", sa.Column("canary_of", sa.BigInteger))
    op.add_column("launches", sa.Column("belongs_to", sa.String(36)))
    canaries = sa.text("canary_of IS NOT NULL")
    op.create_index("launches_canaries", "launches", ["canary_of"], sqlite_where=canaries, postgresql_where=canaries)
