"""A real Bolt app in Socket Mode against the stand-in's WebSocket."""

import json
from contextlib import ExitStack

import pytest
from slack_sdk.errors import SlackApiError
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from sandbox.slack.records import Limits
from sandbox.team import APP_TOKEN, BOT_TOKEN
from tests.sandbox.slack.rig import (
    COMMAND,
    SlackRig,
    bolt_app,
    modal,
    over_socket_mode,
    section,
    typed,
    until,
)


@pytest.fixture
def rig():
    rig = SlackRig(Limits(ack_seconds=1.0))
    yield rig
    rig.stop()


def answering(rig):
    """Return an app that answers the command with its text, and the list of texts it was sent."""
    app, texts = bolt_app(rig), []

    @app.command(COMMAND)
    def command(ack, body):
        texts.append(body["text"])
        ack(f"heard {body['text']}")

    return app, texts


def test_a_command_comes_over_the_websocket_and_its_ack_text_is_seen(rig):
    app, texts = answering(rig)
    with over_socket_mode(rig, app):
        reply = rig.command(text="82")

    assert (reply.ok, texts, rig.ephemerals()) == (True, ["82"], ["heard 82"])


def test_a_modal_is_opened_and_submitted_over_the_websocket(rig):
    app = bolt_app(rig)

    @app.command(COMMAND)
    def command(ack, body, client):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal())

    @app.view("launch")
    def submitted(ack, body):
        if body["view"]["state"]["values"]["reason"]["text"]["value"] == "no":
            ack(response_action="errors", errors={"reason": "Say more."})
        else:
            ack(response_action="update", view=modal(section("thanks")))

    with over_socket_mode(rig, app):
        rig.command()
        view_id = until(rig.views)[0]["view_id"]
        refused = rig.submit("U0ANA", view_id, typed("no"))
        taken = rig.submit("U0ANA", view_id, typed("yes, really"))

    assert (refused.errors, taken.ok) == ({"reason": "Say more."}, True)
    assert rig.views()[0]["view"]["blocks"][0]["text"]["text"] == "thanks"


def test_the_app_connects_anew_when_slack_asks_for_it(rig):
    app, texts = answering(rig)
    with over_socket_mode(rig, app) as handler:
        before = handler.client.session_id()
        rig.call(rig.workspace.disconnect())
        until(lambda: rig.workspace.sockets.connected and handler.client.session_id() != before)
        reply = rig.command(text="again")

    assert (reply.ok, texts) == (True, ["again"])


def test_each_payload_goes_to_exactly_one_of_several_connections(rig):
    app, texts = answering(rig)
    with over_socket_mode(rig, app, connections=2):
        for number in range(6):
            rig.command(text=str(number))

    assert texts == [str(number) for number in range(6)]


def test_with_nobody_connected_the_command_fails_at_once(rig):
    assert rig.command().code == "dispatch_failed"


def test_a_connection_gone_silent_is_a_timeout_for_the_person(rig):
    app, texts = answering(rig)
    with over_socket_mode(rig, app):
        rig.workspace.sockets.silent = True
        reply = rig.command()

    assert (reply.code, texts) == ("operation_timeout", [])


def test_a_command_the_app_does_not_know_is_a_timeout_because_nothing_is_acked(rig):
    with over_socket_mode(rig, bolt_app(rig)):
        assert rig.command().code == "operation_timeout"


def test_a_socket_needs_the_app_level_token(rig):
    with pytest.raises(SlackApiError) as refused:
        rig.client.apps_connections_open(app_token=BOT_TOKEN)

    assert refused.value.response["error"] == "not_allowed_token_type"


def test_a_ticket_is_good_for_one_connection(rig):
    address = rig.client.apps_connections_open(app_token=APP_TOKEN)["url"]
    with connect(address) as first:
        hello = json.loads(first.recv())
        with pytest.raises(InvalidStatus), connect(address):
            pass

    assert (hello["type"], hello["num_connections"]) == ("hello", 1)


def test_an_eleventh_connection_is_refused(rig):
    with ExitStack() as stack:
        for _ in range(10):
            stack.enter_context(connect(rig.client.apps_connections_open(app_token=APP_TOKEN)["url"])).recv()

        with pytest.raises(InvalidStatus), connect(rig.client.apps_connections_open(app_token=APP_TOKEN)["url"]):
            pass
