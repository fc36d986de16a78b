"""Keeps what the platform's hooks tell of each run, and what recognises a repeat of it."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("launch_id", sa.String(36), nullable=False),
        sa.Column("campaign_id", sa.BigInteger, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("followed", sa.Boolean, nullable=False),
        sa.Column("segments", sa.Integer, nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True)),
        sa.Column("proved_at", sa.DateTime(timezone=True)),
        sqlite_autoincrement=True,
    )
    op.create_index("runs_launch", "runs", ["launch_id"], unique=True)
    op.create_index("runs_campaign", "runs", ["campaign_id", "followed"])
    op.create_table(
        "seen",
        sa.Column("run_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("part", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("segment", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("hashes", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
