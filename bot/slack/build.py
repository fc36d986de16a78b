"""Puts together what is built for Slack: what is asked of it, and the app with its listeners."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial

from slack_bolt import App

from bot.campaign.campaign import Directory
from bot.campaign.overview import Overview
from bot.desk import Desks
from bot.launch.events import ChannelId
from bot.policy.policy import Policy
from bot.route import Route
from bot.slack.acked import Acked
from bot.slack.acks import PromptAcks
from bot.slack.api.channels import ChannelAccess
from bot.slack.api.client import KeptConnection, Observe
from bot.slack.api.clock import SlackClock
from bot.slack.api.files import Files
from bot.slack.api.languages import Languages
from bot.slack.api.permalinks import Permalinks
from bot.slack.api.respond import Respond
from bot.slack.api.role_members import RoleMembers
from bot.slack.api.users import Users
from bot.slack.app import Listeners, register
from bot.slack.form_files import FormFiles
from bot.slack.forms import Forms
from bot.slack.gatekeeper import Gatekeeper
from bot.slack.listeners.activate import ActivateListeners
from bot.slack.listeners.canaries import CanaryListeners
from bot.slack.listeners.decisions import DecisionListeners
from bot.slack.listeners.export import Exporting
from bot.slack.listeners.form_opener import FormOpener
from bot.slack.listeners.history import HistoryListener
from bot.slack.listeners.home_tabs import HomeTabs
from bot.slack.listeners.lookups import Lookups
from bot.slack.listeners.mentions import MentionListener
from bot.slack.listeners.message_reading import MessageReading
from bot.slack.listeners.reading import Reading
from bot.slack.listeners.received import ReceivedListeners
from bot.slack.listeners.stop import StopListeners
from bot.slack.listeners.submission import Submission
from bot.slack.listeners.testing import TestListeners
from bot.slack.listeners.whoami import WhoamiListener
from bot.slack.listeners.workflow import WorkflowListener
from bot.slack.private_replies import PrivateReplies
from bot.slack.profiles import Profiles
from bot.slack.refusals import Refusals
from bot.slack.stale_requests import Late
from bot.slack.workflows import StepsOfSlack
from bot.slack.workspace import Home
from bot.threads import Pool, ThreadPools

QUICK = 2
"""Seconds for a look-up in Slack that a person's click waits for; Slack gives 3 s in all."""

PATIENT = 15
"""Seconds for telling Slack what happened; nobody waits for it."""


@dataclass(frozen=True)
class Access:
    """What an installation says of its Slack."""

    bot_token: str = field(repr=False)
    signing_secret: str = field(repr=False)
    """Empty over Socket Mode, whose connection Slack vouches for."""
    api_url: str
    route: Route
    channel_language: str
    launch_channel: ChannelId | None
    """Where cards go; None for the channel in which the command is typed."""


@dataclass(frozen=True)
class SlackApi:
    """What is asked of Slack. `quick` is for what a click waits for, `patient` for everything else."""

    access: Access
    quick: KeptConnection
    patient: KeptConnection
    home: Home
    profiles: Profiles
    members: RoleMembers
    languages: Languages
    clock: SlackClock


def connect(access: Access, policy: Callable[[], Policy], people: Executor, observe: Observe) -> SlackApi:
    """Makes no call yet. `people` looks at people side by side; `observe` is told of each call."""
    clock = SlackClock()

    def client(timeout: int) -> KeptConnection:
        return KeptConnection(
            access.bot_token,
            base_url=access.api_url,
            timeout=timeout,
            route=access.route,
            observe=observe,
            dated=clock.heard,
        )

    quick = client(QUICK)
    home, profiles = Home(quick), Profiles(quick)
    members = RoleMembers(policy, quick, profiles, home, people)
    languages = Languages(profiles, people, access.channel_language)
    return SlackApi(access, quick, client(PATIENT), home, profiles, members, languages, clock)


def build_app(api: SlackApi, desks: Desks, directory: Directory, overview: Overview, pools: ThreadPools) -> App:
    """The Bolt app with every listener registered. Asks Slack who and where the bot is.

    Raises SlackApiError, SlackClientError, OSError or KeyError where Slack does not say.
    """
    # Bolt asks the same, but hides in its own error what Slack said.
    api.quick.auth_test()
    refusals, telling = Refusals(api.quick, api.members), PrivateReplies(api.quick)
    app = App(
        # Without one, Bolt reads the sources of all that is on the stack to find one: half of what is left of a start.
        name="campaign-bot",
        client=api.quick,
        signing_secret=api.access.signing_secret or None,
        process_before_response=True,
        # A step's own token is revoked once it is answered, and Slack delivers steps twice.
        attaching_function_token_enabled=False,
    )
    # Where the bot is, too, is to be known before anybody comes.
    api.home()
    gatekeeper = Gatekeeper(api.home, desks.launches.turn_away_from_elsewhere, telling, refusals.why)
    prompt, respond = PromptAcks(pools[Pool.LISTENERS]), partial(Respond, api.patient)
    acked = Acked(prompt, api.languages, respond, gatekeeper, Late(telling))
    register(app, acked, _listeners(api, desks, directory, overview, pools, refusals, telling))
    return app


def _listeners(
    api: SlackApi,
    desks: Desks,
    directory: Directory,
    overview: Overview,
    pools: ThreadPools,
    refusals: Refusals,
    telling: PrivateReplies,
) -> Listeners:
    client, desk, languages, launch_channel = api.quick, desks.launches, api.languages, api.access.launch_channel
    later, why = pools[Pool.LOOK_UPS], refusals.why
    channels, links, people = ChannelAccess(client), Permalinks(client), Users(api.profiles)
    forms = Forms(client, directory, later, channels, desk.advise, why, languages, desks.tests.is_offered)
    files = FormFiles(Files(api.patient), desk.keep_file)
    submission = Submission(client, desk, forms, files, later, channels.problem, refusals, languages, people.name)
    home_tabs = HomeTabs(client, desks.lookups, links, later, why)
    tests = TestListeners(desks.tests, telling, refusals, channels.problem, forms, files)
    opener = FormOpener(desk, forms, telling, refusals, launch_channel)
    lookups = Lookups(client, desks.lookups, overview, links, people, languages, later, why, desks.received.is_offered)
    decisions = DecisionListeners(client, desk, forms, pools[Pool.DECISIONS], telling, refusals, home_tabs, people.name)
    exporting = Exporting(api.patient, desk, people, refusals, later)
    return Listeners(
        activate=ActivateListeners(
            desk, directory, forms, submission, people, refusals, home_tabs, tests, launch_channel
        ),
        form_opener=opener,
        decisions=decisions,
        reading=Reading(client, desk, desks.lookups, telling, why),
        message_reading=MessageReading(client, desk, forms, why),
        tests=tests,
        canaries=CanaryListeners(desks.canaries, pools[Pool.DECISIONS], decisions.carry_out),
        received=ReceivedListeners(desks.received, opener, telling, refusals),
        stop=StopListeners(client, desks.stops, directory, later, telling, refusals, languages, launch_channel),
        lookups=lookups,
        history=HistoryListener(lookups, exporting),
        whoami=WhoamiListener(desks.lookups, refusals),
        mentions=MentionListener(client),
        home_tabs=home_tabs,
        workflow=WorkflowListener(desks.workflows),
    )


def workflows(api: SlackApi, desks: Desks, directory: Directory) -> StepsOfSlack:
    """What asks for launches in a workflow's name, and answers it."""
    return StepsOfSlack(
        api.patient,
        desks.launches,
        directory,
        Users(api.profiles),
        ChannelAccess(api.patient),
        Permalinks(api.patient),
        Refusals(api.patient, api.members),
        api.languages,
        api.access.launch_channel,
    )
