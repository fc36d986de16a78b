"""Brings Slack up to date with a launch: the card, then one reply an event, in order, none of them twice."""

import logging
from collections.abc import Callable
from concurrent.futures import Executor, Future, wait
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeAlias

from cachetools import FIFOCache

from bot.campaign.request import LaunchId
from bot.journal.journal import Journal
from bot.journal.publish_progress import PublishProgress
from bot.journal.queue import Queue
from bot.launch.correcting import is_correction
from bot.launch.events import Entry
from bot.launch.state import ENDED, Launch, State
from bot.launch.stop import NEEDS_A_PERSON
from bot.launch.story import CardGone, ChannelGone, Linked, NotPublished, Publisher, Story, Unanswered
from bot.launch.testing import Tested
from bot.launch.timing import next_tick, wait_after
from bot.worker.pacing import Pace

LONGEST_BACKOFF = timedelta(minutes=2)
"""Between two tries to tell Slack of a launch, where it does not say how long to wait."""

PASSING = frozenset({State.APPROVED, State.LAUNCHING, State.RUNNING})
"""Where the next news is on its way, so that nobody is told of it outside the channel."""

CARD = 0
"""What stands for the card where events are counted from 1."""

EDITS_APART = timedelta(seconds=10)
"""Between two edits of a card for its numbers alone, which may change several times a second."""

MOST_REMEMBERED = 1000

log = logging.getLogger(__name__)


Told: TypeAlias = Callable[[Entry], None]
"""Is told of each event whose reply has arrived, perhaps for the second time; must be quick."""


def _nobody(_entry: Entry) -> None:
    """For whoever does not want to know."""


class Publishing:
    """Tells what the journal holds and Slack has not been told yet."""

    def __init__(
        self,
        journal: Journal,
        queue: Queue,
        places: PublishProgress,
        publisher: Publisher,
        side_by_side: Executor,
        told: Told = _nobody,
        last_test: Callable[[Launch], Tested | None] = lambda _: None,
        corrections: Callable[[Launch], tuple[LaunchId, ...]] = lambda _: (),
    ) -> None:
        self._journal = journal
        self._queue = queue
        self._places = places
        self._publisher = publisher
        self._side_by_side = side_by_side
        self._told = told
        self._last_test = last_test
        self._corrections = corrections
        self._pace = Pace()
        self._shown: FIFOCache[LaunchId, datetime] = FIFOCache(MOST_REMEMBERED)
        """When cards were last brought up to date; forgotten, it costs an edit more."""

    def publish(self, launch_id: LaunchId) -> None:
        story = self._journal.story(launch_id)
        if story is None:
            return
        now = self._journal.now()
        turn = self._pace.turn(story.place.channel, now)
        try:
            until = turn or self._turn_of_numbers(story, now) or self._told_until(self._as_of(story, now))
        except Unanswered as trouble:
            self._queue.postpone(launch_id, story.launch.version, self._next_try(story, trouble))
            self._queue.let_settle(launch_id)
            return
        # What is counted while the card is edited makes it due anew.
        self._queue.postpone_from(launch_id, story.launch.version, story.place.publish_at, until)

    def _as_of(self, story: Story, now: datetime) -> Story:
        launch = story.launch
        return replace(
            story,
            now=now,
            tested=self._last_test(launch),
            linked=self._linked(launch),
            corrections=tuple(filter(None, map(self._other, self._corrections(launch)))),
            corrected=self._other(launch.belongs_to if is_correction(launch) else None),
        )

    def _linked(self, launch: Launch) -> Linked | None:
        """Where its canary stands, or for a canary or a test the launch that it is a part of."""
        part_of = launch.belongs_to if launch.request.is_canary or launch.request.is_test else None
        return self._other(launch.canary.launch_id if launch.canary else part_of)

    def _other(self, launch_id: LaunchId | None) -> Linked | None:
        story = self._journal.story(launch_id) if launch_id else None
        return Linked(story.launch, story.place.channel, story.place.message_ts, story.counts) if story else None

    def _turn_of_numbers(self, story: Story, now: datetime) -> datetime | None:
        """When the card may be edited, where there is nothing to tell but its run's numbers; None for at once."""
        shown = self._shown.get(story.launch.id)
        counted = story.launch.was_sent or story.launch.canary is not None
        if shown is None or story.untold or not counted or now - shown >= EDITS_APART:
            return None
        return shown + EDITS_APART

    def _told_until(self, story: Story) -> datetime | None:
        """Tells what is untold, and says when to look again; None where all is told and stays so.

        Raises Unanswered where something may still be on its way.
        """
        try:
            self._tell(story)
        except Unanswered:
            raise
        except CardGone as trouble:
            return self._without_card(story, trouble)
        except ChannelGone as trouble:
            self._tell_elsewhere(story, trouble)
            return self._next_try(story, trouble)
        except NotPublished as trouble:
            return self._next_try(story, trouble)
        self._shown[story.launch.id] = self._journal.now()
        return next_tick(story.launch, self._journal.now())

    def _without_card(self, story: Story, trouble: CardGone) -> datetime | None:
        """Somebody deleted the card. It comes back where it is still needed: to be acted on, or to be told under."""
        untold = any(line.told for line in story.untold)
        log.warning("the card was deleted: %s", trouble.cause, extra={"launch_id": story.launch.id})
        if story.launch.state in ENDED and not untold:
            return None
        self._places.card_lost(story.launch.id)
        return self._journal.now()

    def _tell_elsewhere(self, story: Story, trouble: ChannelGone) -> None:
        launch = story.launch
        if launch.version <= story.place.elsewhere_seq or _passes(launch):
            return
        try:
            self._publisher.tell_elsewhere(story, trouble.told)
        except NotPublished as also:
            log.warning("nobody could be told: %s", also.cause, extra={"launch_id": launch.id})
            return
        self._places.told_elsewhere(launch.id, launch.version)

    def _tell(self, story: Story) -> None:
        launch_id = story.launch.id
        if story.launch.belongs_to and (story.untold or story.launch.request.is_canary):
            # Before it is noted as told, so that a kill in between leaves no card behind the test, the canary or the
            # correction.
            self._places.card_outdated(story.launch.belongs_to)
        message_ts = story.place.message_ts
        new_card = message_ts is None
        if message_ts is None:
            message_ts = self._publisher.post_card(
                story, look_first=self._begin(story, CARD, story.place.published_seq)
            )
            self._places.card_posted(launch_id, message_ts)
            story = replace(story, place=replace(story.place, message_ts=message_ts))
        if new_card and story.launch.version == 1:
            self._tell_lines(story, message_ts)
            return
        # Beside the replies: a card says where things stand, whatever has been told below it by then.
        update = self._side_by_side.submit(self._publisher.update_card, story, message_ts)
        try:
            self._tell_lines(story, message_ts)
        finally:
            wait([update])
            _raise_unanswered(update)
        update.result()

    def _tell_lines(self, story: Story, message_ts: str) -> None:
        arrived = before = story.place.published_seq
        try:
            for line in story.untold:
                seq = line.entry.seq
                if line.told:
                    self._publisher.post_reply(story, line, message_ts, look_first=self._begin(story, seq, arrived))
                    # Before it is noted as arrived: what a kill keeps from being told is told after the restart.
                    self._told(line.entry)
                arrived = seq
        finally:
            if arrived > before:
                self._places.published(story.launch.id, arrived)

    def _begin(self, story: Story, seq: int, arrived: int) -> bool:
        """Notes that a posting begins, and what has arrived; says whether that posting had begun before."""
        if story.place.posting_seq >= seq:
            return True
        self._places.posting(story.launch.id, seq, arrived)
        return False

    def _next_try(self, story: Story, trouble: NotPublished) -> datetime:
        now = self._journal.now()
        if trouble.retry_after is None:
            since = story.untold[-1].entry.at if story.untold else story.launch.moved_at
            wait = wait_after(since, now, most=LONGEST_BACKOFF)
        else:
            wait = timedelta(seconds=trouble.retry_after)
            self._pace.keep_quiet(story.place.channel, now + wait)
        log.warning(
            "Slack did not take it (%s); trying again in %.0f s",
            trouble.cause,
            wait.total_seconds(),
            extra={"launch_id": story.launch.id},
        )
        return now + wait


def _raise_unanswered(update: Future[None]) -> None:
    """Whatever became of the replies: a change that comes late would bring back a card of earlier."""
    trouble = update.exception()
    if isinstance(trouble, Unanswered):
        raise trouble


def _passes(launch: Launch) -> bool:
    """Whether more news is on its way by itself; a stop that needs a person is told at once."""
    waits_for_a_person = launch.stop is not None and launch.stop.step in NEEDS_A_PERSON
    if launch.canary and launch.canary.waits_for_a_person:
        return False
    return launch.state in PASSING and not waits_for_a_person
