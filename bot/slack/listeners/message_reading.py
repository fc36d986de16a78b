"""Reading what was read for a launch that is not asked for yet: windows over the form."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.campaign.request import ActivationRequest, UserId
from bot.desk import Desk
from bot.policy.refusals import Refused
from bot.slack.form import content_in
from bot.slack.form_state import FormState, form_state
from bot.slack.forms import Forms
from bot.slack.payloads import Payload, form_page_turned
from bot.slack.views.blocks import View
from bot.slack.views.details import form_details_view
from bot.slack.views.notices import notice_view
from bot.slack.views.read_everything import message_view
from bot.texts import _

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class MessageReading:
    """`why` makes a refusal's sentence. `client` needs a timeout well below Slack's 3 s: so long lasts a trigger."""

    _client: WebClient
    _desk: Desk
    _forms: Forms
    _why: Callable[[Refused], str]

    def opened(self, ack: Ack, body: Payload) -> Iterator[None]:
        ack()
        yield
        self._push(body, lambda state: self._view(state.person, state.view_id, 0))

    def details(self, ack: Ack, body: Payload) -> Iterator[None]:
        """What platform and network said, which the form tells as what it means."""
        ack()
        yield
        self._push(body, self._details)

    def _push(self, body: Payload, view: Callable[[FormState], View]) -> None:
        state = form_state(body)
        self._forms.read_for(state)
        try:
            self._client.views_push(trigger_id=body["trigger_id"], view=view(state))
        except (SlackClientError, OSError) as error:
            # The form still stands, and the button on it.
            log.warning("a window over a form could not be opened: %s", type(error).__name__)

    def turned(self, ack: Ack, body: Payload) -> Iterator[None]:
        """Another page, in place of the one that was there."""
        ack()
        yield
        turn = form_page_turned(body)
        view = self._view(turn.person, turn.form, turn.page)
        try:
            self._client.views_update(view_id=turn.view_id, view=view)
        except (SlackClientError, OSError) as error:
            # The page that was there still stands.
            log.warning("a page could not be turned: %s", type(error).__name__)

    def _view(self, person: UserId, form_view_id: str, page: int) -> View:
        refused = self._desk.may_request(person)
        if refused:
            return notice_view(_("Not done"), self._why(refused))
        asked = self._forms.asked_in(form_view_id)
        if asked is None:
            # Another instance opened the form, or this one before a restart.
            forgotten = _(
                "I do not have the message at hand any more. Go back, change a field of the form, and try again."
            )
            return notice_view(_("The message"), forgotten)
        form, preview, report = asked
        messages = self._desk.messages(preview)
        return message_view(messages, content_in(form), report.findings, page, self._desk.read)

    def _details(self, state: FormState) -> View:
        refused = self._desk.may_request(state.person)
        if refused:
            return notice_view(_("Not done"), self._why(refused))
        asked = self._forms.asked_in(state.view_id)
        if asked is None:
            forgotten = _(
                "I do not have the words at hand any more. Go back, change a field of the form, and try again."
            )
            return notice_view(_("Details"), forgotten)
        form, preview, report = asked
        return form_details_view(ActivationRequest(campaign_id=form.campaign_id or 0), preview, report)
