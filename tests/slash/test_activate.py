"""The command's grammar: what people type is read as they mean it, or the word at fault is named."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.campaign.numbers import Literal
from bot.campaign.request import ActivationRequest, Source, SourceKind
from bot.slash.activate import Blank, Help, Parsed, parse, to_text, usage
from bot.slash.json_object import content_object
from bot.slash.parameters import WORDS
from bot.slash.words import CommandError
from bot.texts import LANGUAGES, speaking
from tests.campaign.strategies import NASTY, REQUESTS, TYPED, WITH_FILE


def understood(text: str) -> Parsed | CommandError:
    try:
        return parse(text)
    except CommandError as error:
        return error


def beginning(word: str) -> str:
    """As much of the word at fault as a sentence must repeat."""
    return re.split(r"[=.]", word)[0][:20].encode(errors="replace").decode().lower()


def slack_escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@given(REQUESTS)
def test_a_request_written_as_text_is_read_back_as_itself(request_):
    assert parse(to_text(request_)) == request_


@given(REQUESTS)
def test_the_text_survives_slacks_escapes(request_):
    assert parse(slack_escaped(to_text(request_))) == request_


@given(TYPED)
@example("82 run_now source=segment:" + "9" * 5000)
@example("82 limit=" + "9" * 5000)
@example("9" * 5000)
@example('82 content={"a":' + "9" * 5000 + "}")
@example("82 " + "z" * 7000 + "=")
@example("82 content." + "z" * 7000)
@example('82 content={"a":1,"' + "z" * 3000 + '":1,"' + "z" * 3000 + '":1}')
@example('82 reason="\\ud800"')
@example('82 content={"\\ud800":1,"\\ud800":2}')
@example('x="\\ud800"')
def test_any_text_is_either_understood_or_refused_with_a_short_sentence_that_names_the_word(text):
    asked = understood(text)
    if isinstance(asked, CommandError):
        assert beginning(asked.word) in asked.text.lower()
        assert len(asked.text) < 400
        assert asked.text.encode()
    if isinstance(asked, ActivationRequest):
        assert parse(to_text(asked)) == asked
        assert parse(slack_escaped(to_text(asked))) == asked
        assert to_text(asked).encode()


@given(NASTY.filter(bool))
def test_a_reason_and_a_value_in_quotes_are_kept_to_the_letter(text):
    typed = text.replace("\\", "\\\\").replace('"', '\\"')
    asked = parse(slack_escaped(f'82 reason="{typed}" content.a="{typed}"'))
    assert asked == ActivationRequest(campaign_id=82, reason=text, content={"a": text})


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
        (
            "82 content={“promo”: “He said \\”now\\””}",
            ActivationRequest(campaign_id=82, content={"promo": 'He said "now"'}),
        ),
        ("82 reason=“He said \\”now\\””", ActivationRequest(campaign_id=82, reason='He said "now"')),
        ('82 content={"a": "He said “now”"}', ActivationRequest(campaign_id=82, content={"a": "He said “now”"})),
        ("82 content={„a“: «b»}", ActivationRequest(campaign_id=82, content={"a": "b"})),
        ("82 content=‘{“a”: 1}’", ActivationRequest(campaign_id=82, content={"a": 1})),
        ("82 content=`{“a”: 1}`", ActivationRequest(campaign_id=82, content={"a": 1})),
        ("82 content.who=O’Brien", ActivationRequest(campaign_id=82, content={"who": "O’Brien"})),
        ("82 limit=“5”", ActivationRequest(campaign_id=82, limit=5)),
        ('82 content.a=""', ActivationRequest(campaign_id=82, content={"a": ""})),
        ('82 reason="C:\\temp\\new \\"x\\""', ActivationRequest(campaign_id=82, reason='C:\\temp\\new "x"')),
        ('82 reason="\\ud83d\\ude00"', ActivationRequest(campaign_id=82, reason="😀")),
        (
            '82 content={"a": [1, 1.0, 1e2, -0.5]}',
            ActivationRequest(campaign_id=82, content={"a": [1, 1.0, Literal("1e2"), -0.5]}),
        ),
        ("\u00a082\u202frun_now\u200b", ActivationRequest(campaign_id=82, run_now=True)),
        ("\u202a4107\u202c limit=1\u200b0", ActivationRequest(campaign_id=4107, limit=10)),
        (
            '82 run_now source=\u200blist:5 reason=\u2060"👩\u200d👧"',
            ActivationRequest(campaign_id=82, run_now=True, source=Source(SourceKind.LIST, 5), reason="👩\u200d👧"),
        ),
        ("82 reason=a&amp;b", ActivationRequest(campaign_id=82, reason="a&b")),
        ("82 reason=&amp;lt;", ActivationRequest(campaign_id=82, reason="&lt;")),
        ("82 reason=<@U0ANA|ana>", ActivationRequest(campaign_id=82, reason="@ana")),
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
        ("82 limt=5", "limt=5", "Did you mean limit=5?"),
        ("82 sorce=list:7", "sorce=list:7", "Did you mean source=list:7?"),
        ("82 run–now", "run–now", "Did you mean run_now?"),
        ("82 runow=false", "runow=false", "Did you mean run_now=false?"),
        ("82 rason=“two words”", 'rason="two words"', 'Did you mean reason="two words"?'),
        ("82 contnt.promo=SPRING", "contnt.promo=SPRING", "Did you mean content.promo=SPRING?"),
        ("82 content.promo SPRING", "content.promo", "needs a value"),
        ("82 content.promo=", "content.promo=", "sends an empty one"),
        ("82 content.=1", "content.", "needs a name"),
        ("82 gibberish", "gibberish", "I know run_now, source, limit, at, canary, wait, content, reason"),
        ("82 run_now source=segmnet:5", "source=segmnet:5", "Did you mean source=segment:5?"),
        ("82 run_now source=5", "source=5", "Write source=segment:5 or source=list:5."),
        ("82 run_now source=list", "source=list", "Did you mean source=list:<id>?"),
        ("82 run_now source=segment:1_000", "source=segment:1_000", "Did you mean source=segment:<id>?"),
        ("82 run_now source=segment:" + "9" * 30, "source=segment:" + "9" * 30, "too large"),
        ("82 run_now source=database:3", "source=database:3", "Did you mean source=list:3?"),
        ("82 run_now source=segment:0", "source=segment:0", "from 1 up"),
        ("82 source=segment:5", "source", "platform ignores the source"),
        ("82 run_now=false source=segment:5", "source", "Add run_now"),
        ("82 limit=ten", "limit=ten", "whole number"),
        ("82 limit=0", "limit", "from 1 up"),
        ("82 limit=1e3", "limit=1e3", "whole number"),
        ("82 limit=+5", "limit=+5", "whole number"),
        ("82 limit=1_000", "limit=1_000", "Did you mean limit=1000?"),
        ("82 limit=1,000,000", "limit=1,000,000", "Did you mean limit=1000000?"),
        ("82 limit=" + "9" * 30, "limit=" + "9" * 30, "too large"),
        ("82 limit = 5", "limit", "right after the equals sign"),
        ("82 limit=٣", "limit=٣", "whole number"),
        ("82 limit=", "limit=", "needs a value"),
        ("82 run_now=maybe", "run_now=maybe", "true or false"),
        ("82 run_now=flase", "run_now=flase", "Did you mean run_now=false?"),
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
        ('82 content={"a":-Infinity}', "content", "-Infinity"),
        ('82 content={"a":1e999}', "content", "too large"),
        ('82 content={"a":{"b":1,"b":2}}', "content", "stands twice"),
        ('82 content={"a":"\\ud800"}', "content", "half a character"),
        ('82 reason="\\ud800"', "reason", "half a character"),
        ('82 content={"a":[1}', "content", "each [ its ]"),
        ('82 content="{"a":1}"', "content", "Take the quotes around the braces away"),
        ('82 content=\'{"a":1} run_now', "content", "does not end"),
        ("82 content=" + '{"a":' * 51 + "1" + "}" * 51, "content", "nested too deeply"),
        ('82 content={"a":1', "content", "do not close"),
        ('82 content={"a', "content", "does not end"),
        ("82 content=" + '{"a":' * 3000 + "1" + "}" * 3000, "command", "longer than"),
        ('82 reason="never ends', "reason", "does not end"),
        ("82 reason=two words", "words", 'in double quotes: reason="two words"'),
        ("82 reason=two more words", "more", 'in double quotes: reason="two more"'),
        ("82 reason='two words'", "words'", 'in double quotes: reason="two words"'),
        ("82 reason=Wave 2", "2", 'in double quotes: reason="Wave 2"'),
        ("82 reason=test runnow", "runnow", "Did you mean run_now?"),
        ("82 content.who=Ana Lee", "Lee", 'in double quotes: content.who="Ana Lee"'),
        ("82 reason=“He said “now””", "now””", "inside the quotes"),
        ("0", "campaign", "from 1 up"),
        ("-1", "-1", "no campaign id"),
        ("٣", "٣", "no campaign id"),
        ("#4107", "#4107", "/campaign-activate 4107 run_now"),
        ("4107, run_now", "4107,", "/campaign-activate 4107 run_now"),
        ("9" * 30, "9" * 30, "too large"),
        ("run_now", "run_now", "Start with the campaign's id"),
        ("run_now limit 1000", "run_now", "/campaign-activate 82 run_now"),
        ("--help", "--help", "Did you mean help?"),
        ("/campaign-activate 4107", "/campaign-activate", "Start with the campaign's id: /campaign-activate 4107"),
        ("run_now 82", "run_now", "Start with the campaign's id: /campaign-activate 82 run_now"),
        ("82 83", "83", "One campaign at a time"),
        ("help me", "me", "stands alone"),
        ("82 help", "help", "help stands alone"),
        ("82 9", "9", "limit=9"),
    ],
)
def test_a_wrong_word_is_named_with_what_is_right(text, word, says):
    with pytest.raises(CommandError) as caught:
        parse(text)
    assert caught.value.word == word
    assert says in caught.value.text


@pytest.mark.parametrize("text", ["[" * 100_000 + "]" * 100_000, '{"a":' * 100_000])
def test_content_too_deep_is_refused_with_a_sentence(text):
    with pytest.raises(CommandError, match=r"deeply"):
        content_object(text)


def test_content_as_deep_as_allowed_is_understood():
    assert parse("82 content=" + '{"a":' * 50 + "1" + "}" * 50)


def test_a_text_with_half_a_character_is_refused_before_it_is_repeated():
    with pytest.raises(CommandError, match=r"half a character"):
        parse("82 \ud800")


def test_help_names_every_word_of_the_grammar_and_both_of_the_platforms_words():
    assert all(written in usage() for written, _ in WORDS.values())
    assert "campaign" in usage()
    assert "mailing" in usage()


@pytest.mark.parametrize("written", [written for written, _ in WORDS.values()])
def test_each_word_that_help_names_is_understood(written):
    beside = {"source": " run_now", "canary": " run_now", "wait": " run_now canary=segment:318"}
    typed = f"82 {written}{beside.get(written.partition('=')[0], '')}"
    assert isinstance(parse(typed), ActivationRequest)


def test_practice_stands_before_the_id():
    assert parse("practice 82 run_now") == ActivationRequest(campaign_id=82, run_now=True, practice=True)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("practice", "practice needs a campaign"),
        ("82 practice", "practice stands before"),
        ("practise 82", "Did you mean practice?"),
    ],
)
def test_practice_elsewhere_is_explained(text, sentence):
    with pytest.raises(CommandError) as wrong:
        parse(text)
    assert sentence in wrong.value.text


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-12-01T09:00", datetime(2026, 12, 1, 8, tzinfo=UTC)),
        ("2026-07-01t09:00", datetime(2026, 7, 1, 7, tzinfo=UTC)),
        ("2026-12-01T09:00Z", datetime(2026, 12, 1, 9, tzinfo=UTC)),
        ("2026-12-01T09:00-05:00", datetime(2026, 12, 1, 14, tzinfo=UTC)),
        # The clocks are set back that night: the hour comes twice, and the offset says which.
        ("2026-10-25T02:30+02:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_start_is_read_on_the_clock_of_who_typed_it(typed, moment):
    assert parse(f"82 at={typed}", lambda: BERLIN).at == moment


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("soon", "takes a day and a time such as"),
        ("2026-12-01", "takes the time as well, such as 2026-12-01 9:00"),
        ("2026-02-30T09:00", "that exist"),
        ("2026-03-29T02:30", "the clocks skip this one. Write at=2026-03-29T03:30 or at=2026-03-29T01:30"),
        ("2026-10-25T02:30", "at=2026-10-25T02:30+02:00 for the first time, at=2026-10-25T02:30+01:00 for the second"),
    ],
)
def test_a_start_that_is_no_moment_is_explained(typed, sentence):
    with pytest.raises(CommandError) as wrong:
        parse(f"82 at={typed}", lambda: BERLIN)
    assert sentence in wrong.value.text


@given(st.integers(0, 60 * 24 * 365 * 60))
def test_a_start_survives_being_written_and_read_on_any_clock(minutes):
    wanted = ActivationRequest(campaign_id=82, at=datetime(2002, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
    assert parse(to_text(wanted, BERLIN), lambda: BERLIN) == wanted


def test_each_example_that_help_gives_is_understood():
    examples = re.findall(r"`/campaign-activate (82 .*)`", usage())
    assert len(examples) == 2
    assert all(isinstance(parse(one), ActivationRequest) for one in examples)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_start_that_help_gives_is_understood_as_it_stands_there(language):
    with speaking(language):
        starts = re.findall(r"`(at=[^`]+)`", usage())
    assert len(starts) == 5
    for one in starts:
        assert parse(f"82 run_now {one}", lambda: BERLIN, datetime(2026, 11, 24, 8, tzinfo=UTC)).at


def test_help_holds_nothing_that_slack_takes_for_a_link_or_a_mention():
    assert not set("<>&") & set(usage())


def test_attachments_cannot_be_typed():
    assert parse(to_text(WITH_FILE)) == WITH_FILE.with_attachments(())
