"""Brings Slack up to date with a launch: the card, then one reply an event, in order, none of them twice."""

import logging
from dataclasses import replace
from datetime import timedelta

from bot.journal.journal import Journal
from bot.journal.queue import Places, Queue
from bot.launch.request import LaunchId
from bot.launch.story import NotPublished, Publisher, Story

SHORTEST_BACKOFF = timedelta(seconds=2)
LONGEST_BACKOFF = timedelta(minutes=10)

CARD = 0
"""What stands for the card where events are counted from 1."""

log = logging.getLogger(__name__)


class Publishing:
    """Tells what the journal holds and Slack has not been told yet."""

    def __init__(self, journal: Journal, queue: Queue, places: Places, publisher: Publisher) -> None:
        self._journal = journal
        self._queue = queue
        self._places = places
        self._publisher = publisher

    def publish(self, launch_id: LaunchId) -> None:
        story = self._journal.story(launch_id)
        if story is None:
            return
        try:
            self._tell(story)
        except NotPublished as trouble:
            self._again_later(story, trouble)
            return
        self._queue.postpone(launch_id, story.launch.version, None)

    def _tell(self, story: Story) -> None:
        launch_id = story.launch.id
        message_ts = story.place.message_ts
        new_card = message_ts is None
        if message_ts is None:
            message_ts = self._publisher.post_card(story, look_first=self._begin(story, CARD))
            self._places.card_posted(launch_id, message_ts)
            story = replace(story, place=replace(story.place, message_ts=message_ts))
        self._tell_lines(story, message_ts)
        if not new_card or len(story.lines) > 1:
            self._publisher.update_card(story, message_ts)

    def _tell_lines(self, story: Story, message_ts: str) -> None:
        for line in story.lines[story.place.published_seq :]:
            seq = line.entry.seq
            if line.told:
                self._publisher.post_reply(story, line, message_ts, look_first=self._begin(story, seq))
            self._places.published(story.launch.id, seq)

    def _begin(self, story: Story, seq: int) -> bool:
        """Notes that a posting begins, and says whether one had begun before."""
        if story.place.posting_seq >= seq:
            return True
        self._places.posting(story.launch.id, seq)
        return False

    def _again_later(self, story: Story, trouble: NotPublished) -> None:
        now = self._journal.now()
        backoff = min(max((now - story.lines[-1].entry.at) / 2, SHORTEST_BACKOFF), LONGEST_BACKOFF)
        wait = backoff if trouble.retry_after is None else timedelta(seconds=trouble.retry_after)
        log.warning(
            "Slack did not take it (%s); trying again in %.0f s",
            trouble.cause,
            wait.total_seconds(),
            extra={"launch_id": story.launch.id},
        )
        self._queue.postpone(story.launch.id, story.launch.version, now + wait)
