"""The picture of an e-mail comes into the card's thread, once, and holds nothing up."""

import os

import pytest

from bot.picture import chromium
from sandbox.cast import BEN
from tests.end_to_end.scene import open_house


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
