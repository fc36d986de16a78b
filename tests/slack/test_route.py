"""The way to Slack: by an own authority and through a proxy, for calls and for attached files alike."""

import io
import json

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot.route import Route
from bot.slack.api.client import KeptConnection, NeverLeft
from bot.slack.api.files import Files, NotFetched
from bot.slack.api.uploads import upload
from bot.slack.form import SlackFile
from tests.altcraft.serving import Server, answer, routed
from tests.certified import Authority
from tests.proxying import Proxy

OK = answer(b'{"ok": true}')


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


def client(server, proxy="", authority=None) -> KeptConnection:
    route = Route("SLACK", proxy, str(authority.file) if authority else "")
    return KeptConnection("xoxb-1", base_url=f"{server.url}/api/", timeout=5, route=route)


def attached(server) -> SlackFile:
    return SlackFile("F1", "a.pdf", "application/pdf", 4, f"{server.url}/file")


@pytest.mark.parametrize("tls", [True, False])
def test_calls_and_files_go_through_the_proxy_and_tell_it_the_password(authority, tls):
    context = authority.serving("127.0.0.1") if tls else False
    with Server(OK, tls=context) as server, Proxy(wants="ann:se:cr%t") as proxy:
        slack = client(server, f"http://ann:se%3Acr%25t@{proxy.place}", authority)
        assert slack.auth_test()["ok"]
        server.handler = answer(b"%PDF", headers=["Content-Type: application/pdf"])
        assert Files(slack).fetch(attached(server)) == b"%PDF"
        assert [request.path.rpartition("/")[2] for request in server.requests] == ["auth.test", "file"]
        assert len(proxy.asked) == 1


@pytest.mark.parametrize("tls", [True, False])
@pytest.mark.parametrize("password", ["", "ann:wrong@"])
def test_a_proxy_that_asks_for_a_password_is_no_refusal_of_slacks(authority, tls, password):
    context = authority.serving("127.0.0.1") if tls else False
    with Server(OK, tls=context) as server, Proxy(wants="ann:right") as proxy:
        slack = client(server, f"http://{password}{proxy.place}", authority)
        with pytest.raises(NeverLeft, match="the proxy wants a user and a password") as failed:
            slack.chat_postMessage(channel="C1", text="hello")
        assert "wrong" not in str(failed.value)
        with pytest.raises(NotFetched, match="Try again"):
            Files(slack).fetch(attached(server))
        assert not server.requests


def test_a_proxy_that_does_not_lead_on_is_told(authority):
    with (
        Server(OK, tls=authority.serving("127.0.0.1")) as server,
        Proxy(says=b"HTTP/1.1 502 Bad Gateway\r\n\r\n") as proxy,
        pytest.raises(NeverLeft, match="did not lead on to Slack: HTTP 502"),
    ):
        client(server, proxy.url, authority).auth_test()


def test_a_proxy_that_nobody_runs_is_told(authority):
    with Server(OK, tls=authority.serving("127.0.0.1")) as server, Proxy() as gone:
        pass
    with pytest.raises(NeverLeft, match="the proxy cannot be reached"):
        client(server, gone.url, authority).auth_test()


def test_an_unknown_authority_is_told_and_a_named_one_is_trusted(authority):
    with Server(OK, tls=authority.serving("127.0.0.1")) as server:
        with pytest.raises(NeverLeft, match="certificate is not trusted"):
            client(server).auth_test()
        assert client(server, authority=authority).auth_test()["ok"]


def test_the_environments_proxy_and_netrc_have_no_say_but_the_settings(monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with Server(OK) as server:
        slack = client(server)
        slack.auth_test()
        server.handler = answer(b"%PDF", headers=["Content-Type: application/pdf"])
        Files(slack).fetch(attached(server))
        assert [request.headers["authorization"] for request in server.requests] == ["Bearer xoxb-1"] * 2


def test_socket_mode_goes_the_same_way(authority):
    with Server(OK, tls=authority.serving("127.0.0.1")) as server, Proxy() as proxy:
        slack = client(server, proxy.url, authority)
        handler = SocketModeHandler(App(client=slack, token_verification_enabled=False), "xapp-1", web_client=slack)
        assert handler.client.proxy == proxy.url
        assert handler.client.web_client.ssl is slack.ssl
        handler.client.close()


def test_what_the_bot_sends_goes_the_same_way_and_without_the_token(authority):
    with Server(OK, tls=authority.serving("127.0.0.1")) as server, Proxy() as proxy:
        slack = client(server, proxy.url, authority)
        place = json.dumps({"ok": True, "upload_url": f"{server.url}/upload/1", "file_id": "F1"}).encode()
        server.handler = routed({"/api/files.getUploadURLExternal": answer(place)}, answer(b"OK"))
        assert upload(slack, "record.csv", io.BytesIO(b"a,b\n"), 4) == "F1"
        sent = server.requests[-1]
        assert (sent.path, sent.body, sent.headers.get("authorization")) == ("/upload/1", b"a,b\n", None)
        assert proxy.asked
