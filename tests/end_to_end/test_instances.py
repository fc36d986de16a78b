"""Several bots on one PostgreSQL act as one."""

import pytest

from sandbox.cast import ANA, BEN, CLEO, texts
from tests.end_to_end.scene import open_scene, with_its_clock_ahead


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
