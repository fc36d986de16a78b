"""Acks leave at once, whatever the listener does after them; on a real Bolt app."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

import pytest
from slack_bolt import App, BoltRequest
from slack_bolt.authorization import AuthorizeResult

from bot.slack.acks import PromptAcks

COMMAND = {"command": "/try", "text": "", "user_id": "U0ANA", "channel_id": "C0LAUNCH", "team_id": "T0"}


@pytest.fixture
def executor():
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture
def app():
    known = AuthorizeResult(enterprise_id=None, team_id="T0", bot_token="xoxb", bot_id="B0", bot_user_id="U0BOT")
    return App(
        authorize=lambda: known,
        signing_secret="unused",
        request_verification_enabled=False,
        process_before_response=True,
    )


def typed(app):
    body = "&".join(f"{name}={value}" for name, value in COMMAND.items())
    return app.dispatch(BoltRequest(body=body, headers={"content-type": ["application/x-www-form-urlencoded"]}))


def test_an_ack_is_answered_while_the_listener_still_works(app, executor):
    let_go, done = threading.Event(), threading.Event()

    def listener(ack):
        ack("taken")
        yield
        let_go.wait(10)
        done.set()

    app.command("/try")(PromptAcks(executor)(listener))
    answered = typed(app)
    assert not done.is_set()
    let_go.set()
    assert (answered.status, answered.body) == (200, "taken")
    assert done.wait(10)


def test_a_listener_with_nothing_left_to_do_is_answered_all_the_same(app, executor):
    def listener(ack):
        ack("no")
        if COMMAND["text"]:
            yield

    app.command("/try")(PromptAcks(executor)(listener))
    answered = typed(app)
    assert (answered.status, answered.body) == (200, "no")


def test_what_fails_after_the_ack_does_not_take_it_back(app, executor, caplog):
    def listener(ack):
        ack()
        yield
        raise ValueError("later")

    app.command("/try")(PromptAcks(executor)(listener))
    assert typed(app).status == 200
    executor.shutdown()
    assert "listener failed after its ack" in caplog.text


def test_what_fails_before_the_ack_is_no_ack(app, executor):
    def listener(ack):
        raise ValueError("early")

    app.command("/try")(PromptAcks(executor)(listener))
    assert typed(app).status == 500


def test_a_listener_that_does_not_ack_is_no_ack(app, executor):
    def listener(ack):
        """Forgets it."""

    app.command("/try")(PromptAcks(executor)(listener))
    assert typed(app).status == 404


def test_what_a_listener_sets_holds_before_and_after_its_ack_and_nowhere_else(app, executor):
    heard = ContextVar("heard", default="nothing")
    after = []

    def listener(ack):
        heard.set("hello")
        ack()
        yield
        after.append(heard.get())

    app.command("/try")(PromptAcks(executor)(listener))
    typed(app)
    executor.shutdown()
    assert after == ["hello"]
    assert heard.get() == "nothing"


def test_an_event_is_acked_before_it_is_dealt_with(app, executor):
    let_go, done = threading.Event(), threading.Event()

    def listener(body):
        let_go.wait(10)
        done.set()

    app.event("app_home_opened")(PromptAcks(executor)(listener))
    event = {"type": "event_callback", "team_id": "T0", "event": {"type": "app_home_opened", "user": "U0ANA"}}
    answered = app.dispatch(BoltRequest(body=json.dumps(event), headers={"content-type": ["application/json"]}))
    assert answered.status == 200
    assert not done.is_set()
    let_go.set()
    assert done.wait(10)
