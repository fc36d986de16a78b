"""Notes when a file was wanted last, so that what nobody refers to can be let go of."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from bot.journal.tables import Moment

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("files", sa.Column("kept_at", Moment))
    # Forms that are open now may yet refer to what is there.
    files = sa.table("files", sa.column("kept_at", Moment))
    op.execute(files.update().values(kept_at=datetime.now(UTC)))
