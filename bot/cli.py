"""What a person types in a terminal, and the only place where everything is put together."""

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from dotenv import dotenv_values
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy.exc import SQLAlchemyError

from bot import logs
from bot.altcraft.client import AltcraftClient, Connection, TokenIn, WireFormat
from bot.altcraft.directory import PlatformDirectory
from bot.desk import Desk
from bot.journal.engine import JournalUnusable, open_engine
from bot.journal.instance import Instance, signed_on
from bot.journal.journal import Journal
from bot.journal.queue import PUBLISHING, STEPS, Places, Queue
from bot.journal.schema import upgrade
from bot.launch.events import ChannelId
from bot.launch.policy import Role, Rules
from bot.launch.request import ActivationRequest
from bot.settings import AltcraftSettings, RoleSettings, Settings, SettingsError, read
from bot.slack.app import Parts, build_app
from bot.slack.channel import Channel
from bot.slack.files import Files
from bot.slack.forms import Forms
from bot.slack.members import Members, RoleLists
from bot.slack.rooms import Rooms
from bot.slack.submission import Submission
from bot.web import Server, application
from bot.worker.activation import Activation
from bot.worker.publishing import Publishing
from bot.worker.runner import Runner, Worker
from bot.worker.steps import Steps
from bot.worker.watching import Watch

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

QUICK = 2
"""Seconds for a look-up in Slack that a person's click waits for; Slack gives 3 s in all."""

PATIENT = 15
"""Seconds for telling Slack what happened; nobody waits for it."""

STEP_THREADS = 8
PUBLISHING_THREADS = 4
LOOK_UP_THREADS = 8
SOCKET_THREADS = 32
"""Payloads of Socket Mode that may wait for their ack at the same time."""

log = logging.getLogger("bot")


class UnusableAddress(Exception):
    """The platform cannot be reached with what is set; the text says what to mend."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    chosen = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = chosen.command
    return command(chosen)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="campaign-bot", description="Launches Altcraft campaigns from Slack.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="serve Slack: Socket Mode with SLACK_APP_TOKEN, else HTTP on PORT")
    run.set_defaults(command=_run)
    sandbox = commands.add_parser("sandbox", help="try everything on this machine, with no account")
    sandbox.add_argument("--port", type=int, default=8484, help="where the page is (default 8484)")
    sandbox.set_defaults(command=_sandbox)
    demo = commands.add_parser("demo", help="play a story through the stand-ins and print the channel")
    demo.set_defaults(command=_demo)
    database = commands.add_parser("db", help="the journal's database").add_subparsers(required=True, metavar="ACTION")
    database.add_parser("upgrade", help="bring the tables up to this version").set_defaults(command=_upgrade)
    return parser


def _settings() -> Settings:
    """From the environment, with `.env` behind it. Exits with every problem named."""
    filed = {name: value for name, value in dotenv_values(".env").items() if value is not None}
    try:
        return read({**filed, **os.environ})
    except SettingsError as error:
        sys.exit("\n".join(["campaign-bot cannot start:", *(f"- {problem}" for problem in error.problems)]))


def _upgrade(_chosen: argparse.Namespace) -> int:
    settings = _settings()
    try:
        engine = open_engine(settings.database_url)
        with signed_on(engine):
            upgrade(engine)
    except JournalUnusable as error:
        sys.exit(str(error))
    sys.stdout.write("The journal's tables are up to date.\n")
    return 0


def _sandbox(chosen: argparse.Namespace) -> int:
    from bot.sandbox.host import show  # noqa: PLC0415 -- an extra that a production install has not

    return show(chosen.port)


def _demo(_chosen: argparse.Namespace) -> int:
    from bot.sandbox.demo import play  # noqa: PLC0415 -- likewise

    return play()


def _run(_chosen: argparse.Namespace) -> int:
    settings = _settings()
    logs.set_up(settings.log_format)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    try:
        with running(settings):
            stopping.wait()
            log.info("stopping: finishing what is under way")
    except (JournalUnusable, UnusableAddress) as error:
        sys.exit(str(error))
    except SQLAlchemyError as error:
        sys.exit(f"The journal cannot be opened: {error.__cause__ or error}. Check DATABASE_URL and the disk.")
    except SlackApiError as error:
        sys.exit(f"Slack refused the bot's token: {error.response.get('error')}. Check SLACK_BOT_TOKEN.")
    except (SlackClientError, OSError) as error:
        sys.exit(f"The bot could not start: {error}")
    return 0


@contextmanager
def running(settings: Settings) -> Iterator[None]:
    """The whole bot, started; stopped in order at the end of the block."""
    with ExitStack() as stack:
        engine = open_engine(settings.database_url)
        stack.callback(engine.dispose)
        instance = stack.enter_context(signed_on(engine))
        upgrade(engine)
        journal = Journal(engine)
        platform = AltcraftClient(_connection(settings.altcraft))
        directory = PlatformDirectory(platform)
        stack.callback(platform.close)
        stack.callback(directory.close)
        lists = _role_lists(settings.roles)
        members = Members(lists, _slack(settings, QUICK))
        rules = Rules(
            approvals_required=settings.approvals_required, resend_when_in_doubt=settings.altcraft.deduplicates
        )
        worker = _worker(settings, journal, instance, platform, members, rules)
        desk = Desk(journal, members, rules, lambda request: _check_sendable(platform, journal, request))
        look_ups = ThreadPoolExecutor(LOOK_UP_THREADS, thread_name_prefix="look-up")
        stack.callback(look_ups.shutdown, cancel_futures=True)
        app = build_app(_parts(settings, desk, directory, lists, look_ups, rules))
        worker.start()
        stack.callback(worker.stop)
        stack.enter_context(_listening(settings, app, journal, worker))
        yield


def _worker(
    settings: Settings,
    journal: Journal,
    instance: Instance,
    platform: AltcraftClient,
    members: Members,
    rules: Rules,
) -> Worker:
    due, untold = Queue(journal, STEPS, instance), Queue(journal, PUBLISHING, instance)
    activation = Activation(journal, platform, members, rules)
    steps = Steps(journal, activation, Watch(journal, due, platform, activation, rules))
    publishing = Publishing(journal, untold, Places(journal), Channel(_slack(settings, PATIENT)))
    publisher = Runner("publishing", journal, untold, publishing.publish, PUBLISHING_THREADS)
    stepper = Runner("steps", journal, due, steps.take, STEP_THREADS)
    return Worker(stepper, publisher)


def _parts(
    settings: Settings,
    desk: Desk,
    directory: PlatformDirectory,
    lists: RoleLists,
    look_ups: ThreadPoolExecutor,
    rules: Rules,
) -> Parts:
    client = _slack(settings, QUICK)
    rooms = Rooms(client)
    forms = Forms(client, directory, look_ups, rooms.problem, rules.approvals_required)
    files = Files(settings.slack.bot_token, settings.slack.api_url)
    launch_channel = ChannelId(settings.slack.launch_channel) if settings.slack.launch_channel else None
    return Parts(
        client=client,
        signing_secret=settings.slack.signing_secret,
        desk=desk,
        forms=forms,
        submission=Submission(client, desk, forms, files, look_ups, rooms.problem, lists),
        directory=directory,
        roles=lists,
        launch_channel=launch_channel,
    )


@contextmanager
def _listening(settings: Settings, app: App, journal: Journal, worker: Worker) -> Iterator[None]:
    """Takes Slack's requests over one of the two transports while the block lasts."""
    with ExitStack() as stack:
        socket: SocketModeHandler | None = None
        if settings.slack.socket_mode:
            socket = SocketModeHandler(
                app, settings.slack.app_token, web_client=_slack(settings, PATIENT), concurrency=SOCKET_THREADS
            )
            socket.connect()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
            stack.callback(socket.close)

        def unready() -> str:
            return _unready(journal, worker, socket)

        if socket is None:
            stack.enter_context(_serving(application(SlackRequestHandler(app), unready), settings.port))
        elif settings.health_port is not None:
            stack.enter_context(_serving(application(None, unready), settings.health_port))
        if socket is not None:
            log.info("ready: connected to Slack over Socket Mode")
        yield


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
    # No retries by the SDK: it would post a message again that Slack had taken.
    return WebClient(settings.slack.bot_token, base_url=settings.slack.api_url, timeout=timeout, retry_handlers=[])


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


def _role_lists(roles: RoleSettings) -> RoleLists:
    return RoleLists(
        {Role.REQUESTER: roles.requesters, Role.APPROVER: roles.approvers, Role.ADMIN: roles.admins},
    )
