"""A database that goes away pauses the bot: nothing is told as done that was not, and no answer is lost."""

import pytest
import requests

from sandbox.cast import ANA, BEN, texts
from sandbox.stage import free_port
from tests.end_to_end.scene import open_scene
from tests.waiting import until


@pytest.fixture(scope="module")
def living(postgres):
    with open_scene(settings={"DATABASE_URL": postgres.new_journal(), "HEALTH_PORT": str(free_port())}) as scene:
        yield scene


def ready(scene):
    """What /readyz says."""
    address = f"http://127.0.0.1:{scene.stage.environment['HEALTH_PORT']}/readyz"
    return requests.get(address, timeout=10).text


@pytest.fixture
def scene(living):
    # What a test before took away is back by now, but the bot may not have seen so.
    until(lambda: ready(living) == "ready\n", 20)
    living.sweep()
    return living


def test_an_answer_that_comes_while_the_database_is_away_is_kept(scene, postgres):
    scene.switch(activation="slow", slow_seconds=1)
    card = scene.asks("82 run_now")
    scene.presses(BEN, card, "launch:approve")
    scene.until(lambda: scene.sent, "the platform has it")
    postgres.crash()
    scene.until(lambda: [run for run in scene.platform.runs.all if run.state == "finished"], "the run is over")
    postgres.start()
    scene.sees_card(card, "Run finished")
    assert len(scene.sent) == 1
    assert not any("is not known" in text for text in scene.replies(card))


def test_a_click_while_the_database_is_away_is_not_told_as_done(scene, postgres):
    card = scene.asks("82 run_now")
    scene.sees_reply(card, "asks to launch")
    postgres.crash()
    scene.presses(BEN, card, "launch:approve")
    scene.is_told(BEN, "I cannot say that this was done")
    postgres.start()
    scene.sees_card(card, "Waiting for approval")
    scene.presses(BEN, card, "launch:approve")
    scene.sees_card(card, "Run finished")
    assert len(scene.sent) == 1


def test_a_request_while_the_database_is_away_keeps_its_form(scene, postgres):
    scene.do(scene.cast.types(ANA, "82 run_now"))
    scene.do(scene.cast.sees_modal(ANA, "What will happen"))
    postgres.crash()
    errors = scene.do(scene.cast.submits(ANA))
    assert "I cannot say that this was done" in errors["campaign"]
    postgres.start()
    assert scene.do(scene.cast.submits(ANA)) == {}


def test_no_form_that_the_database_keeps_from_being_filled_in_keeps_loading(scene, postgres):
    postgres.crash()
    scene.do(scene.cast.types(ANA, "82 run_now"))
    shown = scene.sees_modal(ANA, "could not be shown here")
    assert "loading" not in texts(shown)
    postgres.start()
    assert scene.do(scene.cast.submits(ANA)) == {}


def test_a_click_while_the_database_takes_no_writes_is_not_told_as_done_and_the_bot_comes_back(scene, postgres):
    card = scene.asks("82 run_now")
    scene.sees_reply(card, "asks to launch")
    postgres.takes_writes(taken=False)
    try:
        until(lambda: "takes no writes" in ready(scene), 20)
        scene.presses(BEN, card, "launch:approve")
        scene.is_told(BEN, "I cannot say that this was done")
    finally:
        postgres.takes_writes(taken=True)
    until(lambda: ready(scene) == "ready\n", 20)
    scene.presses(BEN, card, "launch:approve")
    scene.sees_card(card, "Run finished")
    assert len(scene.sent) == 1


def test_what_is_typed_right_after_every_connection_broke_is_taken_as_always(scene, postgres):
    card = scene.asks("82 run_now")
    scene.sees_reply(card, "asks to launch")
    postgres.break_connections()
    card = scene.asks("82 run_now")
    postgres.break_connections()
    scene.presses(BEN, card, "launch:approve")
    scene.sees_card(card, "Run finished")
    assert len(scene.sent) == 1


def test_a_stop_ends_within_its_bound_though_the_database_is_away(postgres):
    with open_scene(settings={"DATABASE_URL": postgres.new_journal(), "ALTCRAFT_TIMEOUT": "1"}) as scene:
        card = scene.asks("82 run_now")
        scene.switch(activation="slow", slow_seconds=0.5)
        scene.presses(BEN, card, "launch:approve")
        scene.until(lambda: scene.sent, "the platform has it")
        postgres.crash()
        scene.until(lambda: [run for run in scene.platform.runs.all if run.state == "finished"], "the run is over")
        scene.do(scene.stage.bot.stop())
        assert scene.stage.bot.exit_status == 1, "it ended by itself, before anybody lost patience"
        postgres.start()
        scene.start_bot()
        scene.sees_card(card, "Run finished")
        assert len(scene.sent) == 1
