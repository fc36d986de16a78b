"""Socket Mode: connections to Slack over which it delivers, each exchanged for a new one before it ends.

The SDK has clients of its own. The built-in one drops what arrives in several frames; that over websocket-client does
not notice a connection that died, and lets go of the old one before the new one is there.
"""

import json
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

from slack_bolt import App, BoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, connect

from bot.slack.deduplication import Once
from bot.slack.stale_requests import WAITS_SINCE

THREADS = 32
"""Payloads that may wait for their ack at the same time."""

OPENING = 10.0
"""Seconds for the handshake, and for Slack's greeting after it."""

PING = 5.0
"""Seconds between two pings, and for the answer to one: a connection that died is noticed within twice as many."""

CLOSING = 2.0
"""Seconds for the other side to close as well."""

LEAVING = 30.0
"""Seconds that a connection which was exchanged is read on, where it says nothing and Slack does not end it."""

LARGEST_MESSAGE = 4 * 1024 * 1024
"""Bytes of one message, whatever frames it comes in."""

ACK_WAITS = 3.0
"""Seconds that an ack waits for a connection where there is none: as long as Slack waits for it."""

LONGEST_PAUSE = 30.0
"""Seconds between two tries to connect anew."""

log = logging.getLogger(__name__)


class SocketMode:
    """Has `app` carry out what Slack delivers. `client` opens connections, by its proxy and trusting whom it trusts."""

    def __init__(self, app: App, app_token: str, client: WebClient) -> None:
        self._app = app
        self._app_token = app_token
        self._client = client
        self._once = Once()
        self._executor = ThreadPoolExecutor(THREADS, thread_name_prefix="socket")
        self._connections: tuple[ClientConnection, ...] = ()
        self._changed = threading.Condition()
        self._stopping = threading.Event()

    @property
    def is_connected(self) -> bool:
        """Whether there is a connection that answers."""
        return bool(self._connections)

    def connect(self) -> None:
        """Returns once Slack has greeted. Raises SlackApiError where it refuses, SlackClientError or OSError else."""
        connection = self._opened()
        self._in_a_thread(lambda: self._hold(connection))

    def close(self) -> None:
        """Takes nothing new, acks what was taken, and closes."""
        self._stopping.set()
        self._executor.shutdown()
        for connection in self._connections:
            connection.close()

    def _opened(self) -> ClientConnection:
        url = self._client.apps_connections_open(app_token=self._app_token)["url"]
        try:
            connection = connect(
                url,
                proxy=self._client.proxy,
                ssl=self._client.ssl if url.startswith("wss:") else None,
                open_timeout=OPENING,
                ping_interval=PING,
                ping_timeout=PING,
                close_timeout=CLOSING,
                max_size=LARGEST_MESSAGE,
                compression=None,
                legacy=True,
            )
        except WebSocketException as error:
            raise ConnectionError(f"Socket Mode: {type(error).__name__}") from error
        if not _greets(connection):
            connection.close()
            raise ConnectionError("Socket Mode: no greeting came")
        with self._changed:
            self._connections = (*self._connections, connection)
            self._changed.notify_all()
        return connection

    def _hold(self, connection: ClientConnection) -> None:
        """Reads to its end; then opens another one, unless that has taken its place already."""
        was_exchanged = self._follow(connection)
        with self._changed:
            self._connections = tuple(one for one in self._connections if one is not connection)
        if not was_exchanged and not self._stopping.is_set():
            log.warning("a connection of Socket Mode ended; connecting anew")
            self._exchange()

    def _exchange(self) -> None:
        """Opens another one, and holds it. Tries until it succeeds, or the bot stops."""
        pause = 1.0
        while not self._stopping.is_set():
            try:
                connection = self._opened()
            except (SlackClientError, OSError) as error:
                log.warning("Slack cannot be reached over Socket Mode (%s); trying again", error)
                self._stopping.wait(_asked_pause(error) or pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            if self._stopping.is_set():
                connection.close()
            log.info("connected to Slack over Socket Mode anew")
            self._hold(connection)
            return

    def _follow(self, connection: ClientConnection) -> bool:
        """Takes what comes until the connection ends; whether it was exchanged, because Slack said that it will end."""
        was_exchanged = False
        while True:
            try:
                text = connection.recv(timeout=LEAVING if was_exchanged else None)
            except ConnectionClosed:
                return was_exchanged
            except TimeoutError:
                if connection is not self._connections[-1]:
                    connection.close()
                continue
            message, received = _read(text), time.monotonic()
            if message.get("type") != "disconnect":
                self._take(connection, message, received)
            elif not was_exchanged:
                was_exchanged = True
                self._in_a_thread(self._exchange)

    def _take(self, connection: ClientConnection, message: dict[str, Any], received: float) -> None:
        request = SocketModeRequest.from_dict(message)
        # What is not acked any more fails visibly in Slack.
        if request is not None and not self._stopping.is_set():
            self._executor.submit(self._carry_out, connection, request, received)

    def _carry_out(self, connection: ClientConnection, request: SocketModeRequest, received: float) -> None:
        try:
            if self._once.first(f"{request.envelope_id} {request.retry_attempt}"):
                payload = BoltRequest(mode="socket_mode", body=request.payload, context={WAITS_SINCE: received})
                answer = self._app.dispatch(payload)
            else:
                # Its ack was lost with the connection that it came over, perhaps.
                answer = BoltResponse(status=HTTPStatus.OK)
            if answer.status == HTTPStatus.OK:
                self.ack(connection, SocketModeResponse(request.envelope_id, _payload(answer)))
            else:
                log.info("a payload of Socket Mode was not acked: HTTP %d would have been", answer.status)
        except Exception:
            log.exception("a payload of Socket Mode could not be carried out")

    def ack(self, connection: ClientConnection, response: SocketModeResponse) -> None:
        """Over the connection that the payload came by; where that has ended another one, or the next that opens."""
        text = json.dumps(response.to_dict())
        until = time.monotonic() + ACK_WAITS
        ended: list[ClientConnection] = []
        one: ClientConnection | None = connection
        while one is not None:
            try:
                one.send(text)
            except ConnectionClosed:
                ended.append(one)
                one = self._another(ended, until)
            else:
                return
        log.warning("an ack found no connection to Slack")

    def _another(self, ended: list[ClientConnection], until: float) -> ClientConnection | None:
        """The newest connection that is none of those; waits for one until then."""

        def left() -> ClientConnection | None:
            return next((one for one in reversed(self._connections) if one not in ended), None)

        with self._changed:
            return self._changed.wait_for(left, until - time.monotonic())

    def _in_a_thread(self, work: Callable[[], None]) -> None:
        threading.Thread(target=work, name="socket-mode", daemon=True).start()


def _greets(connection: ClientConnection) -> bool:
    try:
        return _read(connection.recv(timeout=OPENING)).get("type") == "hello"
    except (TimeoutError, ConnectionClosed):
        return False


def _read(text: str | bytes) -> dict[str, Any]:
    """A message of Slack's; nothing for what is none."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _payload(answer: BoltResponse) -> dict[str, Any] | None:
    if not answer.body:
        return None
    if answer.headers.get("content-type", [""])[0].startswith("application/json"):
        found: dict[str, Any] = json.loads(answer.body)
        return found
    return {"text": answer.body}


def _asked_pause(error: Exception) -> float:
    """Seconds that Slack wants to be left alone; 0 where it does not say."""
    if not isinstance(error, SlackApiError):
        return 0.0
    return float(error.response.headers.get("Retry-After", 0))
