"""The doctor's look at the platform's hooks: its own post, and what ran without any."""

from dataclasses import replace

import pytest

from bot.chart import drawing
from bot.doctor import hooks
from bot.journal.counting import Counting
from bot.receiver import PATH, Receiver
from bot.settings import read
from bot.web import LOOPBACK, application, served
from sandbox.stage import free_port
from tests.builders import Clock, journal_on
from tests.journal.test_counting import accepted, at, count
from tests.results.hooks import event
from tests.test_receiver import SECRET, Counted
from tests.test_settings import WORKING


@pytest.fixture
def settings(tmp_path):
    environment = {**WORKING, "ALTCRAFT_EVENTS_SECRET": SECRET, "EVENTS_PORT": str(free_port())}
    return read({**environment, "DATABASE_URL": f"sqlite:///{tmp_path / 'journal.db'}"})


def told(settings) -> str:
    return "\n".join(finding.text for finding in hooks.findings(settings))


def door(secret: str = SECRET):
    counted = Counted()
    return application(lambda: (), taking={PATH: lambda: Receiver(secret, (), counted.count, counted.tell, 1)})


def test_hooks_that_are_taken_have_nothing_to_mend_and_no_file_is_made(settings, tmp_path):
    with served(door(), settings.events.port, LOOPBACK):
        assert told(settings) == ""
    assert not list(tmp_path.iterdir())


def test_a_door_that_is_shut_or_has_another_secret_is_told(settings):
    assert "Nobody takes the platform's hooks" in told(settings)
    with served(door("x" * 40), settings.events.port, LOOPBACK):
        assert "HTTP 404, not with OK" in told(settings)


@pytest.mark.parametrize("bind", ["", "127.0.0.1", "0.0.0.0", "::", "::1"])
def test_it_asks_where_the_port_is_served(settings, bind):
    with served(door(), settings.events.port, bind or LOOPBACK):
        assert told(replace(settings, bind=bind)) == ""


def test_a_library_that_is_missing_for_pictures_of_the_first_day_is_told(settings, monkeypatch):
    monkeypatch.setattr(drawing, "installed", lambda: False)
    with served(door(), settings.events.port, LOOPBACK):
        assert "'.[charts]'" in told(settings)


def test_without_a_secret_nothing_is_looked_at(settings):
    assert not list(hooks.findings(read(WORKING)))


def test_launches_that_ran_without_any_event_are_told(settings):
    journal = journal_on(settings.database_url, Clock())
    assert "no event" not in told(settings)
    accepted(journal)
    assert "Launches ran, and no event of the platform's hooks ever came" in told(settings)
    count(Counting(journal, b"key"), event(at=at(seconds=1)))
    assert "no event" not in told(settings)
    journal._engine.dispose()
