"""A workflow asks for a launch by the bot's step: as if whoever ran it had typed it, and answered once it is over."""

import pytest

from sandbox.cast import ANA, BEN, DAN, LAUNCHES, OTTO
from sandbox.team import STEP
from tests.end_to_end.scene import Scene, open_scene


def runs_step(scene: Scene, who: str | None = ANA, **inputs):
    given = {"campaign": "82", "when": "now", "channel": LAUNCHES, "reason": "of a workflow", **inputs}
    given = {name: value for name, value in given.items() if value is not None}
    return scene.do(scene.workspace.run_step(STEP.callback_id, who, given))


def is_answered(scene: Scene, execution):
    scene.until(lambda: execution.state != "running", "the step is answered")
    return execution


def card_of(scene: Scene, before: set[str]) -> dict:
    found = scene.until(
        lambda: next((one for one in scene.cast.cards() if one["ts"] not in before), None), "the card appears"
    )
    scene.sees_reply(found, "asks to launch")
    return found


def seen(scene: Scene) -> set[str]:
    return {one["ts"] for one in scene.run(scene.cast.cards)}


def asks(scene: Scene, who: str = ANA, **inputs):
    """The step's execution, and the card that it leads to."""
    before = seen(scene)
    execution = runs_step(scene, who, **inputs)
    return execution, card_of(scene, before)


def test_a_workflow_asks_as_its_runner_and_goes_on_with_the_outcome(each_transport):
    scene = each_transport
    execution, card = asks(scene, limit="1000", audience="segment:5")
    scene.sees_card(card, "<@U0ANA> through a workflow", "of a workflow", "at most 1,000 messages")
    scene.presses(BEN, card, "launch:approve")
    told = is_answered(scene, execution)
    assert told.state == "completed", told.error
    link = f"https://sandbox.slack.com/archives/{LAUNCHES}/p{card['ts'].replace('.', '')}"
    assert told.outputs["state"] == "finished"
    assert told.outputs["launch_id"] == card["metadata"]["event_payload"]["launch_id"]
    assert told.outputs["outcome"] == "Run finished"
    assert told.outputs["link"] == link
    assert told.outputs["limit"] == 1000
    assert told.outputs["audience_size"] > 0
    assert told.outputs["errors"] == told.outputs["warnings"] == 0
    assert told.outputs["started_at"] <= told.outputs["ended_at"]
    assert len(scene.sent) == 1


def test_what_only_becomes_active_goes_on_once_the_platform_took_it(scene):
    execution, card = asks(scene, when="schedule")
    scene.presses(BEN, card, "launch:approve")
    told = is_answered(scene, execution)
    assert (told.state, told.outputs["state"]) == ("completed", "launched"), told.error


def test_the_asker_cannot_approve_what_their_workflow_asks_for(scene):
    execution, card = asks(scene)
    scene.presses(ANA, card, "launch:approve")
    scene.is_told(ANA, "somebody else has to approve it")
    assert execution.state == "running"
    scene.presses(ANA, card, "launch:cancel")
    assert "Ana cancelled it. Nothing was sent." in is_answered(scene, execution).error


def test_a_workflow_waits_until_people_have_decided_and_hears_their_reason(scene):
    execution, card = asks(scene)
    scene.presses(BEN, card, "launch:reject")
    scene.sees_modal(BEN, "Reject")
    assert execution.state == "running"
    scene.submits(BEN, reason={"type": "plain_text_input", "value": "the wrong week"})
    told = is_answered(scene, execution)
    assert told.state == "failed"
    assert "early access”: Rejected. Ben rejected it: “the wrong week”" in told.error
    assert "The card: https://sandbox.slack.com/archives/" in told.error
    assert scene.sent == []


def test_a_refusal_by_the_platform_ends_the_step_with_its_sentence(scene):
    scene.switch(activation="refuse", refuse_code=403, refuse_text="No rights")
    execution, card = asks(scene)
    scene.presses(BEN, card, "launch:approve")
    told = is_answered(scene, execution)
    assert told.state == "failed"
    assert "Refused by the platform." in told.error
    assert "The platform refused the launch. Nothing was sent." in told.error


def test_a_doubt_ends_the_step_once_only_people_can_settle_it(scene):
    scene.switch(activation="reset", start_delay_seconds=60)
    execution, card = asks(scene)
    scene.presses(BEN, card, "launch:approve")
    told = is_answered(scene, execution)
    assert told.state == "failed"
    assert "In doubt: it may have been launched, or not." in told.error
    scene.presses(DAN, card, "launch:vouch_not_run")


@pytest.mark.parametrize(
    ("who", "inputs", "sentence"),
    [
        (None, {}, "Nobody ran this workflow"),
        (OTTO, {}, "You cannot ask for a launch: you are not in the requester list"),
        (ANA, {"campaign": "eighty-two"}, "“Campaign” takes the campaign's id"),
        (ANA, {"campaign": "4711"}, "no campaign with this id"),
        (ANA, {"when": "whenever"}, "at= takes a time such as"),
        (ANA, {"when": "2020-01-01T09:00"}, "The start lies in the past"),
        (ANA, {"limit": "many"}, "limit= takes a whole number"),
        (ANA, {"audience": "everybody"}, "source= takes list:<id> or segment:<id>"),
        (ANA, {"audience": "segment:5", "when": "schedule"}, "“Audience” has to be empty"),
        (ANA, {"channel": None}, "The step names no channel for the card"),
        (ANA, {"channel": "C0RANDOM"}, "I am not in it"),
    ],
)
def test_what_cannot_be_asked_for_fails_the_step_with_a_sentence_and_leaves_no_card(scene, who, inputs, sentence):
    before = seen(scene)
    told = is_answered(scene, runs_step(scene, who, **inputs))
    assert told.state == "failed"
    assert sentence in told.error
    assert not {"<", "*", "`"} & set(told.error.replace("<id>", ""))
    assert seen(scene) == before


def test_the_policy_holds_for_workflows_as_for_people(scene):
    scene.policy('[[rule]]\nname = "never"\nneed = { refuse = "No launches this week." }\n')
    told = is_answered(scene, runs_step(scene))
    assert "The policy does not allow this launch. No launches this week." in told.error


def test_a_step_that_slack_delivers_twice_asks_for_one_launch(each_transport):
    scene = each_transport
    execution, card = asks(scene)
    before = seen(scene)
    assert scene.do(scene.workspace.redeliver()) is not None
    scene.presses(BEN, card, "launch:approve")
    assert is_answered(scene, execution).state == "completed"
    assert scene.do(scene.workspace.redeliver()) is not None
    scene.presses(BEN, asks(scene, campaign="83")[1], "launch:cancel")
    assert len(seen(scene) - before) == 1
    assert len(scene.sent) == 1
    assert execution.answers == 1


def test_an_answer_that_slack_took_unnoticed_is_the_only_one_it_takes(scene):
    scene.run(lambda: scene.workspace.faults.drop("functions.completeSuccess"))
    execution, card = asks(scene)
    scene.presses(BEN, card, "launch:approve")
    scene.until(lambda: execution.answers == 2, "it is answered again")
    assert execution.state == "completed"


def test_an_app_with_the_manifest_of_another_version_fails_the_step_rather_than_leaving_it_open(scene):
    scene.run(lambda: scene.workspace.faults.fail("functions.completeSuccess", "parameter_validation_failed"))
    execution, card = asks(scene)
    scene.presses(BEN, card, "launch:approve")
    assert "The launch has come to its end, but Slack did not take" in is_answered(scene, execution).error


def test_whoever_ran_it_is_told_in_their_own_language():
    with open_scene() as scene:
        scene.run(lambda: scene.workspace.reads_in(ANA, "ru-RU"))
        told = is_answered(scene, runs_step(scene, campaign="x"))
        assert "принимает ID кампании" in told.error


@pytest.fixture(scope="module", params=["socket mode, SQLite", "HTTP, PostgreSQL"])
def mortal(request):
    socket_mode = request.param == "socket mode, SQLite"
    settings = {} if socket_mode else {"DATABASE_URL": request.getfixturevalue("postgres").new_journal()}
    with open_scene(socket_mode=socket_mode, settings=settings) as scene:
        yield scene


def test_a_step_that_was_taken_on_before_a_kill_is_asked_for_after_it_once(mortal):
    mortal.sweep()
    before = seen(mortal)
    # Whoever runs it is not known while Slack is away, so it stands on record and no further.
    mortal.run(lambda: mortal.workspace.faults.slow("users.info", 30))
    mortal.switch(round_trip_ms=3000)
    execution = runs_step(mortal)
    mortal.kill_bot()
    mortal.run(mortal.workspace.faults.clear)
    mortal.switch(round_trip_ms=0)
    mortal.start_bot()
    card = card_of(mortal, before)
    mortal.presses(BEN, card, "launch:approve")
    assert is_answered(mortal, execution).state == "completed"
    assert len(seen(mortal) - before) == 1
    assert len(mortal.sent) == 1


def test_a_kill_between_the_outcome_and_its_answer_is_answered_once_after_it(mortal):
    mortal.sweep()
    mortal.run(lambda: mortal.workspace.faults.fail("functions.completeSuccess", 503, times=1000))
    execution, card = asks(mortal)
    mortal.presses(BEN, card, "launch:approve")
    mortal.sees_card(card, "Run finished")
    mortal.kill_bot()
    assert execution.state == "running"
    mortal.run(mortal.workspace.faults.clear)
    mortal.start_bot()
    told = is_answered(mortal, execution)
    assert (told.state, told.answers) == ("completed", 1)
    assert len(mortal.sent) == 1


def test_a_kill_after_slack_took_the_answer_answers_nothing_else(mortal):
    mortal.sweep()
    mortal.run(lambda: mortal.workspace.faults.fail("functions.completeSuccess", 503, times=1000, after=True))
    execution, card = asks(mortal)
    mortal.presses(BEN, card, "launch:approve")
    assert is_answered(mortal, execution).state == "completed"
    outputs = execution.outputs
    mortal.kill_bot()
    mortal.run(mortal.workspace.faults.clear)
    answers = execution.answers
    mortal.start_bot()
    mortal.until(lambda: execution.answers > answers, "it is answered again, for nothing")
    assert (execution.state, execution.outputs) == ("completed", outputs)
    assert len(mortal.sent) == 1
