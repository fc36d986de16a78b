"""Lets launches be found by the campaign and the audience that they reach, and by when."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("launches", sa.Column("audience", sa.String(40), nullable=False, server_default=""))
    op.add_column("launches", sa.Column("reaches_at", sa.DateTime(timezone=True)))
    for what in ("campaign_id", "audience"):
        name = f"launches_{what.removesuffix('_id')}_reach"
        op.create_index(name, "launches", [what, "reaches_at"])
