"""A server on this machine that is, by its certificate, img.example and a.cdn.example."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bot.picture.images import Images

CERTIFICATE = Path(__file__).with_name("image_hosts.pem")
"""Self-signed, valid until 2126, with its key: it guards nothing."""

Answer = Callable[[BaseHTTPRequestHandler], None]
HOSTS = ("img.example", ".cdn.example")


class ImageServer(ThreadingHTTPServer):
    """Answers each path as it is told to, and notes what it was asked."""

    daemon_threads = True

    def __init__(self, answers: dict[str, Answer]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = answers
        self.asked: list[str] = []
        self.connections = 0
        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trust.load_cert_chain(CERTIFICATE)
        self._trust = trust

    def get_request(self):
        connection, address = super().get_request()
        self.connections += 1
        return self._trust.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, request, client_address):
        """Whoever goes away in the middle is no fault of the server."""

    def images(self, **changes) -> Images:
        """What fetches from this server as if it were public; whatever is not changed is as in production."""
        trust = ssl.create_default_context(cafile=str(CERTIFICATE))
        given = {"resolve": lambda _host: ("127.0.0.1",), "is_allowed": lambda _address: True, "trust": trust}
        return Images(HOSTS, **{**given, "port": self.server_port, **changes})


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        with suppress(OSError):
            self.server.answers[self.path](self)

    def log_message(self, *_):
        pass


def giving(content: bytes, kind: str = "image/png", status: int = 200, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **named}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    return answer


@contextmanager
def serving(**answers: Answer) -> Iterator[ImageServer]:
    """Each answer under the path of its name."""
    server = ImageServer({f"/{name}": answer for name, answer in answers.items()})
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
