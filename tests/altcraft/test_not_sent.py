"""What has sent nothing: each way in which a connection does not come about, and what only looks like one."""

import socket
import time
from contextlib import contextmanager
from functools import partial
from threading import Thread

import pytest

from bot.altcraft.client import WireFormat
from bot.launch.outcome import Accepted, NotSent
from bot.route import Route
from tests.altcraft import builders
from tests.altcraft.builders import activate, envelope
from tests.altcraft.serving import CERTIFICATE, Server, answer, reset

JSON = WireFormat.JSON


@pytest.fixture(params=WireFormat)
def client(request):
    """Makes clients, once for each format of the wire."""
    return partial(builders.client, format=request.param)


def test_a_trusted_certificate_lets_the_launch_through(client):
    with Server(answer(envelope(JSON)), tls=True) as server:
        assert activate(client(server.url, route=Route(ca_bundle=str(CERTIFICATE)))) == Accepted()


def test_an_untrusted_certificate_stops_the_launch_before_it_leaves(client):
    with Server(answer(envelope(JSON)), tls=True) as server:
        outcome = activate(client(server.url))

    assert outcome == NotSent("the certificate of the platform's host is not trusted (self-signed certificate)")
    assert server.requests == []


def test_a_server_that_speaks_no_tls_never_gets_the_launch(client):
    def plain(connection):
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with listening() as (listener, port), accepting(listener, plain):
        outcome = activate(client(f"https://127.0.0.1:{port}"))

    assert outcome == NotSent("the TLS handshake with the platform failed")


@pytest.mark.parametrize(("ends", "cause"), [("silence", "within 0.3 seconds"), ("reset", "")])
def test_a_handshake_that_is_not_finished_has_sent_nothing(client, ends, cause):
    with listening() as (listener, port):
        platform = client(f"https://127.0.0.1:{port}", connect_timeout=0.3)
        with accepting(listener, reset if ends == "reset" else None):
            outcome = activate(platform)

    assert isinstance(outcome, NotSent)
    assert cause in outcome.cause


def test_a_name_that_does_not_resolve_has_sent_nothing(client, monkeypatch):
    # The resolver's own word is put in its place: without a network, a real look-up may take seconds.
    def no_such_name(*_args, **_kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_such_name)

    outcome = activate(client("https://altcraft.invalid"))

    assert outcome == NotSent("the name of the platform's host could not be resolved")


def test_a_refused_connection_has_sent_nothing(client):
    with listening() as (_, port):
        pass

    assert activate(client(f"http://127.0.0.1:{port}")) == NotSent("the platform's host refused the connection")


def test_a_connection_that_does_not_come_about_in_time_has_sent_nothing(client):
    # A full backlog: Linux then leaves further connections unanswered, as a firewall would.
    with listening(backlog=0) as (_, port), socket.create_connection(("127.0.0.1", port)):
        outcome = activate(client(f"http://127.0.0.1:{port}", connect_timeout=0.3))

    assert outcome == NotSent("no connection to the platform came about within 0.3 seconds")


def test_a_network_that_cannot_be_reached_has_sent_nothing(client, monkeypatch):
    def unreachable(*_args):
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", unreachable)

    outcome = activate(client("http://127.0.0.1:9"))

    assert outcome == NotSent("no connection to the platform came about (Network is unreachable)")


def test_an_address_that_no_request_can_be_made_for_has_sent_nothing(client):
    outcome = activate(client("http://" + "a" * 300))

    assert isinstance(outcome, NotSent)


def test_a_name_that_resolves_only_after_the_time_is_over_sends_nothing(client, monkeypatch):
    look_up = socket.getaddrinfo

    def slowly(*arguments, **named):
        time.sleep(0.5)
        return look_up(*arguments, **named)

    with Server(answer(envelope(JSON))) as server:
        monkeypatch.setattr(socket, "getaddrinfo", slowly)
        outcome = activate(client(server.url, timeout=0.1, connect_timeout=0.2))

    assert isinstance(outcome, NotSent)
    assert server.requests == []


def test_a_large_body_may_take_longer_than_connecting_does(client):
    def slow_reader(connection, got):
        return answer(envelope(JSON))(connection, got)

    with listening() as (listener, port):
        platform = client(f"http://127.0.0.1:{port}", connect_timeout=0.2, timeout=5.0)
        with accepting(listener, read_slowly(slow_reader)):
            outcome = activate(platform, content={"text": "x" * 8_000_000})

    assert outcome == Accepted()


@contextmanager
def listening(backlog=5):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(backlog)
        yield listener, listener.getsockname()[1]


@contextmanager
def accepting(listener, handle):
    """Accepts one connection in the background; without `handle` nothing is said on it."""
    accepted = []

    def accept():
        connection, _ = listener.accept()
        accepted.append(connection)
        if handle:
            handle(connection)

    thread = Thread(target=accept, daemon=True)
    thread.start()
    yield
    thread.join(5)
    for connection in accepted:
        connection.close()


def read_slowly(handler):
    """Lets the sender wait for longer than a connection may take, then reads all and answers."""

    def handle(connection):
        time.sleep(0.6)
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(65536)
        head, _, body = received.partition(b"\r\n\r\n")
        announced = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
        left = int(announced.partition(b":")[2]) - len(body)
        while left > 0:
            left -= len(connection.recv(65536))
        handler(connection, None)

    return handle
