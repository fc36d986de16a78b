"""How far the filling of a launch's segment is, and which launches correct it: what a card tells of both."""

from sqlalchemy import Connection, bindparam, select

from bot.campaign.request import LaunchId
from bot.journal.recipient_tables import fillings
from bot.journal.tables import launches

MOST_SHOWN = 3
"""Corrections on a card, the newest."""

_ADDED = select(fillings.c.done - fillings.c.refused).where(fillings.c.id == bindparam("launch"))
_CORRECTIONS = (
    select(launches.c.id)
    .where(launches.c.corrects == bindparam("launch"))
    .order_by(launches.c.asked_at.desc(), launches.c.id)
    .limit(MOST_SHOWN)
)


def added_of(connection: Connection, launch_id: LaunchId) -> int:
    """How many of those who received the launch are in the segment by now."""
    return connection.execute(_ADDED, {"launch": launch_id}).scalar_one_or_none() or 0


def corrections_of(connection: Connection, launch_id: LaunchId) -> tuple[LaunchId, ...]:
    """The launches that correct it, the newest first."""
    return tuple(map(LaunchId, connection.execute(_CORRECTIONS, {"launch": launch_id}).scalars()))
