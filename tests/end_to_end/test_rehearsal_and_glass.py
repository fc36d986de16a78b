"""A rehearsal walks the whole path and sends nothing; breaking the glass sends without the approvals, and says so."""

import json

from sandbox.cast import ANA, BEN, CLEO, DAN, OTTO, texts, typed

PRACTICE = ":test_tube: Practice · "
GLASS = "[always]\nbreak_glass = true\n"
BREAK = "launch:break_glass"


def buttons(card) -> list[str]:
    return [one["action_id"] for block in card["blocks"] if block["type"] == "actions" for one in block["elements"]]


# Practice.


def test_a_rehearsal_is_marked_everywhere_and_calls_no_platform(scene):
    assert "*Practice:* you walk the whole path, and nothing is sent." in texts(scene.opens("practice 82 run_now"))
    card = scene.asks("practice 82 run_now")
    assert card["text"].startswith(f"{PRACTICE}:hourglass_flowing_sand: Waiting for approval")
    scene.presses(ANA, card, "launch:approve")
    scene.sees_reply(card, "This is where the platform would have been called. Nothing was sent.")
    card = scene.sees_card(card, "Practised; nothing was sent", "“Ask for real…” opens the form as it was")
    assert card["text"].startswith(PRACTICE)
    assert [text for text in scene.replies(card) if not text.startswith(PRACTICE)] == []
    assert scene.audit(card) == ["launch:request", "launch:approve", "launch:practise"]
    assert (scene.sent, scene.runs) == ([], [])


def test_after_a_rehearsal_the_form_asks_for_the_same_for_real(scene):
    card = scene.asks("practice 82 run_now limit=7")
    assert "For real: Sends now" in texts(card)
    assert "This is practice: nothing is sent." in texts(card)
    scene.presses(ANA, card, "launch:approve")
    card = scene.sees_card(card, "Practised; nothing was sent", "Ask for real…")
    scene.presses(ANA, card, "launch:ask_again")
    assert "Practice" not in texts(scene.sees_form(ANA, "Launch a campaign", "Sends now"))
    new = scene.do(scene.cast.asks_in_form(ANA))
    assert "at most 7 messages" in texts(new)
    assert PRACTICE not in new["text"]


def test_nothing_about_a_real_launch_is_marked_as_practice(scene):
    card = scene.launches("82 run_now")
    assert "Practice" not in texts(scene.sees_card(card))
    assert not [text for text in scene.replies(card) if "Practice" in text]


def test_a_rehearsal_walks_through_what_the_policy_demands(scene):
    scene.policy('[always]\napprovals = 2\ntyped = ["campaign"]\nhold = "1h"\n')
    card = scene.asks("practice 82 run_now")
    for who, left in ((ANA, "1 of 2 approvals"), (BEN, "Approved; it can still be cancelled")):
        assert list(scene.confirms(who, card, campaign=typed("83"))) == ["campaign"]
        assert scene.submits(who, campaign=typed("82")) == {}
        scene.sees_card(card, PRACTICE, left)
    scene.presses(ANA, card, "launch:cancel")
    scene.sees_reply(card, f"{PRACTICE}:no_entry: <@U0ANA> cancelled")
    assert scene.sent == []


def test_a_rehearsal_stays_one_when_it_is_edited(scene):
    card = scene.asks("practice 82 run_now")
    assert scene.edits(card, limit=typed("5", "number_input")) == {}
    card = scene.sees_card(card, PRACTICE, "at most 5 messages")
    scene.presses(ANA, card, "launch:approve")
    scene.sees_card(card, "Practised; nothing was sent")
    assert scene.sent == []


def test_a_rehearsal_stands_in_nobodys_way(scene):
    scene.policy('[always]\non_collision = "refuse"\n')
    number = scene.adds_campaign()
    scene.asks(f"practice {number} run_now")
    card = scene.asks(f"{number} run_now")
    assert "This campaign waits" not in texts(card)


def test_an_outsider_rehearses_nothing_and_approves_no_rehearsal(scene):
    scene.do(scene.cast.types(OTTO, "practice 82 run_now"))
    scene.is_told(OTTO, "you are not in the requester list")
    card = scene.asks("practice 82 run_now")
    scene.presses(OTTO, card, "launch:approve")
    scene.is_told(OTTO, "you are not in the approver list")
    scene.sees_card(card, "Needs 1 approval")


# Breaking the glass.


def test_the_glass_is_closed_unless_the_policy_opens_it(scene):
    card = scene.asks("82 run_now")
    assert BREAK not in buttons(card)
    scene.presses(DAN, card, BREAK)
    scene.is_told(DAN, "The policy lets nobody launch this without approval.")
    assert not scene.workspace.snapshot(DAN)["views"]
    scene.sees_card(card, "Needs 1 approval")
    scene.policy(GLASS + '[[rule]]\nname = "never"\nwhen = { campaigns = [82] }\nneed = { break_glass = false }\n')
    assert BREAK not in buttons(scene.asks("82 run_now"))
    assert BREAK in buttons(scene.asks("83 run_now"))
    assert scene.sent == []


def test_only_an_admin_breaks_the_glass(scene):
    scene.policy(GLASS)
    card = scene.asks("82 run_now")
    for who in (ANA, BEN, CLEO, OTTO):
        scene.presses(who, card, BREAK)
        scene.is_told(who, "You cannot launch without approval: you are not in the admin list.")
        assert not scene.workspace.snapshot(who)["views"]
    scene.sees_card(card, "Needs 1 approval")


def test_an_admin_breaks_the_glass_with_a_reason_and_the_typed_id_and_everyone_passed_over_is_told(scene):
    scene.policy(GLASS + "approvals = 2\n")
    card = scene.asks("82 run_now")
    scene.presses(DAN, card, BREAK)
    form = texts(scene.sees_modal(DAN, "Without approval"))
    assert "This starts the launch at once, without the approvals that the policy asks for." in form
    reason = typed("The shop <!channel> is on fire")
    assert set(scene.submits(DAN)) == {"reason", "campaign"}
    assert list(scene.submits(DAN, reason=reason, campaign=typed("83"))) == ["campaign"]
    assert (
        "Say why this could not wait for approval"
        in scene.submits(DAN, reason=typed("  "), campaign=typed("82"))["reason"]
    )
    assert scene.sent == []
    assert scene.submits(DAN, reason=reason, campaign=typed("82")) == {}

    scene.sees_reply(card, "accepted the launch")
    told = scene.sees_reply(card, "<@U0DAN> launches without approval: “The shop @channel is on fire”")["text"]
    assert "Who had a say: <@U0ANA> <@U0BEN> <!subteam^S0LEADS>" in told
    scene.sees_card(card, ":rotating_light: *Without approval*, by <@U0DAN>: “The shop @channel is on fire”")
    assert scene.audit(card)[:4] == ["launch:request", "launch:break_glass", "launch:start", "launch:accept"]
    assert [json.loads(body)["id"] for body in scene.sent] == [82]


def test_breaking_the_glass_takes_what_the_policy_wants_typed_and_keeps_its_hold(scene):
    scene.policy(GLASS + 'typed = ["audience"]\nhold = "1h"\n')
    card = scene.asks("82 run_now source=segment:5")
    given = {"reason": typed("Fire"), "audience": typed("47,100")}
    assert list(scene.confirms(DAN, card, BREAK, **{**given, "audience": typed("82")})) == ["audience"]
    assert scene.submits(DAN, **given) == {}
    scene.sees_card(card, "Without approval; it can still be cancelled", "*Without approval*, by <@U0DAN>: “Fire”")
    scene.presses(ANA, card, "launch:cancel")
    scene.sees_card(card, "Cancelled")
    assert scene.sent == []


def test_the_glass_is_not_broken_for_what_has_changed_or_is_decided(scene):
    scene.policy(GLASS)
    number = scene.adds_campaign()
    card = scene.asks(f"{number} run_now")
    scene.run(lambda: scene.platform.edit_campaign(number, by="piotr"))
    assert scene.confirms(DAN, card, BREAK, reason=typed("Fire"), campaign=typed(str(number))) == {}
    scene.sees_modal(DAN, "Not done", "Your click did not count.")
    scene.presses(ANA, card, "launch:cancel")
    scene.sees_card(card, "Cancelled")
    scene.presses(DAN, card, BREAK)
    scene.is_told(DAN, "<@U0ANA> cancelled it")
    assert scene.sent == []


def test_no_glass_is_broken_for_what_the_policy_refuses(scene):
    scene.policy(GLASS)
    card = scene.asks("82 run_now")
    scene.policy(GLASS + '[[rule]]\nname = "no"\nneed = { refuse = "Not today." }\n')
    assert scene.confirms(DAN, card, BREAK, reason=typed("Fire"), campaign=typed("82")) == {}
    scene.sees_modal(DAN, "Not done", "Not today.")
    scene.sees_card(card, "Needs 1 approval")
    assert scene.sent == []


def test_a_rehearsal_behind_broken_glass_sends_nothing(scene):
    scene.policy(GLASS)
    card = scene.asks("practice 82 run_now")
    assert scene.confirms(DAN, card, BREAK, reason=typed("Fire"), campaign=typed("82")) == {}
    scene.sees_card(card, "Practised; nothing was sent", "*Without approval*")
    assert scene.sent == []
