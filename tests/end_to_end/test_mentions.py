"""Whoever names the bot gets the help, once and alone; workflows, webhooks and other bots get no answer."""

import time

import pytest

from sandbox.cast import BEN, DAN, LAUNCHES, texts
from sandbox.slack.delivery import EVENTS

NOBODY = (
    {"user": None, "bot_id": "B0FLOW", "workflow_id": "Wf0"},
    {"user": None, "bot_id": "B0HOOK", "subtype": "bot_message", "username": "deploys"},
    {"user": DAN, "bot_id": "B0ELSE", "app_id": "A0ELSE"},
    {"user": None},
)
"""A workflow's mention, a webhook's, another bot's, and one that tells of nobody."""


@pytest.fixture
def scene(each_transport):
    yield each_transport
    each_transport.start_bot()


def mentions(scene, **event):
    """Dan names the bot; what Slack tells of it is changed by these fields, and lacks those that are None."""
    delivery = scene.workspace.delivery
    send = delivery.send

    async def sending(kind, payload):
        told = {name: value for name, value in {**payload["event"], **event}.items() if value is not None}
        return await send(kind, {**payload, "event": told} if kind == EVENTS else payload)

    scene.run(lambda: setattr(delivery, "send", sending))
    try:
        scene.do(scene.workspace.say(DAN, LAUNCHES, "<@U0BOT> what can you do?"))
    finally:
        scene.run(lambda: setattr(delivery, "send", send))


def delivers_again(scene):
    """As Slack does a minute later: the same event, signed anew."""
    state = scene.workspace.state
    scene.run(lambda: setattr(state, "clock", lambda: time.time() + 60))
    try:
        assert scene.do(scene.workspace.delivery.again()).empty
    finally:
        scene.run(lambda: setattr(state, "clock", time.time))


def finishes(scene):
    """Stops the bot in order, so that it has done all that it took."""
    scene.do(scene.stage.bot.stop())


def told(scene, who):
    return scene.workspace.snapshot(who)["ephemerals"]


def complaints(scene):
    return [line for line in scene.stage.bot.log_tail() if "Traceback" in line or " failed" in line]


def test_a_mention_is_answered_with_the_help_to_that_person_alone(scene):
    mentions(scene)
    shown = texts(scene.is_told(DAN, f"Hello <@{DAN}>"))
    for command in ("activate", "status", "list", "history"):
        assert f"/campaign-{command}" in shown
    assert told(scene, BEN) == []


def test_a_mention_that_slack_delivers_again_is_answered_once(scene):
    mentions(scene)
    scene.is_told(DAN, f"Hello <@{DAN}>")
    delivers_again(scene)
    finishes(scene)
    assert len(told(scene, DAN)) == 1


def test_each_mention_is_answered(scene):
    mentions(scene)
    mentions(scene)
    scene.until(lambda: len(told(scene, DAN)) == 2, "both are answered")


def test_a_mention_by_no_person_is_neither_answered_nor_a_failure(scene):
    for event in NOBODY:
        mentions(scene, **event)
    finishes(scene)
    assert told(scene, DAN) == []
    assert complaints(scene) == []
