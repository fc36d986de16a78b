"""A server on this machine that nobody should ask."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Watched(ThreadingHTTPServer):
    """A server on this machine that notes what is asked of it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Noting)
        self.asked: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_port}"


class Noting(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response(204)
        self.end_headers()

    do_HEAD = do_POST = do_OPTIONS = do_CONNECT = do_GET  # noqa: N815 -- the library's names

    def log_message(self, *_):
        pass


@contextmanager
def watching() -> Iterator[Watched]:
    server = Watched()
    serving = threading.Thread(target=server.serve_forever, args=(0.05,))
    serving.start()
    try:
        yield server
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
