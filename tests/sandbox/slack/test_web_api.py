"""The stand-in's Web API as slack_sdk's client meets it, over real sockets."""

import http.client
import json
import urllib.request
from dataclasses import replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest
import requests
from slack_sdk.http_retry import ConnectionErrorRetryHandler

from sandbox.slack.records import Channel, Execution, Limits, Organisation, UserGroup
from sandbox.team import APP_TOKEN, BOT_TOKEN, STEP
from tests.sandbox.slack.rig import LAUNCHES, RANDOM, SlackRig, actions, button, refusal, running, section


@pytest.fixture(scope="module")
def shared():
    yield from running(Limits(post_burst=1000))


@pytest.fixture
def rig(shared):
    return shared.reset()


def test_the_bot_learns_who_it_is(rig):
    answer = rig.client.auth_test()

    assert (answer["team_id"], answer["user_id"], answer["bot_id"]) == ("T0SANDBOX", "U0BOT", "B0BOT")
    assert "chat:write" in answer.headers["x-oauth-scopes"]


@pytest.mark.parametrize(
    ("token", "error"), [("xoxb-wrong", "invalid_auth"), ("", "not_authed"), (APP_TOKEN, "not_allowed_token_type")]
)
def test_a_token_that_does_not_fit_is_refused(rig, token, error):
    answer = requests.post(f"{rig.url}/api/auth.test", headers={"Authorization": f"Bearer {token}"}, timeout=5)

    assert answer.json() == {"ok": False, "error": error}


def test_an_unknown_method_is_named_as_such(rig):
    assert refusal(rig.client.api_call, api_method="chat.shout")["error"] == "unknown_method"


def test_a_missing_scope_says_which_one(rig):
    had = rig.workspace.state.scopes
    rig.workspace.state.scopes = had - {"usergroups:read"}
    try:
        answer = refusal(rig.client.usergroups_users_list, usergroup="S0LEADS")
    finally:
        rig.workspace.state.scopes = had

    assert (answer["error"], answer["needed"]) == ("missing_scope", "usergroups:read")


def test_reading_a_direct_message_needs_a_scope_of_its_own(rig):
    had = rig.workspace.state.scopes
    rig.workspace.state.scopes = had - {"im:history"}
    try:
        answer = refusal(rig.client.conversations_history, channel="D0ANA")
    finally:
        rig.workspace.state.scopes = had

    assert (answer["error"], answer["needed"]) == ("missing_scope", "im:history")
    assert rig.client.conversations_history(channel=LAUNCHES)["ok"]


@pytest.mark.parametrize("as_json", [True, False])
def test_blocks_may_come_as_json_or_as_a_string_in_a_form(rig, as_json):
    headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
    said = {"channel": LAUNCHES, "text": "card"}
    body = {"json": said | {"blocks": [section()]}} if as_json else {"data": said | {"blocks": json.dumps([section()])}}

    answer = requests.post(f"{rig.url}/api/chat.postMessage", headers=headers, timeout=5, **body).json()

    assert answer["message"]["blocks"][0]["text"]["text"] == "words"


def test_a_posted_message_has_slacks_shape(rig):
    message = rig.client.chat_postMessage(channel=LAUNCHES, text="card", blocks=[section(), actions(button())])[
        "message"
    ]

    assert message["type"] == "message"
    assert (message["user"], message["bot_id"], message["app_id"]) == ("U0BOT", "B0BOT", "A0APP")
    assert len(message["blocks"][0]["block_id"]) == 5
    assert message["blocks"][0]["text"] == {"type": "mrkdwn", "text": "words", "verbatim": False}
    assert message["blocks"][1]["elements"][0]["text"]["emoji"] is True


def test_metadata_is_read_back_only_when_asked_for(rig):
    metadata = {"event_type": "launch", "event_payload": {"id": "L1"}}
    root = rig.client.chat_postMessage(channel=LAUNCHES, text="card", metadata=metadata)["ts"]
    rig.client.chat_postMessage(channel=LAUNCHES, text="step", thread_ts=root, metadata=metadata)

    plain_thread = rig.client.conversations_replies(channel=LAUNCHES, ts=root)["messages"]
    thread = rig.client.conversations_replies(channel=LAUNCHES, ts=root, include_all_metadata=True)["messages"]
    history = rig.client.conversations_history(channel=LAUNCHES, include_all_metadata=True)["messages"]

    assert ["metadata" in message for message in plain_thread] == [False, False]
    assert [message["metadata"] for message in thread] == [metadata, metadata]
    assert [message["text"] for message in history] == ["card"]
    assert (thread[0]["reply_count"], thread[1]["thread_ts"]) == (1, root)


def test_history_comes_in_pages_the_newest_first(rig):
    for number in range(5):
        rig.client.chat_postMessage(channel=LAUNCHES, text=str(number))

    pages = rig.client.conversations_history(channel=LAUNCHES, limit=2)

    assert [[message["text"] for message in page["messages"]] for page in pages] == [["4", "3"], ["2", "1"], ["0"]]


def test_an_update_with_text_alone_takes_the_blocks_away_and_keeps_the_metadata(rig):
    metadata = {"event_type": "launch", "event_payload": {"id": "L1"}}
    ts = rig.client.chat_postMessage(channel=LAUNCHES, text="card", blocks=[section()], metadata=metadata)["ts"]

    updated = rig.client.chat_update(channel=LAUNCHES, ts=ts, text="over")["message"]

    assert "blocks" not in updated
    assert (updated["text"], updated["edited"]["user"], updated["metadata"]) == ("over", "U0BOT", metadata)


def test_a_deleted_message_cannot_be_updated(rig):
    ts = rig.client.chat_postMessage(channel=LAUNCHES, text="card")["ts"]
    rig.client.chat_delete(channel=LAUNCHES, ts=ts)

    assert refusal(rig.client.chat_update, channel=LAUNCHES, ts=ts, text="over")["error"] == "message_not_found"


def test_a_persons_message_cannot_be_updated(rig):
    ts = rig.call(rig.workspace.say("U0ANA", LAUNCHES, "hello"))

    assert refusal(rig.client.chat_update, channel=LAUNCHES, ts=ts, text="mine")["error"] == "cant_update_message"


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"channel": RANDOM, "text": "a"}, "not_in_channel"),
        ({"channel": "C0NOWHERE", "text": "a"}, "channel_not_found"),
        ({"channel": "C0SECRET", "text": "a"}, "channel_not_found"),
        ({"channel": "C0OLD", "text": "a"}, "is_archived"),
        ({"channel": LAUNCHES}, "no_text"),
        ({"channel": LAUNCHES, "text": "a" * 40_001}, "msg_too_long"),
        ({"channel": LAUNCHES, "text": "a", "blocks": [section("s" * 2_700)] * 5}, "msg_blocks_too_long"),
        ({"channel": LAUNCHES, "text": "a", "blocks": "{not json"}, "invalid_blocks_format"),
        ({"channel": LAUNCHES, "text": "a", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
    ],
)
def test_a_post_that_slack_would_refuse_is_refused_by_the_same_name(rig, said, error):
    rig.workspace.state.channels["C0SECRET"] = Channel("C0SECRET", "secret", ["U0DAN"], is_private=True)
    rig.workspace.state.channels["C0OLD"] = Channel("C0OLD", "old", ["U0DAN", "U0BOT"], is_archived=True)

    answer = refusal(rig.client.api_call, api_method="chat.postMessage", json=said)

    assert answer["error"] == error
    assert not rig.workspace.state.channels[LAUNCHES].messages


def test_refused_blocks_come_with_the_place_of_the_problem(rig):
    answer = refusal(rig.client.chat_postMessage, channel=LAUNCHES, text="card", blocks=[section("")])

    problem = "must be more than 0 characters [json-pointer:/blocks/0/text/text]"
    assert (answer["error"], answer["errors"]) == ("invalid_blocks", [problem])
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {problem}"]


def test_a_message_to_a_person_opens_the_direct_message(rig):
    assert rig.client.chat_postMessage(channel="U0BEN", text="hi")["channel"] == "D0BEN"
    assert rig.client.conversations_open(users="U0BEN")["channel"]["id"] == "D0BEN"
    assert "D0BEN" not in [channel["id"] for channel in rig.sees("U0ANA")["channels"]]
    assert rig.sees("U0BEN")["messages"]["D0BEN"][0]["text"] == "hi"


def test_only_the_one_person_sees_an_ephemeral_message(rig):
    rig.client.chat_postEphemeral(channel=LAUNCHES, user="U0BEN", text="only you")

    assert "only you" in rig.ephemerals("U0BEN")
    assert "only you" not in rig.ephemerals("U0ANA")
    assert rig.client.conversations_history(channel=LAUNCHES)["messages"] == []


def test_user_groups_need_a_paid_plan(rig):
    assert rig.client.usergroups_users_list(usergroup="S0LEADS")["users"] == ["U0CLEO"]

    rig.do(rig.workspace.faults.require_upgrade_for_groups)

    assert refusal(rig.client.usergroups_users_list, usergroup="S0LEADS")["error"] == "plan_upgrade_required"
    assert refusal(rig.client.usergroups_list)["error"] == "plan_upgrade_required"


def test_people_can_be_looked_up(rig):
    ana = rig.client.users_info(user="U0ANA", include_locale=True)["user"]

    assert (ana["name"], ana["locale"], ana["deleted"], ana["is_bot"]) == ("ana", "en-US", False, False)
    assert refusal(rig.client.users_info, user="U0NOBODY")["error"] == "user_not_found"
    assert "U0BOT" in [member["id"] for member in rig.client.users_list()["members"]]
    assert "U0OTTO" in rig.client.conversations_members(channel=LAUNCHES)["members"]
    assert rig.client.conversations_info(channel=RANDOM)["channel"]["is_member"] is False


@pytest.mark.parametrize(
    ("person", "zone"),
    [
        ("U0ANA", "Europe/Berlin"),
        ("U0BEN", "Europe/Berlin"),
        ("U0CLEO", "Europe/London"),
        ("U0DAN", "America/New_York"),
        ("U0OTTO", "Europe/Berlin"),
    ],
)
def test_a_person_is_told_with_their_time_zone(rig, person, zone):
    user = rig.client.users_info(user=person)["user"]

    ahead = datetime.now(ZoneInfo(zone)).utcoffset()
    assert (user["tz"], user["tz_offset"]) == (zone, ahead.total_seconds())
    assert next(each["tz"] for each in rig.sees()["users"] if each["id"] == person) == zone


def test_an_uploaded_file_is_given_only_for_the_token(rig):
    file_id = rig.call(rig.workspace.upload("U0ANA", "people.csv", "text/csv", b"a,b\n"))
    described = rig.client.files_info(file=file_id)["file"]
    address = described["url_private_download"]

    without = requests.get(address, timeout=5)
    with_token = requests.get(address, headers={"Authorization": f"Bearer {BOT_TOKEN}"}, timeout=5)

    assert (without.status_code, without.headers["content-type"].split(";")[0]) == (200, "text/html")
    assert (with_token.content, with_token.headers["content-type"].split(";")[0]) == (b"a,b\n", "text/csv")
    assert (described["size"], described["filetype"], described["user"]) == (4, "csv", "U0ANA")


def test_the_bot_can_upload_a_file_into_a_thread(rig):
    root = rig.client.chat_postMessage(channel=LAUNCHES, text="card")["ts"]

    uploaded = rig.client.files_upload_v2(
        channel=LAUNCHES, thread_ts=root, content="seq,kind\n1,requested\n", filename="audit.csv", title="Audit"
    )

    assert rig.client.files_info(file=uploaded["file"]["id"])["file"]["title"] == "Audit"
    shown = {"id": uploaded["file"]["id"], "name": "audit.csv", "title": "Audit", "is_picture": False}
    assert rig.sees()["messages"][LAUNCHES][1]["files"] == [shown]


def test_a_channel_takes_one_post_a_second_and_says_when_to_come_back():
    rig = SlackRig(Limits(post_burst=2))
    try:
        for number in range(2):
            rig.client.chat_postMessage(channel=LAUNCHES, text=str(number))
        refused = refusal(rig.client.chat_postMessage, channel=LAUNCHES, text="2")

        assert (refused.status_code, refused["error"], refused.headers["Retry-After"]) == (429, "ratelimited", "1")
        assert rig.client.chat_postMessage(channel="U0BEN", text="another channel")["ok"]
    finally:
        rig.stop()


def test_a_method_can_be_made_to_fail_so_many_times(rig):
    rig.do(rig.workspace.faults.fail, "auth.test", "internal_error", 2)

    errors = [refusal(rig.client.auth_test)["error"] for _ in range(2)]

    assert errors == ["internal_error", "internal_error"]
    assert rig.client.auth_test()["ok"]


def test_a_method_can_be_made_to_fail_with_an_http_status(rig):
    rig.do(rig.workspace.faults.fail, "auth.test", 503)

    assert refusal(rig.client.auth_test).status_code == 503


def test_a_method_and_a_channel_can_be_rate_limited(rig):
    rig.do(rig.workspace.faults.rate_limit, "auth.test", 30)
    rig.do(rig.workspace.faults.rate_limit_channel, LAUNCHES, 7)

    assert refusal(rig.client.auth_test).headers["Retry-After"] == "30"
    assert refusal(rig.client.chat_postMessage, channel=LAUNCHES, text="a").headers["Retry-After"] == "7"
    assert rig.client.chat_postMessage(channel="U0BEN", text="a")["ok"]


def test_a_connection_dropped_after_the_post_leaves_the_post_standing(rig):
    rig.do(rig.workspace.faults.drop, "chat.postMessage")

    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected, urllib.request.URLError)):
        rig.client.chat_postMessage(channel=LAUNCHES, text="once")

    assert [message["text"] for message in rig.sees()["messages"][LAUNCHES]] == ["once"]


def test_the_sdks_own_retry_after_a_dropped_connection_posts_twice(rig):
    rig.do(rig.workspace.faults.drop, "chat.postMessage")
    client = rig.client_with(BOT_TOKEN)
    client.retry_handlers = [ConnectionErrorRetryHandler()]

    client.chat_postMessage(channel=LAUNCHES, text="twice")

    assert [message["text"] for message in rig.sees()["messages"][LAUNCHES]] == ["twice", "twice"]


def test_a_step_is_ended_once_with_the_outputs_that_its_manifest_declares(rig):
    step = Execution("Fx1", "Wx1", STEP, {})
    rig.workspace.state.executions["Fx1"] = step
    ended = {"state": "finished", "launch_id": "L1", "outcome": "Run finished"}
    complete = rig.client.functions_completeSuccess

    for wrong in (
        {"state": "finished"},
        {**ended, "errors": "none"},
        {**ended, "errors": True},
        {**ended, "mood": "good"},
    ):
        assert refusal(complete, function_execution_id="Fx1", outputs=wrong)["error"] == "parameter_validation_failed"
    assert refusal(complete, function_execution_id="Fx0", outputs=ended)["error"] == "function_execution_not_found"
    assert step.state == "running"
    assert complete(function_execution_id="Fx1", outputs={**ended, "errors": 0})["ok"]
    again = refusal(rig.client.functions_completeError, function_execution_id="Fx1", error="too late")
    assert again["error"] == "execution_not_in_running_state"
    assert (step.state, step.outputs, step.error) == ("completed", {**ended, "errors": 0}, "")


def test_a_step_that_fails_has_to_say_why(rig):
    rig.workspace.state.executions["Fx2"] = step = Execution("Fx2", "Wx2", STEP, {})
    fail = rig.client.functions_completeError

    assert refusal(fail, function_execution_id="Fx2", error="")["error"] == "invalid_arguments"
    assert fail(function_execution_id="Fx2", error="No such campaign.")["ok"]
    assert (step.state, step.error) == ("failed", "No such campaign.")


def test_a_token_of_an_organisation_has_to_say_which_workspace_it_asks_about(rig):
    workspace = rig.workspace
    had, of_all = workspace.identity, Organisation("E0ACME", "Acme", ("T0SECOND",))
    workspace.state.groups["S0SECOND"] = UserGroup("S0SECOND", "second", "Second", ["U0ANA"], team_id="T0SECOND")
    workspace.identity = workspace.state.identity = replace(had, organisation=of_all)
    try:
        told = rig.client.auth_test()
        assert (told["team_id"], told["enterprise_id"], told["is_enterprise_install"]) == (None, "E0ACME", True)
        assert [team["id"] for team in rig.client.auth_teams_list()["teams"]] == ["T0SANDBOX", "T0SECOND"]
        members = partial(rig.client.usergroups_users_list, usergroup="S0SECOND")
        for ask in (members, rig.client.usergroups_list, rig.client.conversations_list, rig.client.users_list):
            assert refusal(ask)["error"] == "missing_argument"
            assert refusal(ask, team_id="T0ELSE")["error"] == "team_access_not_granted"
            if ask is not members:
                assert ask(team_id="T0SECOND")["ok"]
        assert refusal(members, team_id="T0SANDBOX")["error"] == "no_such_subteam"
        assert members(team_id="T0SECOND")["users"] == ["U0ANA"]
        assert rig.client.users_info(user="U0ANA")["user"]["enterprise_user"]["enterprise_id"] == "E0ACME"
    finally:
        workspace.identity = workspace.state.identity = had
