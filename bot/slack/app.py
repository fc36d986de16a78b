"""Every listener, and what it listens to: commands, the form, a card's buttons, the Home tab, mentions, workflows."""

from dataclasses import dataclass

from slack_bolt import App

from bot.policy.roles import Action
from bot.slack.acked import Acked
from bot.slack.listeners.activate import ActivateListeners
from bot.slack.listeners.canaries import CanaryListeners
from bot.slack.listeners.decisions import DecisionListeners
from bot.slack.listeners.form_opener import SHORTCUT, FormOpener
from bot.slack.listeners.history import HistoryListener
from bot.slack.listeners.home_tabs import HomeTabs
from bot.slack.listeners.lookups import Lookups
from bot.slack.listeners.mentions import MentionListener
from bot.slack.listeners.message_reading import MessageReading
from bot.slack.listeners.reading import Reading
from bot.slack.listeners.received import ReceivedListeners
from bot.slack.listeners.stop import StopListeners
from bot.slack.listeners.testing import TestListeners
from bot.slack.listeners.whoami import WhoamiListener
from bot.slack.listeners.workflow import STEP, WorkflowListener
from bot.slack.views import help as helping
from bot.slack.views import home, looking, read_everything, stop_window
from bot.slack.views.buttons import ASK_AGAIN, CORRECT, VOUCH_NOT_RUN, VOUCH_RAN
from bot.slack.views.confirm import REASON
from bot.slack.views.details import DETAILS, FORM_DETAILS
from bot.slack.views.form_summary import FORM_TEST
from bot.slack.views.mistyped import FILL
from bot.slack.views.modal import FIELDS, FORM


@dataclass(frozen=True)
class Listeners:
    """Whoever listens; a class for each kind of thing that people do."""

    activate: ActivateListeners
    form_opener: FormOpener
    decisions: DecisionListeners
    reading: Reading
    message_reading: MessageReading
    stop: StopListeners
    tests: TestListeners
    canaries: CanaryListeners
    received: ReceivedListeners
    lookups: Lookups
    history: HistoryListener
    whoami: WhoamiListener
    mentions: MentionListener
    home_tabs: HomeTabs
    workflow: WorkflowListener


def register(app: App, acked: Acked, on: Listeners) -> None:
    """Registers all of them. `acked` makes of each one a listener of Bolt's."""
    _form(app, acked, on)
    _cards(app, acked, on)
    _commands(app, acked, on)
    # Bolt would ack before the step is kept.
    app.function(STEP, auto_acknowledge=False)(acked.of_workflows(on.workflow.executed))
    app.event("app_home_opened")(acked(on.home_tabs.opened))
    app.action(home.REFRESH)(acked(on.home_tabs.refresh))
    app.action(home.CARD)(acked(on.home_tabs.followed))


def _form(app: App, acked: Acked, on: Listeners) -> None:
    app.command(helping.ACTIVATE)(acked(on.activate.command))
    app.options("campaign")(acked(on.activate.campaign_options))
    app.options("source")(acked(on.activate.source_options))
    app.options("canary")(acked(on.activate.canary_options))
    for field in FIELDS:
        app.action(field)(acked(on.activate.field_changed))
    app.view(FORM)(acked(on.activate.submitted))
    app.action(looking.LAUNCH)(acked(on.form_opener.open))
    app.action(ASK_AGAIN)(acked(on.form_opener.again))
    app.action(FILL)(acked(on.form_opener.filled))
    app.shortcut(SHORTCUT)(acked(on.form_opener.open))
    app.action(FORM_TEST)(acked(on.tests.pressed_in_form))


def _cards(app: App, acked: Acked, on: Listeners) -> None:
    pressed, decided = on.decisions.pressed, on.decisions.decided
    app.action(Action.APPROVE)(acked(on.decisions.approve))
    app.action(Action.EDIT)(acked(pressed(on.decisions.edit)))
    app.action(Action.REJECT)(acked(pressed(on.decisions.ask_reason)))
    app.action(Action.ASK_CHANGES)(acked(pressed(on.decisions.ask_which_changes)))
    app.action(Action.BREAK_GLASS)(acked(pressed(on.decisions.ask_to_break_glass)))
    app.action(Action.CANCEL)(acked(decided(on.decisions.cancel)))
    app.action(Action.LOOK)(acked(decided(on.decisions.look)))
    app.action(Action.STOP)(acked(decided(on.stop.pressed)))
    app.action(Action.TEST)(acked(on.tests.pressed))
    app.action(Action.RELEASE)(acked(on.canaries.release))
    app.action(Action.STOP_HERE)(acked(decided(on.canaries.stop_here)))
    app.action(Action.WHO_GOT_IT)(acked(on.received.pressed))
    app.action(CORRECT)(acked(on.received.correct))
    app.action(VOUCH_RAN)(acked(decided(on.decisions.vouch_ran)))
    app.action(VOUCH_NOT_RUN)(acked(decided(on.decisions.vouch_not_run)))
    app.view(REASON)(acked(on.decisions.reject))
    app.view(Action.ASK_CHANGES)(acked(on.decisions.ask_changes))
    app.view(Action.APPROVE)(acked(on.decisions.confirmed))
    app.view(Action.BREAK_GLASS)(acked(on.decisions.confirmed))
    app.action(Action.READ)(acked(on.reading.opened))
    app.action(DETAILS)(acked(on.reading.details))
    for turn in (read_everything.NEXT, read_everything.BACK):
        app.action(turn)(acked(on.reading.turned))
    app.action(read_everything.READ_MESSAGE)(acked(on.message_reading.opened))
    app.action(FORM_DETAILS)(acked(on.message_reading.details))
    for turn in (read_everything.MESSAGE_NEXT, read_everything.MESSAGE_BACK):
        app.action(turn)(acked(on.message_reading.turned))


def _commands(app: App, acked: Acked, on: Listeners) -> None:
    app.command(helping.STOP)(acked(on.stop.command))
    app.action(stop_window.STOP_CAMPAIGN)(acked(on.stop.asked))
    app.view(stop_window.STOP_CAMPAIGN)(acked(on.stop.submitted))

    app.command(helping.STATUS)(acked(on.lookups.status))
    app.command(helping.LIST)(acked(on.lookups.listing))
    app.command(helping.HISTORY)(acked(on.history.command))
    app.command(helping.WHOAMI)(acked(on.whoami.command))
    for turn in (looking.NEXT, looking.BACK):
        app.action(turn)(acked(on.lookups.turned))
    app.action(looking.SHARE)(acked(on.lookups.share))
    app.event("app_mention")(acked(on.mentions.mentioned))
