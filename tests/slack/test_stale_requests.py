"""What Slack has given up on is not carried out, and nothing that it still waits for is taken for that."""

from email.utils import formatdate

import pytest

from bot.slack.api.clock import REMEMBERED, SlackClock
from bot.slack.stale_requests import SLACKS_PATIENCE, WAITS_SINCE, Late

NOW = 1_790_000_000


class Watch:
    """One machine's clocks: `wall` may be wrong, `runs` is not."""

    def __init__(self):
        self.runs = 1000.0
        self.wall = float(NOW)

    def passes(self, seconds):
        self.runs += seconds
        self.wall += seconds


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def clock(watch):
    """Slack's clock, which has just said what time it is."""
    clock = SlackClock(lambda: watch.runs, lambda: watch.wall)
    clock.heard(formatdate(NOW, usegmt=True))
    return clock


def test_the_age_of_what_was_signed_is_the_least_that_it_can_be(clock, watch):
    watch.passes(10)
    # It may have been signed at the end of that second.
    assert clock.age(NOW) == pytest.approx(9)
    assert clock.age(NOW + 10) == clock.age(NOW + 20) == 0


@pytest.mark.parametrize("wrong", [-100, 100])
def test_setting_this_machines_clock_makes_nothing_old_that_is_not(clock, watch, wrong):
    watch.passes(2)
    watch.wall += wrong
    assert clock.age(NOW) <= 1


def test_what_is_old_by_slacks_clock_alone_is_not_old(watch):
    clock = SlackClock(lambda: watch.runs, lambda: watch.wall)
    clock.heard(formatdate(NOW + 3600, usegmt=True))
    assert clock.age(NOW) == 0


def test_answers_that_were_long_on_their_way_do_not_make_slacks_clock_slow(clock, watch):
    watch.passes(10)
    clock.heard(formatdate(NOW + 4, usegmt=True))
    assert clock.age(NOW) == pytest.approx(9)


def test_a_date_that_is_wrong_is_forgotten(clock, watch):
    watch.wall += 10_000
    clock.heard(formatdate(NOW + 3600, usegmt=True))
    assert clock.age(NOW) > 3000
    for _ in range(REMEMBERED):
        clock.heard(formatdate(NOW, usegmt=True))
    assert clock.age(NOW) == 0


@pytest.mark.parametrize("date", ["", "yesterday", "Sun, 99 Nov 2026 08:00:00 GMT"])
def test_without_slacks_word_nothing_is_old(watch, date):
    clock = SlackClock(lambda: watch.runs, lambda: watch.wall)
    clock.heard(date)
    assert clock.age(NOW - 1000) == 0


COMMAND = {"command": "/campaign-activate"}


@pytest.mark.parametrize(
    ("body", "is_late"),
    [
        (COMMAND, True),
        ({"type": "block_actions"}, True),
        ({"type": "view_submission"}, True),
        ({"type": "shortcut"}, True),
        ({"type": "block_suggestion"}, False),
        ({"type": "event_callback", "event": {"type": "app_mention"}}, False),
    ],
)
def test_what_a_person_waits_for_can_be_late(body, is_late):
    assert Late(None, lambda: 1000.0).has_come(body, {WAITS_SINCE: 1000.0 - SLACKS_PATIENCE - 0.1}) is is_late


def test_what_slack_still_waits_for_is_in_time():
    late = Late(None, lambda: 1000.0)
    assert not late.has_come(COMMAND, {WAITS_SINCE: 1000.0 - SLACKS_PATIENCE})
    assert not late.has_come(COMMAND, {})
