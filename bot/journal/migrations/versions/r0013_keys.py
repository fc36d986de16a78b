"""Lets digests name the key under which they are made, and what came before a key be sealed under it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0010"


def upgrade() -> None:
    for table in ("events", "pruned"):
        op.add_column(table, sa.Column("key_id", sa.String(16), nullable=False, server_default=""))
    op.create_table(
        "seals",
        sa.Column("launch_id", sa.String(36), primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
