"""Finds what an instance holds without reading every launch; remembers what was told outside the launch's channel."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("launches", sa.Column("elsewhere_seq", sa.Integer, nullable=False, server_default="0"))
    for name, claim in (("launches_claimed", "claim"), ("launches_publish_claimed", "publish_claim")):
        held = sa.text(f"{claim} IS NOT NULL")
        op.create_index(name, "launches", [claim], sqlite_where=held, postgresql_where=held)
