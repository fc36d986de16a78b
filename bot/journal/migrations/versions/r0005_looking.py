"""Lets launches be looked for: by who asked and when, by where they stand, and by when they expire."""

import sqlalchemy as sa
from alembic import op

from bot.journal.tables import Moment

revision = "0005"
down_revision = "0004"

INDEXES = {
    "launches_asked": ("asked_at", "id"),
    "launches_campaign_asked": ("campaign_id", "asked_at", "id"),
    "launches_requester_asked": ("requester", "asked_at", "id"),
    "launches_requester_shelf": ("requester", "shelf", "asked_at", "id"),
    "launches_shelf_asked": ("shelf", "asked_at", "id"),
    "launches_shelf_expiry": ("shelf", "expires_at", "id"),
}

# The first event of every launch is its request. What has expired since it was last moved is never shown as waiting, so
# the moment that a request is due by is near enough until it moves again.
FILL = """
UPDATE launches SET
  requester = COALESCE((SELECT actor FROM events WHERE launch_id = launches.id AND seq = 1), ''),
  asked_at = (SELECT at FROM events WHERE launch_id = launches.id AND seq = 1),
  expires_at = due_at,
  shelf = CASE
    WHEN state = 'requested' THEN 'waiting'
    WHEN state = 'approved' THEN 'coming'
    WHEN state = 'launching' THEN 'running'
    WHEN state IN ('launched', 'running') AND due_at IS NOT NULL THEN 'running'
    WHEN state = 'in_doubt' THEN 'in_doubt'
    ELSE 'over'
  END
"""


def upgrade() -> None:
    op.add_column("launches", sa.Column("requester", sa.String(40), nullable=False, server_default=""))
    op.add_column("launches", sa.Column("asked_at", Moment))
    op.add_column("launches", sa.Column("expires_at", Moment))
    op.add_column("launches", sa.Column("shelf", sa.String(10), nullable=False, server_default="over"))
    op.execute(FILL)
    for name, columns in INDEXES.items():
        op.create_index(name, "launches", list(columns))
