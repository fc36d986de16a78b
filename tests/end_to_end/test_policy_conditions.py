"""A rule bites the launches that its conditions name, and no others; a policy with mistakes lets nothing through."""

import pytest

from sandbox.cast import ANA, BEN, texts

LEADS = '[roles.lead]\nmembers = ["U0BEN"]\n'
CRM = "44"
"""Tagged “news”, in the group “crm”, of the kind “regular”."""

CASES = {
    "campaigns": ("campaigns = [82, 96]", "82", "83"),
    "kinds": ('kinds = ["trigger", "regular"]', "41", "82"),
    "tags": ('tags = ["NEWS", "gone"]', CRM, "82"),
    "groups": ('groups = ["crm"]', CRM, "82"),
    "sends now": ("run_now = true", "82 run_now", "82"),
    "sends nothing by itself": ("run_now = false", "82", "82 run_now"),
    "another audience": ('sources = ["segment:5"]', "82 run_now source=segment:5", "82 run_now"),
    "its own audience": ('sources = ["segment:5"]', "83", "83 run_now source=list:1"),
    "more people than that": ("audience_above = 3790", "82 run_now source=segment:5", "82 run_now source=segment:9"),
    "more messages than that": ("limit_above = 500", "82 limit=501", "82 limit=500"),
    "as many messages as there are people": ("limit_above = 500", "82", "82 limit=500"),
    "a size nobody knows": ("unknown_size = true", "82 run_now source=list:999", "82 run_now"),
    "a size somebody knows": ("unknown_size = false", "82 run_now", "82 run_now source=list:999"),
    "two conditions": ("campaigns = [82], run_now = true", "82 run_now", "82"),
}


def bites(when: str) -> str:
    return f'[[rule]]\nname = "no"\nwhen = {{ {when} }}\nneed = {{ refuse = "Bitten." }}\n'


@pytest.mark.parametrize(("when", "bitten", "spared"), CASES.values(), ids=CASES)
def test_a_rule_bites_what_it_names_and_spares_the_rest(scene, when, bitten, spared):
    scene.policy(bites(when))
    assert "Bitten." in texts(scene.opens(bitten))
    assert "Bitten." not in texts(scene.opens(spared))


def test_a_rule_goes_by_the_channel_in_which_the_launch_is_asked_for(scene):
    scene.policy(bites('channels = ["C0LAUNCH"]'))
    assert "Bitten." in texts(scene.opens("82"))
    assert "Bitten." not in texts(scene.opens("82", channel="C0RANDOM"))


def test_a_rule_goes_by_the_roles_of_who_asks(scene):
    scene.policy(LEADS + bites('requester_roles = ["lead"]'))
    assert "Bitten." in texts(scene.opens("82", BEN))
    assert "Bitten." not in texts(scene.opens("82", ANA))


def test_a_rule_goes_by_a_tag_that_is_put_on_later(scene):
    scene.policy(bites('tags = ["frozen"]'))
    number = scene.adds_campaign()
    card = scene.asks(f"{number}")
    scene.run(lambda: setattr(scene.platform.campaign(number), "ui_tags", ("frozen",)))
    scene.presses(BEN, card, "launch:approve")
    scene.is_told(BEN, "Bitten.")
    scene.sees_card(card, "Waiting for approval")
    assert scene.sent == []


@pytest.mark.parametrize("when", ['kinds = ["trigger"]', 'tags = ["x"]', 'groups = ["x"]', "audience_above = 999999"])
def test_what_the_platform_does_not_tell_is_taken_for_what_the_rule_names(scene, when):
    scene.policy(bites(when))
    scene.switch(reads="fail")
    assert "Bitten." in texts(scene.opens("82"))


def test_the_card_names_the_rules_that_bite(scene):
    named = '[[rule]]\nname = "{}"\nwhen = {{ run_now = {} }}\nneed = {{ approvals = {} }}\n'
    scene.policy(named.format("sends <now>", "true", 2) + named.format("sends later", "false", 3))
    card = scene.asks("82 run_now")
    assert "*Rules:* “sends &lt;now&gt;”" in texts(card)
    assert "Needs 2 approvals" in texts(card)
    assert "sends later" not in texts(card)


BROKEN = {
    "a wrong value": ("[always]\napprovals = 0\n", "always.approvals: it takes a whole number from 1 to 20."),
    "an unknown key": ("[always]\naprovals = 2\n", "always.aprovals: there is no such key."),
    "a role that is not there": ("[always]\nof_which = { boss = 1 }\n", "there is no role “boss”"),
    "no TOML": ("always\n", "it is not TOML"),
}


@pytest.mark.parametrize(("text", "mistake"), BROKEN.values(), ids=BROKEN)
def test_a_policy_with_a_mistake_takes_no_request_and_names_the_mistake_until_it_is_mended(scene, text, mistake):
    scene.policy(text)
    scene.do(scene.cast.types(ANA, "82 run_now"))
    scene.is_told(ANA, mistake)
    assert not scene.workspace.snapshot(ANA)["views"]
    scene.policy("[always]\napprovals = 2\n")
    assert "Needs 2 approvals" in texts(scene.asks("82 run_now"))


def test_a_policy_that_breaks_while_the_form_is_open_takes_no_request(scene):
    before = len(scene.run(scene.cast.cards))
    scene.opens("82 run_now")
    scene.policy("[always]\napprovals = 0\n")
    scene.submits(ANA)
    scene.sees_modal(ANA, "Not done", "always.approvals: it takes a whole number from 1 to 20.")
    assert len(scene.run(scene.cast.cards)) == before


def test_a_policy_with_a_mistake_takes_no_approval_until_it_is_mended(scene):
    card = scene.asks("82 run_now")
    scene.policy("[always]\napprovals = 0\n")
    scene.presses(BEN, card, "launch:approve")
    scene.is_told(BEN, "always.approvals: it takes a whole number from 1 to 20.")
    scene.sees_card(card, "Waiting for approval", "Needs 1 approval")
    assert scene.sent == []
    scene.policy("")
    scene.presses(BEN, card, "launch:approve")
    scene.sees_reply(card, "accepted the launch")
