"""What comes over HTTP is read up to a bound, and parsed only where Slack has signed it, and taken once."""

import json
import logging
import socket
from http import HTTPStatus
from io import BytesIO
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult

from bot.serving import AnyText
from bot.signature import GOOD_FOR, LARGEST_BODY, NotTaken, Seen, Signed
from bot.slack.api.clock import SlackClock
from bot.web import application, served
from sandbox.slack.delivery import signature_headers
from sandbox.stage import free_port

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = 1_790_000_000
FORM = "application/x-www-form-urlencoded"
COMMAND = urlencode({"command": "/campaign-activate", "text": "82", "user_id": "U0ANA", "channel_id": "C0LAUNCH"})


class Clock:
    def __init__(self):
        self.time = float(NOW)

    def now(self):
        return self.time


class Counted(BytesIO):
    """A body that tells how much of it was read."""

    def __init__(self, content=b""):
        super().__init__(content)
        self.taken = 0

    def read(self, size=-1):
        read = super().read(size)
        self.taken += len(read)
        return read


class Door:
    """A `Signed`, and what came through it."""

    def __init__(self, taking=None):
        self.clock = Clock()
        self.taken = []
        self.signed = Signed(taking or self._take, SECRET, self.clock)

    def _take(self, environ, start_response):
        self.taken.append(environ["wsgi.input"].read())
        start_response("200 OK", [])
        return [b""]

    def ask(self, body, headers=(), kind=FORM, length=None, source=None):
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/slack/events",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_LENGTH": str(len(body)) if length is None else length,
            "wsgi.input": source or BytesIO(body),
            **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in dict(headers).items()},
        }
        if kind is not None:
            environ["CONTENT_TYPE"] = kind
        answered = []
        b"".join(self.signed(environ, lambda status, _headers: answered.append(int(status[:3]))))
        return answered[0]

    def ask_signed(self, body, at=NOW, **given):
        return self.ask(body.encode(), signature_headers(SECRET, body, at), **given)


@pytest.fixture
def door():
    return Door()


def authorize(**_):
    return AuthorizeResult(enterprise_id=None, team_id="T0", bot_user_id="U0BOT", bot_id="B0", bot_token="xoxb-1")


def real_bolt():
    """Without its own look at the signature, for it goes by this machine's clock."""
    app = App(authorize=authorize, signing_secret=SECRET, request_verification_enabled=False)
    return AnyText(app, SlackClock())


def test_what_slack_signed_comes_through_unchanged(door):
    assert door.ask_signed(COMMAND) == HTTPStatus.OK
    assert door.taken == [COMMAND.encode()]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Request-Timestamp": str(NOW)},
        {"X-Slack-Signature": "v0=" + "0" * 64, "X-Slack-Request-Timestamp": str(NOW)},
        {"X-Slack-Signature": "", "X-Slack-Request-Timestamp": ""},
        {"X-Slack-Signature": "v0=é", "X-Slack-Request-Timestamp": str(NOW)},
        {"X-Slack-Signature": "v0=" + "0" * 64, "X-Slack-Request-Timestamp": "now"},
        {"X-Slack-Signature": "v0=" + "0" * 64, "X-Slack-Request-Timestamp": "9" * 5000},
        {"X-Slack-Signature": "v0=" + "0" * 64, "X-Slack-Request-Timestamp": "²"},
    ],
)
def test_what_slack_did_not_sign_is_refused_with_one_line_and_no_traceback(door, headers, caplog):
    assert door.ask(COMMAND.encode(), headers) == HTTPStatus.UNAUTHORIZED
    assert not door.taken
    assert [(line.levelno, line.exc_info) for line in caplog.records] == [(logging.WARNING, None)]


def test_of_an_unsigned_or_too_large_body_not_a_byte_is_read(door):
    unsigned, large = Counted(b"x" * 5000), Counted(b"x" * (LARGEST_BODY + 1))
    assert door.ask(b"", source=unsigned, length="5000") == HTTPStatus.UNAUTHORIZED
    headers = signature_headers(SECRET, "x" * (LARGEST_BODY + 1), NOW)
    length = str(LARGEST_BODY + 1)
    assert door.ask(b"", headers, source=large, length=length) == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert door.ask(b"", headers, source=large, length="9" * 5000) == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert (unsigned.taken, large.taken) == (0, 0)


@pytest.mark.parametrize("length", ["", "-1", "ten", "²"])
def test_a_body_of_untold_length_is_not_read(door, length):
    assert door.ask_signed(COMMAND, length=length) == HTTPStatus.BAD_REQUEST


def test_a_signature_older_than_five_minutes_opens_nothing(door):
    door.clock.time += GOOD_FOR + 1
    assert door.ask_signed(COMMAND) == HTTPStatus.UNAUTHORIZED
    assert not door.taken


DEEP = "[" * 50_000 + "]" * 50_000


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (COMMAND, None),
        (COMMAND, "text/plain"),
        (COMMAND, "application/json"),
        ("", FORM),
        ("payload=", FORM),
        ("payload=%7B", FORM),
        ("payload=[]", FORM),
        ("payload=1", FORM),
        ("a=%ZZ", FORM),
        ("a=%ff", FORM),
        ("a", FORM),
        ("&" * 2000, FORM),
        ("{", "application/json"),
        ("[]", "application/json"),
        ('{"a":1}', FORM),
        (f'{{"event": {DEEP}}}', "application/json"),
        (urlencode({"payload": f'{{"user": {DEEP}}}'}), FORM),
        (urlencode({"payload": '{"type": "block_actions", "user": 5, "actions": 7}'}), FORM),
        ('{"type": "event_callback", "event": 5, "authorizations": 5}', "application/json"),
    ],
)
def test_what_is_signed_but_malformed_is_refused_with_one_line_and_no_traceback(body, kind, caplog):
    door = Door(real_bolt())
    assert door.ask_signed(body, kind=kind) == HTTPStatus.BAD_REQUEST
    assert [(line.levelno, line.exc_info) for line in caplog.records] == [(logging.WARNING, None)]


def test_a_body_that_is_no_utf_8_is_refused(door):
    assert door.ask(b"a=\xff", signature_headers(SECRET, "a", NOW)) == HTTPStatus.BAD_REQUEST


KINDS = st.sampled_from([None, FORM, "application/json", "multipart/form-data", "application/json; charset=x"])
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "user", "team", "event", "view", "actions", "id"]), inner, max_size=5
        )
    ),
    max_leaves=12,
)
BODIES = (
    st.text(max_size=60)
    | JSONS.map(json.dumps)
    | JSONS.map(lambda one: urlencode({"payload": json.dumps(one)}))
    | st.dictionaries(st.text(max_size=5), st.text(max_size=5)).map(urlencode)
)
HEADERS = st.dictionaries(
    st.sampled_from(["X-Slack-Signature", "X-Slack-Request-Timestamp"]),
    st.text(max_size=12) | st.integers().map(str) | st.just("v0=" + "0" * 64),
)


@pytest.fixture(scope="module")
def bolt():
    return real_bolt()


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODIES.map(str.encode) | st.binary(max_size=60), headers=HEADERS, kind=KINDS)
def test_nothing_unsigned_is_ever_parsed_or_raises(bolt, body, headers, kind):
    door = Door(lambda *_: pytest.fail("an unsigned request came through"))
    assert door.ask(body, headers, kind) in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED}


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODIES, kind=KINDS)
def test_nothing_signed_raises_whatever_its_shape(bolt, caplog, body, kind):
    caplog.clear()
    # 404 is Bolt's word for what no listener takes.
    expected = {HTTPStatus.OK, HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}
    assert Door(bolt).ask_signed(body, kind=kind) in expected
    assert not any(line.exc_info for line in caplog.records)


def test_a_signed_request_is_carried_out_once_within_its_five_minutes(door, caplog):
    assert door.ask_signed(COMMAND) == HTTPStatus.OK
    door.clock.time += GOOD_FOR
    assert door.ask_signed(COMMAND) == HTTPStatus.UNAUTHORIZED
    assert door.taken == [COMMAND.encode()]
    assert "taken already" in caplog.text


def test_the_same_words_signed_at_another_moment_are_another_request(door):
    assert [door.ask_signed(COMMAND), door.ask_signed(COMMAND, at=NOW + 1)] == [HTTPStatus.OK] * 2
    assert len(door.taken) == 2


def test_an_event_that_is_delivered_again_is_not_carried_out_again_and_slack_hears_no_failure(door):
    event = json.dumps({"type": "event_callback", "event": {"type": "app_mention", "user": "U0ANA"}})
    given_to_door = {"kind": "application/json"}
    assert [door.ask_signed(event, **given_to_door) for _ in range(2)] == [HTTPStatus.OK] * 2
    assert len(door.taken) == 1


def test_signatures_are_forgotten_once_they_are_worth_nothing_and_none_is_taken_beyond_the_bound():
    seen = Seen(most=2)
    assert seen.first("a", until=10, now=0)
    assert seen.first("b", until=20, now=0)
    with pytest.raises(NotTaken):
        seen.first("c", until=20, now=10)
    assert seen.first("c", until=20, now=11)
    assert not seen.first("b", until=20, now=20)
    assert len(seen._signatures) == len(seen._by_end) == 2


@pytest.fixture(scope="module")
def port():
    port = free_port()
    refusing = Signed(lambda *_: pytest.fail("it came through"), SECRET)
    with served(application(lambda: (), taking={"/slack/events": lambda: refusing}), port, "127.0.0.1"):
        yield port


@pytest.mark.parametrize("framing", ["Content-Length: 104857600", "Transfer-Encoding: chunked"])
def test_a_hundred_unsigned_megabytes_are_answered_before_they_are_read(port, framing, caplog):
    """The connection closes when little more than the bound has been taken: the rest never arrives in the process."""
    chunk = b"x" * 65536
    piece = chunk if "Length" in framing else b"10000\r\n" + chunk + b"\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(f"POST /slack/events HTTP/1.1\r\nHost: bot\r\n{framing}\r\n\r\n".encode())
        sent = 0
        try:
            while sent < 100 * LARGEST_BODY:
                connection.sendall(piece)
                sent += len(chunk)
            answer = connection.recv(12)
        except (ConnectionResetError, BrokenPipeError):
            answer = b""
    assert sent < 100 * LARGEST_BODY
    # What was sent after the answer can make the system throw the answer away.
    assert answer in {b"", b"HTTP/1.1 413"}
    assert [line.getMessage() for line in caplog.records if "413" in line.getMessage()]
