"""The platform fails: what never left is tried again, in sight; what may have left is looked into, never resent."""

import pytest

from bot.sandbox.cast import ANA, BEN, texts
from bot.sandbox.server import InThread, serve
from bot.sandbox.stage import free_port
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


@pytest.fixture(scope="module")
def cut_off():
    """A scene whose bot cannot reach the platform until somebody serves the port."""
    port = free_port()
    with open_scene(settings={"ALTCRAFT_URL": f"http://127.0.0.1:{port}"}) as scene:
        scene.port = port
        yield scene


def approved_in_vain(cut_off):
    cut_off.sweep()
    cut_off.policy("[always]\ngoes_on_unread = true\n")
    card = cut_off.asks("82 run_now", in_a_hurry=True)
    cut_off.presses(BEN, card, "launch:approve")
    cut_off.sees_card(card, "not sent yet: trying again", "refused the connection")
    return card


def test_what_never_left_is_tried_again_in_sight_and_sent_once_when_the_platform_is_back(cut_off):
    card = approved_in_vain(cut_off)
    cut_off.sees_reply(card, "try 2, the same request with the same id")
    assert cut_off.sent == []
    back = InThread(lambda: serve({"altcraft": cut_off.stage.sent}, {"altcraft": cut_off.port}))
    try:
        cut_off.sees_card(card, "Run finished")
    finally:
        back.close()
    assert len(cut_off.sent) == 1


def test_what_never_left_can_be_cancelled_meanwhile(cut_off):
    card = approved_in_vain(cut_off)
    cut_off.presses(ANA, card, "launch:cancel")
    cut_off.sees_card(card, "Cancelled", "Nothing was sent")
    cut_off.sees_reply(card, "cancelled the launch")
    tried = len(cut_off.replies(card))
    back = InThread(lambda: serve({"altcraft": cut_off.stage.sent}, {"altcraft": cut_off.port}))
    try:
        card_after = cut_off.asks("83 run_now")
        cut_off.presses(BEN, card_after, "launch:approve")
        cut_off.sees_card(card_after, "Run finished")
    finally:
        back.close()
    assert len(cut_off.sent) == 1
    assert len(cut_off.replies(card)) == tried


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
