"""A request that is not decided yet can be edited by whoever asked; what was approved before counts no more."""

import base64
import json
from datetime import UTC, datetime, timedelta

from sandbox.altcraft.objects import Source
from sandbox.cast import ANA, BEN, CLEO, DAN, attached, chosen, picked, texts, typed

TWO = "[always]\napprovals = 2\n"


def limit(value: str):
    return typed(value, "number_input")


def filled(form) -> dict[str, object]:
    """What stands in the form's fields when it opens."""
    initial = ("initial_option", "initial_value", "initial_date_time")
    elements = {block["block_id"]: block["element"] for block in form["blocks"] if block["type"] == "input"}
    return {name: next((one[key] for key in initial if key in one), None) for name, one in elements.items()}


def test_the_form_opens_with_what_was_asked_for(scene):
    moment = int((datetime.now(UTC) + timedelta(days=1)).replace(microsecond=0).timestamp())
    command = '83 run_now source=segment:9 limit=7 content.a=b reason="First wave"'
    card = scene.asks_in_form(command, at=picked(moment))
    scene.presses(ANA, card, "launch:edit")
    form = scene.sees_form(ANA, "Edit the request", "approvals given so far are void")
    assert form["submit"]["text"] == "Change it"
    fields = filled(form)
    assert fields["campaign"]["value"] == "83"
    assert fields["run_now"]["value"] == "now"
    assert fields["source"]["value"] == "segment:9"
    assert fields["limit"] == "7"
    assert fields["at"] == moment
    assert fields["content"] == "a=b"
    assert fields["reason"] == "First wave"


def test_the_difference_stands_in_the_thread_and_approvals_are_void(scene):
    scene.policy(TWO)
    card = scene.asks("82 run_now limit=1000")
    scene.presses(BEN, card, "launch:approve")
    scene.sees_card(card, "1 of 2 approvals")
    changed = {"limit": limit("2500"), "source": chosen("segment:9"), "reason": typed("Second thoughts")}
    assert scene.edits(card, **changed) == {}
    told = scene.sees_reply(card, "<@U0ANA> edited the request, so no approval given before counts any more")["text"]
    assert "• the audience: “the campaign's own” → segment 9" in told
    assert "• the limit: “1,000” → “2,500”" in told
    assert "• the reason: “none” → “Second thoughts”" in told
    assert "the content" not in told
    assert "Whose approval does not count any more: <@U0BEN>\nWho can decide: <!subteam^S0LEADS>" in told
    edited = scene.sees_card(card, "Needs 2 approvals", "segment 9", "at most 2,500 messages", "“Second thoughts”")
    assert "Approved by" not in texts(edited)


def test_an_approve_press_on_the_card_as_it_was_does_not_count(scene):
    card = scene.asks("82 run_now")
    scene.edits(card, limit=limit("5"))
    edited = scene.sees_card(card, "at most 5 messages")
    scene.presses(BEN, card, "launch:approve")
    scene.is_told(BEN, "has changed since the card you clicked on")
    scene.sees_card(card, "Needs 1 approval")
    assert scene.sent == []
    scene.presses(BEN, edited, "launch:approve")
    scene.sees_reply(card, "accepted the launch")
    assert json.loads(scene.sent[0])["override_limit"] == 5


def test_what_is_sent_is_what_the_edit_asked_for(scene):
    number = scene.adds_campaign()
    card = scene.asks("82 run_now limit=7 content.promo=SPRING")
    scene.presses(ANA, card, "launch:edit")
    scene.sees_form(ANA, "Edit the request")
    scene.do(scene.cast.changes(ANA, "campaign", chosen(str(number))))
    scene.sees_form(ANA, f"Campaign of a test {number}")
    assert scene.submits(ANA, limit=limit(""), content=typed('{"promo": "WINTER"}')) == {}
    edited = scene.sees_card(card, f"Campaign of a test {number}", "WINTER")
    assert "Black Friday" not in texts(edited)
    scene.presses(BEN, edited, "launch:approve")
    scene.sees_reply(card, "accepted the launch")
    sent = json.loads(scene.sent[0])
    assert (sent["id"], sent["content"], "override_limit" in sent) == (number, {"promo": "WINTER"}, False)
    assert [run["campaign_id"] for run in scene.runs] == [number]


def test_only_the_requester_edits(scene):
    card = scene.asks("82 run_now")
    scene.presses(BEN, card, "launch:edit")
    scene.is_told(BEN, "Only <@U0ANA>, who asked for this launch, can edit it.")
    scene.presses(DAN, card, "launch:edit")
    scene.is_told(DAN, "Only <@U0ANA>, who asked for this launch, can edit it.")
    assert not [who for who in (BEN, DAN) if scene.workspace.snapshot(who)["views"]]


def test_files_stay_and_are_sent_where_none_are_uploaded(scene):
    file_id = scene.do(scene.workspace.upload(ANA, "old.txt", "text/plain", b"old"))
    card = scene.asks_in_form("82 run_now", files=attached(file_id))
    scene.edits(card, limit=limit("5"))
    edited = scene.sees_card(card, "at most 5 messages", "*Attached:* “old.txt”")
    assert "the files" not in scene.sees_reply(card, "edited the request")["text"]
    scene.presses(BEN, edited, "launch:approve")
    scene.sees_reply(card, "accepted the launch")
    (file,) = json.loads(scene.sent[0])["attach"]
    assert base64.b64decode(file["data"].partition(",")[2]) == b"old"


def test_files_that_are_uploaded_take_the_place_of_the_others(scene):
    old, new = (
        attached(scene.do(scene.workspace.upload(ANA, name, "text/plain", name.encode())))
        for name in ("old.txt", "new.txt")
    )
    card = scene.asks_in_form("82 run_now", files=old)
    scene.edits(card, files=new)
    assert "old.txt" not in texts(scene.sees_card(card, "*Attached:* “new.txt”"))
    told = scene.sees_reply(card, "• the files: “old.txt")["text"]
    assert "→ “new.txt" in told


def test_an_edit_that_changes_nothing_changes_nothing(scene):
    scene.policy(TWO)
    card = scene.asks('82 run_now limit=7 content.a=b reason="why"')
    scene.presses(BEN, card, "launch:approve")
    card = scene.sees_card(card, "1 of 2 approvals")
    assert scene.edits(card) == {}
    scene.presses(CLEO, card, "launch:approve")
    scene.sees_reply(card, "accepted the launch")
    assert "launch:edit" not in scene.audit(card)
    assert not [text for text in scene.replies(card) if "edited" in text]


def test_what_is_approved_can_no_longer_be_edited(scene):
    scene.policy('[always]\nhold = "1h"\n')
    card = scene.asks("82 run_now")
    scene.presses(ANA, card, "launch:edit")
    scene.sees_form(ANA, "Edit the request")
    scene.presses(BEN, card, "launch:approve")
    held = scene.sees_card(card, "Approved; it can still be cancelled")
    assert "Edit…" not in texts(held)
    scene.submits(ANA, limit=limit("5"))
    scene.sees_modal(ANA, "Nothing was done by this click.", "<@U0BEN> approved it")
    scene.presses(ANA, card, "launch:edit")
    scene.is_told(ANA, "<@U0BEN> approved it")
    scene.presses(ANA, card, "launch:cancel")
    assert "at most 5" not in texts(scene.sees_card(card, "Cancelled"))


def test_an_edit_is_held_against_the_policy_as_a_request_is(scene):
    scene.policy('[always]\nlargest_limit = 10\nreason = true\non_collision = "refuse"\n')
    number = scene.adds_campaign()
    card = scene.asks(f'{number} run_now limit=7 reason="why"')
    assert list(scene.edits(card, reason=typed(""))) == ["reason"]
    scene.submits(ANA, limit=limit("11"))
    scene.sees_modal(ANA, "Not done", "at most 10 messages")
    assert "at most 7 messages" in texts(scene.sees_card(card, "Waiting for approval"))
    assert scene.edits(card, limit=limit("10")) == {}
    scene.sees_card(card, "at most 10 messages")


def test_an_edit_is_asked_for_what_the_policy_wants_of_it(scene):
    scene.policy('[[rule]]\nname = "many"\nwhen = { limit_above = 100 }\nneed = { approvals = 2 }\n')
    card = scene.asks("82 run_now limit=100")
    assert "Needs 1 approval" in texts(card)
    scene.edits(card, limit=limit("101"))
    scene.sees_card(card, "Needs 2 approvals", "*Rules:* “many”")


def test_another_audience_that_is_chosen_in_an_edit_is_shown_with_its_size(scene):
    one, other = scene.adds_campaign(), scene.adds_campaign(source=Source("segment", 9))
    card = scene.asks(f"{one} run_now")
    scene.presses(ANA, card, "launch:edit")
    scene.sees_form(ANA, "Edit the request")
    scene.do(scene.cast.changes(ANA, "source", chosen("segment:5")))
    scene.sees_form(ANA, "segment 5", "about 47,100")
    scene.do(scene.cast.changes(ANA, "campaign", chosen(str(other)), source=chosen("own")))
    scene.sees_form(ANA, "segment 9", "about 3,790")
    assert scene.submits(ANA, source=chosen("own")) == {}
    scene.sees_card(card, "the campaign's own audience: segment 9", "about 3,790 sendable profiles")
