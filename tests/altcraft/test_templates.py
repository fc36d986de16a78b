"""What templates/get answers, in both formats: the same message, whatever is in it."""

from datetime import UTC, datetime
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.altcraft.client import PlatformUnclear
from bot.altcraft.fields import as_text
from bot.altcraft.templates import template
from bot.altcraft.wire import decode_envelope
from bot.campaign.campaign import ContentItem
from bot.message.message import Channel, Message, Template
from tests.altcraft.builders import client, success
from tests.altcraft.serving import Server, answer

PRINTED = {
    "id": 77,
    "updated_user": "olga",
    "update_time": "2025-05-21T09:17:53.362Z",
    "name": "Spring mail",
    "description": "",
    "channels": [
        {
            "id": 1,
            "sid": "email",
            "fields": {
                "subject": '"Spring" is "here"',
                "from_email": "",
                "is_amp": False,
                "text": "Hello, {lead._fname}\r\nBye",
                "html": "<html>\r<b>x</b></html>",
                "colours": ["red", "green"],
                "one": ["only"],
                "none": None,
                "nothing": [],
                "data": {"a": 1, "b": [True]},
            },
        },
        {"id": 2, "sid": "sms", "fields": {"sms": "Hello", "sms_max_count": 3}},
    ],
}
READ = Template(
    id=77,
    name="Spring mail",
    updated_by="olga",
    updated_at=datetime(2025, 5, 21, 9, 17, 53, 362_000, tzinfo=UTC),
    channels=(
        Channel(
            "email",
            (
                ("subject", '"Spring" is "here"'),
                ("from_email", ""),
                ("is_amp", "false"),
                ("text", "Hello, {lead._fname}\nBye"),
                ("html", "<html>\n<b>x</b></html>"),
                ("colours", '["red","green"]'),
                ("one", "only"),
                ("none", ""),
                ("nothing", ""),
                ("data", '{"a":"1","b":"true"}'),
            ),
        ),
        Channel("sms", (("sms", "Hello"), ("sms_max_count", "3"))),
    ),
)


def xml(name, value):
    """The guide's mapping: a list is its element repeated, nothing is an empty element."""
    if isinstance(value, list):
        return "".join(xml(name, one) for one in value) or f"<{name}/>"
    if isinstance(value, dict):
        return f"<{name}>{''.join(xml(each, one) for each, one in value.items())}</{name}>"
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else escape(str(value))
    return f"<{name}>{text}</{name}>"


def both(data):
    return [success(data), f"<xml>{xml('data', data)}<error>0</error><error_text>ok</error_text></xml>".encode()]


def read(data):
    """The template, as it is read from each of the two formats."""
    return [template(decode_envelope(body, quotes_are_marks=False).data, 77) for body in both(data)]


@pytest.mark.parametrize("body", both(PRINTED), ids=["JSON", "XML"])
def test_a_template_is_the_same_however_it_is_written(body):
    with Server(answer(body)) as server:
        assert client(server.url).template(77) == READ


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
values = st.one_of(st.none(), st.booleans(), st.integers(-(10**6), 10**6), texts, st.lists(texts, max_size=3))


@given(st.dictionaries(st.sampled_from(["subject", "html", "text", "new"]), values, max_size=4), texts)
def test_an_approval_counts_the_same_in_both_formats(fields, name):
    data = {"id": 77, "name": name, "channels": [{"sid": "email", "fields": fields}]}

    in_json, in_xml = read(data)

    assert Message(ContentItem(77), in_json).digest == Message(ContentItem(77), in_xml).digest


@pytest.mark.parametrize(
    ("more", "is_draft", "told"),
    [
        ({}, None, ()),
        ({"is_draft": True}, True, ()),
        ({"is_draft": "false"}, False, ()),
        (
            {"json_url": "https://x.example", "is_confirm": False},
            None,
            (("json_url", "https://x.example"), ("is_confirm", "false")),
        ),
        ({"groups": [{"id": 0}], "ui_tags": ["a"], "Groups": []}, None, ()),
    ],
)
def test_what_else_is_told_is_kept_but_where_it_is_found(more, is_draft, told):
    for one in read({"id": 77, **more}):
        assert (one.is_draft, one.more) == (is_draft, told)


@pytest.mark.parametrize(
    ("channels", "read_as"),
    [
        ([], ()),
        (None, ()),
        ("odd", ()),
        ([{"sid": "email", "fields": {}}], (Channel("email"),)),
        ([{"sid": "email"}], (Channel("email"),)),
        ([{"sid": "email", "fields": "odd"}], (Channel("email"),)),
        ([{"id": 9, "fields": {"a": "b"}}], (Channel("9", (("a", "b"),)),)),
        ([{"sid": "telegram_bot", "fields": {"message": "Hi"}}], (Channel("telegram_bot", (("message", "Hi"),)),)),
    ],
)
def test_channels_are_read_as_far_as_they_can_be(channels, read_as):
    for one in read({"id": 77, "channels": channels}):
        assert one.channels == read_as


@pytest.mark.parametrize("data", [None, [], "", 5, {}, {"id": 78, "channels": []}, [PRINTED]])
def test_an_answer_without_the_template_is_unclear(data):
    with pytest.raises(PlatformUnclear):
        template(data, 77)


def test_what_is_nested_too_deeply_is_unclear():
    deep = "x"
    for _ in range(70):
        deep = [deep, "y"]

    with pytest.raises(PlatformUnclear):
        as_text(deep)


@pytest.mark.parametrize("wire_text", ['"Sale"', '"a" and "b"', '"'])
def test_a_subject_in_quotes_keeps_them_in_xml(wire_text):
    [_, in_xml] = read({"id": 77, "channels": [{"sid": "email", "fields": {"subject": wire_text}}]})

    assert in_xml.channels[0].text("subject") == wire_text


def test_html_of_megabytes_is_read():
    html = "<p>x</p>" * 250_000
    with Server(answer(success({"id": 77, "channels": [{"sid": "email", "fields": {"html": html}}]}))) as server:
        assert client(server.url).template(77).channels[0].text("html") == html
