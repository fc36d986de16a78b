"""The bot's doors: Slack's requests over one of the two transports, and HTTP for whoever looks after the bot."""

import logging
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.adapter.wsgi.http_request import WsgiHttpRequest
from slack_bolt.error import BoltError
from slack_bolt.request import BoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.health import Health
from bot.receiver import PATH as EVENTS_PATH
from bot.receiver import Receiver
from bot.settings import Settings
from bot.signature import Signed
from bot.slack.api.clock import SlackClock
from bot.slack.socket_mode import SocketMode
from bot.slack.stale_requests import WAITS_SINCE
from bot.web import EVERYWHERE, HOOK_THREADS, LOOPBACK, SERVER_THREADS, Taking, application, served
from bot.web.gateway import ARRIVED

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

RECONNECT = 5.0
"""Seconds between two tries to reach Slack at the start."""

_INTERACTION = re.compile(r"(?:^|&)payload=")
"""The field in which a form holds what was pressed or submitted."""

_T = TypeVar("_T")

log = logging.getLogger(__name__)


class Stopped(Exception):
    """The bot was told to stop while it waited for Slack."""


class AnyText(SlackRequestHandler):
    """Bolt's own, for commands that may hold any word; it also says since when Slack waits.

    Bolt takes a form in which `payload` stands anywhere for an interaction, and a command that mentions it for an
    empty one, which nobody listens to.
    """

    def __init__(self, app: App, clock: SlackClock) -> None:
        super().__init__(app)
        self._clock = clock

    def dispatch(self, request: WsgiHttpRequest) -> BoltResponse:
        body = request.get_body()
        read = BoltRequest(
            body=_unmistakable(body),
            query=request.query_string,
            headers=request.get_headers(),
            context={WAITS_SINCE: self._waits_since(request.environ)},
        )
        # What Slack has signed, and Bolt checks.
        read.raw_body = body
        return self.app.dispatch(read)

    def _waits_since(self, environ: "WSGIEnvironment") -> float:
        """By what came first for certain: the signature, or the first byte."""
        now = time.monotonic()
        signed = now - self._clock.age(int(environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP") or now))
        return min(signed, float(environ.get(ARRIVED, now)))


def _unmistakable(body: str) -> str:
    """The same form, in which the word stands only if a field is called so; anything else as it is."""
    if body.startswith("{") or _INTERACTION.search(body):
        return body
    return body.replace("payload", "%70ayload")


class Doors:
    """What is served over HTTP; Slack's requests are refused unless they are let in."""

    def __init__(self, clock: SlackClock) -> None:
        self._clock = clock
        self._slack: WSGIApplication | None = None

    def let_in(self, app: App, signing_secret: str) -> None:
        """From now on, takes Slack's requests, by their signature."""
        self._slack = Signed(AnyText(app, self._clock), signing_secret)

    def shut(self) -> None:
        """From now on, refuses them again; those that are inside are finished."""
        self._slack = None

    def slack(self) -> "WSGIApplication | None":
        return self._slack


@contextmanager
def opened(
    settings: Settings,
    health: Health,
    metrics: Callable[[], bytes],
    clock: SlackClock,
    events: Receiver | None = None,
) -> Iterator[Doors]:
    """Serves the ports while the block lasts, whether Slack can be reached or not.

    A bot that waits for Slack is alive, and whoever asks learns what it waits for. Metrics are on HEALTH_PORT alone:
    PORT is open to the internet. `events` takes the platform's hooks, on a port of their own where one is set.
    """
    doors = Doors(clock)
    outside = settings.bind or EVERYWHERE
    apart = settings.events.port if settings.events else None
    bounds = {EVENTS_PATH: events.bound} if events else {}
    hooks: dict[str, Taking] = {EVENTS_PATH: lambda: events} if events else {}
    slack: dict[str, Taking] = {} if settings.slack.socket_mode else {"/slack/events": doors.slack}
    here = slack if apart is not None else {**slack, **hooks}
    with ExitStack() as stack:
        if here:
            taken = application(health.missing, taking=here)
            threads = SERVER_THREADS if slack else HOOK_THREADS
            stack.enter_context(served(taken, settings.port, outside, bounds=bounds, threads=threads))
            log.info("listening on port %s", settings.port)
        if hooks and apart is not None:
            taken = application(health.missing, taking=hooks)
            stack.enter_context(served(taken, apart, outside, bounds=bounds, threads=HOOK_THREADS))
            log.info("taking the platform's hooks on port %s", apart)
        if settings.health_port is not None:
            looked_at = application(health.missing, metrics=metrics, remarks=settings.remarks)
            stack.enter_context(served(looked_at, settings.health_port, settings.bind or LOOPBACK))
            log.info("health and metrics on port %s", settings.health_port)
        yield doors


@contextmanager
def listening(
    settings: Settings, slack: WebClient, app: App, doors: Doors, health: Health, stopping: threading.Event
) -> Iterator[None]:
    """Takes Slack's requests while the block lasts. Raises Stopped where the bot is stopped before that."""
    if not settings.slack.socket_mode:
        doors.let_in(app, settings.slack.signing_secret)
        log.info("ready: taking Slack's requests on port %s", settings.port)
        try:
            yield
        finally:
            doors.shut()
        return
    socket = SocketMode(app, settings.slack.app_token, slack)
    once_slack_answers(socket.connect, stopping)
    health.slack = lambda: "" if socket.is_connected else "not connected to Slack"
    log.info("ready: connected to Slack over Socket Mode")
    try:
        yield
    finally:
        socket.close()


def once_slack_answers(connect: Callable[[], _T], stopping: threading.Event) -> _T:
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
