"""Hours go by: reminders, the second line and a request's end come as the policy says, and mention whom it says."""

import pytest

from sandbox.cast import BEN, typed
from tests.end_to_end.scene import open_scene, with_its_clock_ahead

POLICY = """
[roles.approver]
members = ["U0BEN", "U0CLEO", "S0LEADS"]
mention = ["U0BEN"]
[always]
reminders = ["30m"]
second_line = "admin"
"""


@pytest.fixture(scope="module")
def scene():
    with open_scene() as scene:
        yield scene


def told(scene, card, word: str) -> list[str]:
    return [text for text in scene.replies(card) if word in text]


def test_a_request_that_nobody_decides_is_reminded_of_then_called_out_then_ended(scene):
    scene.policy(POLICY)
    card, decided = scene.asks("82 run_now"), scene.asks("96 run_now")
    scene.presses(BEN, decided, "launch:reject")
    scene.sees_modal(BEN, "Reason")
    scene.submits(BEN, reason=typed("Not today"))
    scene.sees_card(decided, "Rejected")
    scene.kill_bot()
    with scene.another_bot(with_its_clock_ahead(0.6)):
        scene.sees_reply(card, ":bell: This still waits for a decision.\nWho can decide: <@U0BEN>")
    assert told(scene, card, ":alarm_clock:") == []

    with scene.another_bot(with_its_clock_ahead(3.6)):
        scene.sees_reply(
            card, ":alarm_clock: Nobody has decided, and the request expires soon.\nWho can decide: <@U0DAN>"
        )
        scene.sees_card(card, "Waiting for approval")

    with scene.another_bot(with_its_clock_ahead(4.1)):
        scene.sees_reply(card, "Nobody decided in time, so the request of <@U0ANA> has expired.")
        scene.sees_card(card, "Expired without a decision", "Nothing was sent.")
        scene.presses(BEN, card, "launch:approve")
        scene.is_told(BEN, "It expired")
    assert [len(told(scene, card, word)) for word in (":bell:", ":alarm_clock:")] == [1, 1]
    assert told(scene, decided, ":bell:") + told(scene, decided, ":alarm_clock:") == []
    assert scene.sent == []
