"""Approval and roles, as people meet them: who may, who may not, and who came too late."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from sandbox.cast import ANA, BEN, CLEO, DAN, OTTO, texts, typed


def test_an_outsider_is_refused_at_the_command_and_told_whom_to_ask(scene):
    scene.do(scene.cast.types(OTTO, "82 run_now"))
    told = scene.is_told(OTTO, "you are not in the requester list")
    assert "<@U0DAN>" in told["text"]
    assert not scene.workspace.snapshot(OTTO)["views"]


def test_an_outsiders_click_is_answered_to_the_outsider_alone(scene):
    card = scene.asks("82 run_now")
    scene.sees_reply(card, "asks to launch")
    before = scene.replies(card)
    scene.presses(OTTO, card, "launch:approve")
    told = scene.is_told(OTTO, "you are not in the approver list")
    assert "<@U0BEN>" in told["text"]
    assert scene.replies(card) == before
    scene.sees_card(card, "Waiting for approval")


def test_a_member_of_an_approving_group_approves(scene):
    card = scene.asks("82 run_now")
    scene.presses(CLEO, card, "launch:approve")
    scene.sees_reply(card, "accepted the launch")


def test_two_approvers_at_once_launch_it_once_and_the_later_is_told(scene):
    card = scene.asks("82 run_now")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda who: scene.presses(who, card, "launch:approve"), [BEN, CLEO]))
    scene.sees_reply(card, "The run ended")
    assert len(scene.sent) == 1
    told = [one["text"] for who in (BEN, CLEO) for one in scene.workspace.snapshot(who)["ephemerals"]]
    assert len(told) == 1
    assert "Nothing was done by this click" in told[0]


def test_a_double_click_launches_once(scene):
    card = scene.asks("82 run_now")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: scene.presses(BEN, card, "launch:approve"), range(4)))
    scene.sees_reply(card, "The run ended")
    assert len(scene.sent) == 1
    scene.is_told(BEN, "already counted")


def test_the_same_click_delivered_twice_launches_once(scene):
    card = scene.asks("82 run_now")
    scene.presses(BEN, card, "launch:approve")
    scene.do(scene.workspace.redeliver())
    scene.sees_reply(card, "The run ended")
    assert len(scene.sent) == 1


def test_the_same_submission_delivered_twice_is_one_launch(scene):
    before = len(scene.run(scene.cast.cards))
    card = scene.asks("82 run_now")
    scene.do(scene.workspace.redeliver())
    scene.presses(BEN, card, "launch:approve")
    scene.sees_reply(card, "The run ended")
    assert len(scene.run(scene.cast.cards)) == before + 1
    assert len(scene.sent) == 1


def test_a_click_on_an_old_card_says_what_happened_and_by_whom(scene):
    card = scene.asks("82 run_now")
    scene.presses(ANA, card, "launch:cancel")
    scene.sees_card(card, "Cancelled")
    scene.presses(BEN, card, "launch:approve")
    told = scene.is_told(BEN, "cancelled it")
    assert "<@U0ANA>" in told["text"]
    assert scene.sent == []


def test_a_card_that_is_decided_has_no_buttons_to_decide_with(scene):
    card = scene.asks("82 run_now")
    scene.presses(ANA, card, "launch:cancel")
    cancelled = scene.sees_card(card, "Cancelled")
    buttons = [
        one["action_id"] for block in cancelled["blocks"] for one in block.get("elements", ()) if "action_id" in one
    ]
    # It can still be read; nothing about it can be decided.
    assert buttons == ["launch:ask_again", "launch:read"]


def test_a_rejection_asks_for_a_reason_and_tells_it(scene):
    card = scene.asks("82 run_now")
    scene.presses(BEN, card, "launch:reject")
    scene.do(scene.cast.sees_modal(BEN, "Reason"))
    scene.do(scene.cast.submits(BEN, reason=typed("Wrong segment <!channel>")))
    scene.sees_reply(card, "rejected the launch: “Wrong segment @channel”")
    scene.sees_card(card, "Rejected")
    assert scene.sent == []


def test_who_would_reject_too_late_is_told_before_writing_down_why(scene):
    card = scene.asks("82 run_now")
    scene.presses(ANA, card, "launch:cancel")
    scene.sees_card(card, "Cancelled")
    scene.presses(BEN, card, "launch:reject")
    scene.is_told(BEN, "cancelled it")
    assert not scene.workspace.snapshot(BEN)["views"]


def test_only_approvers_reject(scene):
    card = scene.asks("82 run_now")
    scene.presses(DAN, card, "launch:reject")
    scene.is_told(DAN, "You cannot reject a launch")


def test_an_admin_cancels_and_a_teammate_does_not(scene):
    card = scene.asks("82 run_now")
    scene.presses(BEN, card, "launch:cancel")
    scene.is_told(BEN, "cancel somebody else's launch")
    scene.presses(DAN, card, "launch:cancel")
    scene.sees_reply(card, "<@U0DAN> cancelled the launch")


def test_the_card_stays_one_message(scene):
    before = len(scene.run(scene.cast.cards))
    scene.launches("82 run_now")
    assert len(scene.run(scene.cast.cards)) == before + 1


@pytest.mark.parametrize("action", ["launch:look", "launch:vouch_ran", "launch:vouch_not_run"])
def test_only_approvers_and_admins_settle_a_doubt(scene, action):
    scene.switch(activation="reset")
    card = scene.asks("82 run_now")
    scene.presses(BEN, card, "launch:approve")
    scene.sees_card(card, "In doubt")
    scene.presses(OTTO, card, action)
    scene.is_told(OTTO, "approver or admin list")
    scene.sees_card(card, "In doubt")
    scene.presses(DAN, card, "launch:vouch_not_run")
    scene.sees_reply(card, "<@U0DAN> says that it did not run")


def test_who_asked_for_a_launch_cannot_alone_make_way_for_its_second_run(scene):
    campaign = scene.adds_campaign()
    scene.switch(activation="reset", only_next=True)
    card = scene.asks(f"{campaign} run_now", who=BEN)
    scene.presses(ANA, card, "launch:approve")
    scene.sees_card(card, "In doubt")
    scene.presses(BEN, card, "launch:vouch_not_run")
    scene.is_told(BEN, "somebody else has to say that it did not run")
    scene.sees_card(card, "In doubt")
    assert "launch:vouch" not in scene.audit(card)
    assert scene.audit(card)[-1] == "launch:deny"
    scene.presses(DAN, card, "launch:vouch_not_run")
    scene.sees_card(card, "Not launched")

    again = scene.asks(f"{campaign} run_now", who=BEN)
    words = "that the launch of this campaign that <@U0BEN> asked for did not run; nobody has seen proof."
    scene.sees_card(again, ":warning: <@U0DAN> said", words)


def test_no_doubt_is_without_those_who_can_settle_it(scene):
    campaign = scene.adds_campaign()
    scene.switch(activation="reset", only_next=True)
    card = scene.asks(f"{campaign} run_now")
    scene.presses(BEN, card, "launch:approve")
    reply = scene.sees_reply(card, "Whether the launch happened is not known")
    assert f"Campaign {campaign}" in reply["text"]
    assert all(f"<@{one}>" in reply["text"] for one in (ANA, BEN, DAN))
    scene.presses(DAN, card, "launch:vouch_not_run")
    scene.sees_card(card, "Not launched")


def test_peoples_text_pings_nobody(scene):
    card = scene.asks('82 run_now reason="<!channel> & <@U0DAN> *bold*"')
    assert "<!channel>" not in texts(card)
    assert "*Reason:* “@channel &amp; @Dan ∗bold∗”" in texts(card)


def test_while_a_launch_is_in_doubt_no_other_of_that_campaign_is_asked_for_or_approved(scene):
    pending = scene.asks("82 run_now")
    scene.switch(activation="reset", only_next=True)
    doubtful = scene.asks("82 run_now")
    scene.presses(BEN, doubtful, "launch:approve")
    scene.sees_card(doubtful, "In doubt")

    scene.presses(BEN, pending, "launch:approve")
    scene.is_told(BEN, "is in doubt since")
    scene.is_told(BEN, f"/archives/C0LAUNCH/p{doubtful['ts'].replace('.', '')}|Its card>")
    scene.do(scene.cast.types(ANA, "82 run_now"))
    scene.do(scene.cast.sees_modal(ANA, "What will happen"))
    scene.do(scene.cast.submits(ANA))
    scene.do(scene.cast.sees_modal(ANA, "is in doubt since"))
    assert len(scene.sent) == 1

    scene.presses(DAN, doubtful, "launch:vouch_not_run")
    scene.sees_card(doubtful, "Not launched")
    scene.presses(BEN, pending, "launch:approve")
    scene.sees_reply(pending, "accepted the launch")


def test_roles_that_cannot_be_read_refuse_and_say_so(scene):
    card = scene.asks("82 run_now")
    scene.kill_bot()
    scene.start_bot()
    scene.run(lambda: scene.workspace.faults.fail("usergroups.users.list", "internal_error", times=50))
    scene.presses(CLEO, card, "launch:approve")
    scene.is_told(CLEO, "could not check your role")
    scene.sees_card(card, "Waiting for approval")
    assert scene.sent == []
