"""Shows pictures in a launch's thread, beside everything else that is told there."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.campaign.request import LaunchId
from bot.journal.journal import Journal
from bot.journal.queue import Queue
from bot.launch.events import Entry
from bot.launch.state import Launch
from bot.launch.story import NotPublished, Story, Unanswered
from bot.launch.timing import wait_after
from bot.worker.thread_pictures import Exhibit

LONGEST_WAIT = timedelta(hours=1)
"""Between two tries to put a picture into a thread."""

LATEST = timedelta(days=1)
"""For how long after a launch came into its state, or its last numbers, a picture is tried: then it is of no use."""

WITHOUT_CARD = timedelta(seconds=10)
"""Until the next look, where somebody has deleted the card and it is not there again."""

log = logging.getLogger(__name__)


class Picturing:
    """Works the lane of pictures, one launch at a time: has them made, and puts them into the thread.

    Nothing is noted of a posting: before each, the thread is looked through.
    """

    def __init__(
        self,
        journal: Journal,
        queue: Queue,
        exhibits: Sequence[Exhibit],
    ) -> None:
        self._journal = journal
        self.queue = queue
        self._exhibits = exhibits

    def asked_by(self, entry: Entry) -> bool:
        """Whether the event brings something to show; the launch is due then."""
        if not any(exhibit.is_brought_by(entry) for exhibit in self._exhibits):
            return False
        self.queue.make_due(entry.launch_id)
        return True

    def show(self, launch_id: LaunchId) -> None:
        """Shows what there is to show of the launch as it stands now, unless its thread shows it already."""
        story = self._journal.story(launch_id)
        if story is None:
            return
        try:
            until = self._shown_until(story)
        except Unanswered as trouble:
            self.queue.postpone(launch_id, story.launch.version, self._next_try(story.launch, trouble))
            self.queue.let_settle(launch_id)
            return
        self.queue.postpone(launch_id, story.launch.version, until)

    def _shown_until(self, story: Story) -> datetime | None:
        """When to try again, None where all is shown. Raises Unanswered where something may still be on its way."""
        message_ts = story.place.message_ts
        if message_ts is None:
            return self._journal.now() + WITHOUT_CARD
        try:
            for exhibit in self._exhibits:
                exhibit.show(story.launch, story.place.channel, message_ts)
        except Unanswered:
            raise
        except NotPublished as trouble:
            return self._next_try(story.launch, trouble)
        return None

    def _next_try(self, launch: Launch, trouble: NotPublished) -> datetime | None:
        now, since = self._journal.now(), _since(launch)
        if now - since > LATEST:
            log.warning("a picture is given up: %s", trouble.cause, extra={"launch_id": launch.id})
            return None
        if trouble.retry_after is None:
            wait = wait_after(since, now, most=LONGEST_WAIT)
        else:
            wait = timedelta(seconds=trouble.retry_after)
        log.warning(
            "Slack did not take a picture (%s); trying again in %.0f s",
            trouble.cause,
            wait.total_seconds(),
            extra={"launch_id": launch.id},
        )
        return now + wait


def _since(launch: Launch) -> datetime:
    """When something to show came last, about: with its state, or with its last numbers."""
    reported = launch.results[-1].after if launch.results else timedelta()
    return max(launch.moved_at, (launch.started_at or launch.moved_at) + reported)
