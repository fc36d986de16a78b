"""Files from the modal: fetched with the token from Slack alone, bounded, and never a log-in page."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import urllib3
from hypothesis import given
from hypothesis import strategies as st
from urllib3.util import parse_url

from bot.slack.api.client import KeptConnection
from bot.slack.api.files import SLACK_HOSTS, Files, NotFetched
from bot.slack.form import LARGEST_FILE, SlackFile
from bot.slack.form_state import file_of
from tests.altcraft.serving import Server, answer, routed

ANSWERS = {
    "/file": (200, "application/pdf", b"%PDF"),
    "/page": (200, "text/html", b"<html>log in</html>"),
    "/moved": (302, "text/plain", b""),
    "/gone": (404, "text/html", b"<html>"),
    "/failing": (503, "text/html", b"<html>"),
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


def files(api_url):
    return Files(KeptConnection("xoxb-1", base_url=api_url, timeout=5))


def fetch(server, path, size=0):
    url = f"http://127.0.0.1:{server.server_port}"
    return files(f"{url}/api/").fetch(SlackFile("F1", "a.pdf", "application/pdf", size, f"{url}{path}"))


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
        files("https://slack.com/api/").fetch(SlackFile("F1", "a", "text/plain", 0, elsewhere))
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
        files("https://slack.com/api/").fetch(SlackFile("F1", "a", "text/plain", 0, url))


def test_the_own_apis_host_is_asked_by_no_other_scheme(server):
    there = f"127.0.0.1:{server[0].server_port}"
    with pytest.raises(NotFetched, match="does not lie at Slack"):
        files(f"https://{there}/api/").fetch(SlackFile("F1", "a", "text/plain", 0, f"http://{there}/file"))
    assert server[1] == []


def shared(answered: dict) -> tuple[Server, SlackFile]:
    """A file of another organisation, of which the form tells no more than the id."""
    file = file_of({"id": "F1", "file_access": "check_file_info"})
    return Server(routed({"/api/files.info": answer(json.dumps(answered).encode())}, answer(b"%PDF"))), file


def test_what_the_form_does_not_tell_of_a_shared_file_is_asked_of_slack():
    told = {"id": "F1", "name": "a.pdf", "mimetype": "application/pdf", "size": 4}
    server, file = shared({})
    told["url_private"] = f"{server.url}/file"
    server.handler = routed(
        {"/api/files.info": answer(json.dumps({"ok": True, "file": told}).encode())}, answer(b"%PDF")
    )
    with server:
        fetching = files(f"{server.url}/api/")
        file = fetching.completed(file)
        assert (file.name, file.media_type) == ("a.pdf", "application/pdf")
        assert fetching.fetch(file) == b"%PDF"
        assert fetching.completed(file) is file


@pytest.mark.parametrize(
    ("answered", "says"),
    [
        ({"ok": False, "error": "access_denied"}, r"does not let me have F1 \(access_denied\): it belongs to another"),
        ({"ok": True, "file": {"id": "F1", "file_access": "check_file_info"}}, "does not let me have F1"),
        ({"ok": False, "error": "missing_scope"}, "files:read"),
    ],
)
def test_a_shared_file_that_slack_withholds_is_refused_with_the_reason(answered, says):
    server, file = shared(answered)
    with server, pytest.raises(NotFetched, match=says):
        files(f"{server.url}/api/").completed(file)


@pytest.mark.parametrize("host", ["files.slack.com", "files.slack-gov.com", "slack-files.com"])
def test_slacks_own_hosts_are_asked_those_of_govslack_among_them(monkeypatch, host):
    noted = Noted(monkeypatch)
    with pytest.raises(NotFetched, match="Try again"):
        files("https://slack-gov.com/api/").fetch(SlackFile("F1", "a", "text/plain", 0, f"https://{host}/x"))
    assert noted.hosts == [host]


def test_a_file_that_is_gone_is_not_laid_at_the_scopes_door(server):
    with pytest.raises(NotFetched, match="not at Slack any more"):
        fetch(server[0], "/gone")


def test_a_slack_that_fails_is_asked_again_later(server):
    with pytest.raises(NotFetched, match="Try again"):
        fetch(server[0], "/failing")


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
        monkeypatch.setattr(urllib3.PoolManager, "urlopen", lambda _, __, url, **___: self.send(url))

    def send(self, url):
        self.hosts.append(parse_url(url).host)
        raise urllib3.exceptions.ProtocolError


@given(st.lists(PARTS | st.text(max_size=3), max_size=7).map("".join))
def test_whatever_an_address_looks_like_the_token_goes_to_slacks_hosts_alone(url):
    with pytest.MonkeyPatch.context() as monkeypatch:
        noted = Noted(monkeypatch)
        with pytest.raises(NotFetched):
            files("https://slack.com/api/").fetch(SlackFile("F1", "a", "text/plain", 0, url))
    # A name below one of Slack's is Slack's as well, such as files.slack.comfiles.slack.com.
    below = tuple(f".{one}" for one in SLACK_HOSTS)
    assert [host for host in noted.hosts if not f".{host}".rstrip(".").endswith(below)] == []
