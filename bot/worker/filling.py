"""Puts those who received a launch into a static segment: one after the other, slowly, and on from where it was left.

Whoever was being added when the bot was killed is added once more, under the same request id: that mails nobody.
"""

import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.altcraft.client import AltcraftClient, PlatformError, PlatformRefused
from bot.campaign.request import Invalid, LaunchId, RequestId
from bot.journal.fillings import Filling, Fillings, NobodyNamed, SegmentTaken, TooMany
from bot.journal.journal import Journal
from bot.journal.publish_progress import PublishProgress
from bot.journal.queue import Queue
from bot.journal.vault import Locked
from bot.launch import received as receiving
from bot.launch.commands import Observe
from bot.launch.outcome import Accepted, NotSent, Outcome, RefusedByPlatform, Unknown
from bot.launch.state import Launch
from bot.launch.timing import wait_after
from bot.phrase import Phrase
from bot.policy.policy import Policy, PolicyUnreadable
from bot.policy.received import ReceivedRules
from bot.policy.refusals import Refused

SLICE = 20
"""People in a row; then the thread is free for another launch, and the bot may stop."""

LONGEST_SLICE = 5.0
"""Seconds, where the platform is slow."""

PAUSE = timedelta(seconds=1)
"""Between two slices: some 20 people a second at most, so that calls that matter find the platform free."""

LONGEST_SETTLING = timedelta(minutes=15)
"""The list is closed then, although events still come."""

MOST_REFUSED = 5
"""In a row: then it is the segment or the token that the platform does not take, and not a profile."""

QUARTERS = 4
TOLD_FROM = 200
"""People from which on each quarter is told in the thread; the card tells more often."""

UNREADABLE_AGAIN = timedelta(minutes=1)

NO_RULES = Phrase("The policy names no segment for it any more.")
OTHER_RULES = Phrase("The policy names another segment or database now than the one that was begun.")
LOCKED = Phrase("What was kept of profiles cannot be opened: RECIPIENTS_KEY is not the key that it was kept under.")
DISTRUSTED = Phrase("The record of this launch is not what I have written. An admin has to look into it.")
NOBODY_NAMED = Phrase("No event of its sending that was kept names a profile of the policy's database.")
TOO_LATE = Phrase("Profile ids are kept no longer than the policy says, and that time is over.")

_IDS = uuid.UUID("5f0c4a6e-6b57-4f0b-9d3b-0a6a3f3f6f54")
"""Under this, the id of the request for a profile follows from launch, attempt and profile. It tells nothing of it."""

log = logging.getLogger(__name__)


class _Ends(Exception):
    """It cannot go on; `cause` is a sentence. With `erase`, nobody is kept for another try."""

    def __init__(self, cause: Phrase, *, erase: bool = False) -> None:
        super().__init__(cause)
        self.cause = cause
        self.erase = erase


class FillingSegments:
    """Works the lane of fillings. `policy` raises PolicyUnreadable."""

    def __init__(
        self,
        journal: Journal,
        queue: Queue,
        fillings: Fillings,
        platform: AltcraftClient,
        policy: Callable[[], Policy],
    ) -> None:
        self._journal = journal
        self._queue = queue
        self._fillings = fillings
        self._platform = platform
        self._policy = policy
        self._cards = PublishProgress(journal)

    def fill(self, launch_id: LaunchId) -> None:
        """Takes it one step on, and says when the next is due."""
        launch, filling = self._journal.load(launch_id), self._fillings.find(launch_id)
        if filling is None:
            return
        if launch is None:
            self._fillings.remove(launch_id)
            return
        if launch.received is None or launch.received.step not in receiving.UNDER_WAY:
            self._queue.postpone(launch_id, filling.version, None)
            return
        try:
            until = self._taken_on(launch, launch.received, filling)
        except PolicyUnreadable:
            until = self._journal.now() + UNREADABLE_AGAIN
        except Locked:
            until = self._end(launch, filling, _Ends(LOCKED))
        except _Ends as ends:
            until = self._end(launch, filling, ends)
        self._queue.postpone(launch_id, filling.version, until)

    def _taken_on(self, launch: Launch, received: receiving.Received, filling: Filling) -> datetime | None:
        """Raises PolicyUnreadable, Locked or _Ends."""
        rules = self._policy().received
        if rules is None:
            raise _Ends(NO_RULES, erase=True)
        if self._journal.now() - filling.asked_at > rules.keep_for:
            raise _Ends(TOO_LATE, erase=True)
        if filling.segment is not None and not _fits(filling, rules):
            raise _Ends(OTHER_RULES)
        if received.step is receiving.ReceivedStep.ASKED:
            return self._begun(launch, filling, rules)
        return self._added(launch, received, filling)

    def _begun(self, launch: Launch, filling: Filling, rules: ReceivedRules) -> datetime:
        """Closes the list once all has come, and notes what is about to happen."""
        if filling.sealed is None:
            later = self._settled_at(filling, rules)
            if later > self._journal.now():
                return later
            try:
                filling = self._closed(launch, rules)
            except PlatformError as error:
                log.warning("no segment could be looked at: %s", error.word, extra={"launch_id": launch.id})
                return self._after_a_miss(filling)
        if self._journal.doubts(launch):
            raise _Ends(DISTRUSTED)
        started = receiving.FillingStarted(
            segment=filling.segment or 0,
            database=filling.database or 0,
            people=filling.people,
            nameless=filling.nameless,
            elsewhere=filling.elsewhere,
            ambiguous=filling.ambiguous,
        )
        self._journal.execute(launch.id, Observe(started))
        return self._journal.now()

    def _settled_at(self, filling: Filling, rules: ReceivedRules) -> datetime:
        """When no event has come for long enough, as far as that can be told now."""
        counted_at = self._fillings.counted_at(filling.launch_id)
        settled = counted_at + rules.settle if counted_at else filling.asked_at
        return min(settled, filling.asked_at + LONGEST_SETTLING)

    def _closed(self, launch: Launch, rules: ReceivedRules) -> Filling:
        """Raises Locked, _Ends, or PlatformError where nobody knows which segment is empty."""
        for segment in self._empty(launch, rules):
            try:
                return self._fillings.close(launch.id, segment, rules.database, rules.at_most)
            except SegmentTaken:
                continue
            except NobodyNamed:
                raise _Ends(NOBODY_NAMED) from None
            except TooMany as many:
                text = Phrase(
                    "{n} people received it, and the policy lets a segment be filled with at most {most}.",
                    n=many.people,
                    most=rules.at_most,
                )
                raise _Ends(text) from None
        raise _Ends(
            Phrase(
                "None of the policy's segments ({segments}) is empty and unused: make an empty static one in the "
                "platform, and have an admin name it in the policy.",
                segments=", ".join(map(str, rules.segments)),
            )
        )

    def _empty(self, launch: Launch, rules: ReceivedRules) -> list[int]:
        """The policy's segments in which nobody is, and nobody who received another launch is about to be."""
        taken = self._fillings.taken(launch.id)
        return [one for one in rules.segments if one not in taken and self._is_empty(one)]

    def _is_empty(self, segment: int) -> bool:
        try:
            return self._platform.segment(segment).count == 0
        except PlatformRefused:
            return False

    def _added(self, launch: Launch, received: receiving.Received, filling: Filling) -> datetime | None:
        """A slice of them. Raises Locked or _Ends."""
        before = filling
        profiles = self._fillings.profiles(filling) if filling.done < filling.people else ()
        ends_at = time.monotonic() + LONGEST_SLICE
        for profile in profiles[filling.done : filling.done + SLICE]:
            outcome = self._asked_for(launch, received, filling, profile)
            if isinstance(outcome, NotSent | Unknown):
                self._cards.card_outdated(launch.id)
                return self._after_a_miss(filling)
            filling = _after(filling, outcome)
            self._fillings.note(filling)
            if filling.in_a_row >= MOST_REFUSED:
                raise self._turned_away(filling)
            if time.monotonic() > ends_at:
                break
        if filling.done >= filling.people:
            self._done(launch, filling)
            return None
        self._tell(launch, before, filling)
        return self._journal.now() + PAUSE

    def _asked_for(self, launch: Launch, received: receiving.Received, filling: Filling, profile: str) -> Outcome:
        """What became of one call. The platform's words may name the profile, so no more is taken of them than a code.

        The id is another one at each attempt: what was refused under it may be answered so for a day.
        """
        request_id = RequestId(str(uuid.uuid5(_IDS, f"{launch.id} {received.attempt} {profile}")))
        try:
            prepared = self._platform.prepare_addition(filling.segment or 0, filling.database or 0, profile)
        except Invalid:
            return RefusedByPlatform(0, "")
        return self._platform.add(prepared, request_id)

    def _tell(self, launch: Launch, before: Filling, now: Filling) -> None:
        """On the card, and each quarter of many in the thread."""
        self._cards.card_outdated(launch.id)
        if now.people >= TOLD_FROM and _quarter(now) > _quarter(before):
            self._journal.execute(launch.id, Observe(receiving.FillingProgressed(now.added)))

    def _done(self, launch: Launch, filling: Filling) -> None:
        """Raises _Ends where the platform took nobody."""
        if not filling.added:
            raise self._turned_away(filling)
        done = receiving.FillingDone(filling.added, filling.refused, filling.code, self._fillings.unkept(filling))
        self._journal.execute(launch.id, Observe(done), self._fillings.erase(launch.id))

    def _turned_away(self, filling: Filling) -> _Ends:
        """The last ones were refused because of something else than themselves: another try begins with them."""
        in_a_row = filling.in_a_row
        back = replace(filling, done=filling.done - in_a_row, refused=filling.refused - in_a_row, code=0, in_a_row=0)
        self._fillings.note(back)
        return _Ends(_refused(filling.code))

    def _end(self, launch: Launch, filling: Filling, ends: _Ends) -> datetime | None:
        """Ends it. Whoever is still kept stays so for another try, until the policy's bound."""
        filling = self._fillings.find(launch.id) or filling
        failed = Observe(receiving.FillingFailed(ends.cause, filling.added))
        within = self._fillings.erase(launch.id) if ends.erase else None
        ended = self._journal.execute(launch.id, failed, within)
        if isinstance(ended, Refused):
            log.warning("a filling could not be ended", extra={"launch_id": launch.id})
        return None

    def _after_a_miss(self, filling: Filling) -> datetime:
        self._fillings.note_missed(filling)
        now = self._journal.now()
        return now + wait_after(filling.missed_at or now, now)


def _fits(filling: Filling, rules: ReceivedRules) -> bool:
    return filling.segment in rules.segments and filling.database == rules.database


def _after(filling: Filling, outcome: Outcome) -> Filling:
    if isinstance(outcome, Accepted):
        return replace(filling, done=filling.done + 1, in_a_row=0, missed_at=None)
    code = outcome.code if isinstance(outcome, RefusedByPlatform) else 0
    return replace(
        filling,
        done=filling.done + 1,
        refused=filling.refused + 1,
        code=filling.code or code,
        in_a_row=filling.in_a_row + 1,
        missed_at=None,
    )


def _quarter(filling: Filling) -> int:
    return filling.done * QUARTERS // filling.people


def _refused(code: int) -> Phrase:
    return Phrase(
        "The platform refuses to put profiles into the segment (error {code}). Has the token the right to write it, "
        "and is it a static segment of the policy's database?",
        code=str(code),
    )
