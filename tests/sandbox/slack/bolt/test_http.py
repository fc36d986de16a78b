"""A real Bolt app behind a real WSGI server: commands and clicks, sent as signed requests by the stand-in."""

import threading

from slack_sdk.webhook import WebhookClient

from tests.sandbox.slack.rig import (
    COMMAND,
    LAUNCHES,
    RANDOM,
    actions,
    bolt_app,
    button,
    opens,
    over_http,
    section,
)


def card(rig, **more):
    ts = rig.client.chat_postMessage(channel=LAUNCHES, text="card", blocks=[section(), actions(button())], **more)["ts"]
    return ts, {"type": "message", "channel": LAUNCHES, "ts": ts}


def test_a_command_reaches_bolt_signed_and_its_ack_text_is_seen_by_one_person(rig, app):
    bodies = []

    @app.command(COMMAND)
    def command(ack, body):
        bodies.append(body)
        ack("On it.")

    reply = rig.command("U0ANA", "82 run_now")

    assert (reply.ok, reply.error) == (True, None)
    assert (rig.ephemerals("U0ANA"), rig.ephemerals("U0BEN")) == (["On it."], [])
    body = bodies[0]
    assert (body["user_id"], body["user_name"], body["channel_id"]) == ("U0ANA", "ana", LAUNCHES)
    assert (body["command"], body["text"], body["team_id"]) == (COMMAND, "82 run_now", "T0SANDBOX")
    assert body["is_enterprise_install"] == "false"


def test_a_request_with_another_secret_is_not_accepted_by_bolt(rig):
    app = bolt_app(rig, signing_secret="another")
    bodies = opens(app)
    with over_http(rig, app):
        reply = rig.command()

    assert (reply.error, bodies) == (f'{COMMAND} failed with the error "dispatch_failed"', [])


def test_names_in_a_command_are_escaped_as_the_manifest_says(rig, app):
    bodies = opens(app)
    known = rig.workspace.state.commands[COMMAND]
    text = "82 @ben @marketing-leads #random @nobody https://a.b/ a&b<c"

    rig.command(text=text)
    known.should_escape = False
    rig.command(text=text)
    known.should_escape = True

    assert [body["text"] for body in bodies] == [
        "82 <@U0BEN|ben> <!subteam^S0LEADS|@marketing-leads> <#C0RANDOM|random> @nobody <https://a.b/> a&amp;b&lt;c",
        "82 @ben @marketing-leads #random @nobody https://a.b/ a&amp;b&lt;c",
    ]


def test_a_command_that_is_not_acked_in_time_says_so_in_slacks_words(rig, app):
    done = threading.Event()

    @app.command(COMMAND)
    def command(ack):
        done.wait(5)
        ack()

    reply = rig.command()
    done.set()

    assert reply.code == "operation_timeout"
    assert reply.error.startswith(f"{COMMAND} failed because the app did not respond.")


def test_a_command_with_no_app_running_is_dispatch_failed(rig):
    rig.workspace.delivery.request_url = "http://127.0.0.1:9/slack/events"
    try:
        reply = rig.command()
    finally:
        rig.workspace.delivery.request_url = None

    assert (reply.code, reply.error) == ("dispatch_failed", f'{COMMAND} failed with the error "dispatch_failed"')


def test_an_ack_with_blocks_slack_refuses_is_an_invalid_command_response(rig, app):
    @app.command(COMMAND)
    def command(ack):
        ack(text="a", blocks=[actions(button("go"), button("go"))])

    reply = rig.command()

    assert (reply.code, rig.ephemerals()) == ("invalid_command_response", [])


def test_an_ack_may_speak_to_the_whole_channel_even_where_the_bot_is_no_member(rig, app):
    @app.command(COMMAND)
    def command(ack):
        ack(text="for all", response_type="in_channel")

    rig.command(channel=RANDOM)

    assert [message["text"] for message in rig.sees("U0BEN")["messages"][RANDOM]] == ["for all"]


def test_a_response_url_works_five_times(rig, app):
    bodies = opens(app)
    rig.command()
    hook = WebhookClient(bodies[0]["response_url"])

    answers = [hook.send(text=f"answer {number}") for number in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [404]
    assert "used_url" in answers[5].body
    assert rig.ephemerals() == [f"answer {number}" for number in range(5)]


def test_a_response_url_can_replace_and_delete_the_ephemeral_message_it_came_from(rig, app):
    urls = []

    @app.action("go")
    def pressed(ack, body):
        urls.append(body)
        ack()

    rig.client.chat_postEphemeral(channel=LAUNCHES, user="U0ANA", text="sure?", blocks=[actions(button())])
    shown = rig.sees()["ephemerals"][0]["id"]
    rig.press("U0ANA", {"type": "ephemeral", "id": shown})
    hook = WebhookClient(urls[0]["response_url"])

    hook.send(text="replaced", replace_original=True)
    replaced = rig.ephemerals()
    hook.send_dict({"delete_original": True})

    assert (replaced, rig.ephemerals()) == (["replaced"], [])
    assert urls[0]["container"]["is_ephemeral"] is True
    assert "message" not in urls[0]


def test_a_click_carries_the_current_message_and_the_buttons_value(rig, app):
    bodies = []

    @app.action("go")
    def pressed(ack, body):
        bodies.append(body)
        ack()

    ts, container = card(rig, metadata={"event_type": "launch", "event_payload": {"id": "L1"}})
    rig.client.chat_update(channel=LAUNCHES, ts=ts, text="newer", blocks=[actions(button())])

    reply = rig.press("U0BEN", container)

    body = bodies[0]
    assert reply.ok
    assert (body["type"], body["user"]["id"], body["team"]["id"]) == ("block_actions", "U0BEN", "T0SANDBOX")
    assert (body["message"]["text"], body["message"]["metadata"]["event_payload"]) == ("newer", {"id": "L1"})
    assert (body["channel"]["name"], body["container"]["message_ts"]) == ("launches", ts)
    action = body["actions"][0]
    assert (action["action_id"], action["block_id"], action["type"], action["value"]) == (
        "go",
        "buttons",
        "button",
        "7",
    )


def test_a_click_that_was_under_way_when_the_button_went_away_is_delivered(rig, app):
    values = []

    @app.action("go")
    def pressed(ack, action):
        values.append(action["value"])
        ack()

    ts, container = card(rig)
    rig.client.chat_update(channel=LAUNCHES, ts=ts, text="over", blocks=[section("over")])

    rig.press("U0BEN", container, element={"type": "button", "value": "7"})

    assert values == ["7"]


def test_a_click_nobody_listens_to_shows_the_person_trouble(rig, app):
    _, container = card(rig)

    assert rig.press("U0BEN", container).error == "We had some trouble connecting. Try again?"


def test_the_same_request_can_be_delivered_twice(rig, app):
    bodies = []

    @app.command(COMMAND)
    def command(ack, body):
        bodies.append(body["trigger_id"])
        ack()

    rig.command()
    rig.call(rig.workspace.redeliver())

    assert len(bodies) == 2
    assert len(set(bodies)) == 1
