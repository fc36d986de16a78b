"""The running bot: everything is put together here, started and stopped in order."""

import logging
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta

from slack_bolt import App
from slack_sdk import WebClient

from bot import logs
from bot.altcraft.client import AltcraftClient, Connection, TokenIn, WireFormat
from bot.altcraft.directory import PlatformDirectory
from bot.altcraft.overview import PlatformOverview
from bot.campaign.overview import Overview
from bot.campaign.request import ActivationRequest
from bot.desk import Desk, StopDesk
from bot.desk.looking import LookupDesk
from bot.health import Health
from bot.journal.backlog import backlog
from bot.journal.engine import open_engine
from bot.journal.instance import Instance, signed_on
from bot.journal.journal import Journal
from bot.journal.looking import Looking
from bot.journal.queue import PUBLISHING, STEPS, STOPS, PublishProgress, Queue
from bot.journal.schema import upgrade
from bot.launch.delivery import DeliveryRules
from bot.launch.events import ChannelId
from bot.metrics import Metrics
from bot.policy.context import PolicyContext
from bot.policy.roles import Role
from bot.policy_source import PolicySource
from bot.serving import listening, once_slack_answers, opened
from bot.settings import AltcraftSettings, Settings
from bot.slack.api.channels import ChannelAccess
from bot.slack.api.client import KeptConnection, Observe
from bot.slack.api.files import Files
from bot.slack.api.health import SlackHealth, asking
from bot.slack.api.languages import Languages
from bot.slack.api.permalinks import Permalinks
from bot.slack.api.role_members import RoleMembers
from bot.slack.api.users import Users
from bot.slack.app import Parts, build_app
from bot.slack.channel import Channel
from bot.slack.forms import Forms
from bot.slack.listeners.decisions import DecisionListeners
from bot.slack.listeners.export import Exporting
from bot.slack.listeners.form_opener import FormOpener
from bot.slack.listeners.home_tabs import HomeTabs
from bot.slack.listeners.lookups import Lookups
from bot.slack.listeners.reading import Reading
from bot.slack.listeners.stop import StopListeners
from bot.slack.listeners.submission import Submission
from bot.slack.private_replies import PrivateReplies
from bot.slack.profiles import Profiles
from bot.slack.refusals import Refusals
from bot.slack.workspace import Home
from bot.worker.activation import Activation
from bot.worker.calling import Calling
from bot.worker.following import Follow
from bot.worker.gate import Gate
from bot.worker.publishing import Publishing
from bot.worker.rereading import Rereading
from bot.worker.runner import Runner, Worker
from bot.worker.steps import Steps
from bot.worker.stopping import StopCalls
from bot.worker.watching import Watch

QUICK = 2
"""Seconds for a look-up in Slack that a person's click waits for; Slack gives 3 s in all."""

PATIENT = 15
"""Seconds for telling Slack what happened; nobody waits for it."""

LISTENER_THREADS = 40
"""Bolt's own five are used up by a handful of slow round trips to Slack, and the next click is then never acked."""

DECISION_THREADS = 16
"""Approvals that may read the platform again at the same time; others wait for their turn, but not for their ack."""

STEP_THREADS = 8
STOP_THREADS = 4
REREADING_THREADS = 32
"""One for each launch that is decided on, or about to be sent, at the same time, and some for looks."""

PUBLISHING_THREADS = 16
"""Each waits for Slack some six times for a launch, one round trip after the other."""

LOOK_UP_THREADS = 8
PEOPLE_THREADS = 8
GRACE = 10.0
"""Seconds that a stop may take beyond the longest call to the platform."""

log = logging.getLogger(__name__)


class UnusableAddress(Exception):
    """The platform cannot be reached with what is set; the text says what to mend."""


@contextmanager
def running(settings: Settings, stopping: threading.Event) -> Iterator[None]:
    """The whole bot, started; stopped in order at the end of the block.

    Once `stopping` is set, the process ends within a bound, whatever hangs: what it held goes on elsewhere.
    Raises Stopped where that comes before Slack can be reached, and PolicyUnreadable for a policy with mistakes.
    """
    with ExitStack() as stack:
        policy = PolicySource(settings.policy)
        policy()
        stack.enter_context(_ending_within(settings.altcraft.timeout + GRACE, stopping))
        engine = open_engine(settings.database_url)
        stack.callback(engine.dispose)
        instance = stack.enter_context(signed_on(engine))
        upgrade(engine)
        journal = Journal(engine)
        metrics = Metrics()
        metrics.watch(lambda: backlog(journal))
        journal.observers.join(metrics.appended)
        journal.observers.join(logs.appended)
        platform = AltcraftClient(
            _connection(settings.altcraft), _telling(metrics.platform_called, logs.platform_called)
        )
        directory = PlatformDirectory(platform, wants_labels=policy.asks_for_labels)
        stack.callback(platform.close)
        stack.callback(directory.close)
        reach = SlackHealth()
        told = _telling(metrics.slack_called, logs.slack_called, reach.noted)
        quick, patient = _slack(settings, QUICK, told), _slack(settings, PATIENT, told)
        profiles, home = Profiles(quick), Home(quick)
        askers = _threads(stack, PEOPLE_THREADS, "people")
        members = RoleMembers(policy, quick, profiles, home, askers)
        context = PolicyContext(policy, members, journal.collisions)
        readers = _threads(stack, REREADING_THREADS, "rereading")
        rereading = Rereading(journal, platform, directory, readers)
        gate = Gate(journal, context)
        rules = DeliveryRules(resend_when_in_doubt=settings.altcraft.deduplicates)
        activation = Activation(journal, platform, rereading, gate, rules, Calling(policy))
        languages = Languages(profiles, askers, settings.channel_language)
        channel = Channel(patient, lambda: members.known_holders(Role.ADMIN), languages, context.zone)
        worker = _worker(settings, channel, journal, instance, platform, activation, policy, rules)
        desk = Desk(journal, context, rereading.anew, lambda request: _check_sendable(platform, journal, request))
        look_ups = _threads(stack, LOOK_UP_THREADS, "look-up")
        # Before Slack: what is approved or under way does not wait for it.
        worker.start()
        stack.callback(worker.stop)
        health = Health(journal.ping, worker.silent_for)
        doors = stack.enter_context(opened(settings, health, metrics.page))
        decisions = ThreadPoolExecutor(DECISION_THREADS, thread_name_prefix="decision")
        stack.callback(decisions.shutdown)
        listeners = ThreadPoolExecutor(LISTENER_THREADS, thread_name_prefix="listener")
        stack.callback(listeners.shutdown)
        looking = LookupDesk(journal, Looking(journal), context)
        overview = PlatformOverview(platform, directory, readers, journal.now)
        parts = _parts(
            settings,
            quick,
            patient,
            desk,
            StopDesk(journal, context),
            directory,
            members,
            languages,
            profiles,
            home,
            look_ups,
            decisions,
            looking,
            overview,
        )
        app = once_slack_answers(lambda: _verified(parts, listeners), stopping)
        health.slack = lambda: reach.problem(asking(quick))
        stack.enter_context(listening(settings, patient, app, doors, health, stopping))
        yield


@contextmanager
def _ending_within(seconds: float, stopping: threading.Event) -> Iterator[None]:
    """Ends the process that many seconds after `stopping` is set, unless the block has ended by then."""
    ended = threading.Event()

    def watch() -> None:
        stopping.wait()
        if not ended.wait(seconds):
            log.error("not everything could be finished in %.0f s; the next start goes on from the journal", seconds)
            os._exit(1)

    threading.Thread(target=watch, name="stop", daemon=True).start()
    try:
        yield
    finally:
        ended.set()


def _verified(parts: Parts, listeners: ThreadPoolExecutor) -> App:
    # Bolt asks the same, but hides in its own error what Slack said.
    parts.client.auth_test()
    return build_app(parts, listeners)


def _threads(stack: ExitStack, most: int, name: str) -> ThreadPoolExecutor:
    """A pool that ends with the stack, and leaves undone what has not begun by then."""
    pool = ThreadPoolExecutor(most, thread_name_prefix=name)
    stack.callback(pool.shutdown, cancel_futures=True)
    return pool


def _worker(
    settings: Settings,
    channel: Channel,
    journal: Journal,
    instance: Instance,
    platform: AltcraftClient,
    activation: Activation,
    policy: PolicySource,
    rules: DeliveryRules,
) -> Worker:
    settling = timedelta(seconds=settings.slack.settling)
    due, untold = Queue(journal, STEPS, instance), Queue(journal, PUBLISHING, instance, settling)
    calling = Calling(policy)
    watch = Watch(journal, due, platform, activation, rules, calling)
    steps = Steps(journal, activation, watch, Follow(journal, due, platform, policy), calling)
    stops = Queue(journal, STOPS, instance)
    calls = StopCalls(journal, stops, platform, rules, calling)
    stopper = Runner("stops", journal, stops, logs.concerning(calls.take), STOP_THREADS)
    cards = ThreadPoolExecutor(PUBLISHING_THREADS, thread_name_prefix="cards")
    publishing = Publishing(journal, untold, PublishProgress(journal), channel, cards)
    publisher = Runner("publishing", journal, untold, logs.concerning(publishing.publish), PUBLISHING_THREADS)
    stepper = Runner("steps", journal, due, logs.concerning(steps.take), STEP_THREADS)
    return Worker(stepper, stopper, publisher)


def _parts(
    settings: Settings,
    client: WebClient,
    patient: KeptConnection,
    desk: Desk,
    stop_desk: StopDesk,
    directory: PlatformDirectory,
    members: RoleMembers,
    languages: Languages,
    profiles: Profiles,
    home: Home,
    look_ups: ThreadPoolExecutor,
    decisions: ThreadPoolExecutor,
    looking: LookupDesk,
    overview: Overview,
) -> Parts:
    rooms = ChannelAccess(client)
    refusals = Refusals(client, members)
    forms = Forms(client, directory, look_ups, rooms, desk.advise, refusals.why, languages)
    files = Files(settings.slack.bot_token, settings.slack.api_url)
    launch_channel = ChannelId(settings.slack.launch_channel) if settings.slack.launch_channel else None
    links, telling, people = Permalinks(client), PrivateReplies(client), Users(profiles)
    homes = HomeTabs(client, looking, links, look_ups, refusals.why)
    return Parts(
        client=client,
        patient=patient,
        signing_secret=settings.slack.signing_secret,
        home=home,
        desk=desk,
        forms=forms,
        submission=Submission(client, desk, forms, files, look_ups, rooms.problem, refusals, languages),
        directory=directory,
        people=people,
        refusals=refusals,
        languages=languages,
        looks=Lookups(client, looking, overview, links, people.name, languages, look_ups, refusals.why),
        homes=homes,
        exporting=Exporting(patient, desk, people, refusals, look_ups),
        telling=telling,
        openings=FormOpener(desk, forms, telling, refusals, launch_channel),
        decisions=DecisionListeners(client, desk, forms, decisions, telling, refusals, homes),
        reading=Reading(client, desk, looking, telling, refusals.why),
        stop=StopListeners(client, stop_desk, directory, look_ups, telling, refusals, languages, launch_channel),
        launch_channel=launch_channel,
    )


def _check_sendable(platform: AltcraftClient, journal: Journal, request: ActivationRequest) -> None:
    platform.prepare_activation(request, {file.sha256: journal.file(file.sha256) for file in request.attachments})


def _slack(settings: Settings, timeout: int, observe: Observe) -> KeptConnection:
    slack = settings.slack
    return KeptConnection(slack.bot_token, base_url=slack.api_url, timeout=timeout, observe=observe)


def _telling(*observers: Observe) -> Observe:
    """One observer of calls that tells all of these."""

    def tell(call: str, seconds: float, outcome: str) -> None:
        for observer in observers:
            observer(call, seconds, outcome)

    return tell


def _connection(altcraft: AltcraftSettings) -> Connection:
    try:
        return Connection(
            url=altcraft.url,
            token=altcraft.token,
            format=WireFormat(altcraft.format),
            token_in=TokenIn(altcraft.token_in),
            timeout=altcraft.timeout,
            segment_counters_database_key=altcraft.database_key,
            attach_keys=altcraft.attach_keys,
        )
    except ValueError as error:
        raise UnusableAddress(f"{error} Check ALTCRAFT_URL and ALTCRAFT_TOKEN.") from error
