"""Opens the form where no command was typed: from the shortcut, from a campaign's status, from the Home tab."""

import logging
from collections.abc import Iterator

from slack_bolt import Ack
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.desk import Desk, new_launch_id
from bot.launch.events import ChannelId
from bot.slack.api.respond import Respond
from bot.slack.form import Form
from bot.slack.forms import Forms
from bot.slack.payloads import FormState, Opening, Payload, opening
from bot.slack.private_replies import PrivateReplies
from bot.slack.refusals import Refusals
from bot.texts import _

SHORTCUT = "campaign-launch"

log = logging.getLogger(__name__)


class FormOpener:
    """`launch_channel` is where cards go; None for where the person is, or else for where the form is told to."""

    def __init__(
        self, desk: Desk, forms: Forms, telling: PrivateReplies, refusals: Refusals, launch_channel: ChannelId | None
    ) -> None:
        self._desk = desk
        self._forms = forms
        self._telling = telling
        self._refusals = refusals
        self._launch_channel = launch_channel

    def open(self, ack: Ack, body: Payload, respond: Respond) -> Iterator[None]:
        ack()
        yield
        wanted: Opening = opening(body)
        refused = self._desk.may_request(wanted.person)
        if refused:
            self._telling.alone(body, respond, self._refusals.why(refused))
            return
        channel = self._launch_channel or wanted.channel
        form = Form(campaign_id=wanted.campaign_id)
        state = FormState(wanted.person, "", new_launch_id(), channel, form, asks_channel=not channel)
        try:
            self._forms.open(wanted.trigger_id, state)
        except (SlackApiError, SlackClientError, OSError) as error:
            log.warning("the modal could not be opened: %s", type(error).__name__)
            self._telling.alone(body, respond, _("Slack did not let me open the form in time. Try again."))
