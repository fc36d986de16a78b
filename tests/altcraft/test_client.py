"""The reads: where they go, and how loosely typed answers are understood."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.altcraft.answers import LogEntry, Segment, Status, moment, segment
from bot.altcraft.client import (
    PlatformRefused,
    PlatformUnclear,
    TokenIn,
    WireFormat,
)
from bot.altcraft.wire import decode_xml
from bot.campaign.campaign import Campaign, Choice, ContentItem
from bot.campaign.request import Source, SourceKind
from tests.altcraft.builders import TOKEN, client, envelope, success
from tests.altcraft.serving import Server, answer

JSON, XML = WireFormat.JSON, WireFormat.XML
NINE = datetime(2025, 4, 2, 9, tzinfo=UTC)

ENDPOINTS = {
    "/campaigns/get": (lambda platform: platform.campaign(82), {"id": 82}),
    "/campaigns/broadcasts/get": (lambda platform: platform.broadcast(82), {"id": 82}),
    "/campaigns/regulars/get": (lambda platform: platform.regular(82), {"id": 82}),
    "/campaigns/get_status": (lambda platform: platform.status(82), {"id": 82}),
    "/campaigns/list": (lambda platform: list(platform.campaigns()), {"from_id": 1, "limit": 1000}),
    "/campaigns/log_v2": (
        lambda platform: platform.log(82, NINE, 50),
        {"id": 82, "limit": 50, "from_time": "2025-04-02T09:00:00.000Z"},
    ),
    "/segments/get/": (lambda platform: platform.segment(5), {"id": 5}),
    "/segments/list/": (lambda platform: list(platform.segments()), {"from_id": 1, "limit": 1000}),
    "/segments/get_counters": (
        lambda platform: platform.segment_counters(5, 12, 2),
        {"id": 5, "resource_id": 12, "list_id": 2},
    ),
    "/reports/bounces": (
        lambda platform: platform.bounces(82, date(2026, 11, 20), date(2026, 11, 21), most=200),
        {"date_from": "2026-11-20", "date_to": "2026-11-21", "campaign_id": 82, "top": 200},
    ),
    "/templates/get": (lambda platform: platform.template(77), {"id": 77}),
    "/databases/list/": (lambda platform: list(platform.databases()), {"from_id": 1, "limit": 1000}),
    "/databases/get_counters": (lambda platform: platform.database_counters(2, 12), {"id": 2, "resource_id": 12}),
}


@pytest.mark.parametrize("token_in", TokenIn)
@pytest.mark.parametrize("wire", WireFormat)
@pytest.mark.parametrize(("path", "call"), [(path, call) for path, (call, _) in ENDPOINTS.items()], ids=ENDPOINTS)
def test_each_read_goes_where_the_guide_prints_it(path, call, wire, token_in):
    refusal = answer(envelope(wire, error=400, text="enough seen"))
    with Server(refusal) as server, pytest.raises(PlatformRefused, match="error 400"):
        call(client(server.url, format=wire, token_in=token_in))

    [got] = server.requests
    parts = urlsplit(got.target)
    sent = json.loads(got.body) if wire is JSON else decode_xml(got.body)
    fields = ENDPOINTS[path][1] if wire is JSON else {key: str(value) for key, value in ENDPOINTS[path][1].items()}
    assert parts.path == "/api/v1.1" + path
    assert parse_qs(parts.query) == ({} if wire is JSON else {"format": ["xml"]})
    assert sent == fields | ({"token": TOKEN} if token_in is TokenIn.BODY else {})
    assert got.headers.get("authorization") == (f"Bearer {TOKEN}" if token_in is TokenIn.HEADER else None)


def test_the_older_name_of_a_segments_database_is_a_setting():
    with Server(answer(success([]))) as server:
        client(server.url, segment_counters_database_key="db_id").segment_counters(5, 12, 2)

    assert json.loads(server.requests[0].body) == {"token": TOKEN, "id": 5, "resource_id": 12, "db_id": 2}


CAMPAIGN = Campaign(
    id=4107,
    name="April digest",
    kind="broadcast",
    status="Inactive",
    is_active=False,
    is_completed=False,
    default_source=Source(SourceKind.SEGMENT, 318),
    resource_id=12,
    updated_user="olga",
    updated_at=datetime(2025, 4, 2, 8, 11, 40, 520_000, tzinfo=UTC),
    content=(ContentItem(77, (("subject", "Only today"),)),),
)
IN_JSON = {
    "id": 4107,
    "name": "April digest",
    "type": "broadcast",
    "description": "",
    "updated_user": "olga",
    "update_time": "2025-04-02T08:11:40.52Z",
    "is_active": False,
    "is_completed": False,
    "status": "Inactive",
    "data_type": "segment",
    "data_id": 318,
    "resource_id": 12,
    "content": [{"message_id": 77, "subject": "Only today", "from_name": ""}],
}
AS_TEXTS = IN_JSON | {
    "id": "4107",
    "is_active": "false",
    "is_completed": "False",
    "data_id": "318",
    "resource_id": "12",
}
IN_XML = """<data><id>4107</id><name>"April digest"</name><type>"broadcast"</type><description/><updated_user>olga
</updated_user><update_time>"2025-04-02T08:11:40.52Z"</update_time><is_active>false</is_active><is_completed>false
</is_completed><status>"Inactive"</status><data_type>segment</data_type><data_id>318</data_id><resource_id>12
</resource_id><content array='true'><message_id>77</message_id><subject>Only today
</subject><from_name/></content></data>""".replace("\n", "")


@pytest.mark.parametrize(
    "body",
    [success(IN_JSON), success(AS_TEXTS), envelope(XML, data=IN_XML)],
    ids=["JSON", "JSON of texts", "XML with quotes"],
)
def test_a_campaign_is_the_same_however_it_is_written(body):
    with Server(answer(body)) as server:
        assert client(server.url).campaign(4107) == CAMPAIGN


def test_what_a_campaign_does_not_say_stays_unknown():
    with Server(
        answer(success({"id": 82, "name": "Digest", "data_type": "list", "data_id": 0, "resource_id": 0}))
    ) as server:
        assert client(server.url).campaign(82) == Campaign(id=82, name="Digest")


def test_a_broadcast_tells_its_channel():
    with Server(answer(success({"id": 82, "name": "Digest", "send_channel": "email", "channel": "mail"}))) as server:
        assert client(server.url).broadcast(82).channel == "email"


@pytest.mark.parametrize("data", [None, [], {}, "", 5, {"id": 83, "name": "Another"}])
def test_an_answer_without_the_campaign_that_was_asked_for_is_unclear(data):
    with Server(answer(success(data))) as server, pytest.raises(PlatformUnclear):
        client(server.url).campaign(82)


def test_a_status_is_read():
    data = {"is_active": "true", "is_completed": False, "status": "Inactive"}
    with Server(answer(success(data))) as server:
        assert client(server.url).status(82) == Status(True, False, "Inactive")


def test_a_log_is_sorted_by_time():
    data = [
        {
            "level": "INFO",
            "message": "Total time spent",
            "state": "",
            "time": "2025-04-02T09:03:11.205Z",
            "value": "3m",
        },
        {"level": "INFO", "message": "Begin campaign", "state": "start", "time": "2025-04-02T09:00:00Z"},
    ]
    with Server(answer(success(data, total_count=140))) as server:
        entries = client(server.url).log(82)

    assert entries == [
        LogEntry("INFO", "start", NINE, "Begin campaign", ""),
        LogEntry("INFO", "", NINE + timedelta(minutes=3, seconds=11, milliseconds=205), "Total time spent", "3m"),
    ]


@pytest.mark.parametrize(
    ("data", "count"),
    [
        ("<data/>", 0),
        ("", 0),
        ('<data><level>"INFO"</level><state>"start"</state><time>2025-04-02T09:00:00Z</time></data>', 1),
    ],
)
def test_a_log_in_xml_may_be_empty_or_of_one_entry(data, count):
    body = f"<xml>{data}<error>0</error></xml>".encode()
    with Server(answer(body)) as server:
        entries = client(server.url, format=XML).log(82)

    assert [(entry.level, entry.state) for entry in entries] == [("INFO", "start")] * count


def test_a_log_entry_without_a_time_makes_the_log_unclear_rather_than_shorter():
    with Server(answer(success([{"state": "start", "time": "yesterday"}]))) as server, pytest.raises(PlatformUnclear):
        client(server.url).log(82)


def test_a_log_is_asked_for_in_utc():
    with Server(answer(success([]))) as server:
        client(server.url).log(82, datetime(2025, 4, 2, 12, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=3))))

    assert json.loads(server.requests[0].body)["from_time"] == "2025-04-02T09:00:00.999Z"


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("2025-04-02T09:00:00Z", 0),
        ("2025-04-02T09:00:00.3Z", 300_000),
        ("2025-04-02T09:00:00.36Z", 360_000),
        ("2025-04-02T09:00:00.362Z", 362_000),
        ("2025-04-02T09:00:00.3621Z", 362_100),
        ("2025-04-02T09:00:00.362158Z", 362_158),
        ("2025-04-02T09:00:00.3621589Z", 362_158),
        ("2025-04-02T09:00:00.362158999Z", 362_158),
        ("2025-04-02T12:00:00.5+03:00", 500_000),
    ],
)
def test_times_may_have_up_to_nine_digits_of_a_second(text, microseconds):
    assert moment(text) == NINE + timedelta(microseconds=microseconds)


@pytest.mark.parametrize("text", ["", None, 5, "2025-04-02T09:00:00", "tomorrow", "0001-01-01T00:00:00+12:00"])
def test_what_is_no_time_with_a_zone_is_no_time(text):
    assert moment(text) is None


def test_a_segment_tells_its_size_and_its_databases():
    data = {
        "id": 318,
        "name": "Active 30d",
        "count": "48210",
        "segment": [{"list_id": 2}, {"list_id": "2"}, {"list_id": 3}],
    }
    with Server(answer(success(data))) as server:
        found = client(server.url).segment(318)

    assert replace(found, definition="") == Segment(318, "Active 30d", 48210, (2, 3))


def test_a_segments_conditions_have_a_digest_that_its_size_does_not_change():
    conditions = [{"list_id": 2, "queries": [{"name": "email", "operator": "equal"}]}]
    answers = [
        {"id": 318, "count": 1, "segment": conditions},
        {"id": 318, "count": 2, "segment": conditions},
        {"id": 318, "count": 2, "segment": [{**conditions[0], "limit": 5}]},
        {"id": 318, "count": 2},
    ]
    read = [segment(one, 318).definition for one in answers]

    assert read[0] == read[1] != read[2]
    assert read[3] == ""


COUNTERS = [
    {"channel": "email", "status": {"subscribed_sendable": 47100, "unconfirmed_sendable": 0}},
    {"channel": "sms", "status": {"subscribed_sendable": "9120"}},
    {"channel": "push", "status": None},
]
COUNTERS_IN_XML = (
    "<data><channel>email</channel><status><subscribed_sendable>47100</subscribed_sendable></status></data>"
    "<data><channel>sms</channel><status><subscribed_sendable>9120</subscribed_sendable></status></data>"
)


@pytest.mark.parametrize("body", [success(COUNTERS), envelope(XML, data=COUNTERS_IN_XML)], ids=["JSON", "XML"])
def test_counters_are_read_by_channel(body):
    with Server(answer(body)) as server:
        platform = client(server.url)
        assert platform.segment_counters(5, 12) == platform.database_counters(2, 12) == {"email": 47100, "sms": 9120}


def pages(*answers_by_from_id):
    """Answers each `from_id` with its page; anything else is a page too many."""
    by_from_id = dict(answers_by_from_id)

    def handle(connection, got):
        from_id = json.loads(got.body)["from_id"]
        items, following = by_from_id.get(from_id, ([{"id": 999, "name": "never ask for this"}], None))
        more = {} if following is None else {"next_from_id": following}
        return answer(success(items, **more))(connection, got)

    return handle


def some(*ids):
    return [{"id": one, "name": f"no. {one}"} for one in ids]


PAGED = {
    "the next page begins after the last id": ((1, (some(1, 4), 5)), (5, (some(7, 8), 9)), (9, ([], 9))),
    "the next page begins with the last id": (
        (1, (some(1, 4), 4)),
        (4, (some(4, 7), 7)),
        (7, (some(7, 8), 8)),
        (8, (some(8), 8)),
    ),
    "the last page says no more": ((1, (some(1, 4), 5)), (5, (some(7, 8), None))),
    "the next id is a text": ((1, (some(1, 4), "5")), (5, (some(7, 8), "8")), (8, (some(8), "8"))),
    "the last page has no list": ((1, (some(1, 4, 7, 8), 9)), (9, (None, 9))),
    "ids are repeated": ((1, (some(1, 4, 4, 1), 5)), (5, (some(4, 7, 8), 9)), (9, ([], 10))),
    "the next id goes back": ((1, (some(1, 4, 7, 8), 1)),),
    "nothing new, though the next id grows": ((1, (some(1, 4, 7, 8), 9)), (9, (some(8), 10))),
}


@pytest.mark.parametrize("script", PAGED.values(), ids=PAGED)
@pytest.mark.parametrize("kind", ["campaigns", "segments", "databases"])
def test_lists_are_paged_to_their_end_and_each_entry_comes_once(kind, script):
    with Server(pages(*script)) as server:
        items = list(getattr(client(server.url), kind)())

    assert [(item.id, item.name) for item in items] == [(one, f"no. {one}") for one in (1, 4, 7, 8)]
    assert len(server.requests) == len(script)


DIGEST = Campaign(id=41, name="Digest", kind="broadcast", is_active=True, groups=("main",))


@pytest.mark.parametrize("groups", [{"groups": [{"id": 0, "name": "main"}]}, {"Groups": [{"Id": 0, "Name": "main"}]}])
def test_both_spellings_of_groups_are_taken(groups):
    with Server(
        answer(success([{"id": "41", "name": "Digest", "type": "broadcast", "is_active": "true", **groups}]))
    ) as server:
        platform = client(server.url)
        assert list(platform.campaigns()) == [DIGEST]
        assert list(platform.segments()) == [Choice(41, "Digest")]


def test_tags_and_groups_come_from_the_list_of_that_one_campaign():
    labelled = {"id": 41, "name": "Digest", "type": "broadcast", "is_active": True, "ui_tags": ["news"]}
    with Server(answer(success([{**labelled, "groups": [{"id": 0, "name": "main"}]}]))) as server:
        platform = client(server.url)
        assert platform.listed(41) == replace(DIGEST, tags=("news",))
        assert json.loads(server.requests[0].body)["from_id"] == 41
        assert platform.listed(40) is None


def test_an_entry_without_an_id_is_left_out():
    with Server(answer(success([{"name": "Nobody"}, {"id": -1}, {"id": True}, 5, *some(7)]))) as server:
        assert list(client(server.url).databases()) == [Choice(7, "no. 7")]
