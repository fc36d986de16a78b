"""Whatever Slack makes of typed text, what is read is what was typed; held against the stand-in's own marking."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.slash.activate import LONGEST_TEXT, parse, to_text
from bot.slash.history import parse_history
from bot.slash.words import from_slack
from sandbox.slack.command_text import as_sent
from sandbox.team import seeded_workspace
from tests.campaign.strategies import NASTY, REQUESTS

STATE = seeded_workspace().state
PIECES = st.sampled_from(
    [
        "https://shop.example/a?b=1&c=2",
        "http://x.example",
        "https://x.example/a|b",
        "shop.example",
        "anna@shop.example",
        "mailto:anna@shop.example",
        "@ana",
        "@marketing-leads",
        "@nobody",
        "#launches",
        "<https://x.example>",
        "<@U0ANA>",
        "&lt;",
        "&amp;lt;",
        *'<>&"{}()|@#! ',
        "a",
    ]
)
TEXTS = st.lists(PIECES | NASTY, max_size=12).map("".join).map(str.strip)


@given(TEXTS, st.booleans())
@example('82 content={"link": "https://shop.example/a"}', True)
@example("mail <anna@shop.example> or see shop.example, <https://x.example|y>", True)
def test_what_was_typed_never_arrives_with_slacks_marks_around_it(typed, should_escape):
    assert from_slack(as_sent(STATE, typed, should_escape=should_escape)) == typed


@given(REQUESTS)
def test_a_written_command_asks_for_the_same_after_slack_has_marked_it(request_):
    text = to_text(request_)
    if len(as_sent(STATE, text, should_escape=True)) <= LONGEST_TEXT:
        assert parse(as_sent(STATE, text, should_escape=True)) == request_


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ('{"link": "<https://x.example/a"}>', '{"link": "https://x.example/a"}'),
        ("<http://shop.example|shop.example>", "shop.example"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<mailto:a@b.example>", "a@b.example"),
        ("<!here>, <!channel|@channel>", "@here, @channel"),
        ("<#C0LAUNCH|launches> <@U0ANA|ana> <!subteam^S0LEADS|@leads>", "#launches @ana @leads"),
        ("<https://x.example/a|b>", "https://x.example/a|b"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
    ],
)
def test_each_mark_is_turned_back(sent, typed):
    assert from_slack(sent) == typed


def test_a_look_at_somebodys_launches_still_finds_the_person():
    assert parse_history(as_sent(STATE, "@ben", should_escape=True)).requester == "U0BEN"
