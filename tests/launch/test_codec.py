"""Events survive the way into the journal and back, and equal events have equal text."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.campaign import Preview
from bot.campaign.encoding import canonical, encode_preview, instant, parsed
from bot.campaign.request import ActivationRequest, Canary, Json, LaunchId, Source
from bot.launch.codec import decode, decode_text, encode, kind_of
from bot.launch.events import KINDS, Edited, Event
from bot.launch.run import RunEnded, Trouble
from bot.policy.collision import Collision
from bot.policy.demands import Demands, Freeze, QuietHours, Typed
from tests.builders import ANA, NOON, asked
from tests.campaign.strategies import CANARIES, SOURCES

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))
st.register_type_strategy(timedelta, st.integers(0, 10**8).map(lambda seconds: timedelta(seconds=seconds)))
st.register_type_strategy(float, st.floats(0, 100))
st.register_type_strategy(Source, SOURCES)
st.register_type_strategy(time, st.times().map(lambda one: one.replace(fold=0)))
REQUESTS = st.builds(
    ActivationRequest,
    campaign_id=st.integers(1, 2**63 - 1),
    run_now=st.just(True),
    limit=st.none() | st.integers(1, 10**9),
    content=st.none() | st.dictionaries(st.text(), JSON, max_size=3),
    attachments=st.just(()),
    reason=st.text(max_size=40),
)
st.register_type_strategy(ActivationRequest, REQUESTS)
st.register_type_strategy(Canary, CANARIES)
PREVIEWED = {kind for kind in KINDS.values() if "preview" in kind.__annotations__}
EVENTS = st.sampled_from(list(KINDS.values())).flatmap(
    lambda kind: st.builds(kind, preview=st.just(asked().preview)) if kind in PREVIEWED else st.builds(kind)
)


@given(EVENTS)
def test_an_event_survives_the_way_through_the_journal(event: Event):
    text = json.dumps(encode(event))
    assert decode(kind_of(event), json.loads(text)) == event
    assert decode_text(kind_of(event), text) == event


ODD = st.sampled_from(
    [
        *("null", "true", "1", "1.0", "1e2", "1.5", "-0", "-0.0", "18446744073709551616", "1e400", "NaN", "-Infinity"),
        *('""', '"1"', '"true"', '"null"', '"\\u0041\\ud83c"', '"e\\u0301"', '"2026-11-29"', '"2026-11-29T12:00:00Z"'),
        *("[]", "[1]", "{}", '{"a":1,"a":2}', '{"text":"a","values":{"n":1.0}}'),
    ]
)


def places(value: Json, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Where anything stands in it."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(one for name, inner in below for one in places(inner, (*path, name)))]


def spelled(value: Json, at: tuple[str | int, ...] | None, odd: str, *, twice: bool) -> str:
    """Its text with the odd one at that place, or under that name a second time."""
    if at == ():
        return odd
    if isinstance(value, list):
        parts = (spelled(one, at[1:] if at and at[0] == n else None, odd, twice=twice) for n, one in enumerate(value))
        return f"[{','.join(parts)}]"
    if not isinstance(value, dict):
        return json.dumps(value)
    pieces = []
    for name, one in value.items():
        here = at[1:] if at and at[0] == name else None
        if here == () and twice:
            pieces.append(f"{json.dumps(name)}:{json.dumps(one)}")
        pieces.append(f"{json.dumps(name)}:{spelled(one, here, odd, twice=twice)}")
    return f"{{{','.join(pieces)}}}"


def fields_in(text: str) -> dict[str, Json]:
    found = parsed(text)
    if not isinstance(found, dict):
        raise TypeError(found)
    return found


def outcome(read: Callable[[], Event]) -> Event | None:
    """None where it cannot be read."""
    try:
        return read()
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return None


@given(EVENTS, ODD, st.booleans(), st.data())
def test_whatever_a_text_holds_is_read_as_its_fields_are(event: Event, odd: str, twice: bool, data: st.DataObject):
    fields = encode(event)
    text = spelled(fields, data.draw(st.sampled_from(places(fields)[1:] or [()])), odd, twice=twice)
    kind = kind_of(event)

    as_fields, as_text = outcome(lambda: decode(kind, fields_in(text))), outcome(lambda: decode_text(kind, text))
    assert repr(as_text) == repr(as_fields)


@given(JSON)
def test_what_equals_has_one_canonical_text(value: Json):
    assert canonical(json.loads(canonical(value))) == canonical(value)


def test_a_moment_is_one_text_in_every_time_zone():
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    moscow = noon.astimezone(timezone(timedelta(hours=3)))
    assert instant(noon) == instant(moscow) == "2026-11-23T12:00:00.000000+00:00"


def test_fields_that_a_later_version_added_with_a_default_may_be_absent():
    event = replace(asked(), preview=Preview())
    stored = encode(event)
    stored["preview"] = {}
    assert decode("launch:request", stored) == event


def test_a_start_that_tells_no_size_is_written_as_it_was_before_starts_told_any():
    fields = {"attempt": 1, "request_id": "L1", "body_digest": "d" * 64, "newest_log": None}
    assert encode(decode("launch:start", fields)) == fields


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("launch:void", {"changes": [], "preview": encode_preview(asked().preview), "expires_at": instant(NOON)}),
        ("launch:remind", {"mention": ["U0BEN"], "last": False}),
        ("launch:doubt", {"cause": "the connection broke"}),
        ("launch:evidence", {"started_at": instant(NOON)}),
        ("stop:refuse", {"code": 400, "text": "bad"}),
        ("stop:doubt", {"cause": "the connection broke"}),
        ("stop:give_up", {}),
    ],
)
def test_what_was_written_before_it_told_whom_to_ping_does_not_change_its_digest(kind, fields):
    assert encode(decode(kind, fields)) == fields


def test_a_collision_from_before_anybody_vouched_for_one_does_not_change_its_digest():
    other = Collision(
        launch_id=LaunchId("L2"),
        campaign_id=82,
        campaign_name="",
        source=None,
        state="requested",
        since=NOON,
        requester=ANA,
        same_campaign=True,
    )
    edited = Edited(asked=replace(asked(), collisions=(other,)), changes=())
    stored = encode(edited)
    assert "lost" not in stored
    assert "vouched_by" not in stored["asked"]["collisions"][0]
    assert decode("launch:edit", stored) == edited


def test_a_request_from_before_there_were_demands_asks_for_the_same_approvals():
    stored = encode(asked())
    stored.pop("demands")
    stored["approvals_required"] = 2
    assert decode("launch:request", stored) == asked(approvals=2)


@pytest.mark.parametrize("name", ["approvals_required", r"approvals\u005frequired", r"\u0061pprovals_required"])
def test_what_a_text_says_of_demands_is_read_however_its_name_is_written(name):
    stored = {one: value for one, value in encode(asked()).items() if one != "demands"} | {"then": 2}
    text = json.dumps(stored).replace('"then"', f'"{name}"')
    assert decode_text("launch:request", text) == asked(approvals=2)


def test_a_text_of_every_version_is_read_as_its_fields_are():
    for line in Path(__file__).with_name("stored_events.jsonl").read_text().splitlines():
        stored = json.loads(line)
        for text in (json.dumps(stored["data"]), canonical(stored["data"])):
            assert decode_text(stored["kind"], text) == decode(stored["kind"], stored["data"])


def test_demands_survive_the_way_through_the_journal():
    demands = Demands(
        typed=(Typed.AUDIENCE,),
        hold=timedelta(seconds=90),
        quiet_hours=(QuietHours(time(18), time(8), 3, ("fri",)),),
        freezes=(Freeze(date(2026, 12, 24), date(2027, 1, 1)),),
    )
    event = asked(demands=demands)
    assert decode("launch:request", json.loads(json.dumps(encode(event)))) == event


def test_a_kind_of_a_newer_version_is_an_error():
    with pytest.raises(KeyError):
        decode("launch:teleport", {})


def test_a_run_that_ended_before_there_were_times_is_read_and_written_again_as_it_was():
    stored = {"ended_at": instant(NOON), "warnings": 1, "errors": 1, "troubles": ["no sender", "slow"]}
    read = decode("run:end", stored)
    assert read == RunEnded(NOON, 1, 1, (Trouble("no sender"), Trouble("slow")))
    assert encode(read) == stored
