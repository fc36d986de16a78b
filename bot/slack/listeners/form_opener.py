"""Opens the form where no command was typed: from the shortcut, a status, the Home tab, a card, a mistyped command."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace

from slack_bolt import Ack
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.campaign.request import UserId
from bot.desk import Desk, new_launch_id
from bot.launch.events import ChannelId
from bot.launch.state import Launch
from bot.policy.refusals import NoSuchLaunch, Refused
from bot.slack.api.respond import Respond
from bot.slack.form import Form
from bot.slack.form_state import FormState
from bot.slack.forms import Forms
from bot.slack.payloads import Opening, Payload, click, opening, pressed_value
from bot.slack.prefilled import Filled
from bot.slack.private_replies import PrivateReplies
from bot.slack.refusals import Refusals
from bot.texts import _

SHORTCUT = "campaign-launch"

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class FormOpener:
    """`launch_channel` is where cards go; None for where the person is, or else for where the form is told to."""

    _desk: Desk
    _forms: Forms
    _telling: PrivateReplies
    _refusals: Refusals
    _launch_channel: ChannelId | None

    def open(self, ack: Ack, body: Payload, respond: Respond) -> Iterator[None]:
        ack()
        yield
        wanted: Opening = opening(body)
        if self.may_ask(wanted.person, body, respond):
            self._open(self._blank(wanted, Form(campaign_id=wanted.campaign_id)), wanted.trigger_id, body, respond)

    def again(self, ack: Ack, body: Payload, respond: Respond) -> Iterator[None]:
        """With what a launch that came to nothing had asked for: its files stay, and its card's channel.

        After a rehearsal, the form asks for the same for real.
        """
        ack()
        yield
        pressed = click(body)
        if not self.may_ask(pressed.person, body, respond):
            return
        launch = self._desk.find(pressed.launch_id)
        if launch is None:
            self._telling.alone(body, respond, self._refusals.why(Refused(NoSuchLaunch())))
            return
        channel = self._launch_channel or launch.channel
        state = FormState(pressed.person, "", new_launch_id(), channel, self._same(launch))
        files_of = launch.id if launch.request.attachments else None
        self._open(replace(state, files_of=files_of), pressed.trigger_id, body, respond)

    @staticmethod
    def _same(launch: Launch) -> Form:
        form = Form.of(launch.request)
        return replace(form, practice=False) if launch.practised else form

    def filled(self, ack: Ack, body: Payload, respond: Respond) -> Iterator[None]:
        """With what was understood of a mistyped command."""
        ack()
        yield
        wanted = opening(body)
        if self.may_ask(wanted.person, body, respond):
            filled = Filled.of(pressed_value(body))
            state = replace(self._blank(wanted, filled.form), notice=filled.notice)
            self._open(state, wanted.trigger_id, body, respond)

    def filled_form(self, person: UserId, channel: ChannelId, form: Form) -> FormState:
        """A form for a new launch, filled in, whose card goes into that channel unless all go into one."""
        return FormState(person, "", new_launch_id(), self._launch_channel or channel, form)

    def open_filled(self, state: FormState, trigger_id: str, body: Payload, respond: Respond) -> None:
        """Opens it for whoever may ask for a launch; others are told that they may not."""
        if self.may_ask(state.person, body, respond):
            self._open(state, trigger_id, body, respond)

    def may_ask(self, person: UserId, body: Payload, respond: Respond) -> bool:
        """Whether the person may ask for a launch; whoever may not is told so."""
        refused = self._desk.may_request(person)
        if refused:
            self._telling.alone(body, respond, self._refusals.why(refused))
        return refused is None

    def _blank(self, wanted: Opening, form: Form) -> FormState:
        channel = self._launch_channel or wanted.channel
        return FormState(wanted.person, "", new_launch_id(), channel, form, asks_channel=not channel)

    def _open(self, state: FormState, trigger_id: str, body: Payload, respond: Respond) -> None:
        try:
            self._forms.open(trigger_id, state)
        except (SlackApiError, SlackClientError, OSError) as error:
            log.warning("the modal could not be opened: %s", type(error).__name__)
            self._telling.alone(body, respond, _("Slack did not let me open the form in time. Try again."))
