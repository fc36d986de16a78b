"""Connections that tell when a request may begin to leave, and that can be cut off in the middle of an exchange."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from ssl import SSLContext
from threading import Lock
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError

from bot.altcraft.cutoff import Cutoff
from bot.route import Route


@dataclass(frozen=True)
class Limits:
    """Seconds. `connect` bounds each address's connection and its TLS handshake, `answer` the silence after that.

    One exchange as a whole, from its begin to the answer's last byte, ends after the sum of both; only the system's
    own name resolution cannot be cut short, and nothing is sent when it took longer than that.
    """

    connect: float
    answer: float

    @property
    def whole(self) -> float:
        return self.connect + self.answer


class Attempt:
    """One exchange under way: whether any of it can have left, and whether it was cut off.

    Socket timeouts begin anew with every byte; the cutoff shuts the socket, so a dripping answer ends too.
    """

    def __init__(self, limits: Limits, cutoff: Cutoff, *, by_proxy: bool = False) -> None:
        self.limits = limits
        self.by_proxy = by_proxy
        self._cutoff = cutoff
        self.may_have_left = False
        self.was_cut = False
        self._over = False
        self._connection: HTTPConnection | None = None
        self._socket: socket.socket | None = None
        self._lock = Lock()

    @contextmanager
    def under_way(self) -> Iterator[None]:
        self._cutoff.begin(self)
        previous = _attempt.set(self)
        try:
            yield
        finally:
            _attempt.reset(previous)
            self._cutoff.end(self)
            with self._lock:
                # From here on the connection may serve another exchange, which a late cut must not hit.
                self._over = True

    def connecting(self, connection: HTTPConnection) -> None:
        """Called before a connection is opened: a proxy that drips its answer is cut off as well."""
        with self._lock:
            self._connection = connection

    def connected(self, connection: HTTPConnection) -> None:
        """Called with an open connection before the first byte of the request goes into it."""
        with self._lock:
            if self.was_cut:
                raise ConnectTimeoutError(connection, "out of time before anything was sent")
            self.may_have_left = True
            # The connection forgets its socket while an answer that ends with the connection is still being read.
            self._socket = connection.sock
            # urllib3 would send the body under the short timeout that is meant for connecting.
            connection.timeout = self.limits.answer
            if self._socket is not None:
                self._socket.settimeout(self.limits.answer)

    def cut(self) -> None:
        with self._lock:
            if self._over:
                return
            self.was_cut = True
            opened = self._socket or (self._connection and self._connection.sock)
            if isinstance(opened, socket.socket):
                with suppress(OSError):
                    # Not SSLSocket's own shutdown, which would pull the TLS state from under the reading thread.
                    socket.socket.shutdown(opened, socket.SHUT_RDWR)


_attempt: ContextVar[Attempt] = ContextVar("attempt")
"""The exchange that the running thread makes: urllib3 builds its connections itself, and gives no other way in."""


class WatchedAdapter(HTTPAdapter):
    """An adapter that repeats nothing, and whose connections report to the running attempt.

    `trusting` verifies servers. It is shared: requests would read the authorities' certificates for each connection,
    which takes as long as a round trip. `proxies` is what `send` has to be told, so that requests writes addresses as
    a proxy wants them.
    """

    def __init__(self, route: Route, trusting: SSLContext) -> None:
        self._route = route
        self._trusting = trusting
        self.proxies = {"all": route.proxy_address} if route.proxy else {}
        super().__init__(max_retries=0)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **_: Any) -> None:  # noqa: ANN401
        kept: dict[str, Any] = {"num_pools": connections, "maxsize": maxsize, "block": block}
        kept["ssl_context"] = self._trusting
        route = self._route
        self.poolmanager = (
            ProxyManager(route.proxy_address, proxy_headers=route.proxy_headers, **kept)
            if route.proxy
            else PoolManager(**kept)
        )

    def proxy_manager_for(self, *_: object, **__: object) -> Any:  # noqa: ANN401 -- as requests has it
        """There is one way, whoever asks."""
        return self.poolmanager

    def cert_verify(self, *_: object) -> None:
        """Nothing is left to say: the context has the certificates, and knows no server without one."""


class _Connection(HTTPConnection):
    def connect(self) -> None:
        _attempt.get().connecting(self)
        super().connect()
        _attempt.get().connected(self)

    def putrequest(self, method: str, url: str, skip_host: bool = False, skip_accept_encoding: bool = False) -> None:
        if self.sock is not None:
            _attempt.get().connected(self)
        super().putrequest(method, url, skip_host, skip_accept_encoding)


class _TlsConnection(_Connection, HTTPSConnection):
    """The same over TLS: an HTTPSConnection is an HTTPConnection."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection
