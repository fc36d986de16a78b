"""Several bots on one PostgreSQL act as one; a database that goes away pauses them."""

import sys

import pytest

from bot.sandbox.cast import ANA, BEN, CLEO, texts
from tests.end_to_end.scene import open_scene


def with_its_clock_ahead(hours):
    """The bot on a machine whose clock is that far ahead."""
    start = f"import runpy, time, time_machine; time_machine.travel(time.time() + {hours * 3600}).start(); "
    return (
        sys.executable,
        "-c",
        start + "import sys; sys.argv = ['bot', 'run']; runpy.run_module('bot', alter_sys=True)",
    )


@pytest.fixture(scope="module")
def living(postgres):
    with open_scene(settings={"DATABASE_URL": postgres.new_journal(), "ALTCRAFT_TIMEOUT": "60"}) as scene:
        yield scene


@pytest.fixture
def scene(living):
    living.sweep()
    yield living
    living.start_bot()


def test_another_instance_takes_over_a_call_whose_instance_died(scene):
    scene.switch(activation="slow", slow_seconds=60, run_seconds=1)
    card = scene.asks("82 run_now")
    scene.presses(BEN, card, "launch:approve")
    scene.until(lambda: scene.sent, "the platform has it")
    with scene.another_bot():
        scene.kill_bot()
        scene.sees_reply(card, "log shows a start")
        scene.sees_card(card, "Run finished")
    assert len(scene.sent) == 1


def test_a_form_opened_by_one_instance_is_submitted_to_another(scene):
    scene.do(scene.cast.types(ANA, "82 run_now"))
    scene.do(scene.cast.sees_modal(ANA, "What will happen", without="loading"))
    with scene.another_bot():
        scene.kill_bot()
        before = {card["ts"] for card in scene.run(scene.cast.cards)}
        assert scene.do(scene.cast.submits(ANA)) == {}
        card = scene.until(lambda: next((c for c in scene.cast.cards() if c["ts"] not in before), None), "a card")
    assert "about" in texts(card)


def test_racing_clicks_that_reach_two_instances_launch_once(scene):
    with scene.another_bot():
        for _ in range(4):
            scene.sweep()
            card = scene.asks("82 run_now")
            scene.at_once(
                scene.cast.presses(ANA, card, "launch:approve"),
                scene.cast.presses(BEN, card, "launch:approve"),
                scene.cast.presses(CLEO, card, "launch:approve"),
            )
            scene.sees_card(card, "Run finished")
            scene.sees_reply(card, "The run ended")
            assert len(scene.sent) == 1
            assert len(scene.replies(card)) == 6


def test_an_instance_whose_clock_is_off_does_no_harm(scene):
    """By its own clock the request would have expired, and every lease with it."""
    with scene.another_bot(with_its_clock_ahead(hours=5)):
        scene.switch(activation="slow", slow_seconds=6)
        card = scene.asks("82 run_now")
        scene.presses(BEN, card, "launch:approve")
        scene.sees_card(card, "Run finished")
        pending = scene.asks("83 run_now")
        scene.sees_card(pending, "Waiting for approval")
        scene.presses(BEN, pending, "launch:approve")
        scene.sees_reply(pending, "accepted the launch")
    assert len(scene.sent) == 2
    assert not any("is not known" in text for text in scene.replies(card))


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
