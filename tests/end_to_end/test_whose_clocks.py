"""A start that was typed is shown as it is understood, with the clocks on which it was read."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sandbox.cast import ANA, texts

TOMORROW = datetime.now(UTC).date() + timedelta(days=1)


@pytest.fixture
def without_clock(scene):
    yield with_ana(scene, tz="")
    with_ana(scene, tz="Europe/Berlin")


@pytest.fixture
def in_russian(scene):
    yield with_ana(scene, locale="ru-RU")
    with_ana(scene, locale="en-US")


def with_ana(scene, **profile):
    """The scene, once the bot has forgotten what Slack told of Ana before."""
    for name, value in profile.items():
        scene.run(lambda name=name, value=value: setattr(scene.workspace.state.people[ANA], name, value))
    scene.kill_bot()
    scene.start_bot()
    return scene


def test_the_form_never_hides_on_whose_clocks_a_start_is_understood(scene):
    form = scene.opens(f"82 run_now at={TOMORROW}T18:55")
    assert f"You typed a start: {TOMORROW} 18:55 ({TOMORROW:%A}), Europe/Berlin." in texts(form)


def day_echoed(form):
    """The day that the form says the start is on, once it is the one that its weekday names."""
    found = re.search(r"You typed a start: (\S+) 18:55 \((\w+)\), Europe/Berlin\.", texts(form))
    day = date.fromisoformat(found[1])
    assert f"{day:%A}" == found[2]
    return day


def test_a_start_as_people_type_it_is_a_date_in_the_form_and_on_the_card(scene):
    command = "82 run_now at=tomorrow 18:55"
    day = day_echoed(scene.opens(command))
    start = datetime(day.year, day.month, day.day, 18, 55, tzinfo=ZoneInfo("Europe/Berlin"))
    assert timedelta(0) < start - datetime.now(UTC) < timedelta(days=2)
    card = scene.asks_in_form(command)
    assert f"*Starts:* not before <!date^{int(start.timestamp())}^" in texts(card)


def test_a_time_that_has_passed_today_is_asked_about_before_a_form_opens(scene):
    scene.do(scene.cast.types(ANA, "82 run_now at=00:00"))
    told = scene.is_told(ANA, "00:00 has passed today")["text"]
    assert "in Europe/Berlin" in told
    assert "If you mean tomorrow, write at=tomorrow 00:00." in told


def test_a_start_in_russian_is_echoed_or_asked_about_in_russian(in_russian):
    scene = in_russian
    scene.do(scene.cast.types(ANA, "82 run_now at=завтра в 18:55"))
    modal = scene.sees_modal(ANA, "Введённое начало: ", "Europe/Berlin")
    assert re.search(r"\d{4}-\d{2}-\d{2} 18:55 \([а-я]+\), Europe/Berlin\.", texts(modal))
    scene.do(scene.cast.types(ANA, "82 run_now at=сегодня 00:00"))
    scene.is_told(ANA, "Если имеете в виду завтра, напишите at=завтра 00:00.")


@pytest.mark.parametrize("offset", ["+01:00", "Z"])
def test_a_start_with_its_offset_is_taken_although_slack_tells_no_time_zone(without_clock, offset):
    form = without_clock.opens(f"82 run_now at={TOMORROW}T18:55{offset}")
    assert "You typed a start" not in texts(form)
