"""Tells tests to reviewers from launches, by the campaign that they test."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column("launches", sa.Column("test_of", sa.BigInteger))
    tests = sa.text("test_of IS NOT NULL")
    op.create_index("launches_tests", "launches", ["test_of", "asked_at"], sqlite_where=tests, postgresql_where=tests)
