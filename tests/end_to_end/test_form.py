"""The form says what will happen before it asks for anything, and follows what is typed into it."""

import time

import pytest

from sandbox.cast import ANA, BEN, attached, picked, texts, typed
from tests.end_to_end.scene import open_scene
from tests.end_to_end.test_languages import ENGLISH, RUSSIAN, reads_in

FIELDS = ["run_now", "source", "limit", "reason", "at", "content", "files"]
"""In their order: those that most launches leave empty come last."""

PROMO = '{"promo": "SPRING"}'


def places(view):
    return [block["block_id"] for block in view["blocks"]]


def test_the_form_and_its_message_speak_russian(scene):
    # Before anybody else's: a language is asked for once, and kept for a while.
    reads_in(scene, **{BEN: RUSSIAN})
    scene.do(scene.cast.types(BEN, "41 run_now"))
    scene.sees_modal(BEN, "Что произойдёт", "Это триггер", "Прочитать сообщение")
    scene.do(scene.cast.presses_in_modal(BEN, "launch:read_message"))
    scene.sees_modal(BEN, "Тема: ")
    reads_in(scene, **{BEN: ENGLISH})


def test_what_will_happen_and_what_is_asked_for_stand_before_the_fields(scene):
    blocks = places(scene.opens("82 run_now source=segment:5"))
    assert [one for one in blocks if one in FIELDS] == FIELDS
    before = blocks[: blocks.index("run_now")]
    assert before[:4] == ["campaign", "facts", "sentence", "policy"]
    assert "sent" in before


@pytest.mark.parametrize(("text", "why"), [("82 run_now limit=5", "at most 2"), ("999999 run_now", "no campaign")])
def test_a_launch_that_will_be_refused_says_that_alone(scene, text, why):
    scene.policy("[always]\nlargest_limit = 2\n")
    scene.do(scene.cast.types(ANA, text))
    form = scene.sees_modal(ANA, "*What will happen:* it will be refused.", why)
    assert "policy" not in places(form)
    assert "Sends now" not in texts(form)


def test_what_will_happen_follows_the_start_that_is_picked(scene):
    scene.opens("82 run_now source=segment:5")
    tomorrow = int(time.time()) + 86_400
    now = {"run_now": {"type": "radio_buttons", "selected_option": {"value": "now"}}}
    scene.do(scene.cast.changes(ANA, "at", picked(tomorrow), **now))
    scene.sees_modal(ANA, "When it starts", f"Not before <!date^{tomorrow}^")


def test_the_checks_follow_the_values_that_are_typed(scene):
    scene.opens("82 run_now")
    scene.sees_modal(ANA, "{apicontent.promo}: used in the message, and no value is given.")
    scene.do(scene.cast.changes(ANA, "content", typed(PROMO)))
    scene.sees_modal(ANA, "*Checks:* all ", without="no value is given")


def test_the_whole_message_is_read_from_the_form_and_the_form_is_kept(scene):
    scene.opens(f"82 run_now content={PROMO} reason=why")
    scene.do(scene.cast.presses_in_modal(ANA, "launch:read_message"))
    told = texts(scene.sees_modal(ANA, "Subject: "))
    for whole in (
        "The Shop",
        "hello@shop.example",
        "https://shop.example/black-friday",
        '{apicontent.promo} = "SPRING"',
    ):
        assert whole in told
    scene.do(scene.workspace.close(ANA, scene.workspace.snapshot(ANA)["views"][-1]["view_id"]))
    assert "*Reason:* “why”" in texts(scene.do(scene.cast.asks_in_form(ANA)))


def test_pages_of_a_long_message_are_turned_over_the_form(scene):
    templates = dict(scene.platform.templates)
    try:
        long = "\n".join(f"Line {nth} of a long letter." for nth in range(1, 1000))
        scene.run(lambda: scene.platform.edit_template(78, "email", {"text": long}))
        scene.opens("82 run_now")
        scene.do(scene.cast.presses_in_modal(ANA, "launch:read_message"))
        scene.sees_modal(ANA, "Line 1 of a long letter.", "Page 1 of ")
        read = ""
        for page in range(2, 6):
            scene.do(scene.cast.presses_in_modal(ANA, "launch:read_message_next"))
            read += texts(scene.sees_modal(ANA, f"Page {page} of "))
            if "Line 999 of" in read:
                break
        assert "Line 999 of a long letter." in read
        scene.do(scene.cast.presses_in_modal(ANA, "launch:read_message_back"))
        scene.sees_modal(ANA, f"Page {page - 1} of ")
    finally:
        scene.run(lambda: scene.platform.templates.update(templates))


def test_a_refusal_after_the_files_were_fetched_keeps_what_was_typed(scene):
    scene.opens("82 run_now limit=7 reason=why")
    file_id = scene.do(scene.workspace.upload(ANA, "prices.pdf", "application/pdf", b"%PDF-1.7 made up"))
    scene.policy('[always]\nrefuse = "No launches today."\n')
    assert scene.submits(ANA, files=attached(file_id)) == {}
    form = scene.sees_modal(ANA, "it will be refused.", "No launches today.", "add the files again")
    fields = {block["block_id"]: block["element"] for block in form["blocks"] if block["type"] == "input"}
    assert (fields["limit"]["initial_value"], fields["reason"]["initial_value"]) == ("7", "why")


@pytest.mark.parametrize(("campaign", "kind"), [(41, "This is a trigger"), (57, "This is a split test")])
def test_what_the_guide_leaves_open_of_a_campaign_is_said_in_the_form_and_on_the_card(scene, campaign, kind):
    assert kind in texts(scene.opens(f"{campaign} run_now"))
    card = scene.do(scene.cast.asks_in_form(ANA))
    scene.sees_card(card, f":warning: {kind}", "it may refuse it")
    assert kind not in texts(scene.opens(str(campaign)))
    scene.presses(ANA, card, "launch:cancel")


def test_names_are_read_before_the_first_form_is_opened():
    with open_scene() as scene:
        wanted = {"campaigns/list", "segments/list", "databases/list"}

        def read():
            return {one["method"].strip("/") for one in scene.platform.snapshot()["requests"]} >= wanted

        scene.until(read, "the lists are read though nobody has asked for anything")
