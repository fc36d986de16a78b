"""Whoever has lost the role learns nothing more from a window that is still open."""

import json

import pytest

from sandbox.cast import ANA, BEN, texts, typed

NAMES = ("Black Friday", "Active in the last 30 days", "47,100", "Customers")


@pytest.fixture
def opened(scene):
    """Ana's form, opened while she held the role that she has lost by now."""
    scene.opens("82 run_now source=segment:5")
    scene.policy('[roles.requester]\nmembers = ["U0BEN"]\n')
    return scene


FIELDS = [("campaign", "black"), ("campaign", ""), ("source", "active"), ("source", "")]


def container(scene):
    return {"type": "view", "view_id": scene.do(scene.cast.sees_modal(ANA, "Campaign"))["view_id"]}


@pytest.mark.parametrize(
    ("field", "value"), [("campaign", "black"), ("campaign", ""), ("source", "active"), ("source", "")]
)
def test_nothing_is_offered_to_whoever_may_not_ask_any_longer(opened, field, value):
    found = opened.do(opened.workspace.options(ANA, container(opened), field, field, value))
    assert not any(name in json.dumps(found) for name in NAMES)


def test_a_changed_field_shows_nothing_more_to_whoever_may_not_ask_any_longer(opened):
    opened.do(opened.cast.changes(ANA, "limit", typed("500", "number_input")))
    view = opened.sees_modal(ANA, ":no_entry:")
    assert not any(name in texts(view) for name in NAMES[1:])


def test_whoever_may_not_decide_learns_nothing_by_guessing_what_has_to_be_typed(scene):
    scene.policy('[always]\ntyped = ["audience"]\n')
    card = scene.asks("82 run_now source=segment:5")
    scene.presses(BEN, card, "launch:approve")
    scene.sees_modal(BEN, "Type the size of the audience")
    scene.policy('[roles.approver]\nmembers = ["U0CLEO"]\n[always]\ntyped = ["audience"]\n')
    assert scene.submits(BEN, audience=typed("1")) == {}
    scene.sees_modal(BEN, "Not done")
    assert scene.sent == []
