"""A modal that a card's button opens, with a moment to choose: opened, answered and changed as a launch's would be."""

import pytest

from tests.sandbox.slack.rig import (
    LAUNCHES,
    actions,
    button,
    modal,
    opened,
    plain,
    reason_input,
    refusal,
    section,
    typed,
    until,
)

NINE = 1_796_112_000


def when(**more):
    element = {"type": "datetimepicker", "action_id": "at", **more}
    return {"type": "input", "block_id": "when", "label": plain("Start"), "element": element}


def at(moment):
    return {"when": {"at": {"type": "datetimepicker", "selected_date_time": moment}}}


@pytest.fixture
def submitted(app):
    """The bodies of what was submitted; each is answered with the next of `answers`, if there is one."""
    bodies, answers = [], []

    @app.view("launch")
    def listener(ack, body):
        bodies.append(body)
        ack(**(answers.pop(0) if answers else {}))

    return bodies, answers


def card(rig, *elements):
    ts = rig.client.chat_postMessage(channel=LAUNCHES, text="card", blocks=[section(), actions(*elements)])["ts"]
    return {"type": "message", "channel": LAUNCHES, "ts": ts}


def test_a_cards_button_opens_a_modal_that_remembers_the_launch(rig, app, submitted):
    @app.action("go")
    def plan(ack, body, client):
        ack()
        view = modal(when(), private_metadata=body["actions"][0]["value"])
        client.views_open(trigger_id=body["trigger_id"], view=view)

    rig.press("U0BEN", card(rig, button(value="L7:1a2b")))
    shown = until(lambda: rig.views("U0BEN"))[0]
    rig.submit("U0BEN", shown["view_id"], at(NINE))

    (body,), _ = submitted
    assert (body["user"]["id"], body["view"]["private_metadata"]) == ("U0BEN", "L7:1a2b")
    assert (rig.views("U0BEN"), rig.views("U0ANA")) == ([], [])


def test_a_chosen_moment_comes_as_whole_seconds(rig, app, submitted):
    rig.submit("U0ANA", opened(rig, app, modal(when(initial_date_time=NINE))))
    rig.submit("U0ANA", opened(rig, app, modal(when(initial_date_time=NINE))), at(NINE + 60))

    values = [body["view"]["state"]["values"]["when"]["at"] for body in submitted[0]]
    assert values == [
        {"type": "datetimepicker", "selected_date_time": NINE},
        {"type": "datetimepicker", "selected_date_time": NINE + 60},
    ]


def test_a_moment_that_has_to_be_chosen_is_asked_for(rig, app, submitted):
    view_id = opened(rig, app, modal(when()))

    assert rig.submit("U0ANA", view_id).errors == {"when": "Please complete this required field."}
    assert rig.submit("U0ANA", view_id, at(None)).errors == {"when": "Please complete this required field."}
    assert submitted[0] == []


def test_a_moment_that_may_be_left_out_comes_as_none(rig, app, submitted):
    rig.submit("U0ANA", opened(rig, app, modal({**when(), "optional": True})))

    assert submitted[0][0]["view"]["state"]["values"]["when"]["at"]["selected_date_time"] is None


def test_an_error_stands_at_the_moment(rig, app, submitted):
    submitted[1].append({"response_action": "errors", "errors": {"when": "That is over."}})

    assert rig.submit("U0ANA", opened(rig, app, modal(when())), at(NINE)).errors == {"when": "That is over."}


def test_a_moment_that_tells_the_app_at_once_brings_its_value(rig, app):
    bodies = []

    @app.action("at")
    def chosen(ack, body):
        bodies.append(body)
        ack()

    view_id = opened(rig, app, modal({**when(), "dispatch_action": True}))
    container = {"type": "view", "view_id": view_id}
    element = {"type": "datetimepicker", "selected_date_time": NINE}
    rig.press("U0ANA", container, element, block_id="when", action_id="at", state=at(NINE))

    (action,) = bodies[0]["actions"]
    assert (action["type"], action["selected_date_time"]) == ("datetimepicker", NINE)
    assert bodies[0]["view"]["state"]["values"]["when"]["at"]["selected_date_time"] == NINE


@pytest.mark.parametrize("moment", ["1796112000", 1.5, 42, True])
def test_an_initial_moment_that_is_no_unix_time_is_refused(rig, app, moment):
    view_id = opened(rig, app)

    answer = refusal(rig.client.views_update, view_id=view_id, view=modal(when(initial_date_time=moment)))

    assert answer["error"] == "invalid_arguments"
    assert "/view/blocks/0/element/initial_date_time" in answer["response_metadata"]["messages"][1]


def test_a_submission_is_answered_with_a_wait_and_changed_when_it_is_over(rig, app, submitted):
    waiting = modal(section("Looking…"), submit=None, private_metadata="L7")
    submitted[1].append({"response_action": "update", "view": waiting})
    view_id = opened(rig, app)

    rig.submit("U0ANA", view_id, typed("because"))
    (wait,) = rig.views()
    rig.client.views_update(view_id=view_id, view=modal(section("Found."), private_metadata="L7"))
    (found,) = rig.views()

    assert [shown["view"]["blocks"][0]["text"]["text"] for shown in (wait, found)] == ["Looking…", "Found."]
    assert wait["view_id"] == found["view_id"] == view_id
    assert found["hash"] != wait["hash"]
    assert found["view"]["private_metadata"] == "L7"


def test_a_pushed_modal_is_changed_and_gives_way_to_the_one_below(rig, app, submitted):
    submitted[1].append({"response_action": "push", "view": modal(section("Sure?"), callback_id="sure")})
    below = opened(rig, app)

    rig.submit("U0ANA", below, typed("because"))
    above = rig.views()[-1]["view_id"]
    rig.client.views_update(view_id=above, view=modal(section("Really?"), callback_id="sure"))
    rig.client.views_update(view_id=below, view=modal(reason_input(), title=plain("Changed below")))

    assert [shown["view"]["title"]["text"] for shown in rig.views()] == ["Changed below", "Launch"]
    rig.call(rig.workspace.close("U0ANA", above))
    assert [shown["view_id"] for shown in rig.views()] == [below]


def test_a_click_is_answered_to_one_person_beside_the_card_and_in_its_thread(rig, app):
    place = card(rig, button())

    @app.action("go")
    def told(ack, body, client):
        ack()
        said = {"channel": body["channel"]["id"], "user": body["user"]["id"], "text": "It has changed."}
        client.chat_postEphemeral(**said, blocks=[section("It has *changed*."), actions(button("look", "L7"))])
        client.chat_postEphemeral(**said, thread_ts=body["container"]["message_ts"])

    rig.press("U0BEN", place)

    def both():
        shown = rig.sees("U0BEN")["ephemerals"]
        return shown if len(shown) == 2 else None

    beside, in_thread = until(both)
    assert (beside["thread_ts"], in_thread["thread_ts"]) == (None, place["ts"])
    assert beside["blocks"][1]["elements"][0]["value"] == "L7"
    assert rig.sees("U0ANA")["ephemerals"] == []


def test_a_button_of_an_answer_to_one_person_opens_a_modal(rig, app):
    @app.action("go")
    def plan(ack, body, client):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal(when()))

    said = {"channel": LAUNCHES, "user": "U0BEN", "text": "Look again."}
    rig.client.chat_postEphemeral(**said, blocks=[actions(button())])
    (shown,) = rig.sees("U0BEN")["ephemerals"]

    rig.press("U0BEN", {"type": "ephemeral", "id": shown["id"]})

    assert until(lambda: rig.views("U0BEN"))[0]["view"]["blocks"][0]["element"]["type"] == "datetimepicker"


def test_somebody_outside_the_channel_cannot_be_told_there(rig):
    rig.client.conversations_join(channel="C0RANDOM")
    rig.workspace.state.channels["C0RANDOM"].members.remove("U0OTTO")
    try:
        answer = refusal(rig.client.chat_postEphemeral, channel="C0RANDOM", user="U0OTTO", text="a")
    finally:
        rig.workspace.state.channels["C0RANDOM"].members[:] = ["U0ANA", "U0BEN", "U0CLEO", "U0DAN", "U0OTTO"]

    assert answer["error"] == "user_not_in_channel"
