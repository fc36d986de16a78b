"""Files from the modal: fetched with the token from Slack alone, bounded, and never a log-in page."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from urllib3.util import parse_url

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
    "url",
    [
        "https://slack.com.evil.example/x",
        "https://evilslack.com/x",
        "http://files.slack.com/x",
        "https://somebody@files.slack.com/x",
        "https://files.slack.com:8443/x",
        "https://files.slack.com/a b",
        "",
    ],
)
def test_hosts_that_only_look_like_slacks_are_not(url):
    with pytest.raises(NotFetched):
        Files("xoxb-1", "https://slack.com/api/").fetch(SlackFile("F1", "a", "text/plain", 0, url))


def test_the_own_apis_host_is_asked_by_no_other_scheme(server):
    there = f"127.0.0.1:{server[0].server_port}"
    with pytest.raises(NotFetched, match="does not lie at Slack"):
        Files("xoxb-1", f"https://{there}/api/").fetch(SlackFile("F1", "a", "text/plain", 0, f"http://{there}/file"))
    assert server[1] == []


PARTS = st.sampled_from(
    [
        "https://",
        "HTTPS://",
        "http://",
        "//",
        "files.slack.com",
        "slack-files.com",
        "x.example",
        "/",
        "?",
        "#",
        ":",
        "443",
        ".",
    ]
)


class Noted:
    """Takes the place of the client's transport, and notes where each request would be sent."""

    def __init__(self, monkeypatch):
        self.hosts = []
        monkeypatch.setattr("requests.adapters.HTTPAdapter.send", self.send)

    def send(self, request, **_):
        self.hosts.append(parse_url(request.url).host)
        raise requests.ConnectionError


@given(st.lists(PARTS | st.text(max_size=3), max_size=7).map("".join))
def test_whatever_an_address_looks_like_the_token_goes_to_slacks_hosts_alone(url):
    with pytest.MonkeyPatch.context() as monkeypatch:
        noted = Noted(monkeypatch)
        with pytest.raises(NotFetched):
            Files("xoxb-1", "https://slack.com/api/").fetch(SlackFile("F1", "a", "text/plain", 0, url))
    assert set(noted.hosts) <= {"files.slack.com", "slack-files.com", "files.slack.com."}
