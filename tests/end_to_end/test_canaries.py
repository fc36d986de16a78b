"""First to a few: the rest waits for the canary's numbers, and goes once it is released, or never."""

import pytest

from sandbox.altcraft.objects import Segment
from sandbox.cast import ANA, BEN, CLEO, DAN, OTTO, texts

POLICY = """
[canary]
no_schedule = "never_starts"
[brakes]
hard_bounces = "2%"
after = 200
"""
FIRST = 8_500
"""The canary's segment, of 300."""


@pytest.fixture
def scene(formatted):
    """The scene of a format with the templates as they were, a small segment, and a policy with brakes."""
    scene = formatted
    scene.sweep()
    templates = dict(scene.platform.templates)
    small = Segment(FIRST, "The first few", 300, {"email": 300}, (1,))
    scene.run(lambda: scene.platform.segments.update({FIRST: small}))
    scene.switch(hooks="healthy")
    scene.policy(POLICY)
    yield scene
    scene.run(lambda: scene.platform.templates.update(templates))


def asks(scene, wait="2s", **fields):
    """A launch of 1,000 people whose canary goes to 300 first."""
    campaign = scene.adds_campaign(message_id=78, **fields)
    return campaign, scene.asks(f"{campaign} run_now canary=segment:{FIRST} wait={wait}")


def sources(scene):
    return [run["source"] for run in scene.runs]


def canary_card(scene):
    return scene.until(
        lambda: next((card for card in reversed(scene.cast.cards()) if "Canary of:" in texts(card["blocks"])), None),
        "the canary's card",
    )


def copies(scene, campaign):
    begin = f"[canary by campaign-bot] {campaign} "
    return scene.run(lambda: [one for one in scene.platform.campaigns.values() if one.name.startswith(begin)])


def test_the_canary_goes_first_and_the_rest_once_it_is_released(scene):
    campaign, card = asks(scene)
    scene.sees_card(card, f"First to segment {FIRST} alone; after 2 s at least, an approver releases the rest")
    scene.presses(BEN, card, "launch:approve")

    told = scene.sees_reply(card, "The wait is over")
    assert "300 sent" in texts(told)
    assert "<@U0BEN>" in texts(told)
    shown = scene.sees_card(card, "the rest waits to be released", "No brake is on.", "Release the rest…")
    assert "its card>" in texts(shown)
    (copy,) = copies(scene, campaign)
    assert sources(scene) == [f"segment:{FIRST}"]
    own = canary_card(scene)
    scene.sees_card(own, "Canary · ", "is switched off")
    assert not copy.is_active

    scene.presses(BEN, shown, "canary:release")

    scene.sees_reply(card, "released the rest")
    scene.sees_reply(card, "accepted the launch")
    assert sources(scene) == [f"segment:{FIRST}", f"segment:{campaign}"]
    scene.sees_card(card, "Run finished", "300 sent", "released the rest")
    assert len(scene.sent) == 2


def test_a_brake_holds_the_rest_and_lets_nobody_release_it(scene):
    scene.switch(hooks="bounces")
    _campaign, card = asks(scene, wait="6s")
    scene.presses(BEN, card, "launch:approve")

    held = scene.sees_card(card, "A brake is on: the rest is held", "bounced for good 6%, 18 of 300 sent")
    assert "Release the rest…" not in texts(held)
    scene.presses(BEN, held, "canary:stop")

    scene.sees_card(card, "Ended after its canary; the rest was not sent")
    assert sources(scene) == [f"segment:{FIRST}"]


def test_stop_here_ends_it_and_who_releases_after_it_is_told(scene):
    _campaign, card = asks(scene)
    scene.presses(BEN, card, "launch:approve")
    shown = scene.sees_card(card, "Release the rest…")

    scene.presses(ANA, shown, "canary:stop")
    scene.sees_reply(card, "ended it here: the rest is not sent")
    scene.presses(BEN, shown, "canary:release")

    scene.is_told(BEN, "Nothing was done by this click.")
    assert sources(scene) == [f"segment:{FIRST}"]


def test_the_rest_goes_by_itself_where_the_policy_says_so(scene):
    rule = f'canary = {{ segment = {FIRST}, wait = "6s", release = "auto" }}'
    scene.policy(f'{POLICY}[[rule]]\nname = "large"\nwhen = {{ audience_above = 500 }}\nneed = {{ {rule} }}\n')
    campaign = scene.adds_campaign(message_id=78)
    card = scene.asks(f"{campaign} run_now")
    scene.sees_card(card, "the rest goes by itself, unless a brake is on")

    scene.presses(BEN, card, "launch:approve")

    scene.sees_reply(card, "By the policy (“large”), the rest goes by itself: no brake is on")
    scene.sees_reply(card, "accepted the launch")
    assert sources(scene) == [f"segment:{FIRST}", f"segment:{campaign}"]


def test_too_few_numbers_let_nothing_go_by_itself(scene):
    scene.switch(hooks="off")
    rule = f'canary = {{ segment = {FIRST}, wait = "1s", release = "auto" }}'
    scene.policy(f"{POLICY}[always]\n{rule}\n")
    card = scene.asks(f"{scene.adds_campaign(message_id=78)} run_now")

    scene.presses(BEN, card, "launch:approve")

    scene.sees_card(card, "There is too little to judge by", "the rest waits to be released")
    assert sources(scene) == [f"segment:{FIRST}"]


def test_a_message_that_changes_during_the_wait_voids_the_approval_of_both(scene):
    _campaign, card = asks(scene)
    scene.presses(BEN, card, "launch:approve")
    shown = scene.sees_card(card, "Release the rest…")
    scene.run(lambda: scene.platform.edit_template(78, "email", {"subject": "Another one"}, by="olga"))

    scene.presses(BEN, shown, "canary:release")

    scene.sees_reply(card, "Another one")
    scene.sees_card(card, "Waiting for approval")
    assert sources(scene) == [f"segment:{FIRST}"]


def test_who_asked_or_holds_no_role_releases_nothing(scene):
    _campaign, card = asks(scene)
    scene.presses(BEN, card, "launch:approve")
    shown = scene.sees_card(card, "Release the rest…")
    before = scene.refusals()

    scene.presses(OTTO, shown, "canary:release")
    scene.is_told(OTTO, "You cannot release the rest after a canary")
    scene.presses(OTTO, shown, "canary:stop")
    scene.is_told(OTTO, "You cannot end somebody else's launch after its canary")
    scene.presses(ANA, shown, "canary:release")
    scene.is_told(ANA, "You asked for this launch, so somebody else has to")

    assert scene.refusals() == before + 3
    assert sources(scene) == [f"segment:{FIRST}"]


def test_a_canary_in_doubt_keeps_the_rest_until_that_is_settled(scene):
    scene.switch(activation="reset", only_next=True)
    _campaign, card = asks(scene)
    scene.presses(BEN, card, "launch:approve")

    shown = scene.sees_card(card, "whether it ran is in doubt")
    assert "Release the rest…" not in texts(shown)
    assert sources(scene) == []


def test_the_form_takes_a_canary_and_says_what_nobody_can_know(scene):
    campaign = scene.adds_campaign(message_id=78)
    view = scene.opens(f"{campaign} run_now canary=segment:{FIRST} wait=45m")
    assert "Whether people are in both audiences" in texts(view)
    assert "after 45 min at least, an approver releases the rest" in texts(view)
    errors = scene.submits(ANA, wait={"value": "soon"})
    assert errors["wait"] == "Write the wait as 30m, 90s or 2h."


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("canary=segment:8500", "canary= works only together with run_now"),
        ("run_now canary=list:1", "for a database is no small part of anything"),
        ("run_now wait=5m", "wait= works only together with canary="),
        ("run_now canary=segment:8500 wait=25h", "wait= takes a time from 1s to 24h"),
    ],
)
def test_a_canary_that_cannot_be_is_refused_with_what_to_type(scene, typed, says):
    scene.do(scene.cast.types(ANA, f"82 {typed}".replace("<", "&lt;").replace(">", "&gt;")))
    scene.is_told(ANA, says)


def test_practice_says_what_it_would_do_first(scene):
    campaign = scene.adds_campaign(message_id=78)
    card = scene.asks(f"practice {campaign} run_now canary=segment:{FIRST}")
    scene.presses(CLEO, card, "launch:approve")
    scene.sees_card(card, "Practised", f"For real: First to segment {FIRST} alone")
    assert scene.sent == []


def test_a_canary_that_somebody_stops_holds_the_rest_back_although_it_has_run(scene):
    rule = f'canary = {{ segment = {FIRST}, wait = "6s", release = "auto" }}'
    on_original = POLICY.replace("[canary]", '[canary]\non = "original"')
    scene.policy(f"{on_original}[always]\n{rule}\n")
    campaign = scene.adds_campaign(message_id=78)
    card = scene.asks(f"{campaign} run_now")
    scene.presses(BEN, card, "launch:approve")
    scene.sees_card(card, "The canary has run; the rest waits")

    scene.presses(DAN, scene.sees_card(canary_card(scene), "Switch off…"), "launch:stop")

    shown = scene.sees_card(card, "a stop of it was asked for", "the rest waits for somebody's word")
    scene.presses(ANA, shown, "canary:stop")
    scene.sees_card(card, "Ended after its canary; the rest was not sent")
    assert sources(scene) == [f"segment:{FIRST}"]
