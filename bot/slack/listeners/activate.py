"""Asking for a launch: the command, and the form that it opens."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from slack_bolt import Ack
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.campaign.campaign import Directory
from bot.desk import Desk, new_launch_id
from bot.launch.events import ChannelId
from bot.phrase import NO_CAUSE
from bot.slack.api.respond import Respond
from bot.slack.api.users import ClockUnknown, Users
from bot.slack.form import Form
from bot.slack.form_state import FormState, form_state
from bot.slack.forms import Forms
from bot.slack.listeners import options
from bot.slack.listeners.home_tabs import HomeTabs
from bot.slack.listeners.submission import Submission
from bot.slack.listeners.testing import TestListeners
from bot.slack.payloads import Payload, TypedCommand, reader, typed_command
from bot.slack.prefilled import filled_from
from bot.slack.private_replies import reference, tell
from bot.slack.refusals import Refusals
from bot.slack.views import notices
from bot.slack.views.help import ACTIVATE
from bot.slack.views.mistyped import mistyped
from bot.slash.activate import Blank, Help, Parsed, TypedTest, parse
from bot.slash.moment import start_on
from bot.slash.words import CommandError

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class ActivateListeners:
    """`launch_channel` is where cards go; None for the channel in which the command is typed."""

    _desk: Desk
    _directory: Directory
    _forms: Forms
    _submission: Submission
    _people: Users
    _refusals: Refusals
    _home_tabs: HomeTabs
    _tests: TestListeners
    _launch_channel: ChannelId | None

    def command(self, ack: Ack, body: Payload, respond: Respond) -> Iterator[None]:
        typed = typed_command(body)
        try:
            clocks = cache(lambda: self._people.zone(typed.person))
            asked = parse(typed.text, clocks, datetime.now(UTC))
        except CommandError as error:
            self._not_understood(ack, typed, notices.wrong_command(ACTIVATE, typed.text, error))
            return
        except ClockUnknown:
            self._not_understood(ack, typed, notices.clock_unknown(ACTIVATE, typed.text))
            return
        if isinstance(asked, Help):
            ack(text=notices.usage(ACTIVATE))
            return
        if typed.in_direct_message and self._launch_channel is None:
            ack(text=notices.not_in_direct_messages(ACTIVATE, typed.text))
            return
        refused = self._desk.may_request(typed.person)
        if refused:
            ack(text=self._refusals.why(refused))
            return
        ack()
        yield
        if isinstance(asked, TypedTest):
            self._tests.typed(typed, asked, self._launch_channel or typed.channel, respond)
            return
        form = Form() if isinstance(asked, Blank) else Form.of(asked)
        channel = self._launch_channel or typed.channel
        # Where it was typed with its offset, nobody's clocks were asked for, and nothing is to be said of them.
        zone = clocks() if form.at and clocks.cache_info().currsize else None
        understood = start_on(form.at, zone) if form.at and zone else NO_CAUSE
        wanted = FormState(typed.person, "", new_launch_id(), channel, form, understood=understood)
        try:
            self._forms.open(typed.trigger_id, wanted)
        except (SlackApiError, SlackClientError, OSError) as error:
            log.warning("the modal could not be opened: %s", type(error).__name__)
            tell(respond, notices.not_opened(ACTIVATE, typed.text))

    def _not_understood(self, ack: Ack, typed: TypedCommand, text: str) -> None:
        """Says why; offers the form with what was understood to whoever may ask for a launch."""

        def understand(part: str) -> Parsed:
            try:
                return parse(part, lambda: self._people.zone(typed.person))
            except ClockUnknown as unknown:
                raise CommandError("at", NO_CAUSE) from unknown

        filled = filled_from(typed.text, understand) if self._desk.may_fill_in(typed.person) else None
        message = mistyped(text, filled.value if filled else "")
        ack(text=message.text, blocks=list(message.blocks))

    def campaign_options(self, ack: Ack, body: Payload) -> None:
        may = self._desk.may_fill_in(reader(body))
        ack(options=options.campaigns(self._directory, str(body.get("value") or "")) if may else [])

    def source_options(self, ack: Ack, body: Payload) -> None:
        may = self._desk.may_fill_in(reader(body))
        ack(option_groups=options.sources(self._directory, str(body.get("value") or "")) if may else [])

    def canary_options(self, ack: Ack, body: Payload) -> None:
        may = self._desk.may_fill_in(reader(body))
        ack(options=options.segments(self._directory, str(body.get("value") or "")) if may else [])

    def field_changed(self, ack: Ack, body: Payload) -> Iterator[None]:
        ack()
        yield
        state = form_state(body)
        refused = self._desk.may_request(state.person)
        if refused:
            self._forms.turn_away(state, refused)
            return
        self._forms.changed(state)

    def submitted(self, ack: Ack, body: Payload) -> None:
        state = form_state(body)
        try:
            answer = self._submission.take(state)
        except Exception:
            word = reference()
            log.exception("a submission failed, reference %s", word, extra={"launch_id": state.launch_id})
            ack(response_action="errors", errors={"campaign": notices.went_wrong(word)})
            return
        if answer:
            ack(answer)
        else:
            ack()
        self._home_tabs.changed(state.person)
