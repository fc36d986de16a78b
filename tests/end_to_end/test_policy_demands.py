"""What a policy can demand of a launch, each as the people meet it: where it is asked for, and where it is not."""

import json
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sandbox.altcraft.objects import Source
from sandbox.cast import ANA, BEN, CLEO, picked, texts, typed
from sandbox.slack.form_state import REQUIRED

LEADS = '[roles.lead]\nmembers = ["S0LEADS"]\n'
BERLIN = ZoneInfo("Europe/Berlin")


def always(need: str) -> str:
    return f"[always]\n{need}\n"


def of_82(need: str) -> str:
    return f'[[rule]]\nname = "of 82"\nwhen = {{ campaigns = [82] }}\nneed = {{ {need} }}\n'


def approved(scene, card, *people):
    for person in people:
        scene.presses(person, card, "launch:approve")
        scene.sees_reply(card, f"<@{person}> approved")
    return card


def goes_out(scene, card, *people):
    approved(scene, card, *people)
    scene.sees_reply(card, "accepted the launch")
    return card


def refused(scene, command: str) -> str:
    """What the form says that this command opens, and then says again when it is submitted all the same."""
    before = len(scene.run(scene.cast.cards))
    scene.opens(command)
    assert scene.submits(ANA) == {}
    told = texts(scene.sees_modal(ANA, "Not done"))
    assert len(scene.run(scene.cast.cards)) == before
    return told


def expires(card) -> datetime:
    stands = next(block for block in card["blocks"] if block["block_id"] == "standing")["text"]["text"]
    return datetime.fromtimestamp(int(re.search(r"Expires <!date\^(\d+)", stands)[1]), UTC)


# Approvals.


def test_two_approvals_are_waited_for_where_the_policy_wants_two(scene):
    scene.policy(of_82("approvals = 2"))
    form = texts(scene.opens("82 run_now"))
    assert "2 teammates have to approve before anything is sent. You cannot approve your own launch." in form
    card = scene.asks("82 run_now")
    assert "Needs 2 approvals (not <@U0ANA>'s)." in texts(card)
    scene.presses(ANA, card, "launch:approve")
    scene.is_told(ANA, "somebody else has to approve it")
    approved(scene, card, BEN)
    scene.sees_card(card, "1 of 2 approvals; needs 1 more", "*Approved by:* <@U0BEN>")
    scene.presses(BEN, card, "launch:approve")
    scene.is_told(BEN, "Your approval is already counted")
    assert scene.sent == []
    goes_out(scene, card, CLEO)
    assert len(scene.sent) == 1

    other = scene.asks("83 run_now")
    assert "Needs 1 approval" in texts(other)
    goes_out(scene, other, CLEO)


def test_one_of_the_approvals_comes_from_the_role_that_the_policy_names(scene):
    scene.policy(LEADS + of_82("approvals = 2, of_which = { lead = 1 }"))
    card = approved(scene, scene.asks("82 run_now"), BEN)
    scene.sees_card(card, "1 of 2 approvals; needs 1 more (not <@U0ANA>'s): a lead.")
    goes_out(scene, card, CLEO)
    scene.sees_card(card, "*Approved by:* <@U0BEN> and <@U0CLEO> (lead)")

    other = goes_out(scene, scene.asks("83 run_now"), BEN)
    card = texts(scene.sees_card(other, "*Approved by:* <@U0BEN>"))
    # The message itself speaks of the platform's leads.
    assert "lead" not in card.replace("{lead.", "")


def test_once_the_lead_has_approved_somebody_else_is_enough(scene):
    scene.policy(LEADS + of_82("approvals = 2, of_which = { lead = 1 }"))
    card = scene.asks("82 run_now")
    assert "Needs 2 approvals (not <@U0ANA>'s): a lead and somebody else." in texts(card)
    approved(scene, card, CLEO)
    scene.sees_card(card, "1 of 2 approvals; needs 1 more")
    goes_out(scene, card, BEN)


def test_one_rejection_ends_it_whoever_has_approved(scene):
    scene.policy(always("approvals = 2"))
    card = approved(scene, scene.asks("82 run_now"), BEN)
    scene.presses(CLEO, card, "launch:reject")
    scene.sees_modal(CLEO, "Reason")
    scene.submits(CLEO, reason=typed("Not today"))
    scene.sees_card(card, "Rejected", "<@U0CLEO> rejected it: “Not today”")
    scene.presses(CLEO, card, "launch:approve")
    scene.is_told(CLEO, "<@U0CLEO> rejected it")
    assert scene.sent == []


@pytest.mark.parametrize(
    ("need", "says"),
    [
        ("approvals = 3", "3 approvals from the role approver would be needed, and only 2 people could give them"),
        (
            "of_which = { lead = 2 }",
            "2 approvals from the role lead would be needed, and only one person could give them",
        ),
    ],
)
def test_more_approvals_than_there_are_people_are_said_at_the_request(scene, need, says):
    scene.policy(LEADS + of_82(need))
    assert says in refused(scene, "82 run_now")
    assert "would be needed" not in texts(scene.opens("83 run_now"))


def test_people_approve_their_own_launch_where_the_policy_lets_them(scene):
    scene.policy(always("self_approval = true") + of_82("self_approval = false"))
    assert "You may be one of them." in texts(scene.opens("83 run_now"))
    card = scene.asks("83 run_now")
    assert "(not <@" not in texts(card)
    goes_out(scene, card, ANA)
    scene.presses(ANA, scene.asks("82 run_now"), "launch:approve")
    scene.is_told(ANA, "somebody else has to approve it")
    assert len(scene.sent) == 1


# What has to be written down.


def test_a_reason_is_asked_for_at_its_field(scene):
    scene.policy(of_82("reason = true"))
    assert "A reason is needed." in texts(scene.opens("82 run_now"))
    assert scene.submits(ANA) == {"reason": REQUIRED}
    assert "The policy asks for a reason here" in scene.submits(ANA, reason=typed("  "))["reason"]
    assert "*Reason:* “First wave”" in texts(scene.do(scene.cast.asks_in_form(ANA, reason=typed("First wave"))))
    unasked = scene.opens("83 run_now")
    assert "A reason is needed." not in texts(unasked)
    assert [block["optional"] for block in unasked["blocks"] if block["block_id"] == "reason"] == [True]
    scene.do(scene.cast.asks_in_form(ANA))


@pytest.mark.parametrize("right", ["47100", "47,100"])
def test_an_approver_types_the_size_of_the_audience(scene, right):
    scene.policy(of_82('typed = ["audience"]'))
    card = scene.asks("82 run_now source=segment:5")
    assert "Whoever approves types the size of the audience." in texts(card)
    errors = scene.confirms(BEN, card, audience=typed("47,101"))
    assert errors == {"audience": "This is not the size of the audience. Look at the card, and type what it says."}
    assert list(scene.submits(BEN, audience=typed("82"))) == ["audience"]
    assert list(scene.submits(BEN)) == ["audience"]
    scene.sees_card(card, "Needs 1 approval")
    assert scene.submits(BEN, audience=typed(right)) == {}
    scene.sees_reply(card, "accepted the launch")
    scene.sees_modal(BEN, "Your decision counts")


def test_an_approver_types_the_campaigns_id(scene):
    scene.policy(of_82('typed = ["campaign", "audience"]'))
    card = scene.asks("82 run_now source=segment:5")
    wrong = {"campaign": typed("83"), "audience": typed("47,100")}
    assert list(scene.confirms(BEN, card, **wrong)) == ["campaign"]
    assert scene.submits(BEN, **{**wrong, "campaign": typed("82")}) == {}
    scene.sees_reply(card, "accepted the launch")


def test_the_campaigns_id_is_typed_where_nobody_knows_the_audiences_size(scene):
    scene.policy(of_82('typed = ["audience"]'))
    card = scene.asks("82 run_now source=list:999")
    scene.presses(BEN, card, "launch:approve")
    form = texts(scene.sees_modal(BEN, "Type the campaign's id"))
    assert "Type the size" not in form
    assert scene.submits(BEN, campaign=typed("82")) == {}
    scene.sees_reply(card, "<@U0BEN> approved")


def test_nothing_is_typed_where_the_policy_does_not_want_it(scene):
    scene.policy(of_82('typed = ["audience"]'))
    goes_out(scene, scene.asks("83 run_now"), BEN)
    assert not scene.workspace.snapshot(BEN)["views"]


def test_who_may_not_approve_is_told_before_typing(scene):
    scene.policy(always('typed = ["audience"]'))
    card = scene.asks("82 run_now")
    scene.presses(ANA, card, "launch:approve")
    scene.is_told(ANA, "somebody else has to approve it")
    assert not scene.workspace.snapshot(ANA)["views"]


def test_typing_that_the_policy_wants_by_now_is_asked_for_on_the_next_click(scene):
    card = scene.asks("82 run_now source=segment:5")
    scene.policy(of_82('typed = ["audience"]'))
    scene.presses(BEN, card, "launch:approve")
    scene.is_told(BEN, "the policy wants the size of the audience typed. Press the button again.")
    card = scene.sees_card(card, "Approve…", "*Rules:* “of 82”")
    assert scene.confirms(BEN, card, audience=typed("47,100")) == {}
    scene.sees_reply(card, "accepted the launch")


# When it starts.


def test_a_hold_leaves_time_to_cancel(scene):
    scene.policy(of_82('hold = "1h"'))
    card = scene.asks("82 run_now")
    assert "After the last approval it waits 1 h, in which it can be cancelled." in texts(card)
    approved(scene, card, BEN)
    card = scene.sees_card(
        card, "Approved; it can still be cancelled", "Nothing is sent before that; Cancel ends it for good"
    )
    assert "It starts in about" in texts(card)
    scene.presses(ANA, card, "launch:cancel")
    scene.sees_card(card, "Cancelled", "Nothing was sent")
    assert scene.sent == []
    assert "Approved; it can still" not in texts(goes_out(scene, scene.asks("83 run_now"), BEN))


def test_quiet_hours_and_frozen_days_put_an_approved_launch_off(scene):
    now = datetime.now(UTC)
    around, later = ((now + timedelta(hours=-1), now + timedelta(hours=1)), (now + timedelta(hours=2),) * 2)
    hours = [
        f'{{ from = "{one:%H:%M}", to = "{other + timedelta(minutes=1):%H:%M}" }}' for one, other in (around, later)
    ]
    hour, day = timedelta(hours=1), timedelta(days=1)
    hours = [f'{{ from = "{now + n * hour:%H:%M}", to = "{now + (n + 2) * hour:%H:%M}" }}' for n in (-1, 2)]
    days = [f"{{ first = {now - day:%Y-%m-%d}, last = {now + day:%Y-%m-%d} }}", f"{now + 3 * day:%Y-%m-%d}"]
    for key, (holds, passes) in (("quiet_hours", hours), ("freezes", days)):
        scene.policy(of_82(f"{key} = [{holds}, {passes}]") + of_82(f"{key} = [{passes}]").replace("82", "83"))
        card = approved(scene, scene.asks("82 run_now"), BEN)
        assert "Nothing starts" in texts(card)
        scene.sees_reply(card, "It has to wait: nothing starts in quiet hours. It starts <!date^")
        card = scene.sees_card(card, "Approved, but it has to wait")
        scene.presses(ANA, card, "launch:cancel")
        scene.sees_card(card, "Cancelled")
        assert scene.sent == []
        goes_out(scene, scene.asks("83 run_now"), BEN)
        scene.run(scene.stage.sent.activations.clear)


def test_a_request_expires_when_the_policy_says_so(scene):
    scene.policy(of_82('expires_after = "10m"'))
    for number, minutes in ((82, 10), (83, 240)):
        left = expires(scene.asks(f"{number}")) - datetime.now(UTC)
        assert timedelta(minutes=minutes, seconds=-20) < left <= timedelta(minutes=minutes)


# Its own moment.


def tomorrow() -> datetime:
    return (datetime.now(BERLIN) + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)


def test_a_launch_for_a_moment_on_the_requesters_clock_waits_for_it_and_can_be_cancelled(scene):
    start = tomorrow()
    at = f"<!date^{int(start.timestamp())}^"
    form = texts(scene.opens(f"82 run_now at={start:%Y-%m-%dT%H:%M}"))
    assert f"Not before {at}" in form
    card = scene.asks(f"82 run_now at={start:%Y-%m-%dT%H:%M}")
    assert f"*Starts:* not before {at}" in texts(card)
    approved(scene, card, BEN)
    card = scene.sees_card(card, "Approved and scheduled", f"It starts {at}")
    scene.presses(ANA, card, "launch:cancel")
    scene.sees_card(card, "Cancelled")
    assert scene.sent == []


def test_a_moment_is_picked_in_the_form(scene):
    start = tomorrow() + timedelta(hours=3)
    moment = int(start.timestamp())
    card = scene.asks_in_form(f"82 run_now at={tomorrow():%Y-%m-%dT%H:%M}", at=picked(moment))
    assert f"*Starts:* not before <!date^{moment}^" in texts(card)
    scene.sees_card(approved(scene, card, BEN), "Approved and scheduled", f"It starts <!date^{moment}^")


def test_a_launch_that_names_no_moment_starts_when_it_is_approved(scene):
    card = scene.asks_in_form(f"82 run_now at={tomorrow():%Y-%m-%dT%H:%M}", at=picked(None))
    assert "*Starts:*" not in texts(card)
    goes_out(scene, card, BEN)


def test_a_moment_in_the_past_is_refused_at_its_field(scene):
    scene.opens("82 run_now at=2026-01-01T09:00")
    assert "The start lies in the past." in scene.submits(ANA)["at"]
    scene.do(scene.cast.asks_in_form(ANA, at=picked(int(tomorrow().timestamp()))))


def test_a_request_expires_at_its_own_moment(scene):
    start = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=30)
    assert expires(scene.asks_in_form("82 run_now", at=picked(int(start.timestamp())))) == start


# What else is on its way.


def test_a_launch_of_the_same_campaign_or_to_the_same_audience_is_shown(scene):
    one = scene.adds_campaign()
    same_people = scene.adds_campaign(source=Source("segment", one))
    alone = scene.adds_campaign()
    first = scene.asks(f"{one} run_now")
    line = "This campaign waits for approval"
    assert line in texts(scene.opens(f"{one} run_now"))
    assert line in texts(scene.asks(f"{one} run_now"))
    other = texts(scene.asks(f"{same_people} run_now", BEN))
    assert f"Another campaign to the same audience ({one} “Campaign of a test {one}”) waits for approval" in other
    assert "asked for by <@U0ANA>" in other
    assert "audience (" not in texts(scene.asks(f"{alone} run_now"))
    goes_out(scene, first, BEN)


@pytest.mark.parametrize("which", ["the same campaign", "the same audience"])
def test_a_collision_takes_one_more_approval_or_forbids_the_launch_where_the_policy_says_so(scene, which):
    scene.policy(always('on_collision = "one_more_approval"'))
    one, alone = scene.adds_campaign(), scene.adds_campaign()
    other = one if which == "the same campaign" else scene.adds_campaign(source=Source("segment", one))
    assert "Needs 1 approval" in texts(scene.asks(f"{one} run_now"))
    assert "Needs 2 approvals" in texts(scene.asks(f"{other} run_now"))
    scene.policy(always('on_collision = "refuse"'))
    assert "no launch beside another" in refused(scene, f"{other} run_now")
    assert "Needs 1 approval" in texts(scene.asks(f"{alone} run_now"))


def test_what_was_sent_long_enough_ago_does_not_collide(scene):
    scene.policy(always('on_collision = "refuse"\ncollision_window = "1h"'))
    number = scene.adds_campaign()
    goes_out(scene, scene.asks(f"{number} run_now"), BEN)
    told = texts(scene.opens(f"{number} run_now"))
    assert "no launch beside another" in told
    assert "This campaign was launched <!date^" in told
    scene.policy(always('on_collision = "refuse"\ncollision_window = "0s"'))
    scene.asks(f"{number} run_now")


# How large it may be, and how far it may move.


def test_an_audience_above_the_policys_largest_is_not_asked_for(scene):
    scene.policy(of_82("largest_audience = 3790"))
    assert "at most 3,790; this one has 47,100." in refused(scene, "82 run_now source=segment:5")
    assert "the size of this one is not known" in refused(scene, "82 run_now source=list:999")
    scene.asks("82 run_now source=segment:9")
    scene.asks("83 run_now source=segment:5")


def test_more_messages_than_the_policys_largest_limit_are_not_asked_for(scene):
    scene.policy(of_82("largest_limit = 100"))
    for command in ("82 run_now", "82 run_now limit=101"):
        assert "ask with limit=100 or less" in refused(scene, command)
    scene.asks("82 run_now limit=100")
    scene.asks("83 run_now")


def test_an_audience_that_moves_within_the_tolerance_is_still_approved(scene):
    number = scene.adds_campaign()
    card = scene.asks(f"{number} run_now")
    scene.run(lambda: scene.platform.resize("segment", number, 1100))
    scene.presses(BEN, card, "launch:approve")
    scene.sees_reply(card, "<@U0BEN> approved the launch. The audience was 1,100 at that moment.")
    scene.sees_reply(card, "accepted the launch")


def test_an_audience_that_moves_beyond_the_tolerance_has_to_be_approved_as_it_is_now(scene):
    scene.policy(always("tolerance = 2\napprovals = 2"))
    number = scene.adds_campaign()
    card = approved(scene, scene.asks(f"{number} run_now"), BEN)
    card = scene.sees_card(card, "1 of 2 approvals")
    scene.run(lambda: scene.platform.resize("segment", number, 1021))
    scene.presses(CLEO, card, "launch:approve")
    scene.is_told(CLEO, "Your click did not count.")
    moved = "the audience's size: “1,000” → “1,021”"
    scene.sees_reply(card, moved)
    fresh = scene.sees_card(card, moved, "about 1,021 sendable profiles", "Needs 2 approvals")
    scene.presses(CLEO, card, "launch:approve")
    scene.is_told(CLEO, "has changed since the card you clicked on")
    goes_out(scene, fresh, BEN, CLEO)
    assert [json.loads(body)["id"] for body in scene.sent] == [number]


def test_an_edit_in_the_platform_voids_what_was_approved(scene):
    number = scene.adds_campaign()
    card = scene.asks(f"{number} run_now")
    scene.run(lambda: scene.platform.edit_campaign(number, name="Another name", by="piotr"))
    scene.presses(BEN, card, "launch:approve")
    scene.is_told(BEN, "Your click did not count.")
    fresh = scene.sees_card(card, f"the campaign's name: “Campaign of a test {number}” → “Another name”", "piotr")
    assert scene.sent == []
    goes_out(scene, fresh, BEN)


def test_a_campaign_that_cannot_be_read_again_is_approved_only_where_the_policy_lets_it(scene):
    scene.policy(always("goes_on_unread = true") + of_82("goes_on_unread = false"))
    strict, lax = scene.asks("82 run_now"), scene.asks("83 run_now")
    scene.switch(reads="fail")
    scene.presses(BEN, strict, "launch:approve")
    scene.is_told(BEN, "I could not read the campaign again")
    scene.sees_card(strict, "Needs 1 approval")
    goes_out(scene, lax, BEN)
    assert len(scene.sent) == 1
    scene.switch(reads="normal")
    goes_out(scene, strict, BEN)


def test_a_launch_that_the_policy_refuses_is_not_asked_for(scene):
    scene.policy(of_82('refuse = "Nobody mails <everybody>."'))
    told = refused(scene, "82 run_now")
    assert "The policy does not allow this launch. Nobody mails &lt;everybody&gt;." in told
    scene.asks("83 run_now")


def test_a_launch_that_the_policy_refuses_by_now_is_not_approved(scene):
    card = scene.asks("82 run_now")
    scene.policy(of_82('refuse = "Not today."'))
    scene.presses(BEN, card, "launch:approve")
    scene.is_told(BEN, "The policy does not allow this launch. Not today.")
    scene.sees_card(card, "Needs 1 approval")
    assert scene.sent == []
