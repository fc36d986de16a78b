"""The pauses that Slack asks for: kept for the whole channel, and left one after the other."""

from datetime import timedelta

from bot.worker.pacing import SPACING, Pace
from tests.builders import NOON

PAUSE_ENDS = NOON + timedelta(seconds=30)


def test_without_a_pause_everybody_goes_ahead():
    assert Pace().turn("C1", NOON) is None


def test_a_pause_gives_each_launch_of_the_channel_a_turn_after_it():
    pace = Pace()
    pace.keep_quiet("C1", PAUSE_ENDS)
    assert [pace.turn("C1", NOON) for _ in range(3)] == [PAUSE_ENDS, PAUSE_ENDS + SPACING, PAUSE_ENDS + 2 * SPACING]
    assert pace.turn("C2", NOON) is None


def test_after_the_pause_everybody_goes_ahead():
    pace = Pace()
    pace.keep_quiet("C1", PAUSE_ENDS)
    pace.turn("C1", NOON)
    assert pace.turn("C1", PAUSE_ENDS) is None


def test_a_shorter_pause_does_not_end_a_longer_one():
    pace = Pace()
    pace.keep_quiet("C1", PAUSE_ENDS)
    pace.keep_quiet("C1", NOON + timedelta(seconds=1))
    assert pace.turn("C1", NOON + timedelta(seconds=2)) == PAUSE_ENDS
