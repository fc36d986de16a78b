"""Takes connections at a port, on an event loop in a thread of its own.

Requests are read there and answered by a pool of threads, so that one that arrives slowly keeps none of them waiting.
"""

import asyncio
import contextlib
import logging
import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from ipaddress import ip_address
from threading import Thread
from typing import TYPE_CHECKING

from bot.web.bounds import Bounds
from bot.web.connection import Answering, Connection
from bot.web.connection_limit import Places
from bot.web.gateway import call
from bot.web.workers import Workers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

EVERYWHERE = "0.0.0.0"  # noqa: S104 -- Slack or a proxy comes from outside
"""Where PORT is served unless BIND says otherwise."""

LOOPBACK = "127.0.0.1"
"""Where HEALTH_PORT is."""

SERVER_THREADS = 32
"""Requests that may wait for their ack at the same time."""

HOOK_THREADS = 8
"""As many where only the platform's hooks come to a port: few at once, and much in each."""

CONNECTIONS = 1000
"""Connections at a port, where the process may open four times as many files."""

HELD = 64 * 1024 * 1024
"""Bytes of bodies that are not answered yet, of all connections together."""

BACKLOG = 1024
"""Connections that the system keeps until they are taken."""

PAUSE = 0.5
"""Seconds until the next try where no connection could be taken."""

FINISHING = 5.0
"""Seconds that requests under way have to be answered at the end."""

log = logging.getLogger(__name__)


@contextmanager
def served(
    wsgi: "WSGIApplication", port: int, bind: str, *, bounds: Bounds | None = None, threads: int = SERVER_THREADS
) -> Iterator[None]:
    """Serves on the port of the address `bind` while the block lasts. Raises OSError where it is taken, or not ours.

    A body that is not within `bounds` is refused, and on other paths one larger than Slack's; so many `threads` answer.
    """
    listening = _listening(bind, port)
    loop = asyncio.new_event_loop()
    workers = Workers(threads)
    door = _Door(listening, Places(_most(), HELD), workers, partial(call, wsgi), bounds or {})
    thread = Thread(target=_run, args=[loop, door], name=f"port {port}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(door.close)
        thread.join(timeout=2 * FINISHING)
        workers.end()


def _run(loop: asyncio.AbstractEventLoop, door: "_Door") -> None:
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(door.serve())


class _Door:
    """Takes connections until it is closed; what has arrived whole by then is answered."""

    def __init__(
        self, listening: socket.socket, places: Places, workers: Workers, answering: Answering, bounds: Bounds
    ) -> None:
        self._listening = listening
        self._places = places
        self._workers = workers
        self._answering = answering
        self._bounds = bounds
        self._closed = asyncio.Event()

    def close(self) -> None:
        self._closed.set()

    async def serve(self) -> None:
        taking = asyncio.create_task(self._take())
        await self._closed.wait()
        taking.cancel()
        self._listening.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._places.quiet.wait(), FINISHING)
        for one in self._places.all():
            one.leave()

    async def _take(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                accepted, _ = await loop.sock_accept(self._listening)
            except ConnectionAbortedError:
                # It left before its turn.
                continue
            except OSError as error:
                # No file is left to open, say. It may be in a moment.
                log.warning("a connection could not be taken: %s", error.strerror)
                await asyncio.sleep(PAUSE)
                continue
            connection = Connection(accepted, self._places, self._workers, self._answering, self._bounds)
            if self._places.admit(connection):
                # Those who are here already have their turn meanwhile.
                await loop.connect_accepted_socket(partial(_itself, connection), accepted)
            else:
                connection.leave()


def _itself(connection: Connection) -> Connection:
    return connection


def _listening(bind: str, port: int) -> socket.socket:
    """`::` takes IPv4 as well."""
    family = socket.AF_INET6 if ip_address(bind).version == 6 else socket.AF_INET  # noqa: PLR2004 -- IPv6
    both = family is socket.AF_INET6 and ip_address(bind).is_unspecified and socket.has_dualstack_ipv6()
    listening = socket.create_server((bind, port), family=family, backlog=BACKLOG, dualstack_ipv6=both)
    listening.setblocking(False)
    return listening


def _most() -> int:
    """Far below the files that the process may open: there are two ports, and the bot needs some for itself."""
    may_open, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return CONNECTIONS if may_open == resource.RLIM_INFINITY else min(CONNECTIONS, may_open // 4)
