"""The texts after the commands that look: all of them understood, or refused with the nearest word."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.overview import Listing
from bot.campaign.request import LARGEST_ID, UserId
from bot.launch.search import PENDING_PHASES, Phase, Wanted
from bot.launch.state import State
from bot.slash.activate import Help
from bot.slash.history import WORDS, export_text, history_text, parse_history
from bot.slash.queries import StatusOf, list_text, parse_list, parse_status
from bot.slash.words import CommandError

BEN = Wanted(requester=UserId("U0BEN"))
BERLIN = ZoneInfo("Europe/Berlin")
MIDNIGHT = datetime(2026, 10, 31, 23, tzinfo=UTC)
"""At which the first of November begins in Berlin."""

LATE = datetime(9990, 1, 1)  # noqa: DTZ001 -- a bound for the strategy, which adds the zone


def to_the_minute(at):
    return at.replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    ("text", "asked"),
    [("82", StatusOf(82)), (" #82 ", StatusOf(82)), ("help", Help()), ("HELP", Help()), ("", Help())],
)
def test_a_status_is_asked_for_by_id(text, asked):
    assert parse_status(text) == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", Listing()),
        ("spring", Listing("spring")),
        ("spring active", Listing("spring", only_active=True)),
        ("Active spring sale", Listing("spring sale", only_active=True)),
        ("active", Listing(only_active=True)),
        ("“active users”", Listing("active users")),
        ('"active users" active', Listing("active users", only_active=True)),
        ("“black friday", Listing("black friday")),
        ("R&amp;D", Listing("R&D")),
        ("82", Listing("82")),
        ("spring actve", Listing("spring actve", meant="actve")),
        ("help", Help()),
        ('"help"', Listing("help")),
    ],
)
def test_a_list_is_asked_for_by_text_and_narrowed_by_a_word(text, asked):
    assert parse_list(text) == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", Wanted()),
        ("82", Wanted(campaign_id=82)),
        ("&lt;@U0BEN|ben&gt;", BEN),
        ("<@U0BEN|ben>", BEN),
        ("<@U0BEN>", BEN),
        ("in-doubt", Wanted(phases=(Phase.IN_DOUBT,))),
        ("In_Doubt", Wanted(phases=(Phase.IN_DOUBT,))),
        ("pending", Wanted(phases=PENDING_PHASES)),
        ("rejected", Wanted(states=(State.REJECTED,))),
        ("Not_Launched", Wanted(states=(State.UNREACHED,))),
        ("launched", Wanted(states=(State.LAUNCHED, State.RUNNING, State.FINISHED, State.STOPPED), reached=True)),
        ("since=2026-11-01", Wanted(since=MIDNIGHT)),
        ("until=2026-11-01T09:00+03:00", Wanted(until=datetime(2026, 11, 1, 6, tzinfo=UTC))),
        ("<@U0BEN> since=2026-11-01 rejected", replace(BEN, since=MIDNIGHT, states=(State.REJECTED,))),
        ("rejected 82 SINCE=2026-11-01", Wanted(campaign_id=82, since=MIDNIGHT, states=(State.REJECTED,))),
        ("help", Help()),
    ],
)
def test_the_history_is_asked_for_by_campaign_person_standing_and_time(text, asked):
    assert parse_history(text, lambda: BERLIN) == asked


NIGHT = datetime(2026, 11, 29, 23, 30, tzinfo=UTC)
"""30 November on clocks in Berlin, 00:30."""


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("yesterday", (28, 23), (29, 23)),
        ("Вчера", (28, 23), (29, 23)),
        ("today", (29, 23), (30, 23)),
        ("since=yesterday", (28, 23), None),
        ("since=вчера until=сегодня", (28, 23), (29, 23)),
    ],
)
def test_a_day_is_called_by_its_distance_on_the_clocks_of_whoever_asks(text, since, until):
    begin, end = (datetime(2026, 11, *at, tzinfo=UTC) if at else None for at in (since, until))
    assert parse_history(text, lambda: BERLIN, NIGHT) == Wanted(since=begin, until=end)


@pytest.mark.parametrize("text", ["yesterday since=2026-11-01", "until=today yesterday", "today yesterday"])
def test_a_day_stands_alone_among_times(text):
    with pytest.raises(CommandError, match="One at a time"):
        parse_history(text, lambda: BERLIN, NIGHT)


WANTED = st.builds(
    replace,
    st.sampled_from([Wanted(), *WORDS.values()]),
    campaign_id=st.none() | st.integers(1, LARGEST_ID),
    requester=st.sampled_from([None, UserId("U0BEN")]),
    since=st.none() | st.datetimes(max_value=LATE, timezones=st.just(UTC)).map(to_the_minute),
    until=st.just(None) | st.just(LATE.replace(tzinfo=UTC)),
)


@given(WANTED)
def test_a_history_is_written_as_a_text_that_asks_the_same_on_any_clocks(wanted):
    assert parse_history(history_text(wanted), lambda: BERLIN) == wanted


@pytest.mark.parametrize(
    ("parse", "text", "sentence"),
    [
        (parse_status, "halp", "Did you mean help?"),
        (parse_status, "eighty", "“eighty” is no campaign id"),
        (parse_status, "82 83", "take “83” away"),
        (parse_status, "0", "is no campaign id"),
        (parse_history, "pendng", "Did you mean pending?"),
        (parse_history, "indoubt", "Did you mean in-doubt?"),
        (parse_history, "everything", "I know a campaign's id such as 82"),
        (parse_history, "@benn", "Slack knows no single person by the name “@benn”"),
        (parse_history, "<!subteam^S0LEADS|@leads>", "no single person"),
        (parse_history, "82 83", "take “83” away"),
        (parse_history, "pending rejected", "take “rejected” away"),
        (parse_history, "since=2026-11-01 since=2026-11-02", "take “since=2026-11-02” away"),
        (parse_history, "rejectd", "Did you mean rejected?"),
        (parse_history, "sinse=2026-11-01", "Did you mean since=2026-11-01?"),
        (parse_history, "since", "Did you mean since=2026-11-01?"),
        (parse_history, "2026-11-05", "Did you mean since=2026-11-05?"),
        (parse_history, "since=yesterday", "write a day such as since=2026-11-01"),
        (parse_history, "since=2026-11-31", "write a day such as since=2026-11-01"),
        (parse_history, "since=2026-11-02 until=2026-11-01", "there is nothing in between"),
        (parse_list, "x" * 301, "longer than 300 characters"),
        (parse_list, "\ud83d", "half a character"),
    ],
)
def test_what_is_not_understood_is_said_with_what_to_write(parse, text, sentence):
    with pytest.raises(CommandError) as refused:
        parse(text)
    assert sentence in refused.value.text


@given(st.text(max_size=300))
def test_any_text_is_understood_or_refused_with_a_sentence(text):
    for parse in (parse_status, parse_list, parse_history):
        assert _sentence(parse, text).endswith((".", "?"))


def _sentence(parse, text):
    """What the person is told; "." where there is nothing to tell."""
    try:
        parse(text)
    except CommandError as refused:
        return refused.text
    return "."


@given(st.text(max_size=100).filter(lambda text: "&" not in text))
def test_a_listing_is_written_as_a_text_that_asks_the_same(text):
    try:
        asked = parse_list(text)
    except CommandError:
        return
    if isinstance(asked, Listing):
        again = parse_list(list_text(asked))
        assert (again.text, again.only_active) == (asked.text, asked.only_active)


WANTED = st.one_of(
    st.just(Wanted()),
    st.builds(lambda number: Wanted(campaign_id=number), st.integers(1, LARGEST_ID)),
    st.builds(lambda name: Wanted(requester=UserId(f"U{name}")), st.from_regex(r"[A-Z0-9]{1,10}", fullmatch=True)),
    st.sampled_from([Wanted(phases=(Phase.IN_DOUBT,)), Wanted(phases=PENDING_PHASES)]),
)


@given(WANTED)
def test_a_question_about_the_history_is_written_as_a_text_that_asks_the_same(wanted):
    assert parse_history(history_text(wanted)) == wanted


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("export", ""),
        (" EXPORT  csv 82 ", "csv 82"),
        ("export\u00a0since=2026-11-01", "since=2026-11-01"),
        ("82 export", None),
        ("exports", None),
        ("", None),
    ],
)
def test_an_export_is_asked_for_by_the_first_word(text, wished):
    assert export_text(text) == wished
