"""What the worker asks of a run's numbers, and how it ends their counting."""

from datetime import datetime

from bot.campaign.request import LaunchId
from bot.journal.journal import Journal
from bot.journal.runs import counts_of, earlier, first_day_of, forget, proof_of
from bot.launch.state import Launch
from bot.results.counts import Counts
from bot.results.first_day import FirstDay


class Numbers:
    """The numbers of one journal's runs."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def beside_earlier(self, launch: Launch, most: int) -> tuple[Counts, tuple[Counts, ...]]:
        """What was counted of the launch's run, and of so many of its campaign's runs before it, the newest first."""
        with self._journal.asking() as connection:
            before = earlier(connection, launch.target, launch.started_at or launch.moved_at, most)
            return counts_of(connection, launch.id), tuple(before)

    def counts(self, launch_id: LaunchId) -> Counts:
        """What was counted of the launch's run so far."""
        with self._journal.asking() as connection:
            return counts_of(connection, launch_id)

    def first_day(self, launch_id: LaunchId) -> FirstDay:
        """When in its first day the run's messages were delivered, opened and clicked."""
        with self._journal.asking() as connection:
            return first_day_of(connection, launch_id)

    def proof(self, launch_id: LaunchId) -> datetime | None:
        """When an event happened that shows that the launch's campaign was started after its call."""
        with self._journal.asking() as connection:
            return proof_of(connection, launch_id)

    def stop_counting(self, launch_id: LaunchId) -> None:
        """Ends the counting of a launch's run of which nothing is told."""
        with self._journal.writing() as connection:
            forget(connection, launch_id)
