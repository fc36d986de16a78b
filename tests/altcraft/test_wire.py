"""JSON and XML on the wire: what is written can be read again, and what is not the platform's is refused."""

import json
from contextlib import suppress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.altcraft.wire import (
    Envelope,
    Malformed,
    Unwritable,
    WireFormat,
    decode_envelope,
    decode_json,
    decode_xml,
    encode,
    is_xml_name,
)

JSON, XML = WireFormat.JSON, WireFormat.XML

in_both = st.characters(exclude_categories=["Cs"]).filter(
    lambda one: one in "\t\n\r" or " " <= one not in "\ufffe\uffff"
)
texts = st.text(in_both)
names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.\-]{0,9}", fullmatch=True) | st.sampled_from(["имя", "xml", "_", "a.b-c"])
leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts


def objects(inner):
    return st.dictionaries(names, inner, max_size=4)


values = st.recursive(
    leaves, lambda inner: objects(inner) | st.lists(leaves | objects(inner), max_size=4), max_leaves=12
)
any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def as_xml_says(value):
    """The guide's mapping: leaves are texts, and nothing, an empty list and an empty object are an empty element."""
    if value in (None, [], {}):
        return ""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case list():
            return [as_xml_says(item) for item in value]
        case dict():
            return {key: as_xml_says(item) for key, item in value.items()}
    return json.dumps(value)


def is_in_utf8(value):
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


@given(st.dictionaries(st.text(), any_json))
def test_what_is_written_in_json_reads_the_same(content):
    assume(is_in_utf8(content))

    assert decode_json(encode(JSON, {"content": content})) == {"content": content}


@given(objects(values))
def test_what_is_written_in_xml_reads_the_same_as_far_as_xml_can_say_it(content):
    assert decode_xml(encode(XML, {"content": content})) == {"content": as_xml_says(content)}


@given(st.text())
def test_a_key_is_taken_exactly_when_it_comes_back_as_written(key):
    try:
        written = encode(XML, {"content": {key: "1"}})
    except Unwritable:
        assert not is_xml_name(key)
        return
    assert decode_xml(written) == {"content": {key: "1"}}


@given(st.binary() | st.text().map(str.encode))
def test_no_answer_whatever_breaks_the_reader(body):
    with suppress(Malformed):
        assert isinstance(decode_envelope(body), Envelope)


@pytest.mark.parametrize(
    "key", ["", "two words", "1st", "-a", "a:b", "<a>", "a/", "a b='c'", "naïve name", "&lt;", "😀"]
)
def test_a_key_that_is_no_xml_name_cannot_be_written(key):
    with pytest.raises(Unwritable, match="content: the name") as unwritable:
        encode(XML, {"content": {"fine": [{key: 1}]}})
    assert unwritable.value.field == "content"


@pytest.mark.parametrize(
    "value",
    [[[1]], [1, [2]], "\x00", "a\x0bb", "\ufffe", "\ud800", float("nan"), float("inf")],
    ids=["list in list", "list beside", "NUL", "VT", "FFFE", "surrogate", "NaN", "infinity"],
)
def test_a_value_that_xml_cannot_carry_is_named(value):
    with pytest.raises(Unwritable, match="content"):
        encode(XML, {"id": 1, "content": {"key": value}})


@pytest.mark.parametrize("value", ["\ud800", float("nan"), float("-inf")], ids=["surrogate", "NaN", "infinity"])
def test_a_value_that_json_cannot_carry_is_named(value):
    with pytest.raises(Unwritable, match="content"):
        encode(JSON, {"id": 1, "content": {"key": value}})


@pytest.mark.parametrize("wire", [JSON, XML])
def test_nesting_without_end_is_refused(wire):
    value = {}
    for _ in range(100_000):
        value = {"a": value}

    with pytest.raises(Unwritable):
        encode(wire, {"content": value})


def test_lists_follow_the_guide():
    written = encode(XML, {"none": [], "one": [1], "two": [1, {"a": "b"}]})

    assert written == b"<xml><none/><one array='true'>1</one><two>1</two><two><a>b</a></two></xml>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"data": null, "error": 0, "error_text": "Successful operation"}', Envelope(0, "Successful operation")),
        (b'{"error": 0}', Envelope(0)),
        (b'\xef\xbb\xbf{"error": 0}', Envelope(0)),
        (b'{"error": "402", "error_text": null}', Envelope(402)),
        (b'{"data": [], "error": 0, "next_from_id": 45}', Envelope(0, data=[], next_from_id=45)),
        (b"<xml><data/><error>0</error><error_text>Fine</error_text></xml>", Envelope(0, "Fine", data="")),
        (b"<xml><error>0</error></xml>", Envelope(0)),
        (b'<?xml version="1.0" encoding="UTF-8"?>\n<xml>\n <error>0</error>\n</xml>\n', Envelope(0)),
        (b"<xml><data><id>1</id></data><error>0</error></xml>", Envelope(0, data={"id": "1"})),
        (
            b"<xml><data><id>1</id></data><data><id>2</id></data><error>0</error><next_from_id>3</next_from_id></xml>",
            Envelope(0, data=[{"id": "1"}, {"id": "2"}], next_from_id="3"),
        ),
        (
            b'<xml><data><status>"Inactive"</status></data><error>0</error><error_text>"quoted"</error_text></xml>',
            Envelope(0, '"quoted"', data={"status": "Inactive"}),
        ),
    ],
)
def test_the_guides_envelopes_are_read(body, expected):
    assert decode_envelope(body) == expected


@pytest.mark.parametrize(
    "prologue",
    [
        b"<!DOCTYPE xml>",
        b'<!DOCTYPE xml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        b'<!DOCTYPE xml SYSTEM "http://127.0.0.1:9/x.dtd">',
        b'<!DOCTYPE xml [<!ENTITY file SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_document_types_and_entities_are_refused(prologue):
    with pytest.raises(Malformed):
        decode_envelope(prologue + b"<xml><error>0</error></xml>")
