"""Serves the stand-ins' apps on loopback ports, in one event loop, from a coroutine or from a thread."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from functools import partial
from typing import Any, Generic, TypeVar

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

HOST = "127.0.0.1"

_T = TypeVar("_T")
_R = TypeVar("_R")


class Connections:
    """The open connections of a server, so that an app can break one as a failing network would."""

    def __init__(self) -> None:
        self._transports: dict[tuple[str, int], asyncio.Transport] = {}

    def opened(self, transport: asyncio.Transport) -> None:
        peer = transport.get_extra_info("peername")
        if peer:
            self._transports[(peer[0], peer[1])] = transport

    def closed(self, transport: asyncio.Transport) -> None:
        self._transports = {peer: one for peer, one in self._transports.items() if one is not transport}

    def reset(self, scope: Scope) -> None:
        """Resets the connection that a request came over, answering nothing more."""
        transport = self._of(scope)
        if transport:
            _reset(transport)

    def close(self, scope: Scope) -> None:
        """Ends the connection that a request came over in good order, answering nothing more."""
        transport = self._of(scope)
        if transport:
            transport.close()

    def _of(self, scope: Scope) -> asyncio.Transport | None:
        host, port = scope["client"]
        return self._transports.get((host, port))


def _reset(transport: asyncio.Transport) -> None:
    opened = transport.get_extra_info("socket")
    # Lingering for zero seconds makes the close a reset instead of an orderly end.
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    transport.abort()


def _with_connections(app: ASGIApp, connections: Connections) -> ASGIApp:
    """Offers an app two extensions that it calls without arguments: `connection.reset` and `connection.close`."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("extensions", {}).update(
            {
                "connection.reset": partial(connections.reset, scope),
                "connection.close": partial(connections.close, scope),
            }
        )
        await app(scope, receive, send)

    return wrapped


def _protocol(connections: Connections) -> type[H11Protocol]:
    class Noted(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
            connections.opened(transport)
            super().connection_made(transport)

        def connection_lost(self, exc: Exception | None) -> None:
            connections.closed(self.transport)
            super().connection_lost(exc)

    return Noted


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves signals to whoever runs the loop."""
        yield


@asynccontextmanager
async def serve(apps: Mapping[str, ASGIApp], ports: Mapping[str, int] | None = None) -> AsyncIterator[dict[str, str]]:
    """Serves each app on a port of its own, a free one unless named, and gives each one's address.

    Raises OSError where a named port is taken.
    """
    async with AsyncExitStack() as stack:
        yield {
            name: await stack.enter_async_context(_one(app, (ports or {}).get(name, 0))) for name, app in apps.items()
        }


@asynccontextmanager
async def _one(app: ASGIApp, port: int) -> AsyncIterator[str]:
    listening = socket.create_server((HOST, port))
    connections = Connections()
    config = uvicorn.Config(
        _with_connections(app, connections),
        http=_protocol(connections),
        ws="websockets-sansio",
        lifespan="off",
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=1,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        while not server.started and not task.done():  # noqa: ASYNC110 -- uvicorn offers no event
            await asyncio.sleep(0.005)
        yield f"http://{HOST}:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
        listening.close()


class InThread(Generic[_T]):
    """An event loop in a thread of its own, with one async context open in it; for tests and other plain code."""

    def __init__(self, context: Callable[[], AbstractAsyncContextManager[_T]]) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sandbox", daemon=True)
        self._thread.start()
        self._stack = AsyncExitStack()
        self.value: _T = self.call(self._stack.enter_async_context(context()))

    def call(self, coroutine: Coroutine[Any, Any, _R], timeout: float = 30.0) -> _R:
        """Runs a coroutine in the loop and gives its result. Raises TimeoutError after that many seconds."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout)

    def close(self) -> None:
        self.call(self._stack.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()
