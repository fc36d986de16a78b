"""The outcome table, row by row, over real sockets, in both formats, for the activation and the stop."""

import time

import pytest

from bot.altcraft.client import TokenIn, WireFormat
from bot.launch.outcome import Accepted, RefusedByPlatform, Unknown
from bot.route import Route
from tests.altcraft.builders import LAUNCH, TOKEN, activate, client, envelope, success
from tests.altcraft.serving import (
    CERTIFICATE,
    Server,
    answer,
    drip,
    endless,
    hang_up_raw,
    raw,
    reset,
    silence,
)

JSON, XML = WireFormat.JSON, WireFormat.XML
PAGE = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n"
GARBLED = "the platform's answer (HTTP 200) could not be understood: "


def enveloped(status=200, headers=(), **fields):
    """An answer in the wire that is being tested."""
    return lambda wire: answer(envelope(wire, **fields), status, headers)


def either(json_body, xml_body):
    return lambda wire: answer(json_body if wire is JSON else xml_body)


def same(handler):
    return lambda _: handler


ANSWERS = {
    # error: 0, no duplicate header
    "success": (enveloped(), Accepted()),
    "success that says it is no duplicate": (enveloped(headers=["X-Duplicate-Request: false"]), Accepted()),
    "success with an unknown status of 2xx": (enveloped(202), Accepted()),
    "error 0 written as text": (either(b'{"error": "0"}', b"<xml><error> 0 </error></xml>"), Accepted()),
    "JSON whatever was asked": (same(answer(b'{"data": null, "error": 0}')), Accepted()),
    "XML whatever was asked": (same(answer(b"<xml><data/><error>0</error></xml>")), Accepted()),
    # error: 0 with a duplicate header
    "duplicate, earlier spelling": (enveloped(headers=["X-Duplicate-Request: true"]), Accepted(duplicate=True)),
    "duplicate, newer spelling": (enveloped(headers=["duplicate-request: True"]), Accepted(duplicate=True)),
    # error other than 0
    "refused": (enveloped(error=402, text="limit"), RefusedByPlatform(402, "limit")),
    "refused with a status of 4xx": (enveloped(403, error=403, text="No rights"), RefusedByPlatform(403, "No rights")),
    "refused with a code as text": (enveloped(error="440", text="?"), RefusedByPlatform(440, "?")),
    "refused without a text": (either(b'{"error": 7}', b"<xml><error>7</error></xml>"), RefusedByPlatform(7, "")),
    "refused, quoting the token": (enveloped(error=401, text=f"bad {TOKEN}"), RefusedByPlatform(401, "bad •••")),
    # unknown: a status that decides nothing
    "500": (same(answer(PAGE, 500)), Unknown("the platform answered with HTTP 500")),
    "502": (same(answer(PAGE, 502)), Unknown("the platform answered with HTTP 502")),
    "503, come back later": (
        same(answer(PAGE, 503, ["Retry-After: 0"])),
        Unknown("the platform answered with HTTP 503"),
    ),
    "504": (same(answer(PAGE, 504)), Unknown("the platform answered with HTTP 504")),
    "500 with a refusal": (enveloped(500, error=400), Unknown("the platform answered with HTTP 500")),
    "500 with a success": (enveloped(500), Unknown("the platform answered with HTTP 500")),
    "302 with a success": (enveloped(302, ["Location: /"]), Unknown("the platform answered with HTTP 302")),
    "304": (same(raw(b"HTTP/1.1 304 Not Modified\r\n\r\n")), Unknown("the platform answered with HTTP 304")),
    "400 with error 0": (enveloped(400), Unknown("the platform answered with HTTP 400, yet with error 0")),
    # unknown: not the platform's envelope
    "a proxy's 404": (
        same(answer(PAGE, 404)),
        Unknown("the platform's answer (HTTP 404) could not be understood: it is markup, but not the platform's"),
    ),
    "a proxy's 413 in JSON": (
        same(answer(b'{"message": "too large"}', 413)),
        Unknown("the platform's answer (HTTP 413) could not be understood: it does not say whether there was an error"),
    ),
    "200 and HTML": (same(answer(PAGE)), Unknown(GARBLED + "it is markup, but not the platform's")),
    "204": (
        same(raw(b"HTTP/1.1 204 No Content\r\n\r\n")),
        Unknown("the platform's answer (HTTP 204) could not be understood: it is empty"),
    ),
    "empty": (same(answer(b"")), Unknown(GARBLED + "it is empty")),
    "plain text": (same(answer(b"OK")), Unknown(GARBLED + "it is not complete JSON")),
    "a list": (same(answer(b"[0]")), Unknown(GARBLED + "it is JSON, but not an object")),
    "cut JSON": (same(answer(b'{"data": null, "error": 0')), Unknown(GARBLED + "it is not complete JSON")),
    "cut XML": (same(answer(b"<xml><error>0</error>")), Unknown(GARBLED + "it is not complete, plain XML")),
    "no error": (
        either(b'{"data": null}', b"<xml><data/></xml>"),
        Unknown(GARBLED + "it does not say whether there was an error"),
    ),
    "error is null": (
        either(b'{"error": null}', b"<xml><error/></xml>"),
        Unknown(GARBLED + "its error is not a number"),
    ),
    "error is a word": (enveloped(error="none"), Unknown(GARBLED + "its error is not a number")),
    "error is a boolean": (enveloped(error=False), Unknown(GARBLED + "its error is not a number")),
    "error is a fraction": (enveloped(error=0.0), Unknown(GARBLED + "its error is not a number")),
    "error stands twice": (
        same(answer(b"<xml><error>0</error><error>0</error></xml>")),
        Unknown(GARBLED + "its error is not a number"),
    ),
    "NaN": (same(answer(b'{"error": NaN}')), Unknown(GARBLED + "it is not complete JSON")),
    "deep JSON": (same(answer(b"[" * 200_000)), Unknown(GARBLED + "it is not complete JSON")),
    "deep XML": (
        same(answer(b"<xml>" + b"<a>" * 500 + b"</a>" * 500 + b"<error>0</error></xml>")),
        Unknown(GARBLED + "it is nested too deeply"),
    ),
    "an entity bomb": (
        same(answer(b'<!DOCTYPE x [<!ENTITY e "0"><!ENTITY f "&e;&e;">]><xml><error>&e;</error></xml>')),
        Unknown(GARBLED + "it is not complete, plain XML"),
    ),
    "not UTF-8": (same(answer(b'{"error": 0, "error_text": "\xff"}')), Unknown(GARBLED + "it is not complete JSON")),
    "not gzip, though it says so": (
        same(answer(b'{"error": 0}', 200, ["Content-Encoding: gzip"])),
        Unknown("the connection broke in the middle of the platform's answer"),
    ),
    "shorter than announced": (
        same(raw(HEAD + b'{"error": 0}')),
        Unknown("the connection broke in the middle of the platform's answer"),
    ),
    "not HTTP": (same(raw(b"220 mail.example.com ESMTP\r\n")), Unknown("what the platform answered was not HTTP")),
    # unknown: the connection ended after the request
    "closed before an answer": (same(raw(b"")), Unknown("the platform closed the connection before it answered")),
    "reset before an answer": (same(reset), Unknown("the platform reset the connection before it answered")),
    "reset after the headers": (
        same(raw(HEAD, then_reset=True)),
        Unknown("the connection broke in the middle of the platform's answer"),
    ),
    "a huge answer": (
        same(endless(b'HTTP/1.1 200 OK\r\n\r\n{"error": 0}')),
        Unknown("the platform's answer was longer than 8 MiB"),
    ),
}

SLOW = {
    "silence": (silence, "the platform did not answer within 0.3 seconds"),
    "headers in drips": (
        drip(b"HTTP/1.1 200 OK\r\nX-Long:"),
        "the platform did not answer within 0.3 seconds",
    ),
    "a body in drips": (
        drip(b'HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{"error": 0}'),
        "the platform's answer was not complete within 0.3 seconds",
    ),
    "a body of no stated length in drips": (
        drip(b'HTTP/1.1 200 OK\r\n\r\n{"error": 0}'),
        "the platform's answer was not complete within 0.3 seconds",
    ),
}


@pytest.mark.parametrize("wire", [JSON, XML])
@pytest.mark.parametrize(("handler", "expected"), ANSWERS.values(), ids=ANSWERS)
def test_each_answer_to_an_activation_has_its_row_in_the_outcome_table(handler, expected, wire):
    with Server(handler(wire)) as server:
        outcome = activate(client(server.url, format=wire))

    assert outcome == expected
    assert len(server.requests) == 1


@pytest.mark.parametrize("wire", [JSON, XML])
@pytest.mark.parametrize(("handler", "expected"), ANSWERS.values(), ids=ANSWERS)
def test_a_stop_goes_by_the_same_table(handler, expected, wire):
    with Server(handler(wire)) as server:
        one = client(server.url, format=wire)
        outcome = one.deactivate(one.prepare_stop(82, abort_if_running=True), LAUNCH)

    assert outcome == expected
    assert len(server.requests) == 1


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize(("handler", "cause"), SLOW.values(), ids=SLOW)
def test_an_answer_that_takes_too_long_as_a_whole_leaves_the_launch_in_doubt(handler, cause, tls):
    with Server(handler, tls=tls) as server:
        platform = client(server.url, timeout=0.3, connect_timeout=0.5, route=Route(ca_bundle=str(CERTIFICATE)))
        begun = time.monotonic()
        outcome = activate(platform)

    assert outcome == Unknown(cause)
    assert time.monotonic() - begun < 2
    assert len(server.requests) == 1


@pytest.mark.parametrize("broken", [hang_up_raw, raw(HEAD + b"{", then_reset=True)], ids=["hang-up", "reset"])
def test_tls_that_breaks_after_the_request_leaves_the_launch_in_doubt(broken):
    with Server(broken, tls=True) as server:
        outcome = activate(client(server.url, route=Route(ca_bundle=str(CERTIFICATE))))

    assert isinstance(outcome, Unknown)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status):
    with Server(answer(envelope(JSON))) as elsewhere:
        moved = answer(b"", status, [f"Location: {elsewhere.url}/api/v1.1/campaigns/activate/"])
        with Server(moved) as server:
            outcome = activate(client(server.url, token_in=TokenIn.HEADER))

    assert outcome == Unknown(f"the platform answered with HTTP {status}")
    assert elsewhere.requests == []


def test_each_activation_makes_its_own_connection_though_reads_have_left_one_open():
    with Server(answer(success({"is_active": False}))) as server:
        platform = client(server.url)
        platform.status(82)
        outcomes = [activate(platform), activate(platform)]
        platform.status(82)

    assert outcomes == [Accepted(), Accepted()]
    assert [got.connection for got in server.requests] == [1, 2, 3, 1]
