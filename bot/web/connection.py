"""One connection: its requests one after the other, each of which has little time to arrive.

httptools takes requests apart; asyncio carries the bytes.
"""

import asyncio
import logging
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from bot.web.bounds import Bounds
from bot.web.connection_limit import Places
from bot.web.gateway import Answer, environment, plain, written
from bot.web.reading import Reading, Request, Unreadable
from bot.web.workers import Workers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

ARRIVING = 5.0
"""Seconds that a request has to arrive whole, header and body, from its first byte; as many to begin the first one.
Slack waits three for its answer, and what comes through a proxy arrives at once."""

KEPT = 75.0
"""Seconds that a connection may idle between two requests: longer than proxies keep theirs (a minute, usually), for
one that reuses a connection in the moment in which it is closed loses a click."""

Answering = Callable[["WSGIEnvironment"], Answer]

log = logging.getLogger(__name__)


class Connection(asyncio.Protocol):
    """Belongs to the event loop's thread. Requests are answered by `workers`, with `answering`, which never raises.

    Their bodies are within `bounds`.
    """

    def __init__(
        self, accepted: socket.socket, places: Places, workers: Workers, answering: Answering, bounds: Bounds
    ) -> None:
        self._accepted = accepted
        self._places = places
        self._workers = workers
        self._answering = answering
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._remote = ""
        self._reading = Reading(self._go_on, bounds)
        self._writing = threading.Lock()
        """Held while an answer is written, and while the connection ends."""
        self._is_gone = False
        self._says_no_more = False
        self._is_working = False
        self._timer: asyncio.TimerHandle | None = None
        self._began: float | None = None
        self.held = 0

    def leave(self) -> None:
        self._release()
        if self._transport is None:
            self._accepted.close()
        else:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        peer = transport.get_extra_info("peername")
        self._remote = str(peer[0]) if peer else ""
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
        if self._began is None:
            self._began = time.monotonic()
            if not self._is_working:
                self._close_after(ARRIVING)
        try:
            self._reading.feed(data)
        except Unreadable as refusal:
            self._refuse(refusal)
            return
        self._hold()
        if self._is_working:
            # Further requests, before this one is answered: what comes from now on waits in the system.
            self._carrier.pause_reading()
        elif self._reading.whole:
            self._work()

    @property
    def _carrier(self) -> asyncio.Transport:
        return cast("asyncio.Transport", self._transport)

    def _go_on(self) -> None:
        if not self._is_working:
            self._carrier.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _refuse(self, refusal: Unreadable) -> None:
        """Answers what is not read to its end, and closes."""
        if self._is_working:
            # Its answer would come before that of the request before it.
            self.leave()
            return
        log.warning("a request was answered with %d and not read: %s", refusal.status, refusal.cause)
        answer = plain(refusal.status, refusal.status.phrase)
        self._carrier.write(written(answer, body=True, closing=True))
        self._carrier.close()

    def _work(self) -> None:
        """Has the first whole request answered in another thread."""
        request = self._reading.whole.popleft()
        environ = environment(request, self._began or time.monotonic(), self._remote)
        self._stop_timer()
        self._is_working, self._began = True, None
        self._places.works(self)
        self._workers.give(partial(self._answer, request, environ))

    def _answer(self, request: Request, environ: "WSGIEnvironment") -> None:
        """In another thread, which writes as well: this connection's own may have a crowd to look after."""
        answer = self._answering(environ)
        closing = not request.keeps or self._says_no_more
        whole = written(answer, body=request.method != "HEAD", closing=closing)
        with self._writing:
            if self._is_gone:
                return
            try:
                sent = self._accepted.send(whole)
            except OSError:
                # It is full, or has ended: the loop finds out which.
                sent = 0
        self._loop.call_soon_threadsafe(self._answered, whole[sent:], closing)

    def _answered(self, unsent: bytes, closing: bool) -> None:
        """Goes on with another request, which may be here already, or a part of it."""
        self._is_working = False
        self._places.waits(self)
        self._hold()
        if self._is_gone:
            return
        if unsent:
            self._carrier.write(unsent)
        if closing or self._carrier.is_closing():
            self._carrier.close()
        elif self._reading.whole:
            self._work()
        else:
            self._close_after(ARRIVING if self._reading.has_begun else KEPT)
            self._carrier.resume_reading()

    def _hold(self) -> None:
        """Has what is here of bodies counted."""
        now = len(self._reading.body) + sum(len(request.body) for request in self._reading.whole)
        more, self.held = now - self.held, now
        if more:
            self._places.holds(more)

    def _release(self) -> None:
        self._places.holds(-self.held)
        self.held = 0

    def _close_after(self, seconds: float) -> None:
        self._stop_timer()
        self._timer = self._loop.call_later(seconds, self.leave)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
