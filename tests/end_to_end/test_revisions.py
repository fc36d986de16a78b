"""A decision counts for the revision it was made on and for no other, however alike the two look."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from bot.launch.codec import decode
from bot.policy.fingerprint import SHOWN
from sandbox.cast import ANA, BEN, CLEO, LAUNCHES, elements_of, launch_of, texts, typed
from tests.twins import twins

CHANGED = "has changed since the card you clicked on"
TYPED = '[always]\ntyped = ["campaign"]\n'


def limit(value: str):
    return typed(value, "number_input")


def requested(scene, card):
    """What the journal holds of the launch as it was asked for."""
    file = scene.stage.environment["DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as journal:
        ask = "SELECT data FROM events WHERE launch_id = ? AND seq = 1"
        (data,) = journal.execute(ask, (launch_of(card),)).fetchone()
    return decode("launch:request", json.loads(data))


@pytest.fixture
def pair(scene):
    """A small and a large launch of a campaign that show the same eight characters."""
    number = scene.adds_campaign()
    scout = scene.asks(f"{number} run_now")
    scene.presses(ANA, scout, "launch:cancel")
    scene.sees_card(scout, "Cancelled")
    known = requested(scene, scout)
    return twins(replace(known.request, limit=5), replace(known.request, limit=40_000), known.preview)


def asks_for(scene, request):
    return scene.asks(f"{request.campaign_id} run_now limit={request.limit} reason={request.reason}")


def becomes(scene, card, request):
    """The requester edits the launch into that other request; gives the card as it is then."""
    assert scene.edits(card, limit=limit(str(request.limit)), reason=typed(request.reason)) == {}
    edited = scene.sees_card(card, "at most 40,000 messages")
    assert shown_on(edited) == shown_on(card)
    return edited


def shown_on(card):
    """The characters of the fingerprint that people see."""
    return texts(card).rpartition("`")[0].rpartition("`")[2]


def buttons_of(card):
    return [one for block in card["blocks"] for one in elements_of(block) if one.get("value")]


def goes_out(scene, card, who=BEN):
    scene.presses(who, card, "launch:approve")
    scene.sees_reply(card, "accepted the launch")
    assert len(scene.sent) == 1


def test_a_card_of_a_request_with_the_same_eight_characters_approves_nothing_else(scene, pair):
    small, large = pair
    card = asks_for(scene, small)
    edited = becomes(scene, card, large)
    scene.presses(BEN, card, "launch:approve")
    scene.is_told(BEN, CHANGED)
    scene.sees_card(card, "Needs 1 approval")
    assert scene.sent == []
    goes_out(scene, edited)


def test_a_window_for_typing_that_was_opened_on_another_request_approves_nothing_else(scene, pair):
    small, large = pair
    scene.policy(TYPED)
    card = asks_for(scene, small)
    scene.presses(BEN, card, "launch:approve")
    scene.sees_modal(BEN, "Type the campaign's id", "at most 5 messages")
    becomes(scene, card, large)
    assert scene.submits(BEN, campaign=typed(str(small.campaign_id))) == {}
    scene.sees_modal(BEN, CHANGED)
    scene.sees_card(card, "Needs 1 approval")
    assert scene.sent == []


def test_a_card_of_an_earlier_revision_approves_no_later_one_that_asks_for_the_same_again(scene):
    card = scene.asks("82 run_now limit=5")
    scene.edits(card, limit=limit("6"))
    scene.sees_card(card, "at most 6 messages")
    scene.edits(card, limit=limit("5"))
    again = scene.sees_card(card, "at most 5 messages")
    assert shown_on(again) == shown_on(card)
    scene.presses(BEN, card, "launch:approve")
    scene.is_told(BEN, CHANGED)
    assert scene.sent == []
    goes_out(scene, again)


def test_an_approval_of_another_takes_nobodys_click_away(scene):
    scene.policy("[always]\napprovals = 2\n")
    card = scene.asks("82 run_now")
    scene.presses(BEN, card, "launch:approve")
    scene.sees_card(card, "1 of 2 approvals")
    goes_out(scene, card, CLEO)


def test_a_card_from_before_the_whole_digest_travelled_approves_nothing_and_is_drawn_anew(scene):
    card = scene.asks("82 run_now")
    message = scene.workspace.state.channels[LAUNCHES].messages[card["ts"]]

    def as_it_was():
        for button in buttons_of({"blocks": message.blocks}):
            button["value"] = f"{launch_of(card)}:{shown_on(card)}"

    scene.run(as_it_was)
    old = scene.sees_card(card, "Waiting for approval")
    assert {len(one["value"]) for one in buttons_of(old)} == {len(launch_of(card)) + 1 + SHOWN}
    scene.presses(BEN, old, "launch:approve")
    scene.is_told(BEN, "or the bot has been updated since")
    assert scene.sent == []
    scene.until(lambda: all(len(one["value"]) > 100 for one in buttons_of({"blocks": message.blocks})), "a new card")
    goes_out(scene, scene.sees_card(card, "Waiting for approval"))
