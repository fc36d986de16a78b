"""When the next try comes: later and later, and for no two launches at the same moment."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.request import LaunchId
from bot.launch.events import BOT, Approved, Entry, Reminded
from bot.launch.evolve import evolve
from bot.launch.outcome import NotSent
from bot.launch.state import State
from bot.launch.timing import (
    LONGEST_WAIT,
    SHORTEST_WAIT,
    due_at,
    next_doubt_reminder,
    next_tick,
    put_off_until,
    wait_after,
)
from bot.policy.demands import Demands
from tests.builders import BEN, NOON, asked, by_bot, launch, started

REFUSED = NotSent("the platform's host refused the connection")


def missed(times: int, launch_id: str = "L1"):
    """An approved launch whose tries never left, one a minute."""
    tries = [by_bot(event) for _ in range(times) for event in (started(launch_id), REFUSED)]
    return launch((BEN, Approved()), *tries, launch_id=launch_id)


def wait(one) -> timedelta:
    return due_at(one) - one.moved_at


def test_an_approved_launch_is_due_at_once():
    assert wait(launch((BEN, Approved()))) == timedelta()


def test_the_waits_between_tries_grow_within_bounds():
    waits = [wait(missed(times)) for times in range(1, 20)]
    assert SHORTEST_WAIT * 0.75 <= waits[0] <= SHORTEST_WAIT * 1.25
    assert max(waits) <= LONGEST_WAIT * 1.25
    assert waits[9] > waits[3] > waits[0]


@pytest.mark.parametrize(("age", "wait"), [(0, 2), (4, 2), (10, 5), (60, 30), (3600, 30)])
def test_a_backoff_is_half_of_how_long_it_has_been_tried_within_its_bounds(age, wait):
    backoff = wait_after(NOON, NOON + timedelta(seconds=age), most=timedelta(seconds=30))
    assert backoff == timedelta(seconds=wait)


def test_launches_that_missed_together_do_not_come_back_together():
    waits = {wait(missed(3, f"L{number}")) for number in range(50)}
    assert len(waits) == 50
    assert max(waits) > min(waits) * 1.4


def test_a_request_is_due_for_its_reminders_and_when_it_expires():
    nagged = asked(demands=Demands(reminders=(timedelta(minutes=15), timedelta(minutes=60))))
    first = launch(requested=nagged)
    second = launch(by_bot(Reminded()), requested=nagged)
    third = launch(by_bot(Reminded()), by_bot(Reminded()), requested=nagged)
    assert [due_at(one) - NOON for one in (first, second, third)] == [
        timedelta(minutes=15),
        timedelta(minutes=60),
        timedelta(hours=4),
    ]


def test_one_reminder_stands_for_all_that_were_missed():
    late = Entry(LaunchId("L1"), 2, NOON + timedelta(hours=2), BOT, Reminded())
    assert due_at(evolve(launch(), late)) == NOON + timedelta(hours=4)


def test_the_second_line_is_called_half_an_hour_before_the_end_at_most():
    called = launch(requested=asked(demands=Demands(reminders=(), second_line="admin")))
    assert due_at(called) == NOON + timedelta(hours=3, minutes=30)
    short = replace(asked(demands=Demands(reminders=(), second_line="admin")), expires_at=NOON + timedelta(minutes=20))
    assert due_at(launch(requested=short)) == NOON + timedelta(minutes=15)


def test_an_approved_launch_waits_for_the_hold_and_for_its_own_time_whichever_is_later():
    held = Demands(hold=timedelta(minutes=10))
    later = NOON + timedelta(hours=1)
    approved = (BEN, Approved())
    assert due_at(launch(approved)) == NOON + timedelta(minutes=1)
    assert due_at(launch(approved, requested=asked(demands=held))) == NOON + timedelta(minutes=11)
    assert due_at(launch(approved, requested=asked(demands=held, at=later))) == later
    soon = NOON + timedelta(minutes=5)
    assert due_at(launch(approved, requested=asked(demands=held, at=soon))) == NOON + timedelta(minutes=11)


def test_a_launch_that_cannot_be_checked_is_tried_at_growing_distances():
    missed = launch((BEN, Approved()), *[by_bot(NotSent("the roles could not be checked"))] * 9)
    assert due_at(missed) >= missed.last_miss_at + timedelta(minutes=2)


def test_a_hold_counts_down_the_faster_the_nearer_it_ends():
    held = launch((BEN, Approved()), requested=asked(demands=Demands(hold=timedelta(minutes=2))))
    begin = NOON + timedelta(minutes=1)
    assert next_tick(held, begin) == begin + timedelta(seconds=30)
    assert next_tick(held, begin + timedelta(seconds=112)) == begin + timedelta(seconds=117)
    assert next_tick(held, begin + timedelta(seconds=118)) == begin + timedelta(minutes=2)
    assert next_tick(held, begin + timedelta(minutes=2)) is None


@given(
    spans=st.lists(st.integers(1, 10_000), max_size=4),
    told=st.integers(0, 20),
    passed=st.integers(0, 30_000),
)
def test_no_doubt_is_put_off_beyond_what_a_verification_takes_for_possible(spans, told, passed):
    """Also where more reminders were told than had come, as after a second try that moved the doubt's beginning."""
    demands = Demands(reminders=tuple(timedelta(minutes=span) for span in spans))
    doubtful = launch((BEN, Approved()), requested=asked(demands=demands)).but(
        state=State.IN_DOUBT, doubt_reminders=told
    )
    now = doubtful.moved_at + timedelta(minutes=passed)
    assert next_doubt_reminder(doubtful, now) <= put_off_until(doubtful, now)
