"""Tests to reviewers, asked for by a command or on a launch's card."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from slack_bolt import Ack

from bot.campaign.request import Invalid
from bot.desk.testing import FormTest, TestDesk
from bot.launch.events import ChannelId
from bot.launch.state import Launch
from bot.phrase import Phrase
from bot.policy.refusals import Refused
from bot.slack.api.files import NotFetched
from bot.slack.api.respond import Respond
from bot.slack.form import Form, FormErrors, request_of
from bot.slack.form_files import FormFiles
from bot.slack.form_state import FormState, form_state
from bot.slack.forms import Forms
from bot.slack.payloads import Payload, TypedCommand, click
from bot.slack.private_replies import PrivateReplies, tell
from bot.slack.refusals import Refusals
from bot.slack.views.text import said
from bot.slash.activate import TypedTest
from bot.texts import _

_NO_CHANNEL = Phrase("Choose the channel for the card.")

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class TestListeners:
    """Says to the person alone what became of their wish; all else stands on the test's card."""

    __test__ = False  # for pytest, which takes it for one of its own

    _desk: TestDesk
    _telling: PrivateReplies
    _refusals: Refusals
    _room_problem: Callable[[ChannelId], Phrase]
    _forms: Forms
    _files: FormFiles

    def typed(self, typed: TypedCommand, wanted: TypedTest, channel: ChannelId, respond: Respond) -> None:
        """After the ack: as slow as the platform is."""
        if self._room_problem(channel):
            tell(respond, _("I cannot post the test's card there. Invite me into the channel, and type it again."))
            return
        tell(respond, self._told(lambda: self._desk.ask(wanted, typed.person, channel)))

    def pressed(self, ack: Ack, body: Payload, respond: Respond) -> Iterator[None]:
        ack()
        yield
        made = click(body)
        told = self._told(lambda: self._desk.ask_on_card(made.launch_id, made.person))
        self._telling.afterwards(body, respond, told)

    def pressed_in_form(self, ack: Ack, body: Payload) -> Iterator[None]:
        """After the ack: as slow as the platform is, and as Slack with its files."""
        ack()
        yield
        state = form_state(body)
        self._forms.tell(state, _("The test is being asked for…"))
        self._forms.tell(state, self._told_in_form(state))

    def _told_in_form(self, state: FormState) -> str:
        problem = self._room_problem(state.channel) if state.channel else _NO_CHANNEL
        if problem:
            return said(problem)
        try:
            wanted = self._in_form(state)
        except FormErrors as errors:
            return " ".join(said(text) for text in errors.by_field.values())
        except NotFetched as trouble:
            return said(trouble.text)
        return self._told(lambda: self._desk.ask_in_form(wanted))

    def _in_form(self, state: FormState) -> FormTest:
        """What it holds that a test sends. Raises FormErrors and NotFetched."""
        form = state.form
        # Where a launch goes, how far and when, a test does not: what is wrong with that is no matter here.
        request = request_of(Form(campaign_id=form.campaign_id, run_now=True, content=form.content, files=form.files))
        return FormTest(
            launch_id=state.launch_id,
            person=state.person,
            channel=state.channel,
            typed=TypedTest(request.campaign_id, content=request.content),
            files=self._files.kept(form.files),
            files_of=state.launch_id if state.edits else state.files_of,
            edits=bool(state.edits),
        )

    def _told(self, ask: Callable[[], Launch | Refused]) -> str:
        try:
            asked = ask()
        except Invalid as invalid:
            return said(invalid.text)
        if isinstance(asked, Refused):
            return self._refusals.why(asked)
        where = _("The test is asked for: its card in {channel} tells what becomes of it.")
        return where.format(channel=f"<#{asked.channel}>")
