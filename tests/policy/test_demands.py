"""Quiet hours and frozen days: when they hold, when they are over, and the nights that change the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.demands import Demands, Freeze, QuietHours
from tests.policy.strategies import FREEZES, NIGHTS, QUIET_HOURS, WEEKENDS

BERLIN = ZoneInfo("Europe/Berlin")
LUNCH = QuietHours(time(12), time(14), 0)
MONDAY_AND_TUESDAY_NIGHTS = QuietHours(time(20), time(8), 1, ("mon", "tue"))
CHRISTMAS = Freeze(date(2026, 12, 24), date(2026, 12, 26))
NEW_YEAR = Freeze(date(2027, 1, 1), date(2027, 1, 1))

OPEN = None


def until(quiet: tuple[QuietHours | Freeze, ...], moment: datetime) -> datetime | None:
    hours = tuple(one for one in quiet if isinstance(one, QuietHours))
    freezes = tuple(one for one in quiet if isinstance(one, Freeze))
    return Demands(quiet_hours=hours, freezes=freezes).quiet_until(moment, BERLIN)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("quiet", "moment", "over"),
    [
        ((), "2026-11-23 13:00", OPEN),
        ((LUNCH,), "2026-11-23 11:59:59", OPEN),
        ((LUNCH,), "2026-11-23 12:00", "2026-11-23 14:00"),
        ((LUNCH,), "2026-11-23 13:59:59", "2026-11-23 14:00"),
        ((LUNCH,), "2026-11-23 14:00", OPEN),
        ((NIGHTS,), "2026-11-23 20:00", "2026-11-24 08:00"),
        ((NIGHTS,), "2026-11-24 00:00", "2026-11-24 08:00"),
        ((NIGHTS,), "2026-11-24 07:59:59", "2026-11-24 08:00"),
        ((NIGHTS,), "2026-11-24 08:00", OPEN),
        ((WEEKENDS,), "2026-11-27 17:59", OPEN),
        ((WEEKENDS,), "2026-11-27 18:00", "2026-11-30 08:00"),
        ((WEEKENDS,), "2026-11-29 03:00", "2026-11-30 08:00"),
        ((WEEKENDS,), "2026-11-30 08:00", OPEN),
        ((WEEKENDS,), "2026-11-26 20:00", OPEN),
        ((MONDAY_AND_TUESDAY_NIGHTS,), "2026-11-23 21:00", "2026-11-24 08:00"),
        ((MONDAY_AND_TUESDAY_NIGHTS,), "2026-11-25 07:00", "2026-11-25 08:00"),
        ((MONDAY_AND_TUESDAY_NIGHTS,), "2026-11-25 21:00", OPEN),
        ((MONDAY_AND_TUESDAY_NIGHTS,), "2026-11-23 07:00", OPEN),
        ((CHRISTMAS,), "2026-12-23 23:59:59", OPEN),
        ((CHRISTMAS,), "2026-12-24 00:00", "2026-12-27 00:00"),
        ((CHRISTMAS,), "2026-12-26 23:59:59", "2026-12-27 00:00"),
        ((CHRISTMAS,), "2026-12-27 00:00", OPEN),
        ((NEW_YEAR,), "2027-01-01 12:00", "2027-01-02 00:00"),
    ],
)
def test_nothing_starts_from_the_first_moment_of_a_quiet_time_to_its_last(quiet, moment, over):
    assert until(quiet, berlin(moment)) == (over and berlin(over))


@pytest.mark.parametrize(
    ("quiet", "moment", "over"),
    [
        ((LUNCH, QuietHours(time(14), time(16), 0)), "2026-11-23 12:30", "2026-11-23 16:00"),
        ((LUNCH, QuietHours(time(14, 1), time(16), 0)), "2026-11-23 12:30", "2026-11-23 14:00"),
        ((NIGHTS, WEEKENDS), "2026-11-26 21:00", "2026-11-27 08:00"),
        ((NIGHTS, CHRISTMAS), "2026-12-23 21:00", "2026-12-27 08:00"),
        ((NIGHTS, WEEKENDS, CHRISTMAS), "2026-12-23 21:00", "2026-12-28 08:00"),
        ((CHRISTMAS, Freeze(date(2026, 12, 27), date(2026, 12, 31)), NEW_YEAR), "2026-12-24 09:00", "2027-01-02 00:00"),
    ],
)
def test_quiet_times_that_follow_each_other_are_waited_out_together(quiet, moment, over):
    assert until(quiet, berlin(moment)) == berlin(over)


def test_the_clock_that_counts_is_that_of_the_policy():
    night = Demands(quiet_hours=(NIGHTS,))
    moment = datetime(2026, 7, 1, 18, 30, tzinfo=UTC)
    assert night.quiet_until(moment, BERLIN) == datetime(2026, 7, 2, 6, tzinfo=UTC)
    assert night.quiet_until(moment, ZoneInfo("UTC")) is None


EARLY = QuietHours(time(22), time(2, 30), 1)
LATE = QuietHours(time(2, 30), time(4), 0)


@pytest.mark.parametrize(
    ("quiet", "moment", "over"),
    [
        # On 29 March 2026 the clocks jump from 2:00 to 3:00, at 1:00 UTC.
        (NIGHTS, "2026-03-29T00:30Z", "2026-03-29T06:00Z"),
        (NIGHTS, "2026-03-29T06:00Z", OPEN),
        (EARLY, "2026-03-29T00:30Z", "2026-03-29T01:30Z"),
        (EARLY, "2026-03-29T01:30Z", OPEN),
        (LATE, "2026-03-29T01:30Z", "2026-03-29T02:00Z"),
        (LATE, "2026-03-29T00:20Z", OPEN),
        # On 25 October 2026 they are set back from 3:00 to 2:00, at 1:00 UTC: 2:30 comes twice.
        (NIGHTS, "2026-10-24T18:00Z", "2026-10-25T07:00Z"),
        (NIGHTS, "2026-10-25T07:00Z", OPEN),
        (EARLY, "2026-10-25T00:15Z", "2026-10-25T01:30Z"),
        (EARLY, "2026-10-25T00:45Z", "2026-10-25T01:30Z"),
        (EARLY, "2026-10-25T01:15Z", "2026-10-25T01:30Z"),
        (EARLY, "2026-10-25T01:30Z", OPEN),
        (LATE, "2026-10-25T00:15Z", OPEN),
        (LATE, "2026-10-25T00:30Z", "2026-10-25T03:00Z"),
        (LATE, "2026-10-25T01:15Z", "2026-10-25T03:00Z"),
    ],
)
def test_in_a_night_that_changes_the_clocks_quiet_hours_are_rather_longer(quiet, moment, over):
    assert until((quiet,), datetime.fromisoformat(moment)) == (over and datetime.fromisoformat(over))


def test_frozen_days_are_over_once_where_midnight_comes_twice():
    october = Demands(freezes=(Freeze(date(2026, 10, 1), date(2026, 10, 31)),))
    havana = ZoneInfo("America/Havana")
    over = datetime(2026, 11, 1, 5, tzinfo=UTC)
    assert october.quiet_until(over - timedelta(days=3), havana) == over
    assert october.quiet_until(over - timedelta(minutes=30), havana) == over


def test_days_without_end_can_be_frozen():
    forever = Freeze(date(2026, 1, 1), date.max)
    assert until((forever,), berlin("2026-11-23 12:00")) > berlin("9999-01-01")


def test_a_policy_that_is_always_quiet_names_a_moment_a_year_away():
    around_the_clock = (QuietHours(time(0), time(12), 0), QuietHours(time(12), time(0), 1))
    moment = berlin("2026-11-23 12:00")
    assert until(around_the_clock, moment) - moment >= timedelta(days=366)


MOMENTS = st.one_of(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(-2880, 2880).map(lambda minutes: datetime(2026, 3, 29, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    st.integers(-2880, 2880).map(lambda minutes: datetime(2026, 10, 25, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
)
ZONES = st.sampled_from([BERLIN, ZoneInfo("America/Havana"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("UTC")])
FRACTIONS = st.sampled_from([0.001, 0.3, 0.9, 0.999])


@given(st.lists(QUIET_HOURS | FREEZES, min_size=2, max_size=3), MOMENTS, ZONES, FRACTIONS)
def test_what_waits_for_the_end_of_quiet_hours_waits_once_and_no_longer(quiet, moment, zone, part):
    """The moment lies ahead and is not quiet itself, and every moment before it is."""
    hours = tuple(one for one in quiet if isinstance(one, QuietHours))
    demands = Demands(quiet_hours=hours, freezes=tuple(one for one in quiet if isinstance(one, Freeze)))
    over = demands.quiet_until(moment, zone)
    if over and over - moment < timedelta(days=366):
        assert over > moment
        assert demands.quiet_until(over, zone) is None
        assert demands.quiet_until(moment + (over - moment) * part, zone) == over
