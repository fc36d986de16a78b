"""What reaches the bot after Slack has told that it failed: nothing is done, and whoever did it is told so alone."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from sandbox.cast import ANA, BEN, LAUNCHES
from sandbox.server import HOST
from tests.end_to_end.scene import Scene, open_scene

HALF_A_BODY = b"POST /slack/events HTTP/1.1\r\nHost: bot\r\nContent-Length: 1000\r\n\r\nhalf"


@pytest.fixture(scope="module")
def over_http() -> Iterator[Scene]:
    with open_scene(socket_mode=False) as scene:
        yield scene


@pytest.fixture
def scene(over_http: Scene) -> Iterator[Scene]:
    over_http.sweep()
    yield over_http
    over_http.workspace.delivery.seconds_on_the_way = 0.0


def test_a_late_approval_launches_nothing_and_the_next_one_does(scene):
    card = scene.asks("82 run_now")
    scene.workspace.delivery.seconds_on_the_way = 20.0
    scene.presses(BEN, card, "launch:approve")
    told = scene.is_told(BEN, "Your click reached me too late")["text"]
    assert told.endswith("nothing was done. Press again.")
    assert scene.audit(card) == ["launch:request"]
    scene.workspace.delivery.seconds_on_the_way = 0.0
    scene.presses(BEN, card, "launch:approve")
    scene.sees_reply(card, "accepted the launch")
    assert len(scene.sent) == 1


def test_a_late_command_opens_nothing(scene):
    scene.workspace.delivery.seconds_on_the_way = 20.0
    scene.do(scene.workspace.command(ANA, LAUNCHES, "/campaign-activate", "82 run_now"))
    assert scene.is_told(ANA, "What you typed reached me too late")
    assert not scene.run(lambda: scene.workspace.snapshot(ANA)["views"])


def test_a_late_form_asks_for_nothing_and_is_told_in_the_direct_message(scene):
    scene.opens("82 run_now")
    before = scene.recorded("launch:request")
    scene.workspace.delivery.seconds_on_the_way = 20.0
    scene.submits(ANA)
    dm = scene.until(lambda: told_directly(scene, ANA, "What you submitted reached me too late"), "she is told")
    assert dm.endswith("Submit it again.")
    assert scene.recorded("launch:request") == before


def told_directly(scene, who, having):
    messages = scene.workspace.snapshot(who)["messages"].values()
    return next((one["text"] for channel in messages for one in channel if having in one["text"]), None)


def test_a_mention_is_answered_however_late_it_comes(scene):
    scene.workspace.delivery.seconds_on_the_way = 20.0
    scene.do(scene.workspace.say(ANA, LAUNCHES, f"<@{scene.workspace.identity.bot_user_id}> hello"))
    scene.is_told(ANA, "/campaign-activate")


def test_an_approval_gets_through_while_hundreds_of_connections_stand_half_open(scene):
    port = urlsplit(scene.workspace.delivery.request_url).port
    card = scene.asks("82 run_now")
    with ExitStack() as crowd:
        for half in (b"", b"POST /slack/events HTTP/1.1\r\nX-Slow: ", HALF_A_BODY) * 150:
            crowd.enter_context(socket.create_connection((HOST, port))).sendall(half)
        scene.presses(BEN, card, "launch:approve")
        scene.sees_reply(card, "accepted the launch")
