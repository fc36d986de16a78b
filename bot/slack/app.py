"""Bolt's listeners: read the payload, ack, call the desk, show what came back. Here, all that leads to a request."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cache, partial

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.campaign.campaign import Directory
from bot.desk import Desk, new_launch_id
from bot.launch.events import ChannelId
from bot.phrase import NO_CAUSE
from bot.policy.roles import Action
from bot.slack.acks import PromptAcks
from bot.slack.api.client import KeptConnection
from bot.slack.api.languages import Languages
from bot.slack.api.respond import Respond
from bot.slack.api.users import ClockUnknown, Users
from bot.slack.form import Form
from bot.slack.forms import Forms
from bot.slack.gatekeeper import Gatekeeper
from bot.slack.hearing import Hearing
from bot.slack.listeners import options
from bot.slack.listeners.decisions import DecisionListeners
from bot.slack.listeners.export import Exporting
from bot.slack.listeners.form_opener import SHORTCUT, FormOpener
from bot.slack.listeners.home_tabs import HomeTabs
from bot.slack.listeners.lookups import Lookups
from bot.slack.listeners.reading import Reading
from bot.slack.listeners.stop import StopListeners
from bot.slack.listeners.submission import Submission
from bot.slack.payloads import FormState, Payload, form_state, reader, typed_command
from bot.slack.private_replies import PrivateReplies, reference, tell
from bot.slack.refusals import Refusals
from bot.slack.views import help as helping
from bot.slack.views import notices
from bot.slack.views.home import CARD, REFRESH
from bot.slack.views.looking import BACK, LAUNCH, NEXT, SHARE
from bot.slack.views.modal import FORM
from bot.slack.workspace import Workspace
from bot.slash.activate import Blank, CommandError, Help, parse
from bot.slash.moment import start_on
from bot.slash.queries import asks_for_help, export_text

COMMAND = "/campaign-activate"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parts:
    """What the listeners work with."""

    client: WebClient
    patient: KeptConnection
    """For answers that nobody's click waits for."""
    signing_secret: str
    home: Callable[[], Workspace]
    """Where the app is installed; raises what Slack's clients raise while that is not known."""
    desk: Desk
    forms: Forms
    submission: Submission
    directory: Directory
    people: Users
    refusals: Refusals
    languages: Languages
    looks: Lookups
    homes: HomeTabs
    exporting: Exporting
    openings: FormOpener
    telling: PrivateReplies
    decisions: DecisionListeners
    reading: Reading
    stop: StopListeners
    launch_channel: ChannelId | None
    """Where cards go; None for the channel in which the command is typed."""


def build_app(parts: Parts, executor: Executor) -> App:
    """The Bolt app with every listener registered, to run in `executor`. Asks Slack who and where the bot is.

    Raises SlackApiError, SlackClientError, OSError or KeyError where Slack does not say.
    """
    gatekeeper = Gatekeeper(parts.home(), parts.desk.turn_away_from_elsewhere, parts.telling, parts.refusals.why)
    bolt = App(client=parts.client, signing_secret=parts.signing_secret or None, process_before_response=True)
    app = Hearing(bolt, parts.languages, PromptAcks(executor), partial(Respond, parts.patient), gatekeeper)
    listeners = Listeners(parts)
    app.command(COMMAND, Action.REQUEST)(listeners.command)
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
    parts.decisions.register(app)
    parts.reading.register(app)
    app.action(Action.STOP)(parts.decisions.decided(parts.stop.pressed))
    parts.stop.register(app)
    app.event("app_home_opened")(parts.homes.opened)
    app.event("app_mention")(parts.looks.mentioned)
    app.action(REFRESH)(parts.homes.refresh)
    app.action(CARD)(parts.homes.followed)
    return bolt


class Listeners:
    """One method a thing that people do to ask for a launch."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._desk = parts.desk

    def command(self, ack: Ack, body: Payload, respond: Respond) -> Iterator[None]:
        typed = typed_command(body)
        try:
            clocks = cache(lambda: self._parts.people.zone(typed.person))
            asked = parse(typed.text, clocks)
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
            ack(text=self._parts.refusals.why(refused))
            return
        ack()
        yield
        form = Form() if isinstance(asked, Blank) else Form.of(asked)
        channel = self._parts.launch_channel or typed.channel
        # Where it was typed with its offset, nobody's clocks were asked for, and nothing is to be said of them.
        zone = clocks() if form.at and clocks.cache_info().currsize else None
        understood = start_on(form.at, zone) if form.at and zone else NO_CAUSE
        wanted = FormState(typed.person, "", new_launch_id(), channel, form, understood=understood)
        try:
            self._parts.forms.open(typed.trigger_id, wanted)
        except (SlackApiError, SlackClientError, OSError) as error:
            log.warning("the modal could not be opened: %s", type(error).__name__)
            tell(respond, notices.not_opened(COMMAND, typed.text))

    def history(self, ack: Ack, body: Payload, respond: Respond) -> Iterator[None]:
        """A look at the history, or the record as a file."""
        typed = typed_command(body)
        wished = export_text(typed.text)
        if wished is None:
            self._parts.looks.history(ack, body, respond)
        elif asks_for_help(wished):
            ack(text=helping.export_usage())
        else:
            ack()
            yield
            self._parts.exporting.take(typed.person, wished, respond)

    def campaign_options(self, ack: Ack, body: Payload) -> None:
        may = self._desk.may_fill_in(reader(body))
        ack(options=options.campaigns(self._parts.directory, str(body.get("value") or "")) if may else [])

    def source_options(self, ack: Ack, body: Payload) -> None:
        may = self._desk.may_fill_in(reader(body))
        ack(option_groups=options.sources(self._parts.directory, str(body.get("value") or "")) if may else [])

    def field_changed(self, ack: Ack, body: Payload) -> Iterator[None]:
        ack()
        yield
        state = form_state(body)
        refused = self._desk.may_request(state.person)
        if refused:
            self._parts.forms.turn_away(state, refused)
            return
        self._parts.forms.changed(state)

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
