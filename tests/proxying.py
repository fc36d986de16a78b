"""A small HTTP proxy on a real socket: it leads on, asks for a password, or does what a test wants done."""

import socket
import threading
from base64 import b64encode
from contextlib import suppress
from urllib.parse import urlsplit


class Proxy:
    """Serves until the block ends; `asked` is what it was asked to lead to.

    `wants` is the `user:password` without which it leads nowhere; `says` is what it answers to everybody instead.
    """

    def __init__(self, *, wants: str = "", says: bytes = b"") -> None:
        self.asked: list[str] = []
        self._wants = wants
        self._says = says
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.place = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.url = f"http://{self.place}"

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        # Wakes the accepting thread; closed alone, the kernel would take one connection more.
        for one in (self._listener, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError):
            head, body = _read_head(client)
            if not head:
                return
            method, target, *_ = head.split(" ", 2)
            self.asked.append(f"{method} {target}")
            if self._says:
                client.sendall(self._says)
            elif self._wants and f"Basic {b64encode(self._wants.encode()).decode()}" not in head:
                client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            elif method == "CONNECT":
                self._lead(client, urlsplit(f"//{target}"), b"")
            else:
                parts = urlsplit(target)
                self._lead(client, parts, _for_the_server(head, target, parts.path) + body)
        with suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)

    def _lead(self, client: socket.socket, to, first: bytes) -> None:
        server = socket.create_connection((to.hostname, to.port))
        self._open.append(server)
        if first:
            server.sendall(first)
        else:
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        back = threading.Thread(target=_pump, args=(server, client), daemon=True)
        back.start()
        _pump(client, server)
        back.join()


def _read_head(client: socket.socket) -> tuple[str, bytes]:
    got = b""
    while b"\r\n\r\n" not in got and (more := client.recv(65536)):
        got += more
    head, _, body = got.partition(b"\r\n\r\n")
    return head.decode("latin-1"), body


def _for_the_server(head: str, target: str, path: str) -> bytes:
    """The head as a server wants it, which is asked to close: the next request may be for another one."""
    first, *lines = head.replace(target, path, 1).split("\r\n")
    kept = [line for line in lines if not line.lower().startswith(("connection:", "proxy-authorization:"))]
    return "\r\n".join([first, *kept, "Connection: close", "", ""]).encode("latin-1")


def _pump(source: socket.socket, to: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            to.sendall(data)
    with suppress(OSError):
        to.shutdown(socket.SHUT_WR)
