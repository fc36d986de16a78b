"""What somebody wishes to take away is understood as a whole, or not at all."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.launch.record import Format, Wish
from bot.slash.export import NoWish, day_or_moment, export_wish
from bot.slash.moment import NoMoment

BERLIN = ZoneInfo("Europe/Berlin")
SUMMER, WINTER = datetime(2026, 6, 30, 22, tzinfo=UTC), datetime(2026, 11, 30, 23, tzinfo=UTC)


def wish(text):
    return export_wish(text, lambda: BERLIN)


def refusal(text):
    """The sentence; a full stop alone for a wish that is understood."""
    try:
        wish(text)
    except NoWish as wrong:
        return str(wrong)
    return "."


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", Wish()),
        ("jsonl", Wish(format=Format.JSONL)),
        ("82 CSV", Wish(campaign_id=82)),
        ("since=2026-07-01", Wish(since=SUMMER)),
        ("until=2026-12-01 since=2026-07-01 82", Wish(campaign_id=82, since=SUMMER, until=WINTER)),
        ("since=2026-07-01T00:00+02:00", Wish(since=SUMMER)),
    ],
)
def test_words_in_any_order_on_the_clocks_of_whoever_asks(text, wanted):
    assert wish(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "pdf",
        "csv csv",
        "82 83",
        "0",
        "since=",
        "since",
        "since=2026-13-01",
        "csv=82",
        "82=",
        "since=2026-11-02 until=2026-11-02",
    ],
)
def test_anything_else_is_refused_with_a_sentence(text):
    with pytest.raises(NoWish, match=r"\.$"):
        wish(text)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_wish_or_a_sentence(text):
    assert refusal(text).endswith(".")


def test_nobodys_clocks_are_asked_for_where_no_day_is_named():
    def never():
        raise AssertionError

    assert export_wish("82 csv", never) == Wish(campaign_id=82)


def test_in_a_terminal_a_day_begins_on_the_machines_clocks():
    assert day_or_moment("2026-07-01") == datetime(2026, 7, 1).astimezone()
    assert day_or_moment("2026-07-01T00:00+02:00") == SUMMER
    assert day_or_moment("2026-06-30T22:00Z") == SUMMER
    with pytest.raises(NoMoment):
        day_or_moment("1.7.2026")
