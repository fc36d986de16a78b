"""The variables of a message, and braces that have no other half."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.message.message import Channel
from bot.message.variables import (
    MOST_VARIABLES,
    Kind,
    Variable,
    fetched,
    is_given,
    unmatched,
    used,
    variables,
    with_given,
)
from tests.message.builders import email, message, sms
from tests.message.hostile import corpus


def channel(**fields):
    return Channel("email", tuple(fields.items()))


def test_variables_are_told_by_kind_and_by_the_field_they_stand_in_first():
    found = variables(
        channel(
            subject="{lead._fname}, {apicontent.gift}",
            text='{subscription.email} {subscription_field("sms" "phone")} {if lead.city} {apicontent.gift}',
        )
    )

    assert found == (
        Variable(Kind.GIVEN, "gift", "subject"),
        Variable(Kind.LEAD, "lead._fname", "subject"),
        Variable(Kind.SUBSCRIPTION, "subscription.email", "text"),
        Variable(Kind.SUBSCRIPTION, 'subscription_field("sms" "phone")', "text"),
        Variable(Kind.OTHER, "if lead.city", "text"),
    )
    assert [one.written for one in found[:2]] == ["{apicontent.gift}", "{lead._fname}"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{apicontent.promo}", ["promo"]),
        ("{ apicontent . promo }", ["promo"]),
        ("{if apicontent.promo}x{end}", ["promo"]),
        ('{default(apicontent.promo, "x")}', ["promo"]),
        ("{apicontent.items[0].name}", ["items"]),
        ("{apicontent.gift.name}", ["gift.name"]),
        ("{apicontent.подарок-2}", ["подарок-2"]),
        ("{apicontent.a}{apicontent.b}{apicontent.a}", ["a", "b"]),
        ("{apicontent.a", ["a"]),
        ("{apicontent}", [""]),
        ("{lead.apicontents.a}", []),
        ("{myapicontent.a}", []),
    ],
)
def test_what_the_launch_gives_is_found_however_it_is_mentioned(text, names):
    assert [one.name for one in used(sms(text))] == names


def test_a_variable_in_a_style_or_a_link_counts_as_well():
    html = '<style>p {color: {apicontent.color}}</style><a href="https://a.example/?c={apicontent.code}">x</a>'

    assert [one.name for one in used(message(fields={"html": html}))] == ["color", "code"]


def test_braces_of_styles_and_scripts_are_no_variables():
    html = "<STYLE>p {color: red} @media x {a {b: c}}</style ><script>if (a) {b}</script><p>{lead.email}</p>"

    assert [one.name for one in variables(channel(html=html))] == ["lead.email"]
    assert unmatched(channel(html=f"{html}<style>p {{")) == ()


def test_only_html_has_styles():
    assert [one.name for one in variables(channel(text="<style>{lead.email}</style>"))] == ["lead.email"]


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("Hello, {lead._fname", "Hello, {lead._fname"),
        ("Hello, lead._fname}!", "Hello, lead._fname}!"),
        ("{a} {b {c}", "{a} {b {c}"),
        ("{a}}", "{a}}"),
    ],
)
def test_a_brace_without_its_other_half_is_found_and_shown(text, near):
    [found] = unmatched(channel(subject="{a}", text=text))

    assert (found.field, found.near) == ("text", near)


@pytest.mark.parametrize("text", ["", "{a}", "{a {b}}", "no braces", "{a}{b}"])
def test_braces_that_match_are_no_trouble(text):
    assert unmatched(channel(text=text)) == ()


@given(st.text("{}ax", max_size=12))
def test_braces_match_exactly_where_each_is_closed_in_order(text):
    depth = lowest = 0
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        lowest = min(lowest, depth)

    assert bool(unmatched(channel(text=text))) == (depth != 0 or lowest < 0)


@pytest.mark.parametrize(
    ("name", "content", "given_"),
    [
        ("a", {"a": ""}, True),
        ("a", {"a": None}, True),
        ("a", {"b": 1}, False),
        ("a.b", {"a": {"b": 1}}, True),
        ("a.b", {"a": {"c": 1}}, False),
        ("a.b", {"a": "text"}, False),
        ("a.b", {"a.b": 1}, True),
        ("", {}, False),
    ],
)
def test_a_value_is_given_by_its_name_or_inside_an_object(name, content, given_):
    assert is_given(name, content) is given_


def test_values_that_are_plain_take_the_place_of_their_variables():
    text = "{apicontent.a} {apicontent.n} { apicontent.a } {apicontent.o} {apicontent.x} {if apicontent.a} {lead.a}"

    assert with_given(text, {"a": "A{apicontent.n}", "n": 2, "o": {"b": 1}}) == (
        "A{apicontent.n} 2 A{apicontent.n} {apicontent.o} {apicontent.x} {if apicontent.a} {lead.a}"
    )


def test_content_that_is_fetched_at_sending_is_told():
    assert fetched(message(more=(("json_url", " https://feed.example/a.json "),))) == "https://feed.example/a.json"
    assert fetched(message(more=(("json_url", ""),))) == ""
    assert fetched(email()) == ""


def test_however_many_variables_there_are_so_many_are_told_and_none_is_missed():
    many = sms(" ".join(f"{{apicontent.v{n}}}" for n in range(2000)))

    assert len(variables(many.channels[0])) == MOST_VARIABLES
    assert len(used(many)) == 2000


@pytest.mark.parametrize("name", [*corpus(1), "braces", "open braces", "dots", "spaces"])
def test_the_worst_text_takes_little_time(name):
    more = {"braces": "{}", "open braces": "{a", "dots": "apicontent.", "spaces": f"apicontent{' ' * 300}"}
    text = (corpus(2_000_000) | {each: piece * (2_000_000 // len(piece)) for each, piece in more.items()})[name]
    begun = time.process_time()

    variables(channel(html=text))
    unmatched(channel(html=text))
    used(message(fields={"html": text}))
    with_given(text, {"a": "b"})

    assert time.process_time() - begun < 6
