"""Somebody writes into the database: what people see of a launch, or of a stop, whose record the bot does not trust."""

import sqlite3
from contextlib import closing

from sandbox.cast import BEN, DAN, OTTO, launch_of, texts

DISTRUST = "the record of this launch is not what I have written"
VERIFY = "`campaign-bot audit verify --against-slack`"


def puts_otto_in(scene, card, seq):
    """Exchanges who did it, as whoever can write to the database, and has neither the key nor the bot's token."""
    file = scene.stage.environment["DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as journal:
        exchanged = "UPDATE events SET actor = ? WHERE launch_id = ? AND seq = ?"
        assert journal.execute(exchanged, (OTTO, launch_of(card), seq)).rowcount == 1
        journal.commit()


def test_a_launch_whose_record_was_changed_is_held_back_in_everybodys_sight(scene):
    card = scene.asks("82 run_now")
    puts_otto_in(scene, card, seq=1)
    scene.presses(BEN, card, "launch:approve")

    reply = scene.sees_reply(card, DISTRUST)
    assert ":rotating_light: Held back right before the call:" in reply["text"]
    for said in ("Event 1 of its record: edited, or put in.", "Nothing was sent.", VERIFY, f"<@{DAN}>"):
        assert said in texts(reply)
    shown = scene.sees_card(card, "The record of this launch is not what I have written.", "an admin has to look")
    assert "Event 1 of its record: edited, or put in." in texts(shown)
    assert "launch:approve" not in str(shown["blocks"])
    assert scene.sent == []
    assert scene.audit(card) == ["launch:request", "launch:approve", "launch:hold_back"]


def test_a_stop_whose_record_was_changed_is_not_sent_and_says_what_to_do(scene):
    campaign = scene.adds_campaign()
    scene.switch(run_fate="hang")
    card = scene.launches(f"{campaign} run_now")
    scene.sees_card(card, "Running")
    puts_otto_in(scene, card, seq=2)
    scene.presses(BEN, card, "launch:stop")

    reply = scene.sees_reply(card, "The stop was not sent")
    said = ("Event 2 of its record: edited, or put in.", "Switch the campaign off in the platform", VERIFY, f"<@{DAN}>")
    assert [one for one in (DISTRUST, *said) if one not in texts(reply)] == []
    scene.sees_card(card, "It was not sent: the record of this launch is not what I have written.")
    assert scene.stops_of(campaign) == []
