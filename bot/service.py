"""The running bot: everything is put together here, started and stopped in order."""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.error import BoltError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy.exc import SQLAlchemyError

from bot.altcraft.client import AltcraftClient, Connection, TokenIn, WireFormat
from bot.altcraft.directory import PlatformDirectory
from bot.altcraft.overview import PlatformOverview
from bot.desk import Desk
from bot.desk.looking import LookingDesk
from bot.journal.engine import open_engine
from bot.journal.instance import Instance, signed_on
from bot.journal.journal import Journal
from bot.journal.looking import Looking
from bot.journal.queue import PUBLISHING, STEPS, Places, Queue
from bot.journal.schema import upgrade
from bot.launch.events import ChannelId
from bot.launch.overview import Overview
from bot.launch.policy import Role, Rules
from bot.launch.request import ActivationRequest
from bot.launch.surroundings import Surroundings
from bot.policy_source import PolicySource
from bot.settings import AltcraftSettings, Settings
from bot.slack.app import Parts, build_app
from bot.slack.channel import Channel
from bot.slack.clocks import Clocks
from bot.slack.connection import KeptConnection
from bot.slack.exporting import Exporting
from bot.slack.files import Files
from bot.slack.forms import Forms
from bot.slack.homes import Homes
from bot.slack.languages import Languages
from bot.slack.links import Links
from bot.slack.look import Looks
from bot.slack.members import Members
from bot.slack.names import Names
from bot.slack.openings import Openings
from bot.slack.refusals import Refusals
from bot.slack.rooms import Rooms
from bot.slack.submission import Submission
from bot.slack.telling import Telling
from bot.web import Server, application
from bot.worker.activation import Activation
from bot.worker.gate import Gate
from bot.worker.publishing import Publishing
from bot.worker.rereading import Rereading
from bot.worker.runner import Runner, Worker
from bot.worker.steps import Steps
from bot.worker.watching import Watch

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

QUICK = 2
"""Seconds for a look-up in Slack that a person's click waits for; Slack gives 3 s in all."""

PATIENT = 15
"""Seconds for telling Slack what happened; nobody waits for it."""

LISTENER_THREADS = 40
"""Bolt's own five are used up by a handful of slow round trips to Slack, and the next click is then never acked."""

DECISION_THREADS = 16
"""Approvals that may read the platform again at the same time; others wait for their turn, but not for their ack."""

STEP_THREADS = 8
REREADING_THREADS = 32
"""Two for each launch that is decided on, or about to be sent, at the same time."""

PUBLISHING_THREADS = 16
"""Each waits for Slack some six times for a launch, one round trip after the other."""

LOOK_UP_THREADS = 8
LANGUAGE_THREADS = 4
SOCKET_THREADS = 32
"""Payloads of Socket Mode that may wait for their ack at the same time."""

RECONNECT = 5.0
"""Seconds between two tries to reach Slack at the start."""

GRACE = 10.0
"""Seconds that a stop may take beyond the longest call to the platform."""

_T = TypeVar("_T")

log = logging.getLogger(__name__)


class UnusableAddress(Exception):
    """The platform cannot be reached with what is set; the text says what to mend."""


class Stopped(Exception):
    """The bot was told to stop while it waited for Slack."""


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
        platform = AltcraftClient(_connection(settings.altcraft))
        directory = PlatformDirectory(platform, wants_labels=policy.asks_for_labels)
        stack.callback(platform.close)
        stack.callback(directory.close)
        quick, patient = _slack(settings, QUICK), _slack(settings, PATIENT)
        members = Members(policy, quick)
        surroundings = Surroundings(policy, members, journal.collisions)
        readers = ThreadPoolExecutor(REREADING_THREADS, thread_name_prefix="rereading")
        stack.callback(readers.shutdown, cancel_futures=True)
        rereading = Rereading(journal, platform, directory, readers)
        gate = Gate(journal, surroundings)
        rules = Rules(resend_when_in_doubt=settings.altcraft.deduplicates)
        activation = Activation(journal, platform, rereading, gate, rules)
        languages = _languages(quick, settings, stack)
        channel = Channel(patient, lambda: members.known_holders(Role.ADMIN), languages)
        worker = _worker(channel, journal, instance, platform, activation, policy, rules)
        desk = Desk(journal, surroundings, rereading.anew, lambda request: _check_sendable(platform, journal, request))
        look_ups = ThreadPoolExecutor(LOOK_UP_THREADS, thread_name_prefix="look-up")
        stack.callback(look_ups.shutdown, cancel_futures=True)
        # Before Slack: what is approved or under way does not wait for it.
        worker.start()
        stack.callback(worker.stop)
        decisions = ThreadPoolExecutor(DECISION_THREADS, thread_name_prefix="decision")
        stack.callback(decisions.shutdown)
        listeners = ThreadPoolExecutor(LISTENER_THREADS, thread_name_prefix="listener")
        stack.callback(listeners.shutdown)
        looking = LookingDesk(journal, Looking(journal), surroundings)
        overview = PlatformOverview(platform, directory, readers, journal.now)
        parts = _parts(
            settings, quick, patient, desk, directory, members, languages, look_ups, decisions, looking, overview
        )
        app = _once_slack_answers(lambda: _verified(parts, listeners), stopping)
        stack.enter_context(_listening(settings, patient, app, journal, worker, stopping))
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


def _once_slack_answers(connect: Callable[[], _T], stopping: threading.Event) -> _T:
    """What `connect` gives, tried again while Slack is out of reach. Raises SlackApiError where Slack refuses."""
    while True:
        try:
            return connect()
        except SlackApiError as error:
            if error.response.status_code < HTTPStatus.TOO_MANY_REQUESTS:
                raise
            cause = f"HTTP {error.response.status_code}"
        except (SlackClientError, BoltError, OSError) as error:
            cause = str(error) or type(error).__name__
        log.warning("Slack cannot be reached (%s); trying again. Launches that are under way go on meanwhile.", cause)
        if stopping.wait(RECONNECT):
            raise Stopped


def _languages(slack: WebClient, settings: Settings, stack: ExitStack) -> Languages:
    askers = ThreadPoolExecutor(LANGUAGE_THREADS, thread_name_prefix="language")
    stack.callback(askers.shutdown, cancel_futures=True)
    return Languages(slack, askers, settings.channel_language)


def _worker(
    channel: Channel,
    journal: Journal,
    instance: Instance,
    platform: AltcraftClient,
    activation: Activation,
    policy: PolicySource,
    rules: Rules,
) -> Worker:
    due, untold = Queue(journal, STEPS, instance), Queue(journal, PUBLISHING, instance)
    steps = Steps(journal, activation, Watch(journal, due, platform, activation, rules), policy)
    cards = ThreadPoolExecutor(PUBLISHING_THREADS, thread_name_prefix="cards")
    publishing = Publishing(journal, untold, Places(journal), channel, cards)
    publisher = Runner("publishing", journal, untold, publishing.publish, PUBLISHING_THREADS)
    stepper = Runner("steps", journal, due, steps.take, STEP_THREADS)
    return Worker(stepper, publisher)


def _parts(
    settings: Settings,
    client: WebClient,
    patient: WebClient,
    desk: Desk,
    directory: PlatformDirectory,
    members: Members,
    languages: Languages,
    look_ups: ThreadPoolExecutor,
    decisions: ThreadPoolExecutor,
    looking: LookingDesk,
    overview: Overview,
) -> Parts:
    rooms = Rooms(client)
    refusals = Refusals(client, members)
    forms = Forms(client, directory, look_ups, rooms.problem, desk.advise, refusals.why, languages)
    files = Files(settings.slack.bot_token, settings.slack.api_url)
    launch_channel = ChannelId(settings.slack.launch_channel) if settings.slack.launch_channel else None
    links, telling, clocks = Links(client), Telling(client), Clocks(client)
    return Parts(
        client=client,
        signing_secret=settings.slack.signing_secret,
        desk=desk,
        forms=forms,
        submission=Submission(client, desk, forms, files, look_ups, rooms.problem, refusals, languages),
        directory=directory,
        clocks=clocks,
        refusals=refusals,
        languages=languages,
        decisions=decisions,
        telling=telling,
        looks=Looks(client, looking, overview, links, Names(client), languages, look_ups, refusals.why),
        homes=Homes(client, looking, links, look_ups, refusals.why),
        exporting=Exporting(patient, desk, clocks, refusals, look_ups),
        openings=Openings(desk, forms, telling, refusals, launch_channel),
        launch_channel=launch_channel,
    )


@contextmanager
def _listening(
    settings: Settings, slack: WebClient, app: App, journal: Journal, worker: Worker, stopping: threading.Event
) -> Iterator[None]:
    """Takes Slack's requests over one of the two transports while the block lasts."""
    with ExitStack() as stack:
        socket: SocketModeHandler | None = None
        if settings.slack.socket_mode:
            socket = SocketModeHandler(app, settings.slack.app_token, web_client=slack, concurrency=SOCKET_THREADS)
            _once_slack_answers(socket.connect, stopping)
            stack.callback(_close, socket)

        def unready() -> str:
            return _unready(journal, worker, socket)

        if socket is None:
            stack.enter_context(_serving(application(SlackRequestHandler(app), unready), settings.port))
        elif settings.health_port is not None:
            stack.enter_context(_serving(application(None, unready), settings.health_port))
        if socket is not None:
            log.info("ready: connected to Slack over Socket Mode")
        yield


def _close(socket: SocketModeHandler) -> None:
    try:
        socket.close()  # type: ignore[no-untyped-call]  # slack_bolt leaves it without
    except AttributeError:
        # slack_sdk's, where Slack hangs up at the same moment; a stop is no failure for that.
        log.info("Slack had closed the connection already")


@contextmanager
def _serving(wsgi: "WSGIApplication", port: int) -> Iterator[None]:
    server = Server(wsgi, "0.0.0.0", port)  # noqa: S104 -- Slack, or the proxy before this, comes from outside
    thread = threading.Thread(target=server.run, name="http", daemon=True)
    thread.start()
    log.info("ready: listening on port %s", port)
    try:
        yield
    finally:
        server.close()
        thread.join(timeout=5)


def _unready(journal: Journal, worker: Worker, socket: SocketModeHandler | None) -> str:
    try:
        journal.ping()
    except SQLAlchemyError:
        return "the journal's database does not answer"
    if not worker.alive:
        return "the worker has stopped"
    if socket is not None and not socket.client.is_connected():
        return "not connected to Slack"
    return ""


def _check_sendable(platform: AltcraftClient, journal: Journal, request: ActivationRequest) -> None:
    platform.prepare_activation(request, {file.sha256: journal.file(file.sha256) for file in request.attachments})


def _slack(settings: Settings, timeout: int) -> WebClient:
    return KeptConnection(settings.slack.bot_token, base_url=settings.slack.api_url, timeout=timeout)


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
