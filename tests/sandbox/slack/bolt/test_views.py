"""Modals and the Home tab, as a real Bolt app opens, changes and answers them."""

from slack_sdk.errors import SlackApiError

from tests.sandbox.slack.rig import (
    COMMAND,
    actions,
    button,
    modal,
    opened,
    opens,
    plain,
    reason_input,
    refusal,
    section,
    typed,
    until,
)


def test_a_trigger_opens_one_modal_only(rig, app):
    errors = []

    @app.command(COMMAND)
    def command(ack, body, client):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal())
        errors.append(refusal(client.views_open, trigger_id=body["trigger_id"], view=modal())["error"])

    rig.command()

    assert until(lambda: errors) == ["exchanged_trigger_id"]
    assert len(rig.views()) == 1


def test_a_trigger_is_dead_after_three_seconds(rig, app, monkeypatch):
    bodies = []

    @app.command(COMMAND)
    def command(ack, body):
        bodies.append(body)
        ack()

    monkeypatch.setattr(rig.workspace.state.limits, "trigger_seconds", -0.001)
    rig.command()

    answer = refusal(rig.client.views_open, trigger_id=bodies[0]["trigger_id"], view=modal())
    assert answer["error"] == "expired_trigger_id"
    assert refusal(rig.client.views_open, trigger_id="1.2.3", view=modal())["error"] == "invalid_trigger_id"


def test_a_modal_slack_would_refuse_names_the_place(rig, app):
    bodies = []

    @app.command(COMMAND)
    def command(ack, body):
        bodies.append(body)
        ack()

    rig.command()
    answer = refusal(rig.client.views_open, trigger_id=bodies[0]["trigger_id"], view=modal(title=plain("t" * 25)))

    assert answer["error"] == "invalid_arguments"
    place = "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    assert place in answer["response_metadata"]["messages"]


def test_a_submission_brings_the_state_and_an_empty_ack_closes_the_modal(rig, app):
    bodies = []

    @app.view("launch")
    def submitted(ack, body):
        bodies.append(body)
        ack()

    view_id = opened(rig, app, modal(private_metadata="L1"))

    reply = rig.submit("U0ANA", view_id, typed("because"))

    view = bodies[0]["view"]
    assert (reply.ok, rig.views()) == (True, [])
    assert view["state"]["values"] == {"reason": {"text": {"type": "plain_text_input", "value": "because"}}}
    assert (view["id"], view["private_metadata"], view["root_view_id"]) == (view_id, "L1", view_id)


def test_errors_of_the_app_stand_in_the_modal_which_stays_open(rig, app):
    @app.view("launch")
    def submitted(ack):
        ack(response_action="errors", errors={"reason": "Too short."})

    view_id = opened(rig, app)

    assert rig.submit("U0ANA", view_id, typed("x")).errors == {"reason": "Too short."}
    assert len(rig.views()) == 1


def test_errors_for_a_block_that_is_no_input_are_trouble(rig, app):
    @app.view("launch")
    def submitted(ack):
        ack(response_action="errors", errors={"elsewhere": "Too short."})

    view_id = opened(rig, app)

    assert rig.submit("U0ANA", view_id, typed("x")).error == "We had some trouble connecting. Try again?"


def test_a_required_field_is_asked_for_before_the_app_hears_of_it(rig, app):
    view_id = opened(rig, app)

    assert rig.submit("U0ANA", view_id).errors == {"reason": "Please complete this required field."}


def test_an_ack_can_update_push_and_clear(rig, app):
    answers = iter(
        [
            {"response_action": "update", "view": modal(title=plain("Second"))},
            {"response_action": "push", "view": modal(title=plain("Third"))},
            {"response_action": "clear"},
        ]
    )

    @app.view("launch")
    def submitted(ack):
        ack(**next(answers))

    view_id = opened(rig, app)
    titles = []
    for _ in range(3):
        rig.submit("U0ANA", rig.views()[-1]["view_id"], typed("x"))
        titles.append([view["view"]["title"]["text"] for view in rig.views()])

    assert titles == [["Second"], ["Second", "Third"], []]
    assert view_id is not None


def test_a_submission_with_an_answer_slack_does_not_know_is_trouble(rig, app):
    @app.view("launch")
    def submitted(ack):
        ack("thank you")

    view_id = opened(rig, app)

    assert rig.submit("U0ANA", view_id, typed("x")).error == "We had some trouble connecting. Try again?"
    assert len(rig.views()) == 1


def test_an_update_with_an_old_hash_does_not_overwrite(rig, app):
    view_id = opened(rig, app)
    first = rig.views()[0]["hash"]
    rig.client.views_update(view_id=view_id, hash=first, view=modal(title=plain("Second")))

    again = refusal(rig.client.views_update, view_id=view_id, hash=first, view=modal())

    assert again["error"] == "hash_conflict"
    assert rig.views()[0]["view"]["title"]["text"] == "Second"


def test_a_closed_modal_cannot_be_updated_and_the_app_hears_of_the_closing(rig, app):
    closed = []

    @app.view_closed("launch")
    def view_closed(ack, body):
        closed.append((body["view"]["id"], body["is_cleared"]))
        ack()

    view_id = opened(rig, app, modal(notify_on_close=True))
    rig.call(rig.workspace.close("U0ANA", view_id))

    assert closed == [(view_id, False)]
    assert refusal(rig.client.views_update, view_id=view_id, view=modal())["error"] == "not_found"


def test_three_modals_may_lie_on_each_other(rig, app):
    errors = []

    @app.action("go")
    def more(ack, body, client):
        ack()
        try:
            client.views_push(trigger_id=body["trigger_id"], view=modal(actions(button())))
        except SlackApiError as error:
            errors.append(error.response["error"])

    opened(rig, app, modal(actions(button())))
    for count in (2, 3):
        rig.press("U0ANA", {"type": "view", "view_id": rig.views()[-1]["view_id"]})
        until(lambda count=count: len(rig.views()) == count)
    rig.press("U0ANA", {"type": "view", "view_id": rig.views()[-1]["view_id"]})

    assert until(lambda: errors) == ["push_limit_reached"]
    views = [shown["view"] for shown in rig.views()]
    assert [view["previous_view_id"] for view in views] == [None, views[0]["id"], views[1]["id"]]


def test_a_push_needs_a_trigger_from_an_open_modal(rig, app):
    bodies = opens(app)
    rig.command()
    until(rig.views)

    assert refusal(rig.client.views_push, trigger_id=bodies[0]["trigger_id"], view=modal())["error"] in {
        "exchanged_trigger_id",
        "invalid_trigger_id",
    }


def test_an_input_that_dispatches_brings_the_whole_state(rig, app):
    bodies = []

    @app.action("text")
    def changed(ack, body):
        bodies.append(body)
        ack()

    view_id = opened(rig, app, modal(reason_input(dispatch_action=True)))
    rig.press(
        "U0ANA",
        {"type": "view", "view_id": view_id},
        element={"type": "plain_text_input", "value": "so"},
        block_id="reason",
        action_id="text",
        state=typed("so"),
    )

    assert bodies[0]["container"] == {"type": "view", "view_id": view_id}
    assert bodies[0]["view"]["state"]["values"]["reason"]["text"]["value"] == "so"
    assert bodies[0]["actions"][0]["value"] == "so"


def test_an_external_select_asks_the_app_for_options(rig, app):
    asked = []

    @app.options("campaign")
    def campaigns(ack, body):
        asked.append(body)
        ack(options=[{"text": plain("82 Newsletter"), "value": "82"}])

    search = {"type": "external_select", "action_id": "campaign", "min_query_length": 1}
    view_id = opened(
        rig, app, modal({"type": "input", "block_id": "which", "label": plain("Campaign"), "element": search})
    )
    found = rig.call(rig.workspace.options("U0ANA", {"type": "view", "view_id": view_id}, "which", "campaign", "news"))

    assert [option["value"] for option in found] == ["82"]
    assert (asked[0]["type"], asked[0]["value"], asked[0]["action_id"]) == ("block_suggestion", "news", "campaign")
    assert asked[0]["view"]["id"] == view_id


def test_options_over_slacks_limits_show_nothing(rig, app):
    @app.options("campaign")
    def campaigns(ack):
        ack(options=[{"text": plain("o" * 76), "value": "82"}])

    search = {"type": "external_select", "action_id": "campaign"}
    view_id = opened(
        rig, app, modal({"type": "input", "block_id": "which", "label": plain("Campaign"), "element": search})
    )

    container = {"type": "view", "view_id": view_id}
    assert rig.call(rig.workspace.options("U0ANA", container, "which", "campaign", "news")) == []


def test_files_come_as_whole_file_objects(rig, app):
    states = []

    @app.view("launch")
    def submitted(ack, body):
        states.append(body["view"]["state"]["values"])
        ack()

    chooser = {"type": "file_input", "action_id": "pick", "filetypes": ["csv"], "max_files": 1}
    view_id = opened(rig, app, modal({"type": "input", "block_id": "file", "label": plain("File"), "element": chooser}))
    wrong = rig.call(rig.workspace.upload("U0ANA", "a.png", "image/png", b"x"))
    right = rig.call(rig.workspace.upload("U0ANA", "a.csv", "text/csv", b"a\n"))

    refused = rig.submit("U0ANA", view_id, {"file": {"pick": {"type": "file_input", "files": [wrong]}}})
    taken = rig.submit("U0ANA", view_id, {"file": {"pick": {"type": "file_input", "files": [{"id": right}]}}})

    assert (list(refused.errors), taken.ok) == (["file"], True)
    file = states[0]["file"]["pick"]["files"][0]
    assert (file["id"], file["mimetype"], file["size"]) == (right, "text/csv", 2)


def test_opening_the_home_tab_is_an_event_and_the_app_fills_it(rig, app):
    @app.event("app_home_opened")
    def home_opened(event, client):
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section("welcome")]})

    rig.call(rig.workspace.open_home("U0ANA"))

    home = until(lambda: rig.sees()["home"])
    assert home["blocks"][0]["text"]["text"] == "welcome"
    assert rig.sees("U0BEN")["home"] is None


def test_a_modal_that_would_be_more_than_its_share_is_refused_when_it_is_updated(rig, app):
    view_id = opened(rig, app)
    large = [{"type": "section", "fields": [plain("f" * 2000)] * 10} for _ in range(13)]

    assert refusal(rig.client.views_update, view_id=view_id, view=modal(*large))["error"] == "view_too_large"
