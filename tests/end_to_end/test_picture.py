"""The picture of an e-mail comes into the card's thread, once, and holds nothing up."""

import os
import sys

import pytest

from bot.picture import chromium
from sandbox.cast import BEN
from tests.end_to_end.scene import open_house, open_scene


@pytest.fixture(scope="module")
def house():
    if not chromium.find():
        missing = "this test needs chromium (Debian: apt install chromium-headless-shell)"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    with open_house({"MESSAGE_PICTURES": "yes"}) as house:
        yield house


def test_both_pictures_follow_in_the_thread_and_an_approval_does_not_repeat_them(house, visitor):
    card = house.asks("82 run_now")
    house.sees_reply(card, "on a wide and on a narrow screen")
    house.presses(BEN, card, "launch:approve")
    house.sees_reply(card, "accepted the launch")
    assert sum("on a wide and on a narrow screen" in text for text in house.replies(card)) == 1
    visitor.is_person("U0ANA")
    visitor.opens_thread()
    visitor.sees("thread", "On a narrow screen")
    assert visitor.errors() == []


def test_a_browser_that_fails_leaves_one_sentence_and_the_launch_goes_on():
    broken = "import runpy, sys; from bot.picture import chromium; chromium.find = lambda *_: '/bin/false'; "
    command = (sys.executable, "-c", f"{broken}sys.argv = ['bot', 'run']; runpy.run_module('bot', alter_sys=True)")
    with open_scene(settings={"MESSAGE_PICTURES": "yes"}, command=command) as scene:
        card = scene.launches("82 run_now")
        scene.sees_reply(card, "There is no picture of the e-mail: the browser ended before it was made.")
        assert sum("no picture" in text for text in scene.replies(card)) == 1
