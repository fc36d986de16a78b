"""A start that was typed is shown as it is understood, with the clocks on which it was read."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.cast import ANA, texts

TOMORROW = datetime.now(UTC).date() + timedelta(days=1)


@pytest.fixture
def without_clock(scene):
    def known(zone):
        scene.run(lambda: setattr(scene.workspace.state.people[ANA], "tz", zone))
        scene.kill_bot()
        scene.start_bot()

    known("")
    yield scene
    known("Europe/Berlin")


def test_the_form_never_hides_on_whose_clocks_a_start_is_understood(scene):
    form = scene.opens(f"82 run_now at={TOMORROW}T18:55")
    assert f"You typed a start: {TOMORROW} 18:55, Europe/Berlin." in texts(form)


@pytest.mark.parametrize("offset", ["+01:00", "Z"])
def test_a_start_with_its_offset_is_taken_although_slack_tells_no_time_zone(without_clock, offset):
    form = without_clock.opens(f"82 run_now at={TOMORROW}T18:55{offset}")
    assert "You typed a start" not in texts(form)
