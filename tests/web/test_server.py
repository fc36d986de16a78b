"""Requests over real sockets: each has little time to arrive, and those that never end keep nobody out."""

import logging
import resource
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection

import pytest

from bot.signature import LARGEST_BODY
from bot.web import connection, reading, served, server
from sandbox.stage import free_port

HOST = "127.0.0.1"
HALF = {
    "nothing": b"",
    "half a header": b"POST / HTTP/1.1\r\nHost: bot\r\nX-Slow: ",
    "half a body": b"POST / HTTP/1.1\r\nHost: bot\r\nContent-Length: 1000\r\n\r\nhalf",
}


LONG = 8 * 1024 * 1024
"""Bytes of an answer: Linux takes up to 4 MiB of them at once, and up to 2.6 MiB from the first on."""


class App:
    """Answers with the body it was sent; `environs` are what it was told of each request."""

    def __init__(self):
        self.environs = []
        self.goes_on = threading.Event()
        self.goes_on.set()
        self.begun = threading.Event()

    def __call__(self, environ, start_response):
        self.environs.append(environ)
        body = environ["wsgi.input"].read()
        if environ["PATH_INFO"] == "/raises":
            raise RuntimeError("a mistake")
        if environ["PATH_INFO"] == "/waits":
            self.begun.set()
            assert self.goes_on.wait(30)
        if environ["PATH_INFO"] == "/long":
            body *= LONG // len(body)
        if environ["PATH_INFO"] == "/splits":
            start_response("200 OK", [("X-Said", "a\r\nSet-Cookie: b")])
            return [b""]
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
        return [body]


@pytest.fixture
def app():
    return App()


@contextmanager
def serving(app):
    port = free_port()
    with served(app, port, HOST):
        yield port


@pytest.fixture
def port(app):
    with serving(app) as port:
        yield port


def connect(port, sent=b""):
    opened = socket.create_connection((HOST, port), timeout=30)
    opened.sendall(sent)
    return opened


def whole(body=b"hello", path="/", more=b"", version=b"1.1"):
    head = b"POST %s HTTP/%s\r\nHost: bot\r\nContent-Length: %d\r\n%s\r\n"
    return head % (path.encode(), version, len(body), more) + body


def answered(opened, body=b"hello"):
    """Reads until that body is there, or the connection's end; gives all of it."""
    read = b""
    while not read.endswith(b"\r\n\r\n" + body):
        part = opened.recv(65536)
        if not part:
            break
        read += part
    return read


def drips(opened):
    """Sends letter after letter until there is an answer, or the connection's end."""
    opened.settimeout(0.01)
    while True:
        try:
            opened.sendall(b"x")
            return opened.recv(1)
        except TimeoutError:
            continue
        except (BrokenPipeError, ConnectionResetError):
            return b""


def is_closed(opened):
    try:
        return opened.recv(1) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("half", HALF.values(), ids=HALF)
def test_a_click_gets_through_while_more_stand_half_open_than_there_are_places(app, monkeypatch, half):
    monkeypatch.setattr(server, "CONNECTIONS", 100)
    with serving(app) as port, ExitStack() as crowd:
        for _ in range(300):
            crowd.enter_context(connect(port, half))
        for _ in range(5):
            with connect(port, whole()) as click:
                assert answered(click).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("half", HALF.values(), ids=HALF)
def test_whoever_has_waited_longest_gives_way_and_a_request_under_way_does_not(app, monkeypatch, half):
    monkeypatch.setattr(server, "CONNECTIONS", 3)
    app.goes_on.clear()
    with serving(app) as port, connect(port, whole(path="/waits")) as working:
        assert app.begun.wait(30)
        with connect(port, half) as first, connect(port, half), connect(port, half):
            assert is_closed(first)
            app.goes_on.set()
            assert answered(working).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("before", [b"", whole()], ids=["the first request", "a later one"])
@pytest.mark.parametrize("half", list(HALF.values())[1:], ids=list(HALF)[1:])
def test_what_arrives_a_letter_at_a_time_is_cut_off(app, monkeypatch, before, half):
    monkeypatch.setattr(connection, "ARRIVING", 0.3)
    with serving(app) as port, connect(port, before) as opened:
        if before:
            answered(opened)
        opened.sendall(half)
        assert drips(opened) == b""
    assert len(app.environs) == (1 if before else 0)


def test_who_connects_and_says_nothing_is_cut_off(app, monkeypatch):
    monkeypatch.setattr(connection, "ARRIVING", 0.1)
    with serving(app) as port, connect(port) as opened:
        assert is_closed(opened)


def test_a_connection_is_kept_for_longer_than_a_request_may_take_to_arrive_and_not_for_ever(app, monkeypatch):
    monkeypatch.setattr(connection, "KEPT", 0.1)
    with serving(app) as port, connect(port, whole()) as opened:
        assert answered(opened)
        assert is_closed(opened)
    assert connection.KEPT < connection.ARRIVING


def test_requests_follow_each_other_on_a_connection_and_may_be_sent_at_once(port, app):
    with connect(port, whole(b"one") + whole(b"two") + whole(b"three")) as opened:
        read = answered(opened, b"three")
        opened.sendall(whole(b"four"))
        read += answered(opened, b"four")
    assert [part.split(b"\r\n\r\n")[1] for part in read.split(b"HTTP/1.1 200 OK")[1:]] == [
        b"one",
        b"two",
        b"three",
        b"four",
    ]
    assert len(app.environs) == 4


@pytest.mark.parametrize("more", [b"", b"Connection: keep-alive\r\n"])
def test_http_1_0_is_answered_and_the_connection_closed(port, more):
    with connect(port, whole(version=b"1.0", more=more)) as opened:
        assert b"Connection: close" in answered(opened)
        assert is_closed(opened)


def test_who_asks_for_it_is_closed_after_the_answer(port):
    with connect(port, whole(more=b"Connection: close\r\n")) as opened:
        assert b"Connection: close" in answered(opened)
        assert is_closed(opened)


def test_who_says_nothing_more_after_a_request_is_answered_all_the_same(port, app):
    app.goes_on.clear()
    with connect(port, whole(path="/waits")) as opened:
        opened.shutdown(socket.SHUT_WR)
        assert app.begun.wait(30)
        app.goes_on.set()
        assert answered(opened).startswith(b"HTTP/1.1 200 ")
        assert is_closed(opened)


def test_an_answer_that_is_larger_than_the_system_takes_at_once_arrives_whole(port):
    with connect(port) as opened:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        opened.sendall(whole(b"x" * 1024, "/long"))
        assert answered(opened, b"x" * LONG).endswith(b"\r\n\r\n" + b"x" * LONG)
        opened.sendall(whole())
        assert answered(opened)


def test_who_waits_for_a_100_is_told_to_go_on_unless_the_body_is_too_large(port, app):
    head, _, body = whole(more=b"Expect: 100-continue\r\n").partition(b"\r\n\r\n")
    with connect(port, head + b"\r\n\r\n") as opened:
        assert answered(opened, b"").startswith(b"HTTP/1.1 100 ")
        opened.sendall(body)
        assert answered(opened).startswith(b"HTTP/1.1 200 ")
    large = head.replace(b"Length: 5", b"Length: %d" % (LARGEST_BODY + 1))
    with connect(port, large + b"\r\n\r\n") as opened:
        assert answered(opened, b"Request Entity Too Large\n").startswith(b"HTTP/1.1 413 ")
    assert len(app.environs) == 1


def test_a_body_in_chunks_has_its_length_told(port, app):
    with connect(
        port, b"POST / HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"
    ) as one:
        assert answered(one).startswith(b"HTTP/1.1 200 ")
    assert app.environs[0]["CONTENT_LENGTH"] == "5"


@pytest.mark.parametrize(
    "sent",
    [
        b"hello\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: b\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: b\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"POST / HTTP/1.1\r\nHost: b\r\nContent-Length: %s\r\n\r\n" % (b"9" * 5000),
        b"POST / HTTP/1.1\r\nHost: b\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_no_http_or_could_be_read_in_two_ways_is_no_request(port, app, sent):
    with connect(port, sent) as opened:
        assert answered(opened, b"?").startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 413 "))
    assert not app.environs


def test_a_header_too_long_to_be_one_is_no_request(port, app):
    with connect(port) as opened:
        with pytest.raises(OSError, match=r"Broken pipe|reset"):  # noqa: PT012 -- it goes on until it cannot
            while True:
                opened.sendall(b"POST / HTTP/1.1\r\nX: " + b"x" * reading.LARGEST_HEADER)
        assert not app.environs


def test_no_header_passes_for_another(port, app):
    with connect(port, whole(more=b"X_Slack_Signature: forged\r\nX-Slack-Signature: true\r\n")) as opened:
        answered(opened)
    assert app.environs[0]["HTTP_X_SLACK_SIGNATURE"] == "true"


def test_an_application_that_raises_is_a_500_with_its_traceback_in_the_log(port, caplog):
    client = HTTPConnection(HOST, port, timeout=30)
    client.request("GET", "/raises")
    assert client.getresponse().status == 500
    client.close()
    assert [line.levelno for line in caplog.records if line.exc_info] == [logging.ERROR]


def test_a_header_that_would_be_two_is_not_sent(port):
    client = HTTPConnection(HOST, port, timeout=30)
    client.request("GET", "/splits")
    answer = client.getresponse()
    assert (answer.status, answer.headers["Set-Cookie"]) == (500, None)
    client.close()


def test_an_answer_to_head_has_no_body_and_the_connection_goes_on(port):
    client = HTTPConnection(HOST, port, timeout=30)
    client.request("HEAD", "/", body=b"hello")
    answer = client.getresponse()
    assert (answer.status, answer.headers["Content-Length"], answer.read()) == (200, "5", b"")
    client.request("GET", "/", body=b"again")
    assert client.getresponse().read() == b"again"
    client.close()


def test_an_answer_says_when_it_was_made(port):
    client = HTTPConnection(HOST, port, timeout=30)
    client.request("GET", "/")
    assert parsedate_to_datetime(client.getresponse().headers["Date"])
    client.close()


def test_whoever_leaves_before_the_answer_is_no_trouble(port, app, caplog):
    app.goes_on.clear()
    with connect(port, whole(path="/waits")):
        assert app.begun.wait(30)
    app.goes_on.set()
    with connect(port, whole()) as opened:
        assert answered(opened).startswith(b"HTTP/1.1 200 ")
    assert not caplog.records


def test_a_stop_lets_requests_under_way_be_answered(app):
    app.goes_on.clear()
    port, stop = free_port(), threading.Event()

    def serves():
        with served(app, port, HOST):
            up.set()
            assert stop.wait(30)

    up = threading.Event()
    with ThreadPoolExecutor(1) as executor:
        running = executor.submit(serves)
        assert up.wait(30)
        with connect(port, whole(path="/waits")) as opened:
            assert app.begun.wait(30)
            stop.set()
            app.goes_on.set()
            assert answered(opened).startswith(b"HTTP/1.1 200 ")
        running.result(30)
    with pytest.raises(ConnectionRefusedError):
        connect(port)


@pytest.mark.parametrize(
    ("may_open", "most"), [(resource.RLIM_INFINITY, 1000), (1_048_576, 1000), (1024, 256), (256, 64)]
)
def test_two_full_ports_leave_files_to_open(monkeypatch, may_open, most):
    monkeypatch.setattr(resource, "getrlimit", lambda _kind: (may_open, may_open))
    assert server._most() == most


def test_it_is_served_at_the_address_that_is_asked_for_alone(app):
    port = free_port()
    with served(app, port, "::1"):
        with socket.create_connection(("::1", port), timeout=30) as opened:
            opened.sendall(whole())
            assert answered(opened)
        with pytest.raises(ConnectionRefusedError):
            connect(port)


def test_everywhere_in_ipv6_is_everywhere(app):
    port = free_port()
    with served(app, port, "::"), connect(port, whole()) as opened:
        assert answered(opened)


def test_an_address_that_is_not_this_machines_is_said_at_the_start(app):
    with pytest.raises(OSError, match="Cannot assign"), served(app, free_port(), "192.0.2.1"):
        pass
