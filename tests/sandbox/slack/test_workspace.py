"""The workspace itself: what one person sees of it, what its forms refuse, and how the page learns of changes."""

import asyncio
import json

import pytest
import requests

from sandbox.slack.form_state import complaints, values_of
from sandbox.slack.hub import Hub
from sandbox.slack.records import Channel, Limits, SlackError
from sandbox.team import BOT_TOKEN
from tests.sandbox.slack.rig import (
    COMMAND,
    LAUNCHES,
    RANDOM,
    actions,
    button,
    plain,
    reason_input,
    refusal,
    running,
    section,
)


@pytest.fixture(scope="module")
def shared():
    yield from running(Limits(post_burst=1000))


@pytest.fixture
def rig(shared):
    return shared.reset()


def field(kind, **more):
    element = {"type": kind, "action_id": "x", **more}
    return {"type": "input", "block_id": "field", "label": plain("Field"), "element": element}


def complaint(block, value):
    values = values_of(
        [block], {"field": {"x": value}}, lambda file_id: {"id": file_id, "name": "a.png", "filetype": "png"}
    )
    return complaints([block], values).get("field")


def test_a_person_sees_the_seeded_workspace_as_plain_json(rig):
    seen = json.loads(json.dumps(rig.sees("U0ANA")))

    assert [(user["id"], user["role_note"]) for user in seen["users"]] == [
        ("U0ANA", "requester"),
        ("U0BEN", "approver"),
        ("U0CLEO", "approver"),
        ("U0DAN", "admin"),
        ("U0OTTO", "outsider"),
    ]
    assert [(channel["id"], channel["bot_is_member"]) for channel in seen["channels"]] == [
        (LAUNCHES, True),
        (RANDOM, False),
        ("D0ANA", True),
    ]
    assert seen["commands"][0]["hint"] == "82 run_now source=segment:5"
    assert seen["commands"][0]["command"] == COMMAND


def test_a_card_with_a_thread_looks_the_same_to_everybody(rig):
    root = rig.client.chat_postMessage(channel=LAUNCHES, text="card", blocks=[section(), actions(button())])["ts"]
    rig.client.chat_postMessage(channel=LAUNCHES, text="step", thread_ts=root)

    ana, ben = (rig.sees(user)["messages"][LAUNCHES] for user in ("U0ANA", "U0BEN"))

    assert ana == ben
    assert [(m["text"], m["thread_ts"], m["reply_count"], m["username"]) for m in ana] == [
        ("card", None, 1, "campaign-bot"),
        ("step", root, 0, "campaign-bot"),
    ]


def test_a_private_channel_is_seen_by_its_members_only(rig):
    rig.workspace.state.channels["C0BOARD"] = Channel("C0BOARD", "board", ["U0DAN"], is_private=True)
    try:
        seen = {user: [channel["id"] for channel in rig.sees(user)["channels"]] for user in ("U0ANA", "U0DAN")}
    finally:
        del rig.workspace.state.channels["C0BOARD"]

    assert ("C0BOARD" in seen["U0ANA"], "C0BOARD" in seen["U0DAN"]) == (False, True)


def test_nobody_is_shown_for_an_unknown_person(rig):
    with pytest.raises(KeyError):
        rig.sees("U0NOBODY")


def test_a_change_wakes_whoever_waits_for_it_and_a_wait_without_one_ends():
    async def waiting():
        hub = Hub()
        waiter = asyncio.create_task(hub.wait_after(0, 5))
        await asyncio.sleep(0)
        hub.changed()
        return await waiter, await hub.wait_after(0, 5), await hub.wait_after(1, 0.01)

    assert asyncio.run(waiting()) == (1, 1, 1)


def test_the_bot_can_join_a_public_channel_and_then_post(rig):
    assert refusal(rig.client.chat_postMessage, channel=RANDOM, text="a")["error"] == "not_in_channel"

    rig.client.conversations_join(channel=RANDOM)
    posted = rig.client.chat_postMessage(channel=RANDOM, text="a")
    rig.workspace.state.channels[RANDOM].members.remove("U0BOT")

    assert posted["ok"]


def test_a_body_that_is_no_json_is_refused_as_such(rig):
    headers = {"Authorization": f"Bearer {BOT_TOKEN}", "Content-Type": "application/json"}

    answers = [
        requests.post(f"{rig.url}/api/chat.postMessage", data=body, headers=headers, timeout=5).json()["error"]
        for body in ("{", "[]")
    ]

    assert answers == ["invalid_json", "json_not_object"]


def test_a_click_on_a_message_that_is_gone_says_so(rig):
    assert rig.press("U0ANA", {"type": "message", "channel": LAUNCHES, "ts": "1.2"}).code == "not_found"
    assert rig.submit("U0ANA", "V0NONE").code == "not_found"


def test_a_file_over_ten_megabytes_is_not_taken(rig):
    with pytest.raises(SlackError, match="file_too_large"):
        rig.call(rig.workspace.upload("U0ANA", "a.csv", "text/csv", b"x" * (10 * 1024 * 1024 + 1)))


@pytest.mark.parametrize(
    ("block", "value", "says"),
    [
        (field("plain_text_input", max_length=3), {"value": "abcd"}, "Please enter no more than 3 characters."),
        (field("plain_text_input", min_length=3), {"value": "ab"}, "Please enter at least 3 characters."),
        (field("plain_text_input"), {"value": ""}, "Please complete this required field."),
        (field("number_input", is_decimal_allowed=False), {"value": "x"}, "Please enter a number."),
        (field("number_input", is_decimal_allowed=False), {"value": "1.5"}, "Please enter a whole number."),
        (
            field("number_input", is_decimal_allowed=False, min_value="1"),
            {"value": "0"},
            "Please enter a number of at least 1.",
        ),
        (field("email_text_input"), {"value": "ana"}, "Please enter a valid email address."),
        (field("checkboxes", options=[]), {"selected_options": []}, "Please complete this required field."),
        (field("file_input", max_files=1), {"files": ["F1", "F2"]}, "Please choose no more than 1 files."),
        (field("file_input", filetypes=["csv"]), {"files": ["F1"]}, "a.png is not one of the file types allowed here."),
        (field("number_input", is_decimal_allowed=True), {"value": "1.5"}, None),
        (field("static_select"), {"selected_option": {"value": "a"}}, None),
    ],
)
def test_slacks_own_client_refuses_what_a_field_does_not_allow(block, value, says):
    assert complaint(block, value) == says


def test_fields_left_alone_keep_their_first_values_and_unknown_ones_are_left_out():
    chosen = {"text": plain("A"), "value": "a"}
    blocks = [field("static_select", initial_option=chosen), reason_input(optional=True)]

    values = values_of(blocks, {"elsewhere": {"x": {"value": "1"}}}, dict)

    assert values == {
        "field": {"x": {"type": "static_select", "selected_option": chosen}},
        "reason": {"text": {"type": "plain_text_input", "value": None}},
    }
    assert complaints(blocks, values) == {}
