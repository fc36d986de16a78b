"""One connection: its requests one after the other, each of which has little time to arrive.

h11 reads and writes HTTP; asyncio carries the bytes.
"""

import asyncio
import logging
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor
from email.utils import formatdate
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

import h11

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

Answering = Callable[["WSGIEnvironment"], Answer]

log = logging.getLogger(__name__)


class Connection(asyncio.Protocol):
    """Belongs to the event loop's thread. Requests are answered in `executor` by `answering`, which never raises."""

    def __init__(self, accepted: socket.socket, places: Places, executor: Executor, answering: Answering) -> None:
        self._accepted = accepted
        self._places = places
        self._executor = executor
        self._answering = answering
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=LARGEST_HEADER)
        self._writing = threading.Lock()
        """Held while the connection's state changes that the thread which answers looks at."""
        self._is_gone = False
        self._says_no_more = False
        self._is_working = False
        self._timer: asyncio.TimerHandle | None = None
        self._began: float | None = None
        self._request: h11.Request | None = None
        self._body = bytearray()

    @property
    def held(self) -> int:
        return len(self._body)

    def leave(self) -> None:
        self._release()
        if self._transport is None:
            self._accepted.close()
        else:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._close_after(ARRIVING)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 -- asyncio's own signature
        with self._writing:
            # Its file is closed next, and the number may be another connection's at once.
            self._is_gone = True
        self._stop_timer()
        self._release()
        self._places.gone(self)

    def eof_received(self) -> bool:
        """Keeps it open for the answer, where there is one to come."""
        self._says_no_more = True
        return self._is_working

    def data_received(self, data: bytes) -> None:
        with self._writing:
            self._http.receive_data(data)
        if self._is_working:
            # The next request, before this one is answered: it waits in the system.
            self._carrier.pause_reading()
            return
        if self._began is None:
            self._begins()
        self._read_on()

    @property
    def _carrier(self) -> asyncio.Transport:
        return cast("asyncio.Transport", self._transport)

    def _begins(self) -> None:
        self._began = time.monotonic()
        self._close_after(ARRIVING)

    def _read_on(self) -> None:
        """Takes what has arrived, up to the end of a request."""
        try:
            while not self._carrier.is_closing():
                match self._http.next_event():
                    case h11.Request() as request:
                        self._request = request
                        self._check(request)
                    case h11.Data(data=data):
                        self._holds(data)
                    case h11.EndOfMessage():
                        self._work()
                        return
                    case h11.NEED_DATA:
                        self._tell_to_go_on()
                        return
                    case _:
                        self._carrier.close()
        except h11.RemoteProtocolError as error:
            self._refuse(error.error_status_hint, "it is no HTTP")

    def _check(self, request: h11.Request) -> None:
        headers = dict(request.headers)
        length = headers.get(b"content-length", b"").lstrip(b"0")
        if b"transfer-encoding" in headers and b"content-length" in headers:
            # Whoever stands before may have gone by the other one.
            self._refuse(HTTPStatus.BAD_REQUEST, "the length of its body is told in two ways")
        # By its length first: Python takes long to read long numbers.
        elif len(length) > len(str(LARGEST_BODY)) or int(length or 0) > LARGEST_BODY:
            self._refuse_as_too_large()

    def _holds(self, data: bytes) -> None:
        if len(self._body) + len(data) > LARGEST_BODY:
            self._refuse_as_too_large()
            return
        self._body += data
        self._places.holds(len(data))

    def _tell_to_go_on(self) -> None:
        if self._http.they_are_waiting_for_100_continue:
            with self._writing:
                self._carrier.write(self._http.send(h11.InformationalResponse(status_code=100, headers=[])) or b"")

    def _refuse_as_too_large(self) -> None:
        self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"its body is larger than {LARGEST_BODY} bytes")

    def _refuse(self, status: int, cause: str) -> None:
        """Answers what is not read to its end, and closes."""
        log.warning("a request was answered with %d and not read: %s", status, cause)
        answer = plain(status, HTTPStatus(status).phrase)
        self._carrier.write(self._written(answer, ("Connection", "close")))
        self._carrier.close()

    def _work(self) -> None:
        """Has a whole request answered in another thread."""
        request = cast("h11.Request", self._request)
        environ = environment(request, bytes(self._body), self._began or time.monotonic())
        self._stop_timer()
        self._is_working = True
        self._places.works(self)
        self._executor.submit(self._answer, environ)

    def _answer(self, environ: "WSGIEnvironment") -> None:
        """In another thread, which writes as well: this connection's own may have a crowd to look after."""
        answer = self._answering(environ)
        with self._writing:
            if self._is_gone:
                return
            written = self._written(answer)
            try:
                sent = self._accepted.send(written)
            except OSError:
                # It is full, or has ended: the loop finds out which.
                sent = 0
        self._loop.call_soon_threadsafe(self._answered, written[sent:])

    def _written(self, answer: Answer, *more: tuple[str, str]) -> bytes:
        headers = [("Date", formatdate(usegmt=True)), *answer.headers, *more]
        response = h11.Response(status_code=answer.status, headers=headers, reason=answer.reason)
        has_body = self._request is None or self._request.method != b"HEAD"
        parts = [self._http.send(response)]
        if has_body:
            parts.append(self._http.send(h11.Data(data=answer.body)))
        parts.append(self._http.send(h11.EndOfMessage()))
        return b"".join(part for part in parts if part)

    def _answered(self, unsent: bytes) -> None:
        """Waits for another request, a part of which may be here already."""
        self._release()
        self._is_working, self._began, self._request = False, None, None
        self._places.waits(self)
        if self._is_gone:
            return
        if unsent:
            self._carrier.write(unsent)
        if self._says_no_more or (self._http.our_state, self._http.their_state) != (h11.DONE, h11.DONE):
            self._carrier.close()
            return
        self._http.start_next_cycle()
        self._close_after(KEPT)
        self._carrier.resume_reading()
        if self._http.trailing_data[0]:
            self._begins()
            self._read_on()

    def _release(self) -> None:
        self._places.holds(-len(self._body))
        self._body.clear()

    def _close_after(self, seconds: float) -> None:
        self._stop_timer()
        self._timer = self._loop.call_later(seconds, self.leave)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
