"""A run that bounces is stopped by the bot, by the policy's brakes, in sight of everybody; and no other run is."""

from datetime import UTC, datetime

import pytest

from sandbox.cast import DAN, texts
from tests.end_to_end.test_numbers import post
from tests.results.hooks import body, event

BRAKES = '[brakes]\nhard_bounces = "2%"\ncomplaints = "0.5%"\nafter = 200\nstop = true\n'


@pytest.fixture
def scene(formatted):
    """The scene of a format, with brakes that stop."""
    formatted.sweep()
    formatted.policy(BRAKES)
    return formatted


def run_states(scene, campaign):
    return [run["state"] for run in scene.runs if run["campaign_id"] == campaign]


def drops(scene, campaign):
    """Of each stop of the campaign, as either format spells it, whether what is queued is to be dropped."""
    asked = scene.run(lambda: scene.platform.snapshot()["requests"])
    bodies = [one["body"] for one in asked if one["method"] == "campaigns/deactivate"]
    return [str(one["abort_if_running"]).lower() for one in bodies if str(one["id"]) == str(campaign)]


def hooks_tell(scene, campaign, sent, bounced):
    now = datetime.now(UTC)
    sends = [event("send", nth=n, campaign=campaign, at=now) for n in range(sent)]
    bounces = [event("hbounce", nth=n, campaign=campaign, at=now) for n in range(bounced)]
    assert post(scene, body(*sends, *bounces)) == (200, "OK")


def test_a_run_of_which_six_percent_bounce_is_stopped_by_the_bot(scene):
    campaign = scene.adds_campaign()
    scene.switch(hooks="bounces")
    card = scene.launches(f"{campaign} run_now")

    told = texts(scene.sees_reply(card, "A brake of the policy is on (bounced for good "))

    assert "with at most 2% allowed" in told
    assert "<@U0ANA>" in told
    assert f"<@{DAN}>" in told
    scene.sees_reply(card, "The platform took the stop")
    scene.sees_card(card, "topped", "by the policy's brakes", "The policy's brakes asked to stop")
    assert drops(scene, campaign) == ["true"]
    assert not scene.run(lambda: scene.platform.campaigns[campaign].is_active)
    assert scene.audit(card).count("stop:ask") == 1


def test_a_run_that_is_over_by_its_log_is_stopped_and_stays_finished(scene):
    """The log's end means that messages are queued: that is when most of them go out."""
    campaign = scene.adds_campaign()
    card = scene.launches(f"{campaign} run_now")
    scene.sees_reply(card, "The run ended")

    hooks_tell(scene, campaign, 200, 12)

    scene.sees_reply(card, "By its log the run is over: its messages are built, and may still be going out.")
    scene.sees_card(card, "Run finished; stopped after it by the policy's brakes")
    assert drops(scene, campaign) == ["true"]


def test_a_run_that_is_still_sending_is_broken_off(scene):
    campaign = scene.adds_campaign()
    scene.switch(run_fate="hang")
    card = scene.launches(f"{campaign} run_now")
    scene.sees_card(card, "Running")

    hooks_tell(scene, campaign, 200, 12)

    scene.sees_card(card, ":octagonal_sign: Stopped by the policy's brakes", "6%, 12 of 200 sent")
    assert run_states(scene, campaign) == ["aborted"]


def test_a_healthy_run_is_let_be_and_too_few_messages_are_said_to_be_too_few(scene):
    campaign = scene.adds_campaign()
    scene.switch(run_fate="hang")
    card = scene.launches(f"{campaign} run_now")

    hooks_tell(scene, campaign, 100, 6)
    scene.sees_card(card, "*Brakes:* not judged yet: 100 sent so far, as far as was told, and 200 are needed.")
    now = datetime.now(UTC)
    post(scene, body(*[event("send", nth=n, campaign=campaign, at=now) for n in range(100, 900)]))

    scene.sees_card(card, "*Brakes:* none is on (bounced for good 0.667%, 6 of 900 sent")
    assert drops(scene, campaign) == []


def test_a_brake_whose_stop_the_platform_refuses_calls_people_at_once_and_is_not_pressed_again(scene):
    campaign = scene.adds_campaign()
    scene.switch(run_fate="hang", deactivation="refuse")
    card = scene.launches(f"{campaign} run_now")

    hooks_tell(scene, campaign, 200, 12)

    told = texts(scene.sees_reply(card, "The platform refused the stop"))
    assert "<@U0ANA>" in told
    assert f"<@{DAN}>" in told
    hooks_tell(scene, campaign, 400, 30)
    scene.sees_card(card, "42 (7% of what was sent)", "Stop again…")
    assert scene.audit(card).count("stop:start") == 1


def test_without_a_word_in_the_policy_nothing_is_stopped_by_itself(scene):
    scene.policy(BRAKES.replace("stop = true", "stop = false"))
    campaign = scene.adds_campaign()
    scene.switch(run_fate="hang")
    card = scene.launches(f"{campaign} run_now")

    hooks_tell(scene, campaign, 200, 12)

    scene.sees_card(card, "*Brakes:* :rotating_light: on", "the policy leaves it to people")
    assert drops(scene, campaign) == []
