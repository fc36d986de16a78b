"""What people write with links, people and channels in it is shown as such, leads where it says, and calls nobody."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.slack.views.marks import LONGEST_NAME, MOST_LOOKED_UP, named, plain, remark
from bot.slack.views.plaintext import as_plain
from bot.slack.views.text import one_line
from sandbox.slack.block_kit.surfaces import check_message_blocks

BEN = "<@U0BEN>"
NAMES = {"U0BEN": "Ben *the* <b>oss", "U0ANA": "Ana"}


def name_of(person):
    return NAMES.get(person, "")


@pytest.mark.parametrize(
    ("given_", "stored"),
    [
        ("ask <@U0ANA>, <@U0ANA|ana>", "ask @Ana, @Ana"),
        ("<@U0NOBODY|eve> <@U0NOBODY>", "@eve @U0NOBODY"),
        ("<!subteam^S0LEADS|@leads> <!subteam^S0LEADS>", "@leads @S0LEADS"),
        ("<!here> <!channel> <!everyone|everyone>", "@here @channel @everyone"),
        ("<#C0LAUNCH|launches> <https://x.example|y>", "<#C0LAUNCH|launches> <https://x.example|y>"),
        ("1 < 2 > 1, <b>, <@nobody>", "1 < 2 > 1, <b>, <@nobody>"),
    ],
)
def test_people_groups_and_everybody_are_stored_by_name(given_, stored):
    assert named(given_, name_of) == stored


def test_no_more_people_are_looked_up_than_an_ack_can_wait_for():
    asked = []
    people = "".join(f"<@U0P{nth}>" for nth in range(9))
    assert named(people, lambda one: asked.append(one) or "x" * 500).count("@U0P") == 9 - MOST_LOOKED_UP
    assert len(asked) == MOST_LOOKED_UP
    assert named("<@U0P1>", lambda _one: "x" * 500) == "@" + "x" * LONGEST_NAME


def test_where_slack_does_not_tell_one_name_no_other_is_asked_for():
    asked = []
    assert named("<@U0X> <@U0Y>", lambda one: asked.append(one) or "") == "@U0X @U0Y"
    assert asked == ["U0X"]


@pytest.mark.parametrize(
    ("stored", "shown", "in_plain"),
    [
        (
            "see <https://shop.example/a?b=1&c=_2_|our *shop*>!",
            "see <https://shop.example/a?b=1&amp;c=_2_|our \u2217shop\u2217 (shop.example)>!",
            "see our *shop* (shop.example)!",
        ),
        (
            "<https://evil.example|https://bank.example>",
            "<https://evil.example|https://bank.example (evil.example)>",
            "https://bank.example (evil.example)",
        ),
        (
            "<https://bank.example@evil.example/|the bank>",
            "<https://bank.example@evil.example/|the bank (evil.example)>",
            "the bank (evil.example)",
        ),
        ("<https://shop.example|shop.example>", "<https://shop.example>", "https://shop.example"),
        ("(https://shop.example/a_b_).", "(<https://shop.example/a_b_>).", "(https://shop.example/a_b_)."),
        (
            "see https://x.example:8080/:a: now",
            "see <https://x.example:8080/:a>: now",
            "see https://x.example:8080/:a: now",
        ),
        ("in <#C0LAUNCH|launches>, <#C0OTHER>", "in <#C0LAUNCH>, <#C0OTHER>", "in #launches, #C0OTHER"),
        ("by <@U0BEN>", "by @U0BEN", "by @U0BEN"),
        ("<https://x.example|a | b>", "<https://x.example|a ¦ b (x.example)>", "a | b (x.example)"),
        (
            "<https://[broken|x> <!channel>",
            "&lt;https://[broken|x&gt; &lt;!channel&gt;",
            "<https://[broken|x> <!channel>",
        ),
    ],
)
def test_links_people_and_channels_are_shown_as_what_they_are(stored, shown, in_plain):
    assert remark(stored, 500) == f"“{shown}”"
    assert plain(stored) == in_plain


def test_the_window_that_shows_everything_shows_the_whole_address():
    assert plain("<https://x.example/a?b|shop>", whole=True) == "shop (https://x.example/a?b)"


def test_the_record_tells_a_link_as_words():
    told = as_plain(remark("see <https://x.example/a|shop> and https://y.example/b_c", 500), None)
    assert told == "“see shop (x.example) and https://y.example/b_c”"


HOSTILE = st.lists(
    st.sampled_from(
        [
            "<",
            ">",
            "|",
            "@",
            "!",
            "#",
            "<@U0BEN>",
            "<!channel>",
            "<!here|x>",
            "<!subteam^S0LEADS>",
            "<https://",
            "x.example",
            "<https://x.example|",
            "https://x.example/",
            "<#C0LAUNCH|",
            "<#C0LAUNCH>",
            "*",
            "_",
            ":",
            "&",
            "\u202e",
            "\n",
            "a",
            "<!date^1^{date}|x>",
            "<mailto:a@b.example|x>",
        ]
    ),
    max_size=14,
).map("".join)
ALLOWED = re.compile(r"<https?://[^<>|\s]+(?:\|[^<>|]*)?>|<#[CG][A-Z0-9]+>")


@given(HOSTILE | st.text(max_size=60), st.integers(20, 400))
@example("<https://x.example|<!channel>>", 400)
@example("<https://x.example|<@U0BEN>>", 400)
@example("https://x.example/<!here>", 400)
def test_nothing_that_people_write_calls_anybody_or_forges_a_mark(text, limit):
    for stored in (text, named(text, name_of)):
        shown = remark(stored, limit)
        assert "<" not in ALLOWED.sub("", shown)
        assert ">" not in ALLOWED.sub("", shown)
        assert "\n" not in shown
        assert len(shown) <= limit + 2
        block = {"type": "section", "text": {"type": "mrkdwn", "text": shown}}
        assert check_message_blocks([block]) == []


@given(st.text(alphabet=st.sampled_from("a1 \u00a0\u202f\u2003\u2028\x0b\x85\t\r\n"), max_size=20))
@example("47\u00a0100")
@example("Active\u00a0\u00a0\u00a0\u00a0Approved")
@example("\u00a0\n")
def test_people_get_one_line_with_one_space_between_words(text):
    shown = one_line(text)
    assert shown.split() == text.split()
    assert shown.strip() == shown
    assert re.fullmatch(r"\w*(?:[ \u00a0\u202f]\w+)*", shown)


@pytest.mark.parametrize("text", ["47\u00a0100 in all", "6\u202f%"])
def test_a_number_stays_on_one_line(text):
    assert one_line(text) == text
