"""One connection: its requests one after the other, each of which has little time to arrive."""

import asyncio
import logging
import socket
import time
from collections.abc import Callable
from concurrent.futures import Executor
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from tornado.http1connection import HTTP1ConnectionParameters, HTTP1ServerConnection
from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPMessageDelegate,
    HTTPServerConnectionDelegate,
    RequestStartLine,
    ResponseStartLine,
    format_timestamp,
)
from tornado.iostream import IOStream

from bot.signed import LARGEST_BODY
from bot.web.gateway import Answer, environment, plain
from bot.web.places import Places

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

ARRIVING = 5.0
"""Seconds that a request has to arrive whole, header and body, from its first byte; as many to begin the first one.
Slack waits three for its answer, and what comes through a proxy arrives at once."""

KEPT = 75.0
"""Seconds that a connection may idle between two requests: longer than proxies keep theirs (a minute, usually), for
one that reuses a connection in the moment in which it is closed loses a click."""

LARGEST_HEADER = 32 * 1024
"""Bytes of a request's headers."""

READ_AHEAD = 256 * 1024
"""Bytes that may lie in a connection's buffer, unread."""

# How large a body may be is for the requests here, which are answered where tornado would break off.
_PARAMETERS = HTTP1ConnectionParameters(max_header_size=LARGEST_HEADER, max_body_size=2**62)

Answering = Callable[["WSGIEnvironment"], Answer]

log = logging.getLogger(__name__)


class _Stream(IOStream):
    """Tells that bytes have come, before tornado has a whole header to tell of."""

    def __init__(self, accepted: socket.socket, came: Callable[[], None]) -> None:
        super().__init__(accepted, max_buffer_size=READ_AHEAD)
        self._came = came

    def read_from_fd(self, buf: bytearray | memoryview) -> int | None:
        read = super().read_from_fd(buf)
        if read:
            self._came()
        return read


class Connection(HTTPServerConnectionDelegate):
    """Belongs to the event loop's thread. Requests are answered in `executor` by `answering`, which never raises."""

    def __init__(self, accepted: socket.socket, places: Places, executor: Executor, answering: Answering) -> None:
        self._loop = asyncio.get_running_loop()
        self._places = places
        self._executor = executor
        self._answering = answering
        self._began: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._read_ahead = False
        self._allowed = ARRIVING
        self.held = 0
        self._stream = _Stream(accepted, self._bytes_came)

    def serve(self) -> None:
        HTTP1ServerConnection(self._stream, _PARAMETERS).start_serving(self)

    def leave(self) -> None:
        self.release()
        self._stream.close()

    def start_request(self, server_conn: object, request_conn: HTTPConnection) -> HTTPMessageDelegate:  # noqa: ARG002 -- tornado's own signature
        """Waits for the first request, or for another one."""
        self._places.waits(self)
        # A part of the next request may be here already.
        self._began = time.monotonic() if self._read_ahead else None
        self._close_after(ARRIVING if self._read_ahead else self._allowed)
        self._read_ahead, self._allowed = False, KEPT
        return _Request(self, request_conn)

    def on_close(self, server_conn: object) -> None:  # noqa: ARG002 -- likewise
        self._stop_timer()
        self.release()
        self._places.gone(self)

    def holds(self, size: int) -> None:
        self.held += size
        self._places.holds(size)

    def release(self) -> None:
        self._places.holds(-self.held)
        self.held = 0

    def answer(
        self, start: RequestStartLine, headers: HTTPHeaders, body: bytes, respond: Callable[[Answer], None]
    ) -> None:
        """Has a whole request answered, and calls `respond` with that, in this thread."""
        self._stop_timer()
        self._places.works(self)
        environ = environment(start, headers, body, self._began or time.monotonic())
        self._began = None

        def work() -> None:
            self._loop.call_soon_threadsafe(respond, self._answering(environ))

        self._executor.submit(work)

    def _bytes_came(self) -> None:
        if self._timer is None:
            self._read_ahead = True
        elif self._began is None:
            self._began = time.monotonic()
            self._close_after(ARRIVING)

    def _close_after(self, seconds: float) -> None:
        self._stop_timer()
        self._timer = self._loop.call_later(seconds, self.leave)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class _Request(HTTPMessageDelegate):
    """Gathers one request, answers early what is too large, and writes the answer."""

    def __init__(self, connection: Connection, http: HTTPConnection) -> None:
        self._connection = connection
        self._http = http
        self._start = RequestStartLine("", "", "")
        self._headers = HTTPHeaders()
        self._body = bytearray()
        self._over = False

    def headers_received(self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders) -> None:
        self._start, self._headers = cast("RequestStartLine", start_line), headers
        length = headers.get("Content-Length", "").lstrip("0")
        # By its length first: Python takes long to read long numbers.
        if length.isdecimal() and (len(length) > len(str(LARGEST_BODY)) or int(length) > LARGEST_BODY):
            self._refuse_as_too_large()

    def data_received(self, chunk: bytes) -> None:
        self._body += chunk
        if len(self._body) > LARGEST_BODY:
            self._refuse_as_too_large()
        else:
            self._connection.holds(len(chunk))

    def finish(self) -> None:
        self._connection.answer(self._start, self._headers, bytes(self._body), self._respond)

    def on_connection_close(self) -> None:
        """It broke off, or was answered before its end."""
        self._over = True

    def _refuse_as_too_large(self) -> None:
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        told = "a request was answered with %s and not read: its body is larger than %s bytes"
        log.warning(told, status.value, LARGEST_BODY)
        self._body.clear()
        self._respond(plain(status.value, status.phrase))

    def _respond(self, answer: Answer) -> None:
        """Whoever has left meanwhile is answered nothing."""
        self._connection.release()
        if self._over:
            return
        headers = HTTPHeaders({"Date": format_timestamp(time.time())})
        for name, value in answer.headers:
            headers.add(name, value)
        body = None if self._start.method == "HEAD" else answer.body
        self._http.write_headers(ResponseStartLine("HTTP/1.1", answer.status, answer.reason), headers, body)
        self._http.finish()
