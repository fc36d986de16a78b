"""Whether a schedule leaves an hour free; what is not known of it may mean any moment."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.schedule import Schedule, may_start

NOON = datetime(2026, 11, 23, 12, 0, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOSCOW = ZoneInfo("Europe/Moscow")


def soon(schedule: Schedule, zone: ZoneInfo | None = None) -> bool:
    return may_start(schedule, NOON, NOON + HOUR, zone)


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule(),
        Schedule(minutes=(38,)),
        Schedule(minutes=(38,), hours=(12,), zone="UTC"),
        Schedule(minutes=(0,), hours=(13,), zone="UTC"),
        Schedule(minutes=(38,), hours=(15,), zone="Europe/Moscow"),
        Schedule(minutes=(38,), hours=(12,), weekdays=(6,), zone="UTC"),
    ],
)
def test_a_schedule_that_names_a_moment_within_the_hour_may_start(schedule):
    assert soon(schedule)


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule(minutes=(38,), hours=(11,), zone="UTC"),
        Schedule(minutes=(38,), hours=(13,), zone="UTC"),
        Schedule(minutes=(38,), hours=(12,), zone="Europe/Moscow"),
        Schedule(minutes=(38,), hours=(12,), month_days=(24,), zone="UTC"),
        Schedule(minutes=(38,), hours=(12,), months=(12,), zone="UTC"),
        Schedule(minutes=(38,), hours=(12,), years=(2025,), zone="UTC"),
    ],
)
def test_a_schedule_that_names_none_does_not(schedule):
    assert not soon(schedule)


def test_without_a_zone_it_may_mean_any_clock_on_earth():
    schedule = Schedule(minutes=(38,), hours=(3,))
    assert soon(schedule)
    assert not soon(schedule, MOSCOW)
    assert not soon(Schedule(minutes=(38,), years=(2025,)))


@pytest.mark.parametrize("schedule", [Schedule(hours=(3,), zone="Mars"), Schedule(hours=(3,), by_profile=True)])
def test_neither_an_unknown_zone_nor_everybodys_own_is_a_clock_to_go_by(schedule):
    assert may_start(schedule, NOON, NOON + HOUR, MOSCOW)


PARTS = st.lists(st.integers(0, 59), max_size=3).map(tuple)


@given(PARTS, PARTS, st.sampled_from(["", "UTC", "Europe/Moscow"]), st.sampled_from([None, MOSCOW]))
def test_what_may_start_within_the_hour_may_do_so_the_more_the_less_is_known(minutes, hours, zone, usual):
    known = Schedule(minutes=minutes, hours=hours, zone=zone)
    if soon(known, usual):
        assert soon(Schedule(minutes=minutes), usual)
        assert soon(Schedule(minutes=minutes, hours=hours))
