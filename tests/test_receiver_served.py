"""Hooks over real HTTP, at the ports as the bot serves them: how large, from where, and on which path."""

import http.client
import json
import socket
from contextlib import contextmanager
from ipaddress import ip_network

import pytest

from bot.health import Health
from bot.metrics import Metrics
from bot.receiver import LARGEST_BATCH, Receiver
from bot.receiving import WHOLE
from bot.serving import opened
from bot.settings import read
from bot.signature import LARGEST_BODY
from bot.slack.api.clock import SlackClock
from sandbox.stage import free_port
from tests.results.hooks import event
from tests.test_receiver import PATH, SECRET, Counted
from tests.test_settings import WORKING

MEGABYTE = 1024 * 1024


@contextmanager
def doors(networks: tuple[str, ...] = (), **settings: str):
    """The bot's ports with Slack over HTTP; gives the one that takes hooks, what was counted, and the metrics."""
    port = free_port()
    where = {"PORT": str(port), "BIND": "127.0.0.1", "SLACK_APP_TOKEN": "", "ALTCRAFT_EVENTS_SECRET": SECRET}
    chosen = read({**WORKING, **where, **settings})
    counted, metrics = Counted(), Metrics()
    receiver = Receiver(SECRET, tuple(map(ip_network, networks)), counted.count, metrics.hook_came, WHOLE.at_once)
    health = Health(lambda: None, lambda: 0.0)
    with opened(chosen, health, metrics.page, SlackClock(), receiver):
        yield chosen.events.port or port, counted, metrics


@pytest.fixture(params=["PORT", "EVENTS_PORT"])
def served(request):
    apart = {"EVENTS_PORT": str(free_port())} if request.param == "EVENTS_PORT" else {}
    with doors(**apart) as found:
        yield found


def ask(port: int, content: bytes = b"[]", path: str = PATH, method: str = "POST", host: str = "127.0.0.1"):
    connection = http.client.HTTPConnection(host, port, timeout=30)
    connection.request(method, path, content)
    answer = connection.getresponse()
    text = answer.read().decode().strip()
    connection.close()
    return answer, text


def announce(port: int, length: int, path: str = PATH) -> int:
    """The answer to a body of that length, of which nothing has been sent yet."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.putrequest("POST", path)
    connection.putheader("Content-Length", str(length))
    connection.endheaders()
    status = connection.getresponse().status
    connection.close()
    return status


def batch_of(size: int) -> bytes:
    """A batch of one event with so many bytes."""
    bare = len(json.dumps([event(custom_data="")]))
    return json.dumps([event(custom_data="x" * (size - bare))]).encode()


def pour(port: int, path: str, framing: str) -> bytes:
    """Sends a hundred megabytes for as long as they are taken; gives how the answer begins, "" where it was lost."""
    piece = b"x" * 65536
    framed = piece if "Length" in framing else b"10000\r\n" + piece + b"\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(f"POST {path} HTTP/1.1\r\nHost: bot\r\n{framing}\r\n\r\n".encode())
        sent = 0
        try:
            while sent < 100 * MEGABYTE:
                connection.sendall(framed)
                sent += len(piece)
            answer = connection.recv(12)
        except (ConnectionResetError, BrokenPipeError):
            answer = b""
    assert sent < 100 * MEGABYTE
    return answer


def hooks_counted(metrics: Metrics, outcome: str) -> float | None:
    return metrics.registry.get_sample_value("campaign_bot_hooks_total", {"outcome": outcome})


def test_a_batch_larger_than_whatever_slack_sends_is_taken_up_to_its_own_bound(served):
    port, counted, metrics = served
    for size in (LARGEST_BODY + 1, LARGEST_BATCH):
        answer, text = ask(port, batch_of(size))
        assert (answer.status, text) == (200, "OK")
    assert len(counted.events) == 2
    assert hooks_counted(metrics, "ok") == 2


def test_one_byte_more_is_refused_and_stands_in_the_metrics(served):
    port, counted, metrics = served
    assert announce(port, LARGEST_BATCH + 1) == 413
    assert hooks_counted(metrics, "too_large") == 1
    assert counted.events == []


@pytest.mark.parametrize("framing", ["Content-Length: 104857600", "Transfer-Encoding: chunked"])
def test_a_hundred_megabytes_are_refused_before_they_are_read(served, framing):
    port, counted, metrics = served
    # What was sent after the answer can make the system throw the answer away.
    assert pour(port, PATH, framing) in {b"", b"HTTP/1.1 413"}
    assert hooks_counted(metrics, "too_large") == 1
    assert counted.events == []
    assert ask(port)[1] == "OK"


def test_on_the_port_that_hooks_share_slacks_path_is_bounded_as_ever():
    with doors() as (port, _, metrics):
        for path in ("/slack/events", "/elsewhere", "/slack/../altcraft/events/x"):
            assert announce(port, LARGEST_BODY + 1, path) == 413, path
        assert hooks_counted(metrics, "too_large") is None
        # Slack has not answered yet, so it is not taken; but it is read.
        assert ask(port, b"x" * LARGEST_BODY, "/slack/events")[0].status == 503


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_only_a_post_brings_events_and_others_learn_so(served, method):
    port, counted, _ = served
    for path in (PATH, "/altcraft/events/guessed"):
        answer, _ = ask(port, b"", path, method)
        assert (answer.status, answer.headers["Allow"]) == (405, "POST")
    assert counted.events == []


@pytest.mark.parametrize(
    ("networks", "bind", "host", "status"),
    [
        (("127.0.0.0/8",), "127.0.0.1", "127.0.0.1", 200),
        (("203.0.113.0/24",), "127.0.0.1", "127.0.0.1", 403),
        (("127.0.0.0/8",), "::", "127.0.0.1", 200),
        (("203.0.113.0/24",), "::", "127.0.0.1", 403),
        (("::1",), "::", "::1", 200),
        (("127.0.0.0/8",), "::", "::1", 403),
    ],
)
def test_the_allow_list_goes_by_the_connections_own_address(networks, bind, host, status):
    with doors(networks, BIND=bind) as (port, _, _):
        assert ask(port, host=host)[0].status == status
