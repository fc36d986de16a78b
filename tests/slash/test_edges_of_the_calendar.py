"""Any day that people can type gets an answer, and the clocks are asked for only where a moment needs them."""

from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.slash.activate import parse
from bot.slash.export import NoWish, day_or_moment, export_wish
from bot.slash.moment import NoMoment, moment_in
from bot.slash.words import CommandError

ZONES = st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata", "Pacific/Kiritimati", "America/Adak"]).map(ZoneInfo)
OFFSETS = st.sampled_from(["", "Z", "+23:59", "-23:59", "+01:00", "+24:00", "-99:99"])
MOMENTS = st.builds(
    lambda year, month, day, hour, offset: f"{year:04}-{month:02}-{day:02}T{hour:02}:00{offset}",
    st.sampled_from([0, 1, 2, 26, 1969, 1970, 2026, 2286, 2287, 3026, 9998, 9999]),
    st.integers(0, 13),
    st.integers(0, 32),
    st.integers(0, 24),
    OFFSETS,
)


def not_asked():
    raise AssertionError("the clocks were asked for")


@given(MOMENTS | st.text(max_size=30), ZONES)
@example("0001-01-01T00:00+23:59", ZoneInfo("UTC"))
@example("9999-12-31T23:00-23:59", ZoneInfo("UTC"))
@example("9999-12-31T23:00", ZoneInfo("America/Adak"))
def test_no_moment_that_can_be_typed_ends_without_an_answer(text, zone):
    for read in (lambda: moment_in(text, lambda: zone), lambda: day_or_moment(text), lambda: day_or_moment(text[:10])):
        with suppress(NoMoment):
            assert read().tzinfo is UTC
    for wish in (f"since={text}", f"until={text[:10]}"):
        with suppress(NoWish):
            export_wish(wish, lambda: zone)


@pytest.mark.parametrize("at", ["0026-12-01T09:00", "3026-12-01T09:00Z", "0001-01-01T00:00", "9999-12-31T23:59-11:00"])
def test_a_start_that_no_form_can_show_is_never_taken(at):
    with pytest.raises(CommandError) as wrong:
        parse(f"82 at={at}", lambda: UTC)
    assert wrong.value.word == f"at={at}"


@pytest.mark.parametrize(
    "text",
    [
        "82 run_now at=2026-12-01T09:00+01:00",
        "82 run_now at=2026-12-01T08:00Z",
        "82 run_now content.at=x",
        '82 run_now reason="meet at=noon"',
        "82 run_now",
    ],
)
def test_a_moment_with_its_offset_never_fails_for_want_of_a_time_zone(text):
    asked = parse(text, not_asked)
    assert asked.at in (None, datetime(2026, 12, 1, 8, tzinfo=UTC))
