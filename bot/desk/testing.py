"""Asking for a test to reviewers: where it goes and how far, the policy says, and nobody else."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.campaign.campaign import Preview
from bot.campaign.encoding import sha256_of
from bot.campaign.request import Attachment, LaunchId, Source, UserId
from bot.desk.asking import Asked, Asking
from bot.desk.denials import Denials, new_launch_id
from bot.journal.journal import Journal
from bot.journal.testing import BeyondBound, MadeTests
from bot.launch import commands
from bot.launch.events import ChannelId
from bot.launch.state import Launch
from bot.policy import refusals
from bot.policy.context import PolicyContext
from bot.policy.permissions import check_role
from bot.policy.policy import PolicyUnreadable
from bot.policy.refusals import Reason, Refused
from bot.policy.roles import Action
from bot.policy.testing import NOWHERE
from bot.slash.activate import TypedTest

DAY = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class FormTest:
    """What a form holds at the moment in which its test is asked for. Its launch may not exist yet.

    `files_of` is the launch whose files are sent where none are uploaded; `edits` is whether the form edits its launch.
    """

    launch_id: LaunchId
    person: UserId
    channel: ChannelId
    typed: TypedTest
    files: tuple[Attachment, ...] = ()
    files_of: LaunchId | None = None
    edits: bool = False


_OF_A_FORM = uuid.UUID("0c4fb0a3-7f43-4a0b-9b1d-5d0d5b8b6a51")
"""Under this, the id of a test follows from its form and from what that held: pressed twice, it is one test."""

_OF_A_CARD = uuid.UUID("3b0f9b7a-6f0e-4b43-9a76-3d3a0c8c7d20")
"""Under this, the id of a test that is asked for on a card follows from the card: pressed twice, it is one test."""


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    launch_id: LaunchId
    person: UserId
    channel: ChannelId
    typed: TypedTest
    files: tuple[Attachment, ...] = ()
    made_for: LaunchId | None = None


class TestDesk:
    """Takes tests. `preview` reads a campaign and an audience, `asking` checks what is asked for."""

    __test__ = False  # for pytest, which takes it for one of its own

    def __init__(
        self,
        journal: Journal,
        context: PolicyContext,
        asking: Asking,
        preview: Callable[[int, Source | None], Preview],
    ) -> None:
        self._journal = journal
        self._context = context
        self._asking = asking
        self._preview = preview
        self._made = MadeTests(journal)
        self._denials = Denials(journal)

    def ask(self, typed: TypedTest, person: UserId, channel: ChannelId) -> Launch | Refused:
        """Asks for a test, which belongs to the launch of its campaign that waits, where one does.

        As slow as the platform is: never call it before an ack. Raises Invalid for what cannot be sent.
        """
        made_for = self._made.made_for(typed.campaign_id)
        return self._ask(
            _Wanted(launch_id=new_launch_id(), person=person, channel=channel, typed=typed, made_for=made_for)
        )

    def ask_on_card(self, launch_id: LaunchId, person: UserId) -> Launch | Refused:
        """Asks for a test of exactly what that launch sends. As slow as ask, and raises what that raises."""
        launch = self._journal.load(launch_id)
        if launch is None or launch.request.is_test or launch.adopted:
            return self._refuse(person, refusals.NoSuchLaunch())
        nth = self._made.over(launch.request.campaign_id)
        typed = TypedTest(launch.request.campaign_id, content=launch.request.content)
        return self._ask(
            _Wanted(
                launch_id=LaunchId(str(uuid.uuid5(_OF_A_CARD, f"{launch.id} {nth}"))),
                person=person,
                channel=launch.channel,
                typed=typed,
                files=launch.request.attachments,
                made_for=launch.id,
            )
        )

    def ask_in_form(self, asked: FormTest) -> Launch | Refused:
        """Asks for a test of what the form holds. As slow as ask, and raises what that raises."""
        campaign_id = asked.typed.campaign_id
        files = asked.files or self._files_of(asked.files_of)
        held = sha256_of([dict(asked.typed.content or {}), [one.sha256 for one in files]])
        nth = self._made.over(campaign_id)
        return self._ask(
            _Wanted(
                launch_id=LaunchId(str(uuid.uuid5(_OF_A_FORM, f"{asked.launch_id} {campaign_id} {held} {nth}"))),
                person=asked.person,
                channel=asked.channel,
                typed=asked.typed,
                files=files,
                made_for=asked.launch_id if asked.edits else self._made.made_for(campaign_id),
            )
        )

    def is_offered(self) -> bool:
        """Whether the policy names where tests may go."""
        return self._context.offers_tests()

    def _files_of(self, launch_id: LaunchId | None) -> tuple[Attachment, ...]:
        launch = self._journal.load(launch_id) if launch_id else None
        return launch.request.attachments if launch else ()

    def _ask(self, wanted: _Wanted) -> Launch | Refused:
        refused = check_role(Action.TEST, wanted.person, self._context.roles)
        if refused:
            return self._refuse(wanted.person, refused.reason)
        try:
            policy = self._context.policy()
        except PolicyUnreadable as unreadable:
            return self._refuse(wanted.person, refusals.PolicyNotRead(unreadable.cause))
        if policy.test is None:
            return self._refuse(wanted.person, refusals.PolicyForbids((NOWHERE,)))
        since, most = self._journal.now() - DAY, policy.test.a_day
        if self._made.asked_by(wanted.person, since) >= most:
            # Before the platform is asked for anything; what counts is asked again when it goes on record.
            return self._refuse(wanted.person, refusals.TooManyTests(most))
        request = wanted.typed.under(policy.test, wanted.files)
        asked = Asked(
            launch_id=wanted.launch_id,
            person=wanted.person,
            request=request,
            channel=wanted.channel,
            preview=self._preview(request.campaign_id, request.source),
        )
        requested = self._asking.requested(asked)
        if isinstance(requested, Refused):
            return self._refuse(wanted.person, requested.reason)
        command = commands.Request(
            wanted.person, replace(requested, on_original=policy.test.on_original, belongs_to=wanted.made_for)
        )
        try:
            bound = self._made.within_bound(wanted.person, since, most)
            return self._journal.execute(wanted.launch_id, command, bound)
        except BeyondBound:
            return self._refuse(wanted.person, refusals.TooManyTests(most))

    def _refuse(self, person: UserId, reason: Reason) -> Refused:
        return self._denials.turn_away(person, Action.TEST, reason)
