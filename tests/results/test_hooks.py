import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.results.counts import Kind
from bot.results.hooks import Batch, NoBatch, read_batch
from tests.results.hooks import NOON, body, event


def only(batch: Batch):
    (found,) = batch.events
    return found


def test_an_event_is_read_as_the_platform_prints_it():
    printed = (
        b'[{"event_type": "deliv", "event_date": "2025-11-15T09:12:28.514388956Z", "list_id": 50, "account_id": 161, '
        b'"_xxh": "5ada5e6ea3c6da5f", "event_data": {"message_id": 5, "segment_id": 0, "campaign_id": 130}}]'
    )

    found = only(read_batch(printed))

    assert (found.kind, found.account_id, found.campaign_id, found.is_test) == (Kind.DELIVERED, 161, 130, False)
    assert found.at.isoformat() == "2025-11-15T09:12:28.514388+00:00"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("send", Kind.SENT),
        ("send_sms", Kind.SENT),
        ("hbounce", Kind.HARD_BOUNCE),
        ("uopen_push", Kind.OPENED),
        ("click_sms", Kind.CLICK),
        ("import_file", Kind.OTHER),
        ("next_years_type", Kind.OTHER),
        ("_sms", Kind.OTHER),
        ("", Kind.OTHER),
    ],
)
def test_a_type_is_the_same_in_every_channel_and_an_unknown_one_is_other(name, kind):
    assert only(read_batch(body(event(name)))).kind is kind


@pytest.mark.parametrize(
    "broken",
    [
        None,
        7,
        [],
        {},
        {**event(), "event_date": "yesterday"},
        {**event(), "event_date": "2026-11-20T12:00:00"},
        {**event(), "event_date": None},
        {**event(), "event_type": 7},
        {**event(), "account_id": "161"},
        {**event(), "event_data": []},
        {**event(), "event_data": {"campaign_id": "82"}},
        {**event(), "is_test": "no"},
        {**event(), "event_data": {"campaign_id": 2**63}},
        {**event(), "account_id": -1},
    ],
)
def test_one_event_that_cannot_be_read_is_counted_and_holds_up_no_other(broken):
    batch = read_batch(body(event(nth=1), broken, event(nth=2)))

    assert (len(batch.events), batch.unreadable) == (2, 1)


def test_an_event_of_no_campaign_is_read():
    found = read_batch(body({**event("import_api"), "event_data": {}}, {**event(), "event_data": None})).events

    assert [one.campaign_id for one in found] == [None, None]


@pytest.mark.parametrize("no_batch", [b"", b"{}", b"null", b'[{"event_type": "de', b"[1,]", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_array_is_none(no_batch):
    with pytest.raises(NoBatch):
        read_batch(no_batch)


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_whatever_comes_is_a_batch_or_none(junk):
    for tried in (junk, b"[" + junk + b"]", body(event()).replace(b"deliv", junk)):
        try:
            batch = read_batch(tried)
        except NoBatch:
            continue
        assert all(isinstance(one.identity, bytes) for one in batch.events)


def test_a_repeat_is_known_whatever_the_order_of_its_fields_and_whatever_else_it_holds():
    once = event(nth=3)
    again = {**dict(reversed(once.items())), "sends_trying_num": 2, "custom_data": {}, "subscription": ["x"]}

    first, second = read_batch(body(once, again)).events

    assert first.identity == second.identity


def test_another_person_moment_type_link_or_message_is_another_event():
    others = [
        event(),
        event(nth=1),
        event(at=NOON.replace(microsecond=1)),
        event("open"),
        event("open_sms"),
        event(campaign=83),
        event(account=162),
        event(is_test=True),
        event(data={"message_id": 6}),
        event(data={"link_url": "https://example.com/a"}),
        event(data={"send_message_id": "x"}),
        event(data={"extra_uid": "x"}),
        {**event(), "_md5": "00"},
        {**event(), "list_id": 51},
    ]

    found = read_batch(json.dumps(others).encode()).events

    assert len({one.identity for one in found}) == len(others)
