"""The bot is killed while Slack has a message of its and has not shown it: nothing is told twice or undone."""

import asyncio

import pytest

from sandbox.cast import ANA, BEN, launch_of
from tests.end_to_end.scene import open_scene

SETTLING = "8"
"""Seconds: more than a restarted bot takes to tell another launch as a whole."""


class Held:
    """One call of a method that Slack has and does not carry out until it is let go."""

    def __init__(self, scene, method):
        self._method = method
        self._scene = scene
        self.there = False
        self._free = scene.run(asyncio.Event)
        self._done = scene.run(asyncio.Event)
        self._before = scene.workspace.faults.before
        scene.run(lambda: setattr(scene.workspace.faults, "before", self._hold))

    async def _hold(self, method):
        if method == self._method and not self.there:
            self.there = True
            await self._free.wait()
            # Carried out in the very next steps of this loop, and so before anything that the loop is asked after it.
            asyncio.get_running_loop().call_later(0.05, self._done.set)
        return await self._before(method)

    def let_go(self):
        self._scene.run(self._free.set)
        self._scene.do(self._done.wait())
        self._scene.run(lambda: setattr(self._scene.workspace.faults, "before", self._before))


@pytest.fixture
def scene():
    with open_scene(settings={"SLACK_SETTLING": SETTLING, "APPROVALS_REQUIRED": "2"}) as scene:
        yield scene


@pytest.fixture
def hold(scene):
    """The next call of that method stays with Slack while the bot dies, and its successor has told other news."""
    return lambda method: Held(scene, method)


def dies_over(scene, held, then=lambda: None):
    """The bot is killed over what is held. Its successor tells another launch; then Slack carries out what it has."""
    scene.until(lambda: held.there, "Slack has it")
    scene.kill_bot()
    scene.start_bot()
    then()
    other = scene.asks("83 run_now", BEN)
    scene.sees_reply(other, "asks to launch")
    held.let_go()
    return other


def test_a_reply_that_slack_shows_after_its_sender_was_killed_is_not_told_twice(scene, hold):
    card = scene.asks("82 run_now")
    scene.sees_reply(card, "asks to launch")
    held = hold("chat.postMessage")
    scene.presses(ANA, card, "launch:cancel")
    dies_over(scene, held)
    scene.sees_card(card, "Cancelled")
    assert len(scene.replies(card)) == 2
    assert "cancelled the launch" in scene.replies(card)[1]


def test_a_card_that_slack_shows_after_its_sender_was_killed_has_no_twin(scene, hold):
    held = hold("chat.postMessage")
    scene.opens("82 run_now", ANA)
    scene.submits(ANA)
    other = dies_over(scene, held)
    first = lambda: [one for one in scene.cast.cards() if launch_of(one) != launch_of(other)]  # noqa: E731
    card = scene.until(first, "the card is there")[0]
    scene.sees_reply(card, "asks to launch")
    assert len(scene.run(first)) == 1


def test_a_change_that_slack_makes_after_its_sender_was_killed_brings_back_no_earlier_card(scene, hold):
    card = scene.asks("82 run_now")
    scene.sees_reply(card, "asks to launch")
    held = hold("chat.update")
    scene.presses(BEN, card, "launch:approve")
    dies_over(scene, held, lambda: scene.presses(ANA, card, "launch:cancel"))
    scene.sees_reply(card, "cancelled the launch")
    scene.sees_card(card, "Cancelled")
    assert len(scene.replies(card)) == 3
