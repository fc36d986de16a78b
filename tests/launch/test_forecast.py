"""When a launch would start: what is said beforehand is what the gate and the clock then do."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.campaign.request import LaunchId
from bot.launch.events import Approved, Entry, Postponed
from bot.launch.evolve import evolve
from bot.launch.forecast import FARTHEST, QUIET, Wait, forecast, foreseen
from bot.launch.state import State
from bot.launch.timing import due_at
from bot.policy.context import PolicyContext
from bot.policy.demands import Demands, Freeze, QuietHours
from bot.policy.policy import Policy, RoleList
from bot.worker.gate import Gate
from tests.builders import ANA, BEN, PREVIEW, asked, launch
from tests.message.builders import unchecked
from tests.policy.strategies import FREEZES, QUIET_HOURS

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from([BERLIN, ZoneInfo("UTC"), ZoneInfo("America/St_Johns"), ZoneInfo("Pacific/Kiritimati")])
MOMENTS = st.timedeltas(timedelta(), timedelta(days=365)).map(lambda into: datetime(2026, 1, 1, tzinfo=UTC) + into)
HOLDS = st.sampled_from([timedelta(), timedelta(seconds=1), timedelta(minutes=30), timedelta(hours=10)])

WEEKEND = QuietHours(time(18), time(8), 3, ("fri",))
NIGHT = QuietHours(time(20), time(8), 1)
FRIDAY_NIGHT = datetime(2026, 11, 27, 21, 0, tzinfo=UTC)
MONDAY_8 = datetime(2026, 11, 30, 8, 0, tzinfo=BERLIN)
ALWAYS_QUIET = QuietHours(time(0), time(0), 1)


class At:
    """A journal as far as the gate needs one: what time it is, and that nobody stops anything."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def stopped_since(self, _launch) -> None:
        return None


class Everybody:
    def holds(self, _person, _role):
        return True

    def held(self, _person, among):
        return frozenset(among)


def approved(demands, at, approved_at):
    requested = replace(asked(demands=demands, at=at), expires_at=approved_at + timedelta(days=1))
    return evolve(launch(requested=requested), Entry(LaunchId("L1"), 2, approved_at, BEN, Approved()))


def starts(demands, zone, at, approved_at):
    """When it does start: the launch as the worker takes it, each time it is due, to the real gate."""
    members = {name: RoleList((ANA, BEN)) for name in ("requester", "approver", "admin")}
    policy = Policy(roles=members, base=demands, zone=zone)
    context = PolicyContext(lambda: policy, Everybody(), lambda *_: (), unchecked())
    one = approved(demands, at, approved_at)
    while due_at(one) - max(approved_at + demands.hold, at or approved_at) < FARTHEST:
        veto = Gate(At(due_at(one)), context, None).check(one, PREVIEW)
        if veto is None:
            return due_at(one)
        assert isinstance(veto, Postponed)
        one = evolve(one, Entry(LaunchId("L1"), one.version + 1, due_at(one), "", veto))
    return None


@given(
    quiet=st.lists(QUIET_HOURS | st.just(ALWAYS_QUIET), max_size=3, unique=True),
    freezes=st.lists(FREEZES | st.just(Freeze(date(2026, 3, 1), date.max)), max_size=3, unique=True),
    hold=HOLDS,
    zone=ZONES,
    approved_at=MOMENTS,
    later=st.none() | st.timedeltas(timedelta(days=-2), timedelta(days=40)),
)
@settings(max_examples=300, deadline=None)
def test_no_launch_starts_at_another_moment_than_was_said(quiet, freezes, hold, zone, approved_at, later):
    demands = Demands(quiet_hours=tuple(quiet), freezes=tuple(freezes), hold=hold)
    at = None if later is None else approved_at + later
    said = forecast(asked(at=at).request, demands, zone, approved_at)
    assert said.start == starts(demands, zone, at, approved_at)
    assert bool(said.waits) == (said.start != approved_at)


@given(
    quiet=st.lists(QUIET_HOURS, max_size=3, unique=True),
    freezes=st.lists(FREEZES, max_size=3, unique=True),
    hold=HOLDS,
    zone=ZONES,
    approved_at=MOMENTS,
    longer=st.timedeltas(timedelta(), timedelta(days=9)),
)
@settings(max_examples=200, deadline=None)
def test_what_is_said_not_to_start_before_a_moment_never_does_however_late_it_is_approved(
    quiet, freezes, hold, zone, approved_at, longer
):
    demands = Demands(quiet_hours=tuple(quiet), freezes=tuple(freezes), hold=hold)
    said = forecast(asked().request, demands, zone, approved_at).start
    later = forecast(asked().request, demands, zone, approved_at + longer).start
    assert said is None or later is None or said <= later


CASES = {
    "nothing": (Demands(), None, FRIDAY_NIGHT, ()),
    "a hold": (Demands(hold=timedelta(minutes=2)), None, FRIDAY_NIGHT + timedelta(minutes=2), (Wait.HOLD,)),
    "a hold that ends in quiet hours": (
        Demands(hold=timedelta(hours=2), quiet_hours=(WEEKEND,)),
        None,
        MONDAY_8,
        (Wait.HOLD, Wait.QUIET),
    ),
    "quiet hours that end before its own moment": (
        Demands(quiet_hours=(NIGHT,)),
        datetime(2026, 11, 28, 12, tzinfo=UTC),
        datetime(2026, 11, 28, 12, tzinfo=UTC),
        (Wait.OWN_MOMENT,),
    ),
    "its own moment in quiet hours": (
        Demands(quiet_hours=(WEEKEND,)),
        datetime(2026, 11, 28, 12, tzinfo=UTC),
        MONDAY_8,
        (Wait.OWN_MOMENT, Wait.QUIET),
    ),
    "its own moment before the hold is over": (
        Demands(hold=timedelta(hours=2)),
        FRIDAY_NIGHT + timedelta(hours=1),
        FRIDAY_NIGHT + timedelta(hours=2),
        (Wait.HOLD,),
    ),
    "quiet hours without end": (Demands(quiet_hours=(ALWAYS_QUIET,)), None, None, (Wait.QUIET,)),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_said_what_a_launch_would_wait_for(case):
    demands, at, start, waits = CASES[case]
    said = forecast(asked(at=at).request, demands, BERLIN, FRIDAY_NIGHT)
    assert (said.start, said.waits) == (start, waits)


def test_an_approved_launch_whose_hold_ends_in_quiet_hours_is_not_said_to_start_then():
    one = approved(Demands(hold=timedelta(minutes=2), quiet_hours=(WEEKEND,)), None, FRIDAY_NIGHT)
    will = foreseen(one, BERLIN)
    assert (will.not_before, will.waits_for, will.state) == (MONDAY_8, QUIET, State.APPROVED)
    assert foreseen(one, None) == one
    assert foreseen(approved(Demands(hold=timedelta(minutes=2)), None, FRIDAY_NIGHT), BERLIN).waits_for == ""
