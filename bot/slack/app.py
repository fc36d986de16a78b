"""Bolt's listeners: read the payload, ack, call the desk, show what came back."""

import logging
from collections.abc import Callable
from concurrent.futures import Executor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import UTC, tzinfo

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.models.views import View

from bot.desk import Desk, new_launch_id
from bot.launch.campaign import Directory
from bot.launch.command import Blank, CommandError, Help, parse
from bot.launch.events import ChannelId
from bot.launch.policy import Action, Refused
from bot.launch.questions import asks_for_help, export_text
from bot.launch.state import Launch
from bot.slack import options
from bot.slack.acks import PromptAcks
from bot.slack.exporting import Exporting
from bot.slack.form import Form
from bot.slack.forms import Forms
from bot.slack.hearing import Hearing
from bot.slack.homes import Homes
from bot.slack.languages import Languages
from bot.slack.look import Looks
from bot.slack.openings import SHORTCUT, Openings
from bot.slack.payloads import (
    Click,
    Confirmation,
    FormState,
    Payload,
    TypedCommand,
    click,
    confirmation,
    form_state,
    rejection,
    typed_command,
)
from bot.slack.people import ClockUnknown, People
from bot.slack.refusals import Refusals
from bot.slack.stop import StopListeners
from bot.slack.submission import Submission
from bot.slack.telling import Telling, reference, tell
from bot.slack.views import help as helping
from bot.slack.views import notices
from bot.slack.views.buttons import VOUCH_NOT_RUN, VOUCH_RAN
from bot.slack.views.confirm import REASON, confirm_view, reason_view, typed_errors
from bot.slack.views.home import REFRESH
from bot.slack.views.looking import BACK, LAUNCH, NEXT, SHARE
from bot.slack.views.modal import FORM
from bot.slack.views.notices import notice_view
from bot.slack.views.sentences import numbered
from bot.texts import _

COMMAND = "/campaign-activate"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parts:
    """What the listeners work with."""

    client: WebClient
    signing_secret: str
    desk: Desk
    forms: Forms
    submission: Submission
    directory: Directory
    people: People
    refusals: Refusals
    languages: Languages
    decisions: Executor
    """Where what is as slow as the platform is done, so that it keeps no listener's thread from the next ack."""
    telling: Telling
    looks: Looks
    homes: Homes
    exporting: Exporting
    openings: Openings
    stop: StopListeners
    launch_channel: ChannelId | None
    """Where cards go; None for the channel in which the command is typed."""


def build_app(parts: Parts, executor: Executor) -> App:
    """The Bolt app with every listener registered, to run in `executor`. Asks Slack once who the bot is.

    Raises SlackApiError, SlackClientError or OSError where Slack does not say.
    """
    bolt = App(client=parts.client, signing_secret=parts.signing_secret or None, process_before_response=True)
    app = Hearing(bolt, parts.languages, PromptAcks(executor))
    listeners = Listeners(parts)
    app.command(COMMAND)(listeners.command)
    app.options("campaign")(listeners.campaign_options)
    app.options("source")(listeners.source_options)
    app.command(helping.STATUS)(parts.looks.status)
    app.command(helping.LIST)(parts.looks.listing)
    app.command(helping.HISTORY)(listeners.history)
    for turn in (NEXT, BACK):
        app.action(turn)(parts.looks.turned)
    app.action(SHARE)(parts.looks.share)
    app.action(LAUNCH)(parts.openings.open)
    app.shortcut(SHORTCUT)(parts.openings.open)
    for field in ("channel", "campaign", "run_now", "source", "limit"):
        app.action(field)(listeners.field_changed)
    app.view(FORM)(listeners.submitted)
    app.view(REASON)(listeners.reject)
    for confirmed in (Action.APPROVE, Action.BREAK_GLASS):
        app.view(confirmed)(listeners.confirmed)
    app.action(Action.APPROVE)(listeners.approve)
    buttons: dict[str, Callable[[Click], Launch | Refused]] = {
        Action.EDIT: listeners.edit,
        Action.BREAK_GLASS: listeners.ask_to_break_glass,
        Action.REJECT: listeners.ask_reason,
        Action.CANCEL: listeners.cancel,
        Action.LOOK: listeners.look,
        VOUCH_RAN: listeners.vouch_ran,
        VOUCH_NOT_RUN: listeners.vouch_not_run,
        Action.STOP: parts.stop.pressed,
    }
    for button, deed in buttons.items():
        app.action(button)(listeners.pressed(deed))
    parts.stop.register(app)
    app.event("app_home_opened")(parts.homes.opened)
    app.event("app_mention")(parts.looks.mentioned)
    app.action(REFRESH)(parts.homes.refresh)
    return bolt


class Listeners:
    """One method a thing that people do."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._desk = parts.desk

    def command(self, ack: Ack, body: Payload, respond: Respond) -> None:
        typed = typed_command(body)
        try:
            asked = parse(typed.text, self._zone(typed))
        except CommandError as error:
            ack(text=notices.wrong_command(COMMAND, typed.text, error))
            return
        except ClockUnknown:
            ack(text=notices.clock_unknown(COMMAND, typed.text))
            return
        if isinstance(asked, Help):
            ack(text=notices.usage(COMMAND))
            return
        if typed.in_direct_message and self._parts.launch_channel is None:
            ack(text=notices.not_in_direct_messages(COMMAND, typed.text))
            return
        refused = self._desk.may_request(typed.person)
        if refused:
            ack(text=self._why(refused))
            return
        ack()
        form = Form() if isinstance(asked, Blank) else Form.of(asked)
        channel = self._parts.launch_channel or typed.channel
        try:
            self._parts.forms.open(typed.trigger_id, FormState(typed.person, "", new_launch_id(), channel, form))
        except (SlackApiError, SlackClientError, OSError) as error:
            log.warning("the modal could not be opened: %s", type(error).__name__)
            tell(respond, notices.not_opened(COMMAND, typed.text))

    def history(self, ack: Ack, body: Payload, respond: Respond) -> None:
        """A look at the history, or the record as a file."""
        typed = typed_command(body)
        wished = export_text(typed.text)
        if wished is None:
            self._parts.looks.history(ack, body, respond)
        elif asks_for_help(wished):
            ack(text=helping.export_usage())
        else:
            ack()
            self._parts.exporting.take(typed.person, wished, respond)

    def campaign_options(self, ack: Ack, body: Payload) -> None:
        ack(options=options.campaigns(self._parts.directory, str(body.get("value") or "")))

    def source_options(self, ack: Ack, body: Payload) -> None:
        ack(option_groups=options.sources(self._parts.directory, str(body.get("value") or "")))

    def field_changed(self, ack: Ack, body: Payload) -> None:
        ack()
        self._parts.forms.changed(form_state(body))

    def submitted(self, ack: Ack, body: Payload) -> None:
        state = form_state(body)
        try:
            answer = self._parts.submission.take(state)
        except Exception:
            word = reference()
            log.exception("a submission failed, reference %s", word, extra={"launch_id": state.launch_id})
            ack(response_action="errors", errors={"campaign": notices.went_wrong(word)})
            return
        if answer:
            ack(answer)
        else:
            ack()
        self._parts.homes.changed(state.person)

    def pressed(self, deed: Callable[[Click], Launch | Refused]) -> Callable[[Ack, Payload, Respond], None]:
        """The listener of a card's button: acks, does the deed, and tells the person alone what hindered it."""

        def listener(ack: Ack, body: Payload, respond: Respond) -> None:
            ack()
            self._do(body, respond, deed)

        return listener

    def approve(self, ack: Ack, body: Payload, respond: Respond) -> None:
        """As pressed; the approval itself is a decision of its own pool, for the platform is read again before it."""
        ack()
        self._do(body, respond, lambda pressed: self._approve(pressed, body, respond))

    def _approve(self, pressed: Click, body: Payload, respond: Respond) -> Launch | Refused:
        launch = self._desk.find(pressed.launch_id)
        if launch is None:
            return self._desk.approve(pressed.decision)
        if launch.demands.typed:
            return self._ask_to_type(pressed, Action.APPROVE)
        self._decide(lambda: self._do(body, respond, lambda one: self._desk.approve(one.decision)))
        return launch

    def ask_to_break_glass(self, pressed: Click) -> Launch | Refused:
        return self._ask_to_type(pressed, Action.BREAK_GLASS)

    def edit(self, pressed: Click) -> Launch | Refused:
        launch = self._desk.may_edit(pressed.launch_id, pressed.person)
        if isinstance(launch, Launch):
            form = Form.of(launch.request)
            wanted = FormState(pressed.person, "", launch.id, launch.channel, form, edits=True)
            self._parts.forms.open(pressed.trigger_id, wanted)
        return launch

    def confirmed(self, ack: Ack, body: Payload) -> None:
        """A decision with what was typed for it, carried out as approve."""
        asked = confirmation(body)
        launch = self._desk.find(asked.decision.launch_id)
        errors = typed_errors(asked.action, launch, asked.decision.typed, asked.reason) if launch else {}
        if errors:
            ack(response_action="errors", errors=errors)
            return
        ack(response_action="update", view=notice_view(_("One moment"), _(notices.CHECKING)).to_dict())
        self._decide(lambda: self._confirm(asked))

    def _confirm(self, asked: Confirmation) -> None:
        outcome = self._outcome(asked).to_dict()
        try:
            self._parts.client.views_update(view_id=asked.view_id, view=outcome)
        except (SlackClientError, OSError) as error:
            # The card tells it as well.
            log.warning("a modal could not be updated: %s", type(error).__name__)
        self._parts.homes.changed(asked.decision.person)

    def _outcome(self, asked: Confirmation) -> View:
        """Carries out a confirmed decision, and says how it went."""
        try:
            if asked.action is Action.BREAK_GLASS:
                result = self._desk.break_glass(asked.decision, asked.reason)
            else:
                result = self._desk.approve(asked.decision)
        except Exception:
            word = reference()
            log.exception("a click failed, reference %s", word, extra={"launch_id": asked.decision.launch_id})
            return notice_view(_("Not done"), notices.went_wrong(word))
        if isinstance(result, Refused):
            return notice_view(_("Not done"), self._why(result))
        return notice_view(_("Done"), _(notices.CONFIRMED))

    def _ask_to_type(self, pressed: Click, action: Action) -> Launch | Refused:
        launch = self._desk.may_decide(pressed.decision, action)
        if isinstance(launch, Launch):
            view = confirm_view(action, launch, f"{launch.id}:{pressed.shown}").to_dict()
            self._parts.client.views_open(trigger_id=pressed.trigger_id, view=view)
        return launch

    def cancel(self, pressed: Click) -> Launch | Refused:
        return self._desk.cancel(pressed.launch_id, pressed.person)

    def look(self, pressed: Click) -> Launch | Refused:
        return self._desk.look_again(pressed.launch_id, pressed.person)

    def vouch_ran(self, pressed: Click) -> Launch | Refused:
        return self._desk.vouch(pressed.launch_id, pressed.person, ran=True)

    def vouch_not_run(self, pressed: Click) -> Launch | Refused:
        return self._desk.vouch(pressed.launch_id, pressed.person, ran=False)

    def reject(self, ack: Ack, body: Payload) -> None:
        asked = rejection(body)
        if not asked.reason:
            ack(response_action="errors", errors={"reason": _("Say why, so that the requester knows what to change.")})
            return
        result = self._desk.reject(asked.launch_id, asked.person, asked.reason)
        if isinstance(result, Refused):
            ack(response_action="update", view=notice_view(_("Not rejected"), self._why(result)).to_dict())
            return
        ack()
        self._parts.homes.changed(asked.person)

    def ask_reason(self, pressed: Click) -> Launch | Refused:
        launch = self._desk.may_reject(pressed.launch_id, pressed.person)
        if isinstance(launch, Launch):
            campaign = numbered(launch.request, launch.preview)
            view = reason_view(pressed.launch_id, campaign).to_dict()
            self._parts.client.views_open(trigger_id=pressed.trigger_id, view=view)
        return launch

    def _zone(self, typed: TypedCommand) -> tzinfo:
        """The time zone of whoever types a moment; Slack is asked only where one is typed."""
        return self._parts.people.zone(typed.person) if "at=" in typed.text.lower() else UTC

    def _decide(self, work: Callable[[], None]) -> None:
        """Does the work in the decisions' own pool, in the language of whoever decides."""
        self._parts.decisions.submit(copy_context().run, work)

    def _do(self, body: Payload, respond: Respond, deed: Callable[[Click], Launch | Refused]) -> None:
        """Carries out a click after its ack; whatever hinders it is told to the person alone."""
        pressed = click(body)
        try:
            result = deed(pressed)
        except Exception:
            word = reference()
            log.exception("a click failed, reference %s", word, extra={"launch_id": pressed.launch_id})
            self._parts.telling.alone(body, respond, notices.went_wrong(word))
            return
        if isinstance(result, Refused):
            self._parts.telling.alone(body, respond, self._why(result))
        self._parts.homes.changed(pressed.person)

    def _why(self, refused: Refused) -> str:
        return self._parts.refusals.why(refused)
