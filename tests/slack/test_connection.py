"""Connections to Slack: kept open, opened anew where Slack closed them, and nothing is sent twice."""

import copy
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from slack_sdk.errors import SlackApiError

from bot.slack.api.client import KeptConnection
from bot.slack.api.errors import trouble
from bot.slack.api.respond import Answered, Respond


class Slack(ThreadingHTTPServer):
    """Answers each request with the next answer, and counts requests and connections."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = []
        self.requests = []
        self.connections = 0
        self.close_after_answer = False
        self.closed = threading.Event()

    def get_request(self):
        self.connections += 1
        return super().get_request()

    def shutdown_request(self, request):
        super().shutdown_request(request)
        self.closed.set()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.server.requests.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
        status, headers, body = self.server.answers.pop(0) if self.server.answers else (200, {}, b'{"ok": true}')
        if status is None:
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.server.close_after_answer

    def log_message(self, *_):
        pass


@pytest.fixture
def slack():
    server = Slack()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(slack):
    return KeptConnection("xoxb-1", base_url=f"http://127.0.0.1:{slack.server_port}/api/", timeout=2)


def test_calls_share_a_connection_and_so_do_the_copies_that_bolt_makes(slack, client):
    client.auth_test()
    copy.deepcopy(client).chat_postMessage(channel="C1", text="hello")
    assert [path for path, _ in slack.requests] == ["/api/auth.test", "/api/chat.postMessage"]
    assert slack.connections == 1


def test_a_connection_that_slack_closed_is_opened_anew(slack, client):
    slack.close_after_answer = True
    client.auth_test()
    assert slack.closed.wait(5)
    client.auth_test()
    assert (len(slack.requests), slack.connections) == (2, 2)


def test_a_call_that_broke_on_the_way_is_not_sent_again(slack, client):
    slack.answers = [(None, {}, b"")]
    with pytest.raises(OSError, match="ProtocolError"):
        client.chat_postMessage(channel="C1", text="hello")
    assert len(slack.requests) == 1


@pytest.mark.parametrize("times", [1, 2])
def test_what_only_reads_is_asked_once_more_and_no_oftener(slack, client, times):
    slack.answers = [(None, {}, b"")] * times
    if times == 1:
        assert client.users_info(user="U1")["ok"]
    else:
        with pytest.raises(OSError, match="ProtocolError"):
            client.users_info(user="U1")
    assert len(slack.requests) == 2


def test_a_pause_that_slack_asks_for_is_read(slack, client):
    slack.answers = [(429, {"Retry-After": "7"}, b'{"ok": false, "error": "ratelimited"}')]
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="C1", text="hello")
    assert refused.value.response.headers["Retry-After"] == "7"
    assert refused.value.response.status_code == 429


def test_a_scope_that_is_missing_is_named_in_the_log_whatever_was_called(slack, client, caplog):
    slack.answers = [(200, {}, b'{"ok": false, "error": "missing_scope", "needed": "chat:write"}')]
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="C1", text="hello")
    assert str(trouble(refused.value)) == "missing_scope: chat:write"
    assert "Slack refuses chat.postMessage, for the app lacks the scope chat:write: paste manifest.yaml" in caplog.text


def test_a_redirect_does_not_carry_the_token_elsewhere(slack, client):
    slack.answers = [(307, {"Location": f"http://127.0.0.1:{slack.server_port}/elsewhere"}, b"")]
    with pytest.raises(SlackApiError):
        client.auth_test()
    assert len(slack.requests) == 1


def test_whoever_does_not_listen_cannot_be_reached(slack):
    client = KeptConnection("xoxb-1", base_url="http://127.0.0.1:1/api/", timeout=2)
    with pytest.raises(OSError, match="NewConnectionError"):
        client.auth_test()


def answering(slack, client):
    return Respond(client, f"http://127.0.0.1:{slack.server_port}/commands/T1/2/x")


def test_an_answer_to_a_person_takes_a_connection_that_is_there(slack, client):
    client.auth_test()
    slack.answers = [(200, {}, b"ok"), (404, {}, b"used_url")]
    respond = answering(slack, client)
    assert respond(text="hello", response_type="ephemeral", replace_original=False) == Answered(200, "ok")
    assert respond(text="hello", response_type="ephemeral", replace_original=True) == Answered(404, "used_url")
    path, body = slack.requests[1]
    sent = {"text": "hello", "response_type": "ephemeral", "replace_original": False}
    assert (path, json.loads(body)) == ("/commands/T1/2/x", sent)
    assert slack.connections == 1


def test_an_answer_that_broke_on_the_way_is_not_sent_again(slack, client):
    slack.answers = [(None, {}, b"")]
    with pytest.raises(OSError, match="ProtocolError"):
        answering(slack, client)(text="hello", response_type="in_channel", replace_original=False)
    assert len(slack.requests) == 1


def test_answers_are_observed_as_calls_are(slack):
    seen = []
    url = f"http://127.0.0.1:{slack.server_port}/api/"
    client = KeptConnection("xoxb-1", base_url=url, timeout=2, observe=lambda *call: seen.append(call))
    slack.answers = [(200, {}, b"ok"), (500, {}, b""), (None, {}, b"")]
    for _ in range(2):
        client.answer(f"{url}x", {"text": "hello"})
    with pytest.raises(OSError, match="ProtocolError"):
        client.answer(f"{url}x", {"text": "hello"})
    assert [(call, outcome) for call, _, outcome in seen] == [
        ("response_url", "ok"),
        ("response_url", "failed"),
        ("response_url", "unreachable"),
    ]
