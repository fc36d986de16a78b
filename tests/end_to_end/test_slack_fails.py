"""Slack fails: the launch goes on, the thread is caught up in order, and nothing stands in it twice."""

import pytest

from sandbox.cast import ANA, BEN, DAN, LAUNCHES, launch_of, texts

WHOLE = ["asks to launch", "approved the launch", "Sending the launch", "accepted", "The run started", "The run ended"]


def seqs(scene, card):
    return [reply["metadata"]["event_payload"]["seq"] for reply in scene.run(lambda: scene.cast.thread(card))]


def is_told_whole(scene, card):
    """The thread tells everything, in order, once, and the card says how it ended."""
    scene.sees_card(card, "Run finished")
    scene.sees_reply(card, "The run ended")
    replies = scene.replies(card)
    assert [part for part, reply in zip(WHOLE, replies, strict=True) if part not in reply] == []
    assert seqs(scene, card) == [1, 2, 3, 4, 5, 6]
    assert len(scene.sent) == 1


def has_run(scene):
    scene.until(lambda: [run for run in scene.platform.runs.all if run.state == "finished"], "the run is over")


def direct_messages(scene, person):
    """What the bot has written to one person alone."""
    return scene.workspace.snapshot(person)["messages"].get(scene.workspace.state.dm_of(person).id, [])


@pytest.fixture
def asked(scene):
    card = scene.asks("82 run_now")
    scene.sees_reply(card, "asks to launch")
    yield card
    channel = scene.workspace.state.channels[LAUNCHES]
    channel.is_archived = False
    if "U0BOT" not in channel.members:
        channel.members.append("U0BOT")


@pytest.mark.parametrize(
    "failure",
    ["internal_error", "fatal_error", "invalid_auth", "token_revoked", "service_unavailable", 500, 503],
)
def test_posts_and_updates_that_fail_are_made_later(scene, asked, failure):
    for method in ("chat.postMessage", "chat.update"):
        scene.run(lambda method=method: scene.workspace.faults.fail(method, failure, times=1000))
    scene.presses(BEN, asked, "launch:approve")
    has_run(scene)
    scene.run(scene.workspace.faults.clear)
    is_told_whole(scene, asked)


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update", "*"])
def test_answers_that_are_lost_double_nothing(scene, asked, method):
    scene.run(lambda: scene.workspace.faults.drop(method, times=3))
    scene.presses(BEN, asked, "launch:approve")
    is_told_whole(scene, asked)


def test_a_pause_that_slack_asks_for_is_kept_by_all_launches_of_the_channel(scene, asked):
    """And by none of the platform's calls."""
    posts = []
    scene.run(lambda: scene.workspace.faults.rate_limit_channel(LAUNCHES, 4))
    take = scene.workspace.faults.check_channel
    scene.run(lambda: setattr(scene.workspace.faults, "check_channel", lambda one: (posts.append(one), take(one))))
    try:
        scene.presses(BEN, asked, "launch:approve")
        has_run(scene)
        refused = len(posts)
        is_told_whole(scene, asked)
    finally:
        scene.run(lambda: setattr(scene.workspace.faults, "check_channel", take))
    assert refused <= 2


def test_a_channel_that_is_gone_is_told_elsewhere_and_caught_up_when_it_is_back(scene, asked):
    scene.run(lambda: setattr(scene.workspace.state.channels[LAUNCHES], "is_archived", True))
    scene.presses(BEN, asked, "launch:approve")
    for person in (ANA, DAN):
        shown = scene.until(
            lambda person=person: next(
                (one for one in direct_messages(scene, person) if "Run finished" in texts(one)), None
            ),
            f"{person} is told alone",
        )
        assert "the channel is archived" in texts(shown)
    assert len(scene.sent) == 1
    scene.run(lambda: setattr(scene.workspace.state.channels[LAUNCHES], "is_archived", False))
    is_told_whole(scene, asked)


def test_a_doubt_is_settled_from_the_direct_message_where_the_bot_was_removed(scene, asked):
    scene.switch(activation="reset", start_delay_seconds=60)
    scene.run(lambda: scene.workspace.state.channels[LAUNCHES].members.remove("U0BOT"))
    scene.presses(BEN, asked, "launch:approve")
    shown = scene.until(
        lambda: next(
            (
                one
                for one in direct_messages(scene, DAN)
                if "In doubt" in texts(one) and launch_of(one) == launch_of(asked)
            ),
            None,
        ),
        "the admin is asked alone",
    )
    assert "not a member of the channel any more" in texts(shown)
    scene.presses(DAN, shown, "launch:vouch_not_run", channel=scene.workspace.state.dm_of(DAN).id)
    scene.run(lambda: scene.workspace.state.channels[LAUNCHES].members.append("U0BOT"))
    scene.sees_card(asked, "Not launched")
    scene.sees_reply(asked, "says that it did not run")


def test_a_deleted_card_comes_back_while_it_is_needed(scene, asked):
    scene.run(lambda: scene.workspace.messages.delete(LAUNCHES, asked["ts"]))
    scene.switch(activation="reset", start_delay_seconds=60)
    scene.presses(BEN, asked, "launch:approve")
    anew = scene.until(
        lambda: next(
            (
                one
                for one in scene.cast.cards()
                if one["metadata"] and launch_of(one) == launch_of(asked) and "It did not run" in texts(one)
            ),
            None,
        ),
        "a card asks again",
    )
    scene.presses(BEN, anew, "launch:vouch_not_run")
    scene.sees_card(anew, "Not launched")
    scene.sees_reply(anew, "says that it did not run")


def test_a_reply_that_somebody_deletes_stays_deleted(scene, asked):
    reply = scene.sees_reply(asked, "asks to launch")
    scene.run(lambda: scene.workspace.messages.delete(LAUNCHES, reply["ts"]))
    scene.presses(BEN, asked, "launch:approve")
    scene.sees_card(asked, "Run finished")
    scene.sees_reply(asked, "The run ended")
    assert seqs(scene, asked) == [2, 3, 4, 5, 6]


def test_no_trouble_with_slack_delays_the_call(scene, asked):
    """The call is made while every message hangs, and once."""
    scene.run(lambda: scene.workspace.faults.slow("chat.postMessage", 3))
    scene.run(lambda: scene.workspace.faults.slow("chat.update", 3))
    scene.presses(BEN, asked, "launch:approve")
    scene.until(lambda: scene.sent, "the call is made")
    assert len(scene.replies(asked)) == 1
    scene.run(scene.workspace.faults.clear)
    is_told_whole(scene, asked)
