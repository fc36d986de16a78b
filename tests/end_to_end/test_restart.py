"""The bot is killed (SIGKILL) and started again, at each moment of a launch: it goes on as promised."""

import pytest

from sandbox.cast import ANA, BEN, DAN
from tests.end_to_end.scene import open_scene

HELD = '[always]\nhold = "4s"\n'


@pytest.fixture(scope="module", params=["socket mode, SQLite", "HTTP, PostgreSQL"])
def living(request):
    socket_mode = request.param == "socket mode, SQLite"
    settings = {} if socket_mode else {"DATABASE_URL": request.getfixturevalue("postgres").new_journal()}
    with open_scene(socket_mode=socket_mode, settings=settings) as scene:
        yield scene


@pytest.fixture
def scene(living):
    living.sweep()
    yield living
    living.start_bot()


def test_an_approved_launch_whose_people_slack_does_not_tell_is_not_sent_on_trust_and_goes_on_later(scene):
    """Slack is out of reach when the bot starts again: nobody is taken for an approver until it tells of them."""
    scene.policy(HELD)
    card = scene.asks("82 run_now")
    scene.presses(BEN, card, "launch:approve")
    scene.sees_reply(card, "approved the launch")
    scene.kill_bot()
    before = scene.recorded("launch:not_sent")
    scene.run(lambda: scene.workspace.faults.fail("*", 503, times=10_000))
    scene.do(scene.stage.bot.start())
    scene.until(lambda: scene.recorded("launch:not_sent") > before, "it was tried, and held up")
    assert scene.sent == []
    scene.run(scene.workspace.faults.clear)
    scene.do(scene.stage.bot.wait_ready())
    scene.sees_card(card, "Run finished")
    scene.sees_reply(card, "the roles could not be checked")
    assert len(scene.sent) == 1


def test_a_pending_card_keeps_working(scene):
    card = scene.asks("82 run_now")
    scene.kill_bot()
    scene.start_bot()
    scene.presses(BEN, card, "launch:approve")
    scene.sees_reply(card, "The run ended")
    assert len(scene.sent) == 1


def test_an_approved_launch_that_did_not_start_goes_on(scene):
    """Killed while it can still be cancelled: nothing was sent, so it starts after the restart."""
    scene.policy(HELD)
    card = scene.asks("82 run_now")
    scene.presses(BEN, card, "launch:approve")
    scene.sees_reply(card, "approved the launch")
    scene.kill_bot()
    assert scene.sent == []
    scene.start_bot()
    scene.sees_reply(card, "The run ended")
    assert len(scene.sent) == 1


def test_a_started_launch_whose_outcome_is_not_known_is_in_doubt_and_asks(scene):
    scene.switch(activation="slow", slow_seconds=60, start_delay_seconds=60)
    card = scene.asks("82 run_now")
    scene.presses(BEN, card, "launch:approve")
    scene.sees_reply(card, "Sending the launch")
    scene.until(lambda: scene.sent, "the platform has it")
    scene.kill_bot()
    scene.start_bot()
    scene.sees_card(card, "In doubt", "It did not run", "Look again")
    scene.presses(ANA, card, "launch:vouch_ran")
    scene.presses(DAN, card, "launch:vouch_ran")
    scene.sees_reply(card, "says that it ran")
    assert len(scene.sent) == 1


def test_a_doubt_after_a_kill_is_settled_by_the_log_where_the_run_began(scene):
    scene.switch(activation="slow", slow_seconds=60, run_seconds=1)
    card = scene.asks("82 run_now")
    scene.presses(BEN, card, "launch:approve")
    scene.until(lambda: scene.platform.runs.all, "the platform runs it")
    scene.kill_bot()
    scene.start_bot()
    scene.sees_reply(card, "log shows a start")
    scene.sees_card(card, "Run finished")
    assert len(scene.sent) == 1


def test_an_answer_that_was_not_published_yet_is_published_once(scene):
    card = scene.asks("82 run_now")
    scene.sees_reply(card, "asks to launch")
    scene.run(lambda: scene.workspace.faults.fail("chat.postMessage", "internal_error", times=1000))
    scene.presses(BEN, card, "launch:approve")
    scene.until(lambda: [run for run in scene.platform.runs.all if run.state == "finished"], "the run is over")
    scene.kill_bot()
    scene.run(scene.workspace.faults.clear)
    scene.start_bot()
    scene.sees_reply(card, "The run ended")
    scene.sees_card(card, "Run finished")
    replies = scene.replies(card)
    assert len(replies) == len(set(replies)) == 6
    assert len(scene.sent) == 1


def test_a_reply_that_reached_slack_unnoticed_is_not_posted_again(scene):
    """Slack takes the post and the connection breaks: the bot, or its successor, looks first and finds it."""
    card = scene.asks("82 run_now")
    scene.sees_reply(card, "asks to launch")
    scene.run(lambda: scene.workspace.faults.drop("chat.postMessage", times=1))
    scene.presses(ANA, card, "launch:cancel")
    scene.sees_reply(card, "cancelled the launch")
    scene.kill_bot()
    scene.start_bot()
    scene.sees_card(card, "Cancelled")
    assert [text for text in scene.replies(card) if "cancelled the launch" in text] == scene.replies(card)[1:]
    assert len(scene.replies(card)) == 2


def test_a_card_that_reached_slack_unnoticed_is_not_posted_again(scene):
    before = len(scene.run(scene.cast.cards))
    scene.run(lambda: scene.workspace.faults.drop("chat.postMessage", times=1))
    card = scene.asks("82 run_now")
    scene.kill_bot()
    scene.start_bot()
    scene.sees_reply(card, "asks to launch")
    assert len(scene.run(scene.cast.cards)) == before + 1
