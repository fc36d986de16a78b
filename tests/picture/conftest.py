"""What the tests of pictures share: a browser that is there, and small mails of our own."""

import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.picture import chromium
from bot.picture.picture import Pictures
from bot.picture.rendering import render


@pytest.fixture
def program() -> str:
    """The browser that pictures are made with. Without one the test is skipped; in CI it fails."""
    found = chromium.find()
    if not found:
        missing = "this test needs chromium (Debian: apt install chromium-headless-shell)"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    return found


@pytest.fixture
def shown(program):
    """Makes the pictures of a mail, with more time than a busy machine takes."""

    def show(html: str) -> Pictures:
        pictures = render(html, deadline=60)
        assert isinstance(pictures, Pictures), pictures
        return pictures

    return show


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


@pytest.fixture
def watched():
    server = Watched()
    serving = threading.Thread(target=server.serve_forever, args=(0.05,))
    serving.start()
    yield server
    server.shutdown()
    serving.join()
    server.server_close()
