"""The doctor on the way to a server: certificates and proxies are named as what they are."""

import socket

import pytest

from bot.doctor.reachability import Unreachable, Way
from bot.route import Route
from tests.altcraft.serving import Server, answer
from tests.certified import Authority
from tests.proxying import Proxy

FORBIDDEN = b"HTTP/1.1 403 Forbidden\r\n\r\n"


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


def told(address: str, proxy: str = "", ca_bundle: object = "") -> str:
    """What keeps the bot from getting there; "" where it does."""
    try:
        Way("The platform", address, "ALTCRAFT_URL", Route("ALTCRAFT", proxy, str(ca_bundle))).walk()
    except Unreachable as unreachable:
        return str(unreachable)
    return ""


def served(tls):
    return Server(answer(b"{}"), tls=tls)


def test_nothing_is_told_of_a_way_that_leads_there(authority):
    with served(authority.serving("127.0.0.1")) as server, Proxy(wants="ann:pw") as proxy:
        assert told(server.url, ca_bundle=authority.file) == ""
        assert told(server.url, f"http://ann:pw@{proxy.place}", authority.file) == ""
        assert not server.requests


def test_an_unknown_authority_is_told_with_the_setting_that_names_it(authority):
    with served(authority.serving("127.0.0.1")) as server:
        text = told(server.url)
    assert "issued by nobody whom the bot trusts" in text
    assert "name the file with that authority's certificate in ALTCRAFT_CA_BUNDLE" in text


def test_another_authority_than_the_named_one_is_told(authority, tmp_path):
    with served(authority.serving("127.0.0.1")) as server:
        text = told(server.url, ca_bundle=Authority(tmp_path).file)
    assert f"ALTCRAFT_CA_BUNDLE ({tmp_path / 'authority.pem'}) holds another authority" in text


def test_a_certificate_for_another_name_is_told(authority):
    with served(authority.serving("other.example")) as server:
        text = told(server.url, ca_bundle=authority.file)
    assert "is for another name than 127.0.0.1" in text
    assert "check that ALTCRAFT_URL names the host that the certificate is for" in text


def test_an_expired_certificate_is_told(authority):
    with served(authority.expired("127.0.0.1")) as server:
        assert "has expired, so nothing is sent to it: have it renewed" in told(server.url, ca_bundle=authority.file)


def test_a_certificate_of_the_future_is_told(authority):
    with served(authority.not_valid_yet("127.0.0.1")) as server:
        assert "not valid yet, so nothing is sent to it: check this machine's clock" in told(
            server.url, ca_bundle=authority.file
        )


def test_a_file_of_authorities_that_is_not_there_is_told(tmp_path):
    assert "nowhere.pem, which is not there" in told("https://127.0.0.1:9", ca_bundle=tmp_path / "nowhere.pem")


@pytest.mark.parametrize(("named", "says"), [("", "wants a password"), ("ann:wrong@", "does not take the user")])
def test_a_proxy_that_asks_for_a_password_is_told_and_the_password_is_not(authority, named, says):
    with served(authority.serving("127.0.0.1")) as server, Proxy(wants="ann:right") as proxy:
        text = told(server.url, f"http://{named}{proxy.place}", authority.file)
    assert f"The proxy {proxy.url} {says}" in text
    assert "ALTCRAFT_PROXY" in text
    assert "wrong" not in text


def test_a_proxy_that_forbids_is_told(authority):
    with served(authority.serving("127.0.0.1")) as server, Proxy(says=FORBIDDEN) as proxy:
        assert f"does not lead on to 127.0.0.1:{server.url.rpartition(':')[2]} (HTTP 403)" in told(
            server.url, proxy.url
        )


def test_what_is_no_proxy_is_told():
    with Proxy(says=b"SSH-2.0-OpenSSH\r\n") as proxy:
        assert "does not lead on as a proxy does" in told("https://platform.example", proxy.url)


def test_a_proxy_that_nobody_runs_is_told():
    with Proxy() as gone:
        pass
    text = told("https://platform.example", gone.url)
    assert f"The proxy {gone.url} cannot be reached (Connection refused)" in text


def test_a_proxy_without_an_address_is_told():
    assert "The proxy http://proxy.invalid:1 has no address" in told(
        "https://platform.example", "http://proxy.invalid:1"
    )


def test_a_server_that_nobody_runs_is_told_and_where_a_proxy_would_be_named():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert f"127.0.0.1 refuses connections on port {port}" in told(f"http://127.0.0.1:{port}")
    assert "name that in ALTCRAFT_PROXY" in told("https://platform.invalid")
