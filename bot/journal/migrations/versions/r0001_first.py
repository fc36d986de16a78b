"""The first tables: events, launches, files."""

import sqlalchemy as sa
from alembic import op

from bot.journal.tables import Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("launch_id", sa.String(36), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("actor", sa.String(40), nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    op.create_table(
        "launches",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("campaign_id", sa.BigInteger, nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.Column("due_at", Moment),
        sa.Column("claim", sa.String(36)),
        sa.Column("claim_until", Moment),
        sa.Column("publish_at", Moment),
        sa.Column("publish_claim", sa.String(36)),
        sa.Column("publish_claim_until", Moment),
        sa.Column("message_ts", sa.String(40)),
        sa.Column("posting_seq", sa.Integer, nullable=False, server_default="-1"),
        sa.Column("published_seq", sa.Integer, nullable=False, server_default="0"),
    )
    op.create_index("launches_due", "launches", ["due_at"])
    op.create_index("launches_publish", "launches", ["publish_at"])
    op.create_index("launches_campaign", "launches", ["campaign_id", "state"])
    op.create_table(
        "files",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
