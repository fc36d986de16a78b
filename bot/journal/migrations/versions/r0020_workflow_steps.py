"""Keeps the steps of Workflow Builder that wait for their launch to end, so that each is answered, whatever dies."""

import sqlalchemy as sa
from alembic import op

from bot.journal.tables import Moment

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "workflow_steps",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("execution", sa.String(255), nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("inputs", sa.JSON, nullable=False),
        sa.Column("failure", sa.Text),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("told_at", Moment),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("answer_at", Moment),
        sa.Column("answer_claim", sa.String(36)),
        sa.Column("answer_claim_until", Moment),
    )
    op.create_index("workflow_steps_answer", "workflow_steps", ["answer_at"])
    op.create_index("workflow_steps_told", "workflow_steps", ["told_at"])
