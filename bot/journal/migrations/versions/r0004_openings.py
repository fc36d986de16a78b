"""Chains the streams' openings, so that none can be taken out or put in whole; keeps what is left of pruned ones."""

import hashlib

import sqlalchemy as sa
from alembic import op

from bot.journal.tables import Moment

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "openings",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("launch_id", sa.String(36), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    op.create_index("openings_launch", "openings", ["launch_id"], unique=True)
    op.create_table(
        "openings_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("unchained", sa.Integer, nullable=False),
        sa.Column("unchained_digest", sa.String(64), nullable=False),
    )
    op.create_table(
        "pruned",
        sa.Column("launch_id", sa.String(36), primary_key=True),
        sa.Column("campaign_id", sa.BigInteger),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("opened_at", Moment, nullable=False),
        sa.Column("ended_at", Moment, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("opening", sa.String(64), nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("pruned_at", Moment, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    _number_what_is_there()


def _number_what_is_there() -> None:
    """Streams from before stay as they are; together they are counted, and sealed by one digest."""
    connection = op.get_bind()
    connection.execute(
        sa.text(
            "INSERT INTO openings (number, launch_id, digest) "
            "SELECT row_number() OVER (ORDER BY at, launch_id), launch_id, digest FROM events WHERE seq = 1"
        )
    )
    count, last, whole = 0, "", hashlib.sha256()
    for (digest,) in connection.execute(sa.text("SELECT digest FROM openings ORDER BY number")):
        count, last = count + 1, digest
        whole.update(f"{digest}\n".encode())
    connection.execute(
        sa.text("INSERT INTO openings_head VALUES (1, :count, :last, :count, :whole)"),
        {"count": count, "last": last, "whole": whole.hexdigest()},
    )
