"""People approve the message itself: it stands on form and card, and whoever exchanges it is asked again about it."""

import pytest

from sandbox.cast import ANA, BEN
from tests.end_to_end.test_time_of_check import held, is_sent_once_when_approved_afresh, scheduled

SUBJECT = "you are in a day early"
"""The end of it: what stands before is a variable, whose underscore is shown as one that formats nothing."""

OTHER = "Half price for everybody"
NOT_COVERED = "The message could not be read: an approval does not cover it."


@pytest.fixture
def scene(formatted):
    """The scene of a format with the templates and switches as they were."""
    scene = formatted
    scene.sweep()
    templates = dict(scene.platform.templates)
    yield scene
    scene.switch(templates="normal")
    scene.run(lambda: scene.platform.templates.update(templates))


def exchange(scene):
    scene.run(lambda: scene.platform.edit_template(78, "email", {"subject": OTHER}, by="mallory"))


def test_form_and_card_show_what_people_will_receive_and_how_its_checks_went(scene):
    scene.opens("82 run_now source=segment:5")
    scene.sees_modal(ANA, f"{SUBJECT}”", "*Checks:*")

    scene.sees_card(scene.asks("82 run_now source=segment:5"), f"{SUBJECT}”", "*Checks:*")


def test_a_message_that_was_exchanged_before_the_approval_is_asked_again(scene):
    card = scene.asks("82 run_now source=segment:5")
    exchange(scene)
    scene.presses(BEN, card, "launch:approve")
    told = f"{SUBJECT}” → “{OTHER}”"
    scene.is_told(BEN, told)
    assert "The template was last edited by mallory, <!date^" in scene.sees_reply(card, told)["text"]
    scene.sees_card(card, "Waiting for approval", told, f"*E-mail:* “{OTHER}”")
    is_sent_once_when_approved_afresh(scene, card)


def test_a_message_that_was_exchanged_during_the_hold_is_asked_again(scene):
    card = held(scene)
    exchange(scene)
    scene.sees_reply(card, f"→ “{OTHER}”")
    is_sent_once_when_approved_afresh(scene, card)


def test_a_message_that_was_exchanged_before_its_scheduled_start_is_asked_again(scene):
    card = scheduled(scene)
    exchange(scene)
    scene.sees_reply(card, f"→ “{OTHER}”")
    is_sent_once_when_approved_afresh(scene, card)


def test_a_message_that_was_exchanged_and_put_back_before_anybody_looked_is_sent(scene):
    card = scene.asks("82 run_now source=segment:5")
    before = scene.run(lambda: scene.platform.templates[78])
    exchange(scene)
    scene.run(lambda: scene.platform.templates.update({78: before}))
    scene.presses(BEN, card, "launch:approve")
    scene.sees_reply(card, "accepted the launch")
    assert len(scene.sent) == 1


def test_a_message_that_cannot_be_read_at_first_is_not_covered_and_asked_again_when_it_can(scene):
    scene.switch(templates="no_right")
    card = scene.asks("82 run_now source=segment:5")
    scene.sees_card(card, NOT_COVERED)
    scene.switch(templates="normal")
    scene.presses(BEN, card, "launch:approve")
    scene.sees_reply(card, "The message can be read now, and nobody has approved it.")
    is_sent_once_when_approved_afresh(scene, card)


def test_a_message_that_cannot_be_read_any_more_is_asked_again(scene):
    card = held(scene)
    scene.switch(templates="no_right")
    scene.sees_reply(card, "The message cannot be read any more.")
    scene.sees_card(card, "Waiting for approval", NOT_COVERED)
    is_sent_once_when_approved_afresh(scene, card)


def test_a_policy_may_refuse_what_is_not_known(scene):
    scene.policy('[always]\nmessage = "known"\n')
    scene.switch(templates="no_right")
    scene.opens("82 run_now source=segment:5")
    scene.sees_modal(ANA, "The policy wants the message to be known, and it could not be read.")
