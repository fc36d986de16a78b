"""The one dangerous call: what is checked before it, what is committed before it, what is noted after it."""

import logging
from datetime import datetime, timedelta

from bot.altcraft.client import AltcraftClient, PlatformError, Prepared
from bot.journal.journal import Journal
from bot.launch.events import GaveUp, LaunchStarted, Withheld
from bot.launch.lifecycle import Command, Launch, Observe, Resend
from bot.launch.outcome import NotSent
from bot.launch.policy import Refused, Role, Roles, RolesUnknown, Rules
from bot.launch.request import Invalid, RequestId, UserId
from bot.worker.patience import insist

LOG_WINDOW = timedelta(days=1)
"""How far back the campaign's log is read for its newest entry."""

log = logging.getLogger(__name__)


class Activation:
    """Sends approved launches to the platform."""

    def __init__(self, journal: Journal, platform: AltcraftClient, roles: Roles, rules: Rules) -> None:
        self._journal = journal
        self._platform = platform
        self._roles = roles
        self._rules = rules

    def begin(self, launch: Launch) -> None:
        """The first try of an approved launch, or the next one after tries that never left."""
        if self._out_of_time(launch):
            self._journal.execute(launch.id, Observe(GaveUp()))
            return
        if self._journal.in_doubt(launch.request.campaign_id, launch.id):
            self._journal.execute(launch.id, Observe(NotSent("another launch of this campaign is in doubt")))
            return
        try:
            prepared = self._prepare(launch)
        except (Invalid, LookupError) as error:
            self._journal.execute(launch.id, Observe(NotSent(f"the request could not be written: {error}")))
            return
        start = self._start(launch, prepared, self._newest_log(launch))
        # The roles come last: reading the log may have taken long.
        try:
            withheld = self._who_lost_a_role(launch)
        except RolesUnknown as unknown:
            self._journal.execute(launch.id, Observe(NotSent(f"the roles could not be checked: {unknown.cause}")))
            return
        if withheld:
            self._journal.execute(launch.id, Observe(withheld))
            return
        self._send(launch, prepared, Observe(start))

    def resend(self, launch: Launch) -> bool:
        """The identical request once more, with the same id, out of a doubt. False where it cannot be identical."""
        first = launch.attempts[0]
        try:
            prepared = self._prepare(launch)
        except (Invalid, LookupError):
            prepared = None
        if prepared is None or prepared.digest != first.body_digest:
            log.error("the body differs from the first try's: not sent again", extra={"launch_id": launch.id})
            return False
        self._send(launch, prepared, Resend(self._start(launch, prepared, first.newest_log)))
        return True

    def _send(self, launch: Launch, prepared: Prepared, start: Command) -> None:
        # Committed before the call: from here on, a crash leaves a doubt, never a second call.
        started = self._journal.execute(launch.id, start)
        if isinstance(started, Refused):
            return
        outcome = self._platform.activate(prepared, started.attempts[-1].request_id)
        # Nobody but this thread knows the answer: a database that went away meanwhile is waited for.
        insist(lambda: self._journal.execute(launch.id, Observe(outcome)))

    def _out_of_time(self, launch: Launch) -> bool:
        missed_since = launch.first_miss_at
        return missed_since is not None and self._journal.now() - missed_since > self._rules.retry_for

    def _who_lost_a_role(self, launch: Launch) -> Withheld | None:
        for person, role in _rests_on(launch):
            if not self._roles.holds(person, role):
                return Withheld(person, role)
        return None

    def _prepare(self, launch: Launch) -> Prepared:
        files = {file.sha256: self._journal.file(file.sha256) for file in launch.request.attachments}
        return self._platform.prepare_activation(launch.request, files)

    def _newest_log(self, launch: Launch) -> datetime | None:
        """The mark that a start of this launch must be newer than. An empty log is marked by the window's begin."""
        begin = self._journal.now() - LOG_WINDOW
        try:
            entries = self._platform.log(launch.request.campaign_id, from_time=begin)
        except PlatformError as error:
            log.warning("the log was not readable before the call: %s", error, extra={"launch_id": launch.id})
            return None
        return max((entry.time for entry in entries), default=begin)

    def _start(self, launch: Launch, prepared: Prepared, newest_log: datetime | None) -> LaunchStarted:
        return LaunchStarted(
            attempt=len(launch.attempts) + 1,
            request_id=RequestId(launch.id),
            body_digest=prepared.digest,
            newest_log=newest_log,
        )


def _rests_on(launch: Launch) -> tuple[tuple[UserId, Role], ...]:
    approvers = ((approval.by, Role.APPROVER) for approval in launch.approvals)
    return ((launch.requester, Role.REQUESTER), *approvers)
