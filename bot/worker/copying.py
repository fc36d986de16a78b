"""The copy on which a test or a canary is made: committed before it is asked for, and looked for where it is lost."""

import logging
import uuid
from dataclasses import dataclass, replace

from bot.altcraft.client import AltcraftClient, PlatformError
from bot.campaign.request import Invalid, RequestId
from bot.journal.journal import Journal
from bot.journal.queue import Queue
from bot.launch import copying
from bot.launch.commands import Observe
from bot.launch.delivery import DeliveryRules
from bot.launch.events import GaveUp, HeldBack
from bot.launch.outcome import NotSent, RefusedByPlatform, Unknown
from bot.launch.state import Launch
from bot.launch.timing import LOOK_FOR, wait_after
from bot.phrase import Phrase
from bot.policy.refusals import Refused
from bot.worker.gate import Gate
from bot.worker.mentions import Mentions
from bot.worker.record_check import RecordCheck
from bot.worker.rereading import Rereading
from bot.worker.retrying import retry_until_database_answers

INTERRUPTED = copying.CopyUnknown(Phrase("the bot ended between asking for the copy and noting the answer"))
ITSELF = copying.CopyUnknown(Phrase("the platform named the campaign itself as its copy"))
AMBIGUOUS = copying.CopyNotFound(Phrase("The platform's list has several copies of that name."))

_IDS = uuid.UUID("a0d1c0de-5d1c-4a53-8a4e-2f3c1b7c9e11")
"""Under this, the id of the request for a copy follows from its test: another one than its activation's."""

log = logging.getLogger(__name__)


def copy_name(launch: Launch) -> str:
    """A name that no other campaign has, so that the copy is found by it; it says what it is to whoever sees it."""
    return f"[{launch.request.purpose.value} by campaign-bot] {launch.request.campaign_id} {launch.id}"


@dataclass(frozen=True, eq=False)
class Copying:
    """Has campaigns copied for tests and canaries."""

    _journal: Journal
    _queue: Queue
    _platform: AltcraftClient
    _rereading: Rereading
    _gate: Gate
    _rules: DeliveryRules
    _mentions: Mentions
    _record_check: RecordCheck

    def make(self, launch: Launch) -> None:
        """Has the copy made, in one call, or notes why not."""
        if launch.copy and launch.copy.step == copying.CopyStep.CALLING:
            # Claimed again while calling: whoever made the call is gone, and its answer with it.
            self._note(launch, INTERRUPTED)
            return
        if self._rules.out_of_time(launch.first_miss_at, self._journal.now()):
            self._journal.execute(launch.id, Observe(GaveUp(), launch.fingerprint))
            return
        name = copy_name(launch)
        try:
            prepared = self._platform.prepare_copy(launch.request.campaign_id, name)
        except Invalid as error:
            self._journal.execute(launch.id, Observe(HeldBack((error.text,)), launch.fingerprint))
            return
        veto = self._gate.check(launch, self._rereading.recent(launch).preview)
        if veto:
            self._journal.execute(launch.id, Observe(veto, launch.fingerprint))
            return
        if self._record_check.holds_back(launch):
            return
        # Committed before the call: from here on, a crash leaves a doubt, never a second copy.
        request_id = RequestId(str(uuid.uuid5(_IDS, launch.id)))
        begun = self._journal.execute(
            launch.id, Observe(copying.CopyStarted(request_id, name, prepared.digest), launch.fingerprint)
        )
        if isinstance(begun, Refused):
            return
        outcome = self._platform.copy(prepared, request_id)
        news = _of_a_copy(outcome)
        if isinstance(news, copying.Copied) and news.campaign_id == launch.request.campaign_id:
            news = ITSELF
        retry_until_database_answers(lambda: self._note(begun, news))

    def look(self, launch: Launch) -> None:
        """Looks for a copy whose answer was lost: it may be switched on, and nobody would know of it."""
        found = self._found(launch)
        if isinstance(found, copying.Copied):
            self._note(launch, found)
            return
        if launch.copy and launch.copy.looked != found:
            told = self._note(launch, found)
            launch = launch if isinstance(told, Refused) else told
        now, since = self._journal.now(), launch.moved_at
        again = now + wait_after(since, now) if now - since < LOOK_FOR else None
        self._queue.postpone(launch.id, launch.version, again)

    def _found(self, launch: Launch) -> copying.Copied | copying.CopyNotFound:
        name = launch.copy.name if launch.copy else ""
        try:
            listed = (one for one in self._platform.campaigns() if one.id != launch.request.campaign_id)
            found = [one.id for one in listed if one.name == name]
        except PlatformError as error:
            log.warning("the list of campaigns was not readable: %s", error, extra={"launch_id": launch.id})
            return copying.CopyNotFound(error.sentence)
        if len(found) > 1:
            return AMBIGUOUS
        return copying.Copied(found[0], found=True) if found else copying.CopyNotFound()

    def _note(
        self,
        launch: Launch,
        news: copying.Copied | copying.CopyRefused | copying.CopyUnknown | copying.CopyNotFound | NotSent,
    ) -> Launch | Refused:
        if isinstance(news, copying.CopyUnknown):
            news = replace(news, mention=self._mentions.to_switch_off(launch))
        return self._journal.execute(launch.id, Observe(news))


def _of_a_copy(outcome: copying.CopyOutcome) -> copying.Copied | copying.CopyRefused | copying.CopyUnknown | NotSent:
    match outcome:
        case RefusedByPlatform(code, text):
            return copying.CopyRefused(code, text)
        case Unknown(cause):
            return copying.CopyUnknown(cause)
        case _:
            return outcome
