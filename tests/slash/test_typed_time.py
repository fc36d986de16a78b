"""A start as people type it: one moment that they see as a date, or a sentence that says what to type instead."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.campaign.request import ActivationRequest
from bot.phrase import told
from bot.slash.activate import parse
from bot.slash.moment import start_on
from bot.slash.words import CommandError
from bot.texts import speaking

BERLIN = ZoneInfo("Europe/Berlin")
SUNDAY = datetime(2026, 11, 29, 9, 30, 20, tzinfo=UTC)
"""10:30 in Berlin."""

ZONES = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
NOWS = st.integers(0, 30 * 365 * 24 * 3600).map(lambda s: datetime(2006, 1, 1, tzinfo=UTC) + timedelta(seconds=s))
TIMES = st.times().map(lambda one: one.replace(second=0, microsecond=0))
DAYS = st.sampled_from(["", "today", "tomorrow", "сегодня", "завтра", "послезавтра", "mon", "friday", "в среду", "вс"])


def start(typed, zone=BERLIN, now=SUNDAY):
    asked = parse(f"82 at={typed} run_now", lambda: zone, now)
    assert isinstance(asked, ActivationRequest)
    assert asked.run_now
    return asked.at


def refusal(typed, zone=BERLIN, now=SUNDAY):
    with pytest.raises(CommandError) as wrong:
        start(typed, zone, now)
    assert wrong.value.word.startswith("at=")
    return wrong.value


@pytest.mark.parametrize(
    ("typed", "in_berlin"),
    [
        ("18:55", "2026-11-29 18:55"),
        ("at 18:55", "2026-11-29 18:55"),
        ("today 18:55", "2026-11-29 18:55"),
        ("18:55 today", "2026-11-29 18:55"),
        ("tomorrow 9:00", "2026-11-30 09:00"),
        ("Tomorrow at 09:00", "2026-11-30 09:00"),
        ('"tomorrow 9:00"', "2026-11-30 09:00"),
        ("monday 9:00", "2026-11-30 09:00"),
        ("on saturday at 9:00", "2026-12-05 09:00"),
        ("Sat 23:59", "2026-12-05 23:59"),
        ("in 2h", "2026-11-29 12:30"),
        ("in 2 hours", "2026-11-29 12:30"),
        ("in 1h 30min", "2026-11-29 12:00"),
        ("in 90 min", "2026-11-29 12:00"),
        ("in 36h", "2026-11-30 22:30"),
        ("2026-12-01 9:00", "2026-12-01 09:00"),
        ("01.12.2026 9:00", "2026-12-01 09:00"),
        ("2026-12-01 09:00+03:00", "2026-12-01 07:00"),
        ("в 18:55", "2026-11-29 18:55"),
        ("сегодня в 18:55", "2026-11-29 18:55"),
        ("завтра 9:00", "2026-11-30 09:00"),
        ("послезавтра в 9:00", "2026-12-01 09:00"),
        ("в понедельник 9:00", "2026-11-30 09:00"),
        ("Во вторник в 9:00", "2026-12-01 09:00"),
        ("в субботу в 9:00", "2026-12-05 09:00"),
        ("пт 9:00", "2026-12-04 09:00"),
        ("через 2ч", "2026-11-29 12:30"),
        ("через 2 часа", "2026-11-29 12:30"),
        ("через 1 час 15 минут", "2026-11-29 11:45"),
    ],
)
def test_a_start_is_read_as_people_type_it_in_both_languages(typed, in_berlin):
    assert start(typed) == datetime.fromisoformat(in_berlin).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (
            "9:00",
            "it is 10:30 in Europe/Berlin, and 09:00 has passed today. If you mean tomorrow, write at=tomorrow 09:00.",
        ),
        ("today 9:00", "09:00 has passed today"),
        ("10:30", "10:30 has passed today"),
        ("sunday 18:00", "today is Sunday. Write at=today 18:00, or at=2026-12-06 18:00 for the next one."),
        ("sunday 9:00", "today is Sunday, and 09:00 has passed. Write at=2026-12-06 09:00 for the next one."),
        ("tomorrow", "takes the time as well, such as tomorrow 9:00"),
        ("в субботу", "takes the time as well, such as в субботу 9:00"),
        ("2026-12-01", "takes the time as well, such as 2026-12-01 9:00"),
        ("9", "with its minutes, by a clock of 24 hours"),
        ("tomorrow 9", "with its minutes, by a clock of 24 hours"),
        ("tomorrow at 9am", "with its minutes, by a clock of 24 hours"),
        ("tomorrow 9:00 pm", "with its minutes, by a clock of 24 hours"),
        ("завтра в 9 утра", "with its minutes, by a clock of 24 hours"),
        ("9.30", "with its minutes, by a clock of 24 hours"),
        ("tomorow 9:00", "Did you mean at=tomorrow 9:00?"),
        ("завтро 9:00", "Did you mean at=завтра 9:00?"),
        ("yesterday", "still to come, and yesterday is over"),
        ("yesterday 9:00", "still to come, and yesterday is over"),
        ("9:00 yesterday", "still to come, and yesterday is over"),
        ("yesterday 9", "still to come, and yesterday is over"),
        ("вчера", "still to come, and вчера is over"),
        ("вчера в 9:00", "still to come, and вчера is over"),
        ("позавчера 9:00", "still to come, and позавчера is over"),
        ("soon", "such as 18:55, tomorrow 9:00, monday 9:00 or in 2h"),
        ("at", "such as 18:55, tomorrow 9:00, monday 9:00 or in 2h"),
        ("18:55 19:55", "such as 18:55, tomorrow 9:00, monday 9:00 or in 2h"),
        ("tomorrow monday 9:00", "such as 18:55, tomorrow 9:00, monday 9:00 or in 2h"),
        ("18:55 in", "such as 18:55, tomorrow 9:00, monday 9:00 or in 2h"),
        ("25:00", "a day and a time that exist"),
        ("tomorrow 9:75", "a day and a time that exist"),
        ("30.02.2027 9:00", "a day and a time that exist"),
        ("12/01/2026 9:00", "such as 18:55"),
        ("in 0h", "counts from now in hours and minutes"),
        ("in 2 days", "counts from now in hours and minutes"),
        ("in", "counts from now in hours and minutes"),
    ],
)
def test_what_could_be_two_moments_or_none_is_asked_about(typed, says):
    assert says in refusal(f'"{typed}"').text


@pytest.mark.parametrize("typed", ["yesterday", "yesterday 9:00", "9:00 yesterday", "вчера 9:00", "Yesterday"])
def test_a_day_that_is_over_is_never_taken_for_one_to_come(typed):
    refused = refusal(typed)
    assert "is over" in refused.text
    assert refused.suggestion is None


def test_a_word_that_is_nearly_known_can_be_taken_over():
    assert start(refusal("tomorow 9:00").suggestion.removeprefix("at=")) == datetime(2026, 11, 30, 8, tzinfo=UTC)


@pytest.mark.parametrize("night", ["tomorrow 2:30", "sunday 2:30", "завтра в 2:30", "29.03.2026 2:30"])
def test_an_hour_that_the_clocks_skip_is_told_with_the_hours_beside_it(night):
    said = refusal(f'"{night}"', now=datetime(2026, 3, 28, 12, tzinfo=UTC)).text
    assert "the clocks skip this one. Write at=2026-03-29T03:30 or at=2026-03-29T01:30." in said


@pytest.mark.parametrize("night", ["tomorrow 2:30", "sunday 2:30", "завтра в 2:30", "25.10.2026 2:30"])
def test_an_hour_that_comes_twice_is_told_with_both_of_them(night):
    now = datetime(2026, 10, 24, 12, tzinfo=UTC)
    said = refusal(f'"{night}"', now=now).text
    assert "at=2026-10-25T02:30+02:00 for the first time, at=2026-10-25T02:30+01:00 for the second." in said
    first, second = (start(f"2026-10-25T02:30{offset}", now=now) for offset in ("+02:00", "+01:00"))
    assert second - first == timedelta(hours=1)


def test_what_counts_from_now_counts_hours_that_pass_not_those_that_the_clocks_show():
    before = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert start("in 2h", now=before) == before + timedelta(hours=2)


def echoed(moment, zone):
    """The date and the time that are shown for a start, and whether the zone stands beside them."""
    sentence = str(start_on(moment, zone))
    assert sentence.endswith(f", {zone}.")
    return sentence.removeprefix("You typed a start: ").partition(" (")[0]


@given(TIMES, DAYS, ZONES, NOWS)
@example(time(2, 30), "tomorrow", BERLIN, datetime(2026, 10, 24, 12, tzinfo=UTC))
def test_a_start_typed_as_it_is_echoed_is_the_same_start(time_of_day, day, zone, now):
    try:
        first = start(f"{day} {time_of_day:%H:%M}".strip(), zone, now)
    except CommandError:
        return
    assert start(echoed(first, zone), zone, now) == first
    assert first.astimezone(zone).time() == time_of_day
    assert now < first <= now + timedelta(days=9)


@given(st.integers(1, 9999), st.sampled_from(["in {}min", "in {} minutes", "через {} мин"]), ZONES, NOWS)
@example(60, "in {}min", BERLIN, datetime(2026, 10, 25, 0, 15, tzinfo=UTC))
def test_what_counts_from_now_typed_as_it_is_echoed_is_the_same_start(minutes, written, zone, now):
    found = start(written.format(minutes), zone, now)
    assert start(echoed(found, zone), zone, now) == found
    assert timedelta(0) < found - now <= timedelta(minutes=minutes)


CHANGES = st.sampled_from(
    [
        ("Europe/Berlin", "2026-03-29", "02:00", 60),
        ("Europe/Berlin", "2026-10-25", "02:00", 60),
        ("America/New_York", "2026-03-08", "02:00", 60),
        ("America/New_York", "2026-11-01", "01:00", 60),
        ("Australia/Lord_Howe", "2026-10-04", "02:00", 30),
        ("Australia/Lord_Howe", "2026-04-05", "01:30", 30),
        ("America/Sao_Paulo", "2018-11-04", "00:00", 60),
        ("Pacific/Apia", "2011-12-30", "00:00", 24 * 60),
    ]
)


@given(CHANGES, st.integers(0, 24 * 60 - 1), st.sampled_from(["tomorrow", "завтра в"]))
def test_a_minute_that_the_clocks_skip_or_repeat_is_always_asked_about(change, minute, day):
    zone, date, begin, minutes = change
    at = datetime.fromisoformat(f"{date}T{begin}") + timedelta(minutes=minute % minutes)
    now = datetime.fromisoformat(f"{date}T12:00").replace(tzinfo=ZoneInfo(zone)) - timedelta(days=1)
    if zone == "Pacific/Apia":
        now = datetime(2011, 12, 29, 12, tzinfo=ZoneInfo(zone))
    assert "the clocks" in refusal(f"{day} {at:%H:%M}", ZoneInfo(zone), now.astimezone(UTC)).text


def test_the_echo_names_the_day_in_the_readers_language():
    sentence = start_on(datetime(2026, 12, 1, 8, tzinfo=UTC), BERLIN)
    assert sentence == "You typed a start: 2026-12-01 09:00 (Tuesday), Europe/Berlin."
    with speaking("ru"):
        assert "2026-12-01 09:00 (вторник), Europe/Berlin" in told(sentence)


def test_only_the_words_that_go_on_with_a_start_are_its_own():
    asked = parse("82 at=tomorrow 9:00 limit=5 run_now", lambda: BERLIN, SUNDAY)
    assert (asked.limit, asked.run_now) == (5, True)
    for command, at_fault in {"82 at=tomorrow limit=5 9:00": "at=tomorrow", "82 at=tomorrow 9:00 83": "83"}.items():
        with pytest.raises(CommandError) as wrong:
            parse(command, lambda: BERLIN, SUNDAY)
        assert wrong.value.word == at_fault


def test_without_a_now_only_a_date_is_a_start():
    with pytest.raises(CommandError, match="a day and a time such as"):
        parse("82 at=tomorrow 9:00", lambda: BERLIN)
    assert parse("82 at=2026-12-01 9:00", lambda: BERLIN).at == datetime(2026, 12, 1, 8, tzinfo=UTC)
