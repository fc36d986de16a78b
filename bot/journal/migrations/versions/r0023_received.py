"""Keeps whom runs were sent to, sealed, where that is wanted; and the launch that a correction corrects."""

import sqlalchemy as sa
from alembic import op

from bot.journal.tables import Moment

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.add_column("launches", sa.Column("corrects", sa.String(36)))
    corrections = sa.text("corrects IS NOT NULL")
    op.create_index(
        "launches_corrections",
        "launches",
        ["corrects", "asked_at"],
        sqlite_where=corrections,
        postgresql_where=corrections,
    )
    op.add_column("runs", sa.Column("list_closed", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "recipients",
        sa.Column("run_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("segment", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("named", sa.Integer, nullable=False),
        sa.Column("nameless", sa.Integer, nullable=False),
        sa.Column("ambiguous", sa.Integer, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    counted = ("people", "named", "nameless", "elsewhere", "ambiguous", "done", "refused", "code", "in_a_row")
    op.create_table(
        "fillings",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("segment_id", sa.BigInteger),
        sa.Column("database_id", sa.BigInteger),
        *(sa.Column(name, sa.Integer, nullable=False, server_default="0") for name in counted),
        sa.Column("missed_at", Moment),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("fill_at", Moment),
        sa.Column("fill_claim", sa.String(36)),
        sa.Column("fill_claim_until", Moment),
    )
    op.create_index("fillings_due", "fillings", ["fill_at"])
    op.create_index("fillings_segment", "fillings", ["segment_id"], unique=True)
