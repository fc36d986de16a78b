"""Lets launches be looked for by how they ended, in the order in which they were asked for."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_index("launches_state_asked", "launches", ["state", "asked_at", "id"])
