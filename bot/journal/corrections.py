"""Finds the corrections of a launch, for its card."""

from sqlalchemy import Connection, bindparam, select

from bot.campaign.request import LaunchId
from bot.journal.journal import Journal
from bot.journal.tables import launches
from bot.launch.correcting import receivers
from bot.launch.state import Launch

MOST_SHOWN = 3
"""Corrections on a card, the newest."""

_CORRECTIONS = (
    select(launches.c.id)
    .where(launches.c.corrects == bindparam("launch"))
    .order_by(launches.c.asked_at.desc(), launches.c.id)
    .limit(MOST_SHOWN)
)


def corrections_of(connection: Connection, launch_id: LaunchId) -> tuple[LaunchId, ...]:
    """The launches that correct it, the newest first."""
    return tuple(map(LaunchId, connection.execute(_CORRECTIONS, {"launch": launch_id}).scalars()))


class Corrections:
    """Queries over one journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def of(self, launch: Launch) -> tuple[LaunchId, ...]:
        """The newest few, the newest first; none where there is no segment that one could go to, and no query then."""
        if receivers(launch) is None:
            return ()
        with self._journal.asking() as connection:
            return corrections_of(connection, launch.id)
