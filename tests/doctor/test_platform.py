"""The doctor on the way to the platform: TLS, redirects, proxies and odd answers have advice of their own."""

import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.altcraft.client import WireFormat
from bot.altcraft_settings import AltcraftSettings
from bot.doctor import platform, reachability
from bot.route import Route
from tests.altcraft.builders import TOKEN, envelope
from tests.altcraft.serving import Server, answer


def told(url, **changes) -> list[str]:
    fields = {
        "url": url,
        "token": TOKEN,
        "format": "json",
        "token_in": "body",
        "timeout": 5.0,
        "deduplicates": False,
        "database_key": "list_id",
        "attach_keys": ("header", "data"),
        "campaign_link": "",
        "route": Route("ALTCRAFT"),
    }
    return [finding.text for finding in platform.findings(AltcraftSettings(**{**fields, **changes}), None)]


def test_an_untrusted_certificate_is_told_before_anything_is_sent():
    with Server(answer(envelope(WireFormat.JSON)), tls=True) as server:
        (text,) = told(server.url)
        assert "certificate was issued by nobody whom the bot trusts" in text
        assert "ALTCRAFT_CA_BUNDLE" in text
        assert not server.requests


@pytest.mark.parametrize("first_words", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b""])
def test_what_answers_no_greeting_of_tls_or_answers_it_in_plain_http_is_told(monkeypatch, first_words):
    monkeypatch.setattr(reachability, "PATIENCE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as beside:
        accepted = beside.submit(listener.accept)
        said = beside.submit(lambda: accepted.result()[0].sendall(first_words))
        (text,) = told(f"https://127.0.0.1:{listener.getsockname()[1]}")
        said.result()
        accepted.result()[0].close()
    assert "does not speak TLS" in text
    assert "begin with http://" in text


def test_a_redirect_is_told_with_where_it_leads():
    with Server(answer(b"", status=301, headers=["Location: https://elsewhere.example.com/"])) as server:
        (text,) = told(server.url)
        assert "HTTP 301 to https://elsewhere.example.com/" in text
        assert "set the address that it leads to" in text


def test_a_page_that_is_not_the_platforms_is_told():
    with Server(answer(b"<html><body>Welcome</body></html>", status=404)) as server:
        (text,) = told(server.url)
        assert "is not the platform's API (HTTP 404" in text


def test_a_new_request_that_is_called_a_repeat_is_told():
    with Server(answer(envelope(WireFormat.JSON), headers=["Duplicate-Request: true"])) as server:
        (text,) = told(server.url)
        assert "calls a request a repeat (Duplicate-Request)" in text


def test_the_platforms_words_are_told_without_the_token():
    with Server(answer(envelope(WireFormat.JSON, error=401, text=f"{TOKEN} is unknown"))) as server:
        (text,) = told(server.url)
        assert "is unknown" in text
        assert TOKEN not in text


@pytest.mark.parametrize("url", ["https://me:pw@example.com", "https://example.com/?a=b"])
def test_an_address_that_cannot_be_used_is_told(url):
    (text,) = told(url)
    assert "Check ALTCRAFT_URL" in text


def test_nothing_but_reads_is_sent():
    with Server(answer(envelope(WireFormat.JSON))) as server:
        assert told(server.url) == []
        assert {request.path for request in server.requests} == {"/api/v1.1/campaigns/list"}
