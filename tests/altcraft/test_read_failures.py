"""Reads that fail: what is said, what is repeated, and how connections are shared."""

import json
import logging
import threading

import pytest

from bot.altcraft.client import PlatformError, PlatformRefused, PlatformUnclear, PlatformUnreachable, WireFormat
from tests.altcraft.builders import TOKEN, client, envelope, success
from tests.altcraft.serving import Server, answer, raw, reset, silence

JSON = WireFormat.JSON
CAMPAIGN = {"id": 4107, "name": "April digest"}


FAILURES = {
    "refused": (
        answer(envelope(JSON, 404, "no such")),
        PlatformRefused,
        "The platform answered with error 404: “no such”.",
    ),
    "refused, wordless": (answer(b'{"error": 7}', 400), PlatformRefused, "The platform answered with error 7."),
    "refused with a 5xx": (answer(b'{"error": 7}', 500), PlatformRefused, "The platform answered with error 7."),
    "a page": (
        answer(b"<html></html>", 502),
        PlatformUnclear,
        "The platform's answer could not be understood: HTTP 502, and it is markup, but not the platform's.",
    ),
    "a 4xx with error 0": (
        answer(envelope(JSON), 403),
        PlatformUnclear,
        "The platform's answer could not be understood: HTTP 403, yet with error 0.",
    ),
    "silence": (
        silence,
        PlatformUnreachable,
        "The platform could not be asked: the platform did not answer within 0.3 seconds.",
    ),
    "cut": (
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{"),
        PlatformUnreachable,
        "The platform could not be asked: the connection broke in the middle of the platform's answer.",
    ),
    "huge": (
        raw(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * (9 * 2**20)),
        PlatformUnclear,
        "The platform's answer could not be understood: the platform's answer was longer than 8 MiB.",
    ),
}


@pytest.mark.parametrize(("handler", "kind", "sentence"), FAILURES.values(), ids=FAILURES)
def test_a_read_that_fails_says_why_and_is_not_repeated(handler, kind, sentence):
    with Server(handler) as server, pytest.raises(kind) as failed:
        client(server.url, timeout=0.3).campaign(82)

    assert failed.value.sentence == str(failed.value) == sentence
    assert len(server.requests) == 1


def test_a_read_is_repeated_when_its_connection_breaks():
    def twice(connection, got):
        return reset(connection) if got.connection < 3 else answer(success(CAMPAIGN))(connection, got)

    with Server(twice) as server:
        assert client(server.url).campaign(4107).name == "April digest"
    assert len(server.requests) == 3


def test_a_read_gives_up_after_its_third_broken_connection():
    with Server(reset) as server, pytest.raises(PlatformUnreachable, match="reset the connection"):
        client(server.url).campaign(82)
    assert len(server.requests) == 3


def test_reads_share_a_connection_and_outlive_one_that_went_stale():
    def close_after_second(connection, got):
        answer(success(CAMPAIGN))(connection, got)
        return len(server.requests) != 2

    with Server(close_after_second) as server:
        platform = client(server.url)
        names = [platform.campaign(4107).name for _ in range(4)]

    assert names == ["April digest"] * 4
    assert [got.connection for got in server.requests] == [1, 1, 2, 2]


def test_reads_may_come_from_many_threads_at_once():
    def about_what_was_asked(connection, got):
        asked = json.loads(got.body)["id"]
        return answer(success({"id": asked, "name": f"no. {asked}"}))(connection, got)

    names = {}
    with Server(about_what_was_asked) as server:
        platform = client(server.url)

        def read(number):
            names[number] = platform.campaign(number).name

        threads = [threading.Thread(target=read, args=(number,)) for number in range(1, 41)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert names == {number: f"no. {number}" for number in range(1, 41)}


def test_closing_ends_a_read_that_is_under_way():
    asked = threading.Event()

    def never(connection, got):
        asked.set()
        return silence(connection, got)

    with Server(never) as server:
        platform = client(server.url, timeout=60.0)
        failed = []

        def read():
            try:
                platform.campaign(82)
            except PlatformError as error:
                failed.append(error)

        thread = threading.Thread(target=read)
        thread.start()
        assert asked.wait(5)
        platform.close()
        thread.join(5)

    assert [type(error) for error in failed] == [PlatformUnreachable]


def test_the_token_shows_in_no_failed_read(caplog):
    caplog.set_level(logging.DEBUG)
    echo = answer(envelope(JSON, 401, f"token {TOKEN} is unknown"))
    with Server(echo) as server:
        platform = client(server.url)
        with pytest.raises(PlatformRefused) as refused:
            platform.campaign(82)
    with pytest.raises(PlatformUnreachable) as unreachable:
        platform.campaign(82)

    shown = [str(refused.value), repr(refused.value), refused.value.text, repr(unreachable.value), caplog.text]
    assert TOKEN not in "".join(shown)
    assert refused.value.text == "token ••• is unknown"
