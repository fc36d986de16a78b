"""The world changes between request, approval and call: people are asked again, and only what they approved is sent."""

import time

from sandbox.cast import ANA, BEN, CLEO, typed
from tests.end_to_end.test_what_is_over import button

HELD = '[always]\nhold = "2s"\n'
LEAD = '[always]\nhold = "2s"\nof_which = { lead = 1 }\n[roles.lead]\nmembers = '
RENAMED = "“Black Friday: early access” → “Cyber Monday” (last edited by olga)"


def rename(scene):
    scene.run(lambda: scene.platform.edit_campaign(82, name="Cyber Monday", by="olga"))


def resize(scene, count):
    scene.run(lambda: scene.platform.resize("segment", 5, count))


def held(scene, policy=HELD):
    """A launch that Ben has approved, and that waits for the end of its hold."""
    scene.policy(policy)
    card = scene.asks("82 run_now source=segment:5")
    scene.presses(BEN, card, "launch:approve")
    scene.sees_reply(card, "approved the launch")
    assert scene.sent == []
    return card


def scheduled(scene):
    """A launch that Ben has approved, and that starts in a few seconds."""
    before = len(scene.run(scene.cast.cards))
    scene.do(scene.cast.types(ANA, "82 run_now source=segment:5"))
    scene.do(scene.cast.sees_modal(ANA, "47,100", without="loading"))
    soon = {"type": "datetimepicker", "selected_date_time": int(time.time()) + 4}
    assert scene.do(scene.cast.submits(ANA, at=soon)) == {}
    card = scene.until(lambda: scene.cast.cards()[before:], "the card appears")[0]
    scene.presses(BEN, card, "launch:approve")
    scene.sees_card(card, "Approved and scheduled")
    return card


def is_sent_once_when_approved_afresh(scene, card):
    assert scene.sent == []
    scene.presses(BEN, card, "launch:approve")
    scene.is_told(BEN, "the request has changed since the card you clicked on")
    scene.sees_card(card, "Waiting for approval", "Approve")
    fresh = scene.until(lambda: asking_anew(scene, card), "the card asks to approve what there is now")
    scene.presses(BEN, fresh, "launch:approve")
    scene.sees_reply(card, "accepted the launch")
    assert len(scene.sent) == 1


def asking_anew(scene, card):
    """The card once its button is another one than before: the thread may tell of a change before the card does."""
    shown = next(one for one in scene.cast.cards() if one["ts"] == card["ts"])
    return None if button(shown, "launch:approve")["value"] == button(card, "launch:approve")["value"] else shown


def test_a_campaign_that_was_edited_before_the_approval_is_asked_again(scene):
    card = scene.asks("82 run_now source=segment:5")
    rename(scene)
    scene.presses(BEN, card, "launch:approve")
    scene.is_told(BEN, RENAMED)
    scene.sees_reply(card, RENAMED)
    scene.sees_card(card, "Waiting for approval", "Cyber Monday", RENAMED)
    is_sent_once_when_approved_afresh(scene, card)


def test_a_campaign_and_an_audience_that_change_during_the_hold_are_asked_again(scene):
    card = held(scene)
    rename(scene)
    resize(scene, 60_000)
    told = scene.sees_reply(card, "no approval counts")["text"]
    assert RENAMED in told
    assert "• the audience's size: “47,100” → “58,619”" in told
    scene.sees_card(card, "Waiting for approval", RENAMED, "Needs 1 approval")
    is_sent_once_when_approved_afresh(scene, card)


def test_a_campaign_that_was_edited_before_its_scheduled_start_is_asked_again(scene):
    card = scheduled(scene)
    rename(scene)
    scene.sees_reply(card, RENAMED)
    is_sent_once_when_approved_afresh(scene, card)


def test_an_audience_within_the_tolerance_is_sent_and_the_thread_tells_its_size(scene):
    card = scene.asks("82 run_now source=segment:5")
    resize(scene, 50_000)
    scene.presses(BEN, card, "launch:approve")
    scene.sees_reply(card, "The audience was 48,849 at that moment")
    scene.sees_reply(card, "Sending the launch to the platform. The audience is 48,849 now.")
    scene.sees_reply(card, "accepted the launch")
    assert len(scene.sent) == 1


def test_a_policy_that_asks_for_more_during_the_hold_sends_the_launch_back(scene):
    card = held(scene)
    scene.policy("[always]\napprovals = 2\n")
    scene.sees_reply(card, "The policy asks for more than when this was asked for")
    scene.sees_card(card, "Waiting for approval", "1 of 2 approvals", "Approve")
    assert scene.sent == []


def test_a_policy_that_forbids_during_the_hold_holds_the_launch_back(scene):
    card = held(scene)
    scene.policy('[always]\nrefuse = "No launches today."\n')
    scene.sees_reply(card, "Held back right before the call")
    scene.sees_card(card, "Held back right before the launch", "No launches today.")
    assert scene.sent == []


def test_a_lead_who_is_none_any_more_at_the_end_of_the_hold_holds_the_launch_back(scene):
    card = held(scene, f'{LEAD}["U0BEN"]\n')
    scene.policy(f'{LEAD}["S0LEADS"]\n')
    scene.sees_card(card, "Held back right before the launch", "<@U0BEN> is no longer in the lead list")
    assert scene.sent == []


def test_a_policy_that_changes_before_the_approval_holds_for_it_and_none_is_loosened(scene):
    card = scene.asks("82 run_now source=segment:5")
    scene.policy("[always\n")
    scene.presses(BEN, card, "launch:approve")
    scene.is_told(BEN, "policy.toml has mistakes")

    scene.policy('[always]\napprovals = 2\ntyped = ["campaign"]\n')
    scene.presses(BEN, card, "launch:approve")
    scene.is_told(BEN, "the policy wants the campaign's id typed")
    scene.sees_card(card, "Needs 2 approvals", "Approve…")
    scene.policy("")
    for who in (BEN, CLEO):
        scene.presses(who, card, "launch:approve")
        scene.do(scene.cast.sees_modal(who, "Type the campaign's id"))
        assert scene.sent == []
        assert scene.do(scene.cast.submits(who, campaign=typed("82"))) == {}
    scene.sees_reply(card, "accepted the launch")
    assert len(scene.sent) == 1


def test_a_campaign_that_cannot_be_read_again_is_not_approved(scene):
    card = scene.asks("82 run_now source=segment:5")
    scene.switch(reads="fail")
    scene.presses(BEN, card, "launch:approve")
    scene.is_told(BEN, "I could not read the campaign again")
    scene.switch(reads="normal")
    scene.presses(BEN, card, "launch:approve")
    scene.sees_reply(card, "accepted the launch")
    assert len(scene.sent) == 1
