"""The way to the platform: by an own authority, by a proxy, over IPv6, in a folder. What breaks was not sent."""

import socket

import pytest

from bot.altcraft.client import PlatformUnreachable, TokenIn, WireFormat
from bot.launch.outcome import Accepted, NotSent
from bot.route import Route, Unusable
from tests.altcraft.builders import TOKEN, activate, client, connection, envelope
from tests.altcraft.serving import Server, answer
from tests.certified import Authority
from tests.proxying import Proxy

DONE = answer(envelope(WireFormat.JSON))


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


def route(proxy: str = "", authority: Authority | None = None) -> Route:
    return Route("ALTCRAFT", proxy, str(authority.file) if authority else "")


def test_a_platform_of_an_own_authority_is_trusted_once_that_is_named(authority):
    with Server(DONE, tls=authority.serving("127.0.0.1")) as server:
        assert isinstance(activate(client(server.url)), NotSent)
        assert activate(client(server.url, route=route(authority=authority))) == Accepted()


@pytest.mark.parametrize("tls", [True, False])
def test_a_launch_goes_through_the_proxy_once_and_with_its_password(authority, tls):
    with (
        Server(DONE, tls=authority.serving("127.0.0.1") if tls else False) as server,
        Proxy(wants="ann:p@ss/wörd") as proxy,
    ):
        by = f"http://ann:p%40ss%2Fw%C3%B6rd@{proxy.place}"
        assert activate(client(server.url, route=route(by, authority))) == Accepted()
        assert len(server.requests) == len(proxy.asked) == 1
        assert "proxy-authorization" not in server.requests[0].headers


def test_reads_go_through_the_proxy_over_one_connection(authority):
    with (
        Server(answer(envelope(WireFormat.JSON, data=[])), tls=authority.serving("127.0.0.1")) as server,
        Proxy() as proxy,
    ):
        platform = client(server.url, route=route(proxy.url, authority))
        assert [list(platform.campaigns()), list(platform.campaigns())] == [[], []]
        assert (len(server.requests), len(proxy.asked)) == (2, 1)


@pytest.mark.parametrize(
    "proxy", [{"wants": "ann:right"}, {"says": b"HTTP/1.1 403 Forbidden\r\n\r\n"}, {"says": b"SSH-2\r\n"}]
)
def test_what_the_proxy_does_not_lead_on_was_not_sent(authority, proxy):
    told = {
        "wants": "wants a user and a password",
        "says": "HTTP 403" if b"403" in proxy.get("says", b"") else "no HTTP proxy",
    }
    with Server(DONE, tls=authority.serving("127.0.0.1")) as server, Proxy(**proxy) as standing:
        platform = client(server.url, route=route(f"http://ann:wrong@{standing.place}", authority))
        outcome = activate(platform)
        assert isinstance(outcome, NotSent)
        assert told[next(iter(proxy))] in outcome.cause
        with pytest.raises(PlatformUnreachable) as failed:
            platform.campaign(82)
        assert "wrong" not in str(failed.value)
        assert not server.requests


def test_a_read_is_not_repeated_where_the_proxy_refuses(authority):
    with Server(DONE, tls=authority.serving("127.0.0.1")) as server, Proxy(wants="ann:right") as proxy:
        with pytest.raises(PlatformUnreachable):
            client(server.url, route=route(proxy.url, authority)).campaign(82)
        assert len(proxy.asked) == 1


def test_a_proxy_that_nobody_runs_is_named_and_nothing_was_sent():
    with socket.create_server(("127.0.0.1", 0)) as free:
        place = free.getsockname()[1]
    outcome = activate(client("https://platform.example", route=route(f"http://127.0.0.1:{place}")))
    assert outcome == NotSent("the proxy's host refused the connection")


def test_a_proxy_without_an_address_is_told_from_a_platform_without_one():
    outcome = activate(client("https://platform.example", route=route("http://proxy.invalid:3128")))
    assert outcome == NotSent("the name of the proxy's host could not be resolved")


def test_a_proxy_that_drips_its_answer_is_cut_off():
    class Dripping(Proxy):
        def _serve(self, client):
            while True:
                try:
                    client.sendall(b"X-Drip: 1\r\n")
                except OSError:
                    return

    with Dripping() as proxy:
        platform = client("https://platform.example", timeout=0.3, connect_timeout=0.3, route=route(proxy.url))
        assert isinstance(activate(platform), NotSent)


def test_an_address_of_ipv6_is_reached_directly_and_through_a_proxy(authority):
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    with Server(DONE, tls=authority.serving("::1"), host="::1") as server, Proxy() as proxy:
        assert activate(client(server.url, route=route(authority=authority))) == Accepted()
        assert activate(client(server.url, route=route(proxy.url, authority))) == Accepted()
        assert proxy.asked == [f"CONNECT {server.url.removeprefix('https://')}"]


@pytest.mark.parametrize("behind", ["", "/", "/api", "/api/", "/api/v1.1", "/api/v1.1/"])
def test_a_folder_before_the_api_is_kept_and_the_api_is_not_doubled(behind):
    with Server(DONE) as server:
        activate(client(f"{server.url}/marketing/platform{behind}"))
        assert server.requests[0].path == "/marketing/platform/api/v1.1/campaigns/activate/"


def test_the_environments_proxy_bundle_and_netrc_are_not_looked_at(monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "nowhere.pem"))
    with Server(DONE) as server:
        assert activate(client(server.url, token_in=TokenIn.HEADER)) == Accepted()
        assert server.requests[0].headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "is not there"), (b"\x30\x82\x01", "holds no certificates in PEM"), (b"", "holds no certificates in PEM")],
)
def test_a_file_of_authorities_that_cannot_be_used_is_named(tmp_path, content, says):
    file = tmp_path / "authority.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Unusable, match=says) as unusable:
        client("https://platform.example", route=Route("ALTCRAFT", "", str(file)))
    assert "ALTCRAFT_CA_BUNDLE" in str(unusable.value)
    assert str(file) in str(unusable.value)


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path):
    with pytest.raises(Unusable, match="cannot be read"):
        client("https://platform.example", route=Route("ALTCRAFT", "", str(tmp_path)))


def test_no_password_of_a_proxy_is_shown():
    shown = repr(connection("https://platform.example", route=Route("ALTCRAFT", "http://ann:secret@proxy:1")))
    assert "secret" not in shown
