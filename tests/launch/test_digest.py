"""A week's launches, each told in one list, by what became of it last; and when the week is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.launch.digest import digest, week_to_tell
from bot.launch.search import Found
from bot.launch.state import State
from tests.builders import NOON, launch
from tests.slack.stops import STANDINGS as STOPS
from tests.slack.test_views import STANDINGS

BERLIN = ZoneInfo("Europe/Berlin")
AFTER = NOON + timedelta(days=7)
WEEK = week_to_tell(AFTER, BERLIN)
LISTS = ("launched", "in_doubt", "refused", "undone", "came_to_nothing", "coming")


def lists_of(*launches):
    found = [Found(one, "1.2") for one in launches]
    told = digest(WEEK, found, found)
    return [name for name in LISTS if getattr(told, name)]


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (datetime(2026, 11, 30, 7, 59, 59, tzinfo=UTC), None),
        (datetime(2026, 11, 30, 8, tzinfo=UTC), "2026-11-23"),
        (datetime(2026, 12, 6, 22, 59, tzinfo=UTC), "2026-11-23"),
        (datetime(2026, 12, 6, 23, tzinfo=UTC), None),
        (datetime(2026, 3, 30, 7, tzinfo=UTC), "2026-03-23"),
    ],
)
def test_a_week_is_told_from_mondays_at_nine_on_the_policys_clocks(now, told):
    week = week_to_tell(now, BERLIN)
    assert (week.name if week else None) == told


def test_a_week_ends_at_midnight_also_where_the_clocks_were_set():
    week = week_to_tell(datetime(2026, 3, 30, 7, tzinfo=UTC), BERLIN)
    assert (week.begin, week.end) == (
        datetime(2026, 3, 22, 23, tzinfo=UTC),
        datetime(2026, 3, 29, 22, tzinfo=UTC),
    )


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_no_moment_belongs_to_two_weeks_or_to_none(now):
    week = week_to_tell(now, BERLIN)
    if week:
        assert (now in week) is False
        assert week.end <= now
        following = week_to_tell(week.end + timedelta(days=8), BERLIN)
        assert following.begin == week.end


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("running", ["launched"]),
        ("in doubt", ["in_doubt"]),
        ("rejected", ["refused"]),
        ("refused", ["refused"]),
        ("held back", ["refused"]),
        ("withheld", ["refused"]),
        ("cancelled", ["undone"]),
        ("expired", ["came_to_nothing"]),
        ("requested", []),
    ],
)
def test_each_launch_stands_in_the_one_list_that_says_what_became_of_it(name, told):
    assert lists_of(STANDINGS[name]) == told


@pytest.mark.parametrize("name", STANDINGS)
def test_no_launch_stands_in_two_lists(name):
    assert len(lists_of(STANDINGS[name])) <= 1


@pytest.mark.parametrize("name", STOPS)
def test_what_was_stopped_stands_in_one_list_and_after_its_run_among_the_launched(name):
    assert len(lists_of(STOPS[name])) <= 1


def test_what_was_practised_is_no_launch():
    one = STANDINGS["running"]
    assert lists_of(replace(one, request=replace(one.request, practice=True))) == []


@pytest.mark.parametrize("days", [-7, 7])
def test_another_weeks_launches_are_not_told(days):
    one = STANDINGS["running"]
    assert lists_of(replace(one, started_at=one.started_at + timedelta(days=days))) == []


def test_what_is_to_start_this_week_is_told_the_soonest_first_and_nothing_that_starts_later():
    def at(days, state=State.APPROVED, launch_id="L1"):
        one = launch(launch_id=launch_id)
        return replace(one, state=state, request=replace(one.request, at=AFTER + timedelta(days=days)))

    found = [Found(one, None) for one in (at(4, launch_id="L2"), at(1, State.REQUESTED), at(8, launch_id="L3"))]
    assert [one.launch.id for one in digest(WEEK, [], found).coming] == ["L1", "L2"]
