"""A tiny HTTP server on a real socket that does to a request whatever a test wants done to it."""

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

CERTIFICATE = Path(__file__).with_name("loopback.pem")
"""Self-signed for 127.0.0.1, valid until 2126, with its key: it guards nothing."""


@dataclass(frozen=True)
class Got:
    """A request as it came over the wire."""

    target: str
    headers: Mapping[str, str]
    body: bytes
    connection: int

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


Handler = Callable[[socket.socket, Got], bool]
"""Does something to the connection; True keeps it open for the next request."""


class Server:
    """Serves until the block ends; `requests` is what came in, `connections` how often somebody connected."""

    def __init__(self, handler: Handler, *, tls: bool | ssl.SSLContext = False, host: str = "127.0.0.1") -> None:
        self.handler = handler
        self.requests: list[Got] = []
        self.connections = 0
        self._tls = tls
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family)
        self._open: list[socket.socket] = []
        place = f"[{host}]" if ":" in host else host
        self.url = f"http{'s' if tls else ''}://{place}:{self._listener.getsockname()[1]}"

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        # Wakes the accepting thread; closed alone, the kernel would take one connection more.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection, self.connections), daemon=True).start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        with suppress(OSError):
            if self._tls:
                connection = _context(self._tls).wrap_socket(connection, server_side=True)
                self._open.append(connection)
            while got := _receive(connection, number):
                self.requests.append(got)
                if not self.handler(connection, got):
                    break
            connection.close()


def _context(tls: bool | ssl.SSLContext) -> ssl.SSLContext:
    if isinstance(tls, ssl.SSLContext):
        return tls
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def _receive(connection: socket.socket, number: int) -> Got | None:
    stream = connection.makefile("rb")
    start = stream.readline().decode("latin-1").split()
    if len(start) != 3:
        return None
    headers = {}
    while line := stream.readline().decode("latin-1").strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", "0")))
    return Got(start[1], headers, body, number)


def answer(body: bytes, status: int = 200, headers: Iterable[str] = ()) -> Handler:
    """A proper answer, over a connection that stays open."""

    def handle(connection: socket.socket, _: Got) -> bool:
        head = [f"HTTP/1.1 {status} As Told", f"Content-Length: {len(body)}", *headers]
        connection.sendall("\r\n".join([*head, "", ""]).encode() + body)
        return True

    return handle


def raw(content: bytes, *, then_reset: bool = False) -> Handler:
    """These very bytes, and then the end of the connection."""

    def handle(connection: socket.socket, _: Got) -> bool:
        connection.sendall(content)
        if then_reset:
            time.sleep(0.05)  # a reset overtakes what is still on its way
            reset(connection)
        return False

    return handle


def silence(connection: socket.socket, _: Got) -> bool:
    connection.recv(1)
    return False


def reset(connection: socket.socket, _: Got | None = None) -> bool:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    return False


def hang_up_raw(connection: socket.socket, _: Got) -> bool:
    """Ends TCP under TLS, without TLS's own goodbye."""
    socket.socket.shutdown(connection, socket.SHUT_RDWR)
    return False


def drip(begin: bytes) -> Handler:
    """The begin at once, then a byte each 20 ms for as long as anyone listens."""

    def handle(connection: socket.socket, _: Got) -> bool:
        connection.sendall(begin)
        for _ in range(1000):
            connection.sendall(b" ")
            time.sleep(0.02)
        return False

    return handle


def endless(begin: bytes) -> Handler:
    """An answer that never ends, as fast as it goes."""

    def handle(connection: socket.socket, _: Got) -> bool:
        connection.sendall(begin)
        for _ in range(1000):
            connection.sendall(b" " * 65536)
        return False

    return handle


def routed(answers: Mapping[str, Handler], otherwise: Handler) -> Handler:
    """One handler for each path."""
    return lambda connection, got: answers.get(got.path, otherwise)(connection, got)
