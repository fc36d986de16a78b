"""How far the filling of a launch's segment is, as its card tells it."""

from sqlalchemy import Connection, bindparam, select

from bot.campaign.request import LaunchId
from bot.journal.recipient_tables import fillings

_ADDED = select(fillings.c.done - fillings.c.refused).where(fillings.c.id == bindparam("launch"))


def added_of(connection: Connection, launch_id: LaunchId) -> int:
    """How many of those who received the launch are in the segment by now."""
    return connection.execute(_ADDED, {"launch": launch_id}).scalar_one_or_none() or 0
