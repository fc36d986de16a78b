"""The story of the README, over both transports: two people, real sockets, one launch."""

import json

from sandbox.cast import ANA, BEN, CLEO, texts
from sandbox.stage import ALTCRAFT_TOKEN


def test_two_people_launch_a_campaign_and_the_thread_tells_it(each_transport):
    scene = each_transport
    card = scene.asks('82 run_now source=segment:5 reason="First wave"')
    assert "47,100 sendable profiles" in texts(card)
    assert "First wave" in texts(card)

    scene.presses(ANA, card, "launch:approve")
    scene.is_told(ANA, "somebody else has to approve")
    scene.presses(BEN, card, "launch:approve")
    scene.sees_reply(card, "The run ended")
    card = scene.sees_card(card, "Run finished", "Approved by")

    assert [json.loads(body) for body in scene.sent] == [
        {
            "token": ALTCRAFT_TOKEN,
            "id": 82,
            "run_now": True,
            "override_source_type": "segment",
            "override_source_id": 5,
        }
    ]
    told = "\n".join(scene.replies(card))
    order = ["asks to launch", "approved", "Sending", "accepted", "started", "ended"]
    assert [told.index(word) for word in order] == sorted(told.index(word) for word in order)


def test_a_refused_launch_says_what_that_means_and_has_the_platforms_words(each_transport):
    scene = each_transport
    scene.switch(activation="refuse", refuse_code=402, refuse_text="The tariff limit is exhausted")
    card = scene.asks("83 run_now")
    scene.presses(CLEO, card, "launch:approve")
    scene.sees_reply(card, "The limit of the platform's tariff is used up. Whoever looks after the tariff can mend it.")
    refused = scene.sees_card(card, "Refused by the platform", "Once that is done, ask again.")
    scene.presses(CLEO, refused, "launch:details")
    scene.sees_modal(CLEO, "error 402 “The tariff limit is exhausted”")
    assert scene.runs == []
