"""The command's grammar: what people type is read as they mean it, or the word at fault is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.launch.command import USAGE, WORDS, Blank, CommandError, Help, content_object, parse, to_text
from bot.launch.request import ActivationRequest, Source, SourceKind
from tests.launch.strategies import REQUESTS, WITH_FILE


def understood(text):
    """What was asked, or the error, which must say something."""
    try:
        return parse(text)
    except CommandError as error:
        return error.text.strip() or pytest.fail("an error that says nothing")


def slack_escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@given(REQUESTS)
def test_a_request_written_as_text_is_read_back_as_itself(request_):
    assert parse(to_text(request_)) == request_


@given(REQUESTS)
def test_the_text_survives_slacks_escapes(request_):
    assert parse(slack_escaped(to_text(request_))) == request_


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            [
                "82",
                "run_now",
                "run_now=",
                "false",
                "source=",
                "segment:5",
                "list:0",
                "limit=",
                "3",
                "content=",
                "{",
                "}",
                '"',
                "“",
                "”",
                "'",
                "content.a=",
                "reason=",
                "help",
                " ",
                "\\",
                "&amp;",
                "&lt;",
                "[1]",
                "{}",
                "\u00a0",
                "=",
                "١",
            ]
        )
    ).map("".join)
)
def test_any_text_is_either_understood_or_refused_with_a_sentence(text):
    asked = understood(text)
    if isinstance(asked, ActivationRequest):
        assert parse(to_text(asked)) == asked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("82", ActivationRequest(campaign_id=82)),
        ("82 run_now", ActivationRequest(campaign_id=82, run_now=True)),
        ("82 RUN_NOW=True", ActivationRequest(campaign_id=82, run_now=True)),
        ("82 run_now=false", ActivationRequest(campaign_id=82)),
        (
            "82 run_now source=segment:5",
            ActivationRequest(campaign_id=82, run_now=True, source=Source(SourceKind.SEGMENT, 5)),
        ),
        (
            "82 limit=7 source=list:1 run_now",
            ActivationRequest(campaign_id=82, run_now=True, source=Source(SourceKind.LIST, 1), limit=7),
        ),
        (
            '82 content={"a": {"b": [1, "}"]}, "c": "x y"} run_now',
            ActivationRequest(campaign_id=82, run_now=True, content={"a": {"b": [1, "}"]}, "c": "x y"}),
        ),
        (
            '82 content.name="Ana & Ben" content.n=5',
            ActivationRequest(campaign_id=82, content={"name": "Ana & Ben", "n": "5"}),
        ),
        ('82 content={"a":1} content.b=2', ActivationRequest(campaign_id=82, content={"a": 1, "b": "2"})),
        ("82 content={}", ActivationRequest(campaign_id=82, content={})),
        ("82 content='{\"a\": 1}'", ActivationRequest(campaign_id=82, content={"a": 1})),
        ("82 reason=test", ActivationRequest(campaign_id=82, reason="test")),
        ('82 reason="a \\"b\\" \\\\ c"', ActivationRequest(campaign_id=82, reason='a "b" \\ c')),
        ('82 reason="He said “now”"', ActivationRequest(campaign_id=82, reason="He said “now”")),
        ("82 reason=“First wave”", ActivationRequest(campaign_id=82, reason="First wave")),
        ("82 reason=«Первая волна»", ActivationRequest(campaign_id=82, reason="Первая волна")),
        ("82 reason=“it’s 5 o’clock”", ActivationRequest(campaign_id=82, reason="it’s 5 o’clock")),
        (
            "82 content={“promo”: “it’s 5 o’clock”}",
            ActivationRequest(campaign_id=82, content={"promo": "it’s 5 o’clock"}),
        ),
        ("\u00a082\u202frun_now\u200b", ActivationRequest(campaign_id=82, run_now=True)),
        ("82 reason=a&amp;b", ActivationRequest(campaign_id=82, reason="a&b")),
        ("82 reason=&amp;lt;", ActivationRequest(campaign_id=82, reason="&lt;")),
        ("82 reason=<@U0ANA|ana>", ActivationRequest(campaign_id=82, reason="<@U0ANA|ana>")),
    ],
)
def test_what_people_type_is_read_as_they_mean_it(text, expected):
    assert parse(text) == expected


@pytest.mark.parametrize("text", ["help", "HELP", " help "])
def test_help_is_asked_for_in_any_case(text):
    assert parse(text) == Help()


@pytest.mark.parametrize("text", ["", "  ", "\u00a0"])
def test_nothing_typed_opens_the_empty_form(text):
    assert parse(text) == Blank()


@pytest.mark.parametrize(
    ("text", "word", "says"),
    [
        ("82 runnow", "runnow", "Did you mean run_now?"),
        ("82 sorce=segment:5", "sorce=segment:5", "Did you mean source=segment:5?"),
        ("82 limt=5", "limt=5", "Did you mean limit=1000?"),
        ("82 run_now source=segmnet:5", "source=segmnet:5", "Did you mean source=segment:5?"),
        ("82 run_now source=5", "source=5", "Did you mean source=segment:5?"),
        ("82 run_now source=database:3", "source=database:3", "Did you mean source=list:3?"),
        ("82 run_now source=segment:0", "source=segment:0", "from 1 up"),
        ("82 source=segment:5", "source", "platform ignores the source"),
        ("82 run_now=false source=segment:5", "source", "Add run_now"),
        ("82 limit=ten", "limit=ten", "whole number"),
        ("82 limit=0", "limit", "from 1 up"),
        ("82 limit=1e3", "limit=1e3", "whole number"),
        ("82 limit=٣", "limit=٣", "whole number"),
        ("82 limit=", "limit=", "needs a value"),
        ("82 run_now=maybe", "run_now=maybe", "true or false"),
        ("82 run_now run_now", "run_now", "stands twice"),
        ("82 limit=1 limit=2", "limit", "stands twice"),
        ("82 content.a=1 content.a=2", "content.a", "stands twice"),
        ('82 content={"a":1} content.a=2', "content.a", "stands twice"),
        ('82 content={"a":1,"a":2}', "content", "stands twice"),
        ('82 content={} content={"a":1}', "content", "stands twice"),
        ("82 content=[1]", "content", "JSON object"),
        ("82 content=5", "content", "JSON object"),
        ('82 content={"a":}', "content", "character 6"),
        ('82 content={"a":NaN}', "content", "NaN"),
        ('82 content={"a":1', "content", "do not close"),
        ('82 content={"a', "content", "does not end"),
        ("82 content=" + '{"a":' * 3000 + "1" + "}" * 3000, "content", "longer than"),
        ('82 reason="never ends', "reason", "does not end"),
        ("82 reason=two words", "words", "in quotes"),
        ("0", "campaign", "from 1 up"),
        ("-1", "-1", "no campaign id"),
        ("run_now 82", "run_now", "Start with the campaign's id: /campaign-activate 82 run_now"),
        ("82 83", "83", "One campaign at a time"),
        ("help me", "me", "stands alone"),
        ("82 help", "help", "Did you mean help?"),
        ("82 9", "9", "limit=9"),
    ],
)
def test_a_wrong_word_is_named_with_what_is_right(text, word, says):
    with pytest.raises(CommandError) as caught:
        parse(text)
    assert caught.value.word == word
    assert says in caught.value.text


def test_content_too_deep_is_refused_with_a_sentence():
    with pytest.raises(CommandError, match=r"deeply"):
        content_object("[" * 100_000 + "]" * 100_000)


def test_help_names_every_word_of_the_grammar_and_both_of_the_platforms_words():
    assert all(written in USAGE for written, _ in WORDS.values())
    assert "campaign" in USAGE
    assert "mailing" in USAGE


def test_attachments_cannot_be_typed():
    assert parse(to_text(WITH_FILE)) == WITH_FILE.with_attachments(())
