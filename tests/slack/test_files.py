"""Files from the modal: fetched with the token from Slack alone, bounded, and never a log-in page."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.slack.api.files import Files, NotFetched
from bot.slack.form import LARGEST_FILE, SlackFile

ANSWERS = {
    "/file": (200, "application/pdf", b"%PDF"),
    "/page": (200, "text/html", b"<html>log in</html>"),
    "/moved": (302, "text/plain", b""),
    "/large": (200, "application/pdf", b"x" * (LARGEST_FILE + 1)),
}


class Answering(BaseHTTPRequestHandler):
    tokens: list[str | None]

    def do_GET(self):
        self.tokens.append(self.headers.get("Authorization"))
        status, kind, content = ANSWERS[self.path]
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Location", "/file")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    handler = type("Handler", (Answering,), {"tokens": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server, handler.tokens
    server.shutdown()
    server.server_close()


def fetch(server, path, size=0):
    url = f"http://127.0.0.1:{server.server_port}"
    return Files("xoxb-1", f"{url}/api/").fetch(SlackFile("F1", "a.pdf", "application/pdf", size, f"{url}{path}"))


def test_a_file_is_fetched_with_the_token(server):
    assert fetch(server[0], "/file", 4) == b"%PDF"
    assert server[1] == ["Bearer xoxb-1"]


@pytest.mark.parametrize(("path", "says"), [("/page", "files:read"), ("/moved", "files:read"), ("/large", "larger")])
def test_what_is_no_file_is_refused_with_a_sentence(server, path, says):
    with pytest.raises(NotFetched, match=says):
        fetch(server[0], path)


def test_a_file_that_is_cut_short_is_refused(server):
    with pytest.raises(NotFetched, match="whole"):
        fetch(server[0], "/file", 5)


def test_the_token_goes_nowhere_but_to_slack(server):
    elsewhere = f"http://127.0.0.1:{server[0].server_port}/file"
    with pytest.raises(NotFetched, match="does not lie at Slack"):
        Files("xoxb-1", "https://slack.com/api/").fetch(SlackFile("F1", "a", "text/plain", 0, elsewhere))
    assert server[1] == []


@pytest.mark.parametrize(
    "url", ["https://slack.com.evil.example/x", "https://evilslack.com/x", "http://files.slack.com/x", ""]
)
def test_hosts_that_only_look_like_slacks_are_not(url):
    with pytest.raises(NotFetched):
        Files("xoxb-1", "https://slack.com/api/").fetch(SlackFile("F1", "a", "text/plain", 0, url))
