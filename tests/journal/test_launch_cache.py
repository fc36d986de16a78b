"""Launches are remembered as they were seen last, up to a bound: those that change stay."""

from dataclasses import replace

from bot.journal import launch_cache as remembering
from bot.journal.launch_cache import Remembered
from tests.builders import launch


def test_a_launch_that_is_seen_again_outlives_those_that_are_not(monkeypatch):
    monkeypatch.setattr(remembering, "MOST_REMEMBERED", 2)
    remembered = Remembered()
    for launch_id in ("L1", "L2", "L1", "L3"):
        remembered.put(launch(launch_id=launch_id))
    assert [bool(remembered.get(launch_id)) for launch_id in ("L1", "L2", "L3")] == [True, False, True]


def test_what_was_read_late_does_not_hide_what_came_after_it():
    remembered, older = Remembered(), launch()
    newer = replace(older, version=older.version + 1)
    remembered.put(newer)
    remembered.put(older)
    assert remembered.get(older.id) is newer
