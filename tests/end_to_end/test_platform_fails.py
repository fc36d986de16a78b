"""The platform fails: what may have left is looked into, never resent."""

import pytest

from sandbox.cast import BEN, texts
from tests.end_to_end.scene import open_scene

GARBLED = ("error_500", "garbage", "html")


@pytest.fixture(scope="module", params=["json", "xml"])
def living(request):
    with open_scene(settings={"ALTCRAFT_FORMAT": request.param}) as scene:
        yield scene


@pytest.fixture
def scene(living):
    living.sweep()
    return living


@pytest.mark.parametrize("fault", ["lose_answer", *GARBLED])
def test_an_answer_that_is_lost_after_the_launch_is_settled_by_the_log(scene, fault):
    scene.switch(activation=fault, taken_despite_fault=True)
    card = scene.asks("82 run_now")
    scene.presses(BEN, card, "launch:approve")
    scene.sees_reply(card, "The log cannot tell this launch from a scheduled one or a colleague's")
    scene.sees_card(card, "Run finished")
    assert len(scene.sent) == 1
    assert len(scene.runs) == 1


@pytest.mark.parametrize("fault", ["reset", *GARBLED])
def test_an_answer_that_is_lost_without_a_trace_is_asked_about(scene, fault):
    scene.switch(activation=fault, taken_despite_fault=False)
    card = scene.asks("82 run_now")
    scene.presses(BEN, card, "launch:approve")
    scene.sees_reply(card, "shows no start after the call")
    shown = scene.sees_card(card, "In doubt")
    assert all(button in texts(shown) for button in ("Look again", "It ran", "It did not run"))
    scene.presses(BEN, card, "launch:look")
    scene.sees_reply(card, "asks to look into the campaign's log again")
    scene.presses(BEN, card, "launch:vouch_not_run")
    scene.sees_card(card, "Not launched", "said that it did not run")
    assert len(scene.sent) == 1
    assert scene.runs == []


def test_a_run_that_began_before_the_call_settles_nothing(scene):
    scene.switch(start_delay_seconds=0)
    scene.run(lambda: scene.platform.start_elsewhere(82))
    scene.until(
        lambda: [run for run in scene.platform.runs.all if run.state == "finished"], "a colleague's run is over"
    )
    scene.switch(activation="reset")
    card = scene.asks("82 run_now")
    scene.presses(BEN, card, "launch:approve")
    scene.sees_reply(card, "shows no start after the call")
    scene.sees_card(card, "In doubt")
    scene.presses(BEN, card, "launch:vouch_not_run")
    scene.sees_card(card, "Not launched")
