"""The platform is out of reach: what never left is tried again, in sight."""

import pytest

from sandbox.cast import ANA, BEN
from sandbox.server import InThread, serve
from sandbox.stage import free_port
from tests.end_to_end.scene import open_scene


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
    cut_off.sees_card(card, "not sent yet: trying again", "the platform could not be reached")
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
