"""When the next try comes: later and later, and for no two launches at the same moment."""

from datetime import timedelta

from bot.launch.events import Approved
from bot.launch.outcome import NotSent
from bot.launch.timing import LONGEST_WAIT, SHORTEST_WAIT, due_at
from tests.builders import BEN, NOON, by_bot, launch, started

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


def test_launches_that_missed_together_do_not_come_back_together():
    waits = {wait(missed(3, f"L{number}")) for number in range(50)}
    assert len(waits) == 50
    assert max(waits) > min(waits) * 1.4


def test_a_request_is_due_when_it_expires():
    assert due_at(launch()) == NOON + timedelta(hours=4)
