"""The activation and the stop as they go over the wire: each parameter, in both formats, byte for byte."""

import hashlib
import json
import logging
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.altcraft.client import AltcraftClient, Connection, TokenIn, WireFormat
from bot.altcraft.wire import decode_xml
from bot.campaign.request import ActivationRequest, Attachment, Invalid, RequestId, Source, SourceKind
from bot.launch.outcome import Accepted
from tests.altcraft.builders import LAUNCH, TOKEN, activate, client, connection, envelope
from tests.altcraft.serving import Server, answer

JSON, XML = WireFormat.JSON, WireFormat.XML
FILE = b"a;b\n1;2\n"
DATA_URI = "data:text/csv;base64," + b64encode(FILE).decode()
HOST = "https://example.altcraft.com"


def attachment(content=FILE, **changes):
    sha256 = hashlib.sha256(content).hexdigest()
    return Attachment(**{"name": "a.csv", "media_type": "text/csv", "size": len(content), "sha256": sha256, **changes})


def request(**fields):
    return ActivationRequest(campaign_id=82, **fields)


WRITTEN = {
    "only activate": (request(), '"run_now":false', "<run_now>false</run_now>"),
    "launch now": (request(run_now=True), '"run_now":true', "<run_now>true</run_now>"),
    "to a database": (
        request(run_now=True, source=Source(SourceKind.LIST, 1)),
        '"run_now":true,"override_source_type":"list","override_source_id":1',
        (
            "<run_now>true</run_now><override_source_type>list</override_source_type>"
            "<override_source_id>1</override_source_id>"
        ),
    ),
    "to a segment": (
        request(run_now=True, source=Source(SourceKind.SEGMENT, 5)),
        '"run_now":true,"override_source_type":"segment","override_source_id":5',
        (
            "<run_now>true</run_now><override_source_type>segment</override_source_type>"
            "<override_source_id>5</override_source_id>"
        ),
    ),
    "limit": (
        request(run_now=True, limit=5000),
        '"run_now":true,"override_limit":5000',
        "<run_now>true</run_now><override_limit>5000</override_limit>",
    ),
    "content": (
        request(content={"promo": '<Весна> & "co"', "b": [1], "a": {"y": None, "x": True}}),
        '"run_now":false,"content":{"a":{"x":true,"y":null},"b":[1],"promo":"<Весна> & \\"co\\""}',
        (
            "<run_now>false</run_now><content><a><x>true</x><y></y></a><b array='true'>1</b>"
            '<promo>&lt;Весна&gt; &amp; "co"</promo></content>'
        ),
    ),
    "empty content": (
        request(content={}),
        '"run_now":false,"content":{}',
        "<run_now>false</run_now><content></content>",
    ),
    "a file": (
        request(attachments=(attachment(),)),
        f'"run_now":false,"attach":[{{"header":"a.csv","data":"{DATA_URI}"}}]',
        f"<run_now>false</run_now><attach array='true'><header>a.csv</header><data>{DATA_URI}</data></attach>",
    ),
    "two files": (
        request(attachments=(attachment(), attachment(name="b&c.csv"))),
        (
            f'"run_now":false,"attach":[{{"header":"a.csv","data":"{DATA_URI}"}},'
            f'{{"header":"b&c.csv","data":"{DATA_URI}"}}]'
        ),
        (
            f"<run_now>false</run_now><attach><header>a.csv</header><data>{DATA_URI}</data></attach>"
            f"<attach><header>b&amp;c.csv</header><data>{DATA_URI}</data></attach>"
        ),
    ),
}


@pytest.mark.parametrize("token_in", TokenIn)
@pytest.mark.parametrize("wire", WireFormat)
@pytest.mark.parametrize(("wanted", "in_json", "in_xml"), WRITTEN.values(), ids=WRITTEN)
def test_each_parameter_arrives_as_the_guide_prints_it(wanted, in_json, in_xml, wire, token_in):
    with Server(answer(envelope(wire))) as server:
        platform = client(server.url, format=wire, token_in=token_in)
        prepared = platform.prepare_activation(wanted, {attachment().sha256: FILE})
        outcome = platform.activate(prepared, LAUNCH)

    assert outcome == Accepted()
    [got] = server.requests
    in_body = token_in is TokenIn.BODY
    if wire is JSON:
        token = f'"token":"{TOKEN}",' if in_body else ""
        assert got.body.decode() == f'{{{token}"id":82,{in_json}}}'
        assert got.target == "/api/v1.1/campaigns/activate/"
    else:
        token = f"<token>{TOKEN}</token>" if in_body else ""
        assert got.body.decode() == f"<xml>{token}<id>82</id>{in_xml}</xml>"
        assert got.target == "/api/v1.1/campaigns/activate/?format=xml"
    assert dict(got.headers) == {
        "host": server.url.removeprefix("http://"),
        "content-type": f"application/{wire}",
        "accept": f"application/{wire}",
        "accept-encoding": "identity",
        "user-agent": "campaign-bot",
        "request-id": LAUNCH,
        "x-request-id": LAUNCH,
        "content-length": str(len(got.body)),
    } | ({} if in_body else {"authorization": f"Bearer {TOKEN}"})


@pytest.mark.parametrize("abort", [True, False])
@pytest.mark.parametrize("wire", WireFormat)
def test_a_stop_says_whether_to_drop_what_is_queued(wire, abort):
    with Server(answer(envelope(wire))) as server:
        one = client(server.url, format=wire)
        outcome = one.deactivate(one.prepare_stop(82, abort_if_running=abort), RequestId("S-1"))

    assert outcome == Accepted()
    [got] = server.requests
    word = "true" if abort else "false"
    if wire is JSON:
        assert got.body.decode() == f'{{"token":"{TOKEN}","id":82,"abort_if_running":{word}}}'
    else:
        assert got.body.decode() == (
            f"<xml><token>{TOKEN}</token><id>82</id><abort_if_running>{word}</abort_if_running></xml>"
        )
    assert got.path == "/api/v1.1/campaigns/deactivate"
    assert got.headers["request-id"] == got.headers["x-request-id"] == "S-1"


@pytest.mark.parametrize("wire", WireFormat)
def test_a_request_read_back_in_another_order_makes_the_same_bytes(wire):
    first = {"b": {"y": 1, "x": 2.5}, "a": [{"d": 1, "c": 2}]}
    second = {"a": [{"c": 2, "d": 1}], "b": {"x": 2.5, "y": 1}}
    one, other = (client(HOST, format=wire).prepare_activation(request(content=c), {}) for c in (first, second))

    assert one == other


@given(st.dictionaries(st.sampled_from("abc"), st.text(st.characters(codec="utf-8", min_codepoint=32), max_size=5)))
def test_the_digest_is_that_of_the_body_without_the_token(content):
    bodies = [
        AltcraftClient(Connection(HOST, token, token_in=token_in)).prepare_activation(request(content=content), {})
        for token, token_in in [("old", TokenIn.BODY), ("new", TokenIn.BODY), ("new", TokenIn.HEADER)]
    ]

    assert len({prepared.digest for prepared in bodies}) == 1
    assert bodies[2].digest == hashlib.sha256(bodies[2].body).hexdigest()
    assert json.loads(bodies[0].body) == {"token": "old", **json.loads(bodies[2].body)}


def test_another_launch_has_another_digest():
    platform = client(HOST)

    digests = {platform.prepare_activation(request(run_now=run_now), {}).digest for run_now in (True, False)}

    assert len(digests) == 2


def test_the_names_of_an_attachments_parts_are_a_setting():
    platform = client(HOST, format=XML, attach_keys=("name", "content"))

    prepared = platform.prepare_activation(request(attachments=(attachment(),)), {attachment().sha256: FILE})

    assert decode_xml(prepared.body)["attach"] == [{"name": "a.csv", "content": DATA_URI}]


@pytest.mark.parametrize("files", [{}, {attachment().sha256: b"other"}], ids=["lost", "changed"])
def test_a_file_that_is_not_the_approved_one_is_not_sent(files):
    with pytest.raises(Invalid, match="not stored as it was approved") as invalid:
        client(HOST).prepare_activation(request(attachments=(attachment(),)), files)
    assert invalid.value.part == "attach"


def test_a_media_type_cannot_break_out_of_the_data_uri():
    odd = attachment(media_type="text/html,<script>")

    body = client(HOST).prepare_activation(request(attachments=(odd,)), {odd.sha256: FILE}).body

    assert b'"data:application/octet-stream;base64,' in body


def test_content_that_xml_cannot_name_is_refused_before_anything_is_sent():
    with pytest.raises(Invalid, match="first name") as invalid:
        client(HOST, format=XML).prepare_activation(request(content={"first name": "Ann"}), {})
    assert invalid.value.part == "content"


@pytest.mark.parametrize("base", ["", "/", "/api/v1.1", "/api/v1.1/"])
def test_the_url_may_end_in_any_of_the_usual_ways(base):
    with Server(answer(envelope(JSON))) as server:
        activate(client(server.url + base))

    assert server.requests[0].target == "/api/v1.1/campaigns/activate/"


def test_a_platform_below_a_path_is_reached_there():
    with Server(answer(envelope(JSON))) as server:
        activate(client(server.url + "/marketing"))

    assert server.requests[0].target == "/marketing/api/v1.1/campaigns/activate/"


@pytest.mark.parametrize(
    "url", ["", "example.com", "ftp://example.com", "https://", "https://a.com?x=1", "https://u:p@a.com"]
)
def test_an_address_that_cannot_work_is_refused_at_once(url):
    with pytest.raises(ValueError, match=r"The platform's URL must"):
        connection(url)


@pytest.mark.parametrize("token", ["", "with space", "line\r\nInjected: yes", "ключ"])
def test_a_token_that_cannot_stand_in_a_header_is_refused_without_being_told(token):
    with pytest.raises(ValueError, match="token must be plain") as refused:
        Connection(HOST, token)
    assert not token or token not in str(refused.value)


def test_neither_proxies_nor_netrc_of_the_environment_come_between(monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    with Server(answer(envelope(JSON))) as server:
        outcome = activate(client(server.url, token_in=TokenIn.HEADER))

    assert outcome == Accepted()
    assert server.requests[0].headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize("token_in", TokenIn)
def test_the_token_shows_in_no_repr_and_no_log(token_in, caplog):
    caplog.set_level(logging.DEBUG)
    with Server(answer(envelope(JSON))) as server:
        platform = client(server.url, token_in=token_in)
        prepared = platform.prepare_activation(request(), {})
        platform.activate(prepared, LAUNCH)
    failed = platform.activate(prepared, LAUNCH)

    shown = [repr(connection(HOST)), repr(platform), repr(prepared), repr(failed), caplog.text]
    assert TOKEN not in "".join(shown)
    assert "campaigns/activate" in caplog.text


@pytest.mark.parametrize("wire", [JSON, XML])
def test_who_is_put_into_a_segment_is_never_mailed_by_it(wire):
    with Server(answer(envelope(wire))) as server:
        one = client(server.url, format=wire)
        outcome = one.add(one.prepare_addition(400, 50, "a<b"), RequestId("R-1"))

    assert outcome == Accepted()
    [got] = server.requests
    if wire is JSON:
        fields = '"segment_id":400,"db_id":50,"profile_id":"a<b","skip_triggers":true'
        assert got.body.decode() == f'{{"token":"{TOKEN}",{fields}}}'
    else:
        fields = (
            "<segment_id>400</segment_id><db_id>50</db_id><profile_id>a&lt;b</profile_id>"
            "<skip_triggers>true</skip_triggers>"
        )
        assert got.body.decode() == f"<xml><token>{TOKEN}</token>{fields}</xml>"
    assert got.path == "/api/v1.1/profiles/segstatic/add"
    assert got.headers["request-id"] == "R-1"
