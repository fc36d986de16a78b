"""Finds the corrections of a launch, for its card."""

from bot.journal.filled import corrections_of
from bot.journal.journal import Journal
from bot.launch.correcting import receivers
from bot.launch.state import Launch


class Corrections:
    """Queries over one journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def of(self, launch: Launch) -> tuple[Launch, ...]:
        """The newest few; none where there is no segment that one could go to, and no query then."""
        if receivers(launch) is None:
            return ()
        with self._journal.asking() as connection:
            found = corrections_of(connection, launch.id)
        return tuple(one for one in map(self._journal.load, found) if one)
