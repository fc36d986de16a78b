"""Each method of the stand-in platform answers in the guide's shape, in JSON and in XML."""

import json
import re

import pytest
import requests

from tests.sandbox.altcraft.rig import OK, TOKEN

RICHEST = {
    *("id", "name", "is_active", "data_id", "data_type", "resource_id", "content", "send_channel", "channel"),
    *("push_sending_mode", "subid", "limit", "aglimit_count", "aglimit_percent", "start_schedule", "for_confirm"),
    *("policy_id", "description", "virtual_sender_id", "is_random_tracking_prefix", "custom_tracking_domains"),
    *("watcher_list_id", "watcher_limit", "blind_carbon_copy", "unconditional_sending", "skip_unique_checking"),
    *("sub_cats_filter", "sub_fields_filter", "updated_user", "update_time"),
}
TEN_COUNTS = {
    *("all", "subscribed", "subscribed_sendable", "unconfirmed", "unconfirmed_sendable", "unsubscribed"),
    *("complained", "hardbounced", "invalid", "suspended"),
}


def test_activating_answers_the_printed_envelope_in_json(rig):
    answer = rig.send("campaigns/activate/", {"id": 82})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {"data": None, **OK}


def test_activating_answers_the_printed_envelope_in_xml(rig):
    body = f"<xml><token>{TOKEN}</token><id>82</id><run_now>true</run_now></xml>".encode()

    answer = rig.send("campaigns/activate/", body)

    text = re.sub(r"\s*/>", "/>", answer.text)
    assert text.endswith("<xml><data/><error>0</error><error_text>Successful operation</error_text></xml>")
    assert rig.runs()[0]["campaign_id"] == 82


def test_the_state_of_a_campaign_is_three_fields(rig):
    assert rig.ask("campaigns/get_status", id=82) == {
        "data": {"is_active": False, "is_completed": False, "status": "Inactive"},
        **OK,
    }


def test_a_campaign_tells_its_audience_and_who_edited_it_last(rig):
    data = rig.ask("campaigns/get", id=82)["data"]

    told = {name: data[name] for name in ("id", "name", "type", "data_type", "data_id", "updated_user", "update_time")}
    assert told == {
        "id": 82,
        "name": "Black Friday: early access",
        "type": "broadcast",
        "data_type": "list",
        "data_id": 1,
        "updated_user": "olga",
        "update_time": "2026-11-20T08:11:40.52Z",
    }
    assert set(data["content"][0]) == {
        *("message_id", "subject", "from_email", "from_name", "replyto_email", "replyto_name")
    }


@pytest.mark.parametrize(("method", "campaign_id"), [("broadcasts", 82), ("regulars", 44)])
def test_the_richest_view_has_every_printed_field_and_no_other(rig, method, campaign_id):
    data = rig.ask(f"campaigns/{method}/get", id=campaign_id)["data"]

    assert set(data) == RICHEST
    assert data["send_channel"] == "email"
    assert set(data["start_schedule"]) == {
        *("start_mins", "start_hours", "start_mdays", "start_wdays", "start_months", "start_years"),
        *("tz", "profile", "losers"),
    }


def test_a_campaign_in_the_list_has_the_printed_fields(rig):
    answer = rig.ask("campaigns/list")

    assert set(answer) == {"data", "error", "error_text", "next_from_id", "total_count"}
    assert answer["total_count"] == 8
    assert answer["data"][3] == {
        "id": 82,
        "name": "Black Friday: early access",
        "type": "broadcast",
        "is_active": False,
        "subid": "",
        "for_confirm": False,
        "ui_tags": ["black friday"],
        "groups": [{"id": 0, "name": "main"}],
    }


@pytest.mark.parametrize(
    ("fields", "ids"),
    [
        ({"type": "regular"}, [44, 118]),
        ({"is_active": True}, [41, 44]),
        ({"is_active": "true", "type": "trigger"}, [41]),
        ({"ui_tags": ["news"]}, [44, 4107]),
        ({"groups": ["crm"]}, [44]),
        ({"groups_id": [3]}, [44]),
        ({"from_id": "84", "limit": "1"}, [96]),
    ],
)
def test_the_list_is_filtered_as_asked(rig, fields, ids):
    assert [each["id"] for each in rig.ask("campaigns/list", **fields)["data"]] == ids


def test_one_tag_in_xml_is_an_array_of_one(rig):
    for tag in ("<ui_tags>news</ui_tags>", "<ui_tags array='true'>news</ui_tags>"):
        answer = rig.ask_xml("campaigns/list", tag)

        assert [each.findtext("id") for each in answer.findall("data")] == ["44", "4107"]


def test_a_segment_tells_its_count_and_databases(rig):
    data = rig.ask("segments/get/", id=5)["data"]

    assert (data["id"], data["name"], data["count"]) == (5, "Active in the last 30 days", 48210)
    assert [each["list_id"] for each in data["segment"]] == [1]


def test_a_segment_counts_who_can_be_sent_to_by_channel(rig):
    answer = rig.ask("segments/get_counters", id=5, resource_id=12, list_id=1)

    assert answer["data"][0] == {
        "channel": "email",
        "status": {"subscribed_sendable": 47100, "unconfirmed_sendable": 0},
    }
    assert [each["channel"] for each in answer["data"]] == ["email", "push", "sms"]


@pytest.mark.parametrize("method", ["segments/list/", "databases/list/"])
def test_segments_and_databases_are_listed_with_groups_in_capitals(rig, method):
    answer = rig.ask(method)

    assert set(answer) == {"data", "error", "error_text", "next_from_id", "total_count"}
    assert set(answer["data"][0]) == {"id", "name", "ui_tags", "Groups"}
    assert answer["data"][0]["Groups"] == [{"Id": 0, "Name": "main"}]
    assert answer["next_from_id"] == answer["data"][-1]["id"]


def test_a_database_is_told_without_a_count_and_counted_by_ten_counters(rig):
    data = rig.ask("databases/get/", id=1)["data"]
    counters = rig.ask("databases/get_counters", id=1, resource_id=12)["data"]

    assert data == {"id": 1, "name": "Customers", "suppress_id": 0, "description": "Everyone who ever ordered"}
    assert [set(each["status"]) for each in counters] == [TEN_COUNTS] * 3
    email = counters[0]["status"]
    apart = ("subscribed", "unconfirmed", "unsubscribed", "complained", "hardbounced", "invalid", "suspended")
    assert email["all"] == sum(email[name] for name in apart)


READS = {
    "campaigns/get": "<id>82</id>",
    "campaigns/get_status": "<id>82</id>",
    "campaigns/list": "<limit>3</limit>",
    "campaigns/log_v2": "<id>82</id>",
    "campaigns/broadcasts/get": "<id>82</id>",
    "segments/get/": "<id>5</id>",
    "segments/list/": "",
    "segments/get_counters": "<id>5</id><resource_id>12</resource_id><list_id>1</list_id>",
    "databases/list/": "",
    "databases/get/": "<id>1</id>",
    "databases/get_counters": "<id>1</id><resource_id>12</resource_id>",
    "templates/get": "<id>78</id>",
}


def as_xml(value):
    """Return what an XML reader can make of a JSON value: texts, repeated elements as lists, no types."""
    if isinstance(value, dict):
        return {name: as_xml(each) for name, each in value.items()}
    if isinstance(value, list):
        return "" if not value else as_xml(value[0]) if len(value) == 1 else [as_xml(each) for each in value]
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def plain(element):
    if not len(element):
        return element.text or ""
    values = {}
    for child in element:
        values.setdefault(child.tag, []).append(plain(child))
    return {name: each[0] if len(each) == 1 else each for name, each in values.items()}


@pytest.mark.parametrize(("method", "inner"), READS.items())
def test_xml_says_the_same_as_json(rig, method, inner):
    fields = dict(re.findall(r"<(\w+)>(\d+)<", inner))

    assert plain(rig.ask_xml(method, inner)) == as_xml(rig.ask(method, **fields))


def test_names_with_markup_come_through_xml_unharmed(rig):
    rig.on_loop(lambda: rig.platform.edit(82, "olga", name="Gold & <early>\x00 “sale”"))

    assert rig.ask_xml("campaigns/get", "<id>82</id>").findtext("data/name") == "Gold & <early>\ufffd “sale”"


def test_strings_in_xml_are_quoted_where_the_switch_and_the_samples_say_so(rig):
    rig.switch(quoted_xml_strings=True)

    status = rig.ask_xml("campaigns/get_status", "<id>82</id>")

    assert status.findtext("data/status") == '"Inactive"'
    assert status.findtext("data/is_active") == "false"
    assert status.findtext("error_text") == "Successful operation"
    assert rig.ask_xml("campaigns/get", "<id>82</id>").findtext("data/status") == "Inactive"


@pytest.mark.parametrize("method", [*READS, "campaigns/activate/", "campaigns/deactivate"])
def test_every_method_takes_both_forms_of_its_address(rig, method):
    for form in (method.rstrip("/"), method.rstrip("/") + "/"):
        ids = {"databases": 1, "segments": 5, "templates": 78}
        fields = {"id": ids.get(method.partition("/")[0], 82)}
        answer = rig.send(form, fields | {"resource_id": 12, "list_id": 1}, allow_redirects=False)

        assert (answer.status_code, answer.json()["error"]) == (200, 0)


def test_what_mail_servers_said_is_told_of_what_was_sent_and_only_to_whoever_may_know(rig):
    asked = {"campaign_id": 82, "date_from": "2026-11-20", "date_to": "2026-11-21"}
    assert rig.ask("reports/bounces", **asked)["data"] == []
    rig.launch()
    rig.run_in_state("finished")

    rows = rig.ask("reports/bounces", **asked)["data"]
    assert [set(row) for row in rows] == [{"data_id", "count", "bounce_text", "to_domain"}] * 3
    assert rig.ask("reports/bounces", **asked, top=1)["data"] == rows[:1]
    assert rig.ask("reports/bounces", **asked | {"campaign_id": 83})["data"] == []
    assert rig.ask("reports/bounces", **asked | {"date_to": "21.11.2026"})["error"] == 400
    rig.switch(bounces="no_right")
    assert rig.ask("reports/bounces", **asked)["error"] == 403


def test_only_post_is_served(rig):
    assert requests.get(f"{rig.url}/api/v1.1/campaigns/list", timeout=5).status_code == 405


@pytest.mark.parametrize(("address", "fields"), [("", {"format": "xml"}), ("?format=xml", {})])
def test_the_format_is_chosen_in_the_body_or_the_address(rig, address, fields):
    answer = rig.send(f"campaigns/get_status{address}", {"id": 82} | fields)

    assert answer.headers["content-type"].startswith("application/xml")
    assert answer.text.endswith("</xml>")


def test_xml_can_be_asked_for_json(rig):
    body = f"<xml><token>{TOKEN}</token><id>82</id><format>json</format></xml>".encode()

    assert rig.send("campaigns/get_status", body).json()["data"]["status"] == "Inactive"


def test_the_token_counts_in_the_body_and_in_the_header_and_nowhere_else(rig):
    url = f"{rig.url}/api/v1.1/campaigns/get_status"

    bearer = requests.post(url, json={"id": 82}, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=5)
    query = requests.post(f"{url}?token={TOKEN}", json={"id": 82}, timeout=5)
    none = requests.post(url, json={"id": 82}, timeout=5)
    wrong = rig.ask("campaigns/get_status", id=82, token="another")

    assert bearer.json()["error"] == 0
    assert {query.json()["error"], none.json()["error"], wrong["error"]} == {401}


def test_numbers_and_booleans_may_be_strings(rig):
    rig.ask("campaigns/activate/", id="82", run_now="true", override_limit="500")

    assert rig.runs()[0]["limit"] == 500


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"text"',
        json.dumps({"token": TOKEN, "id": "eighty-two"}).encode(),
        json.dumps({"token": TOKEN, "id": True}).encode(),
        json.dumps({"token": TOKEN, "id": 82.5}).encode(),
        json.dumps({"token": TOKEN}).encode(),
        json.dumps({"token": TOKEN, "id": 82, "run_now": "yes"}).encode(),
        json.dumps({"token": TOKEN, "id": 82, "content": ["promo"]}).encode(),
        json.dumps({"token": TOKEN, "id": 82, "attach": {"name": "a"}}).encode(),
        json.dumps({"token": TOKEN, "id": 82, "override_limit": -1}).encode(),
        f"<xml><token>{TOKEN}</token><id>82</xml>".encode(),
        f"<root><token>{TOKEN}</token><id>82</id></root>".encode(),
        b"<!DOCTYPE x [<!ENTITY a 'a'>]><xml><token>&a;</token></xml>",
    ],
)
def test_a_malformed_activation_is_refused_and_changes_nothing(rig, body):
    kind = "application/xml" if body.startswith(b"<") else "application/json"

    answer = rig.send("campaigns/activate/", body, headers={"Content-Type": kind})

    assert b"400" in answer.content
    assert rig.platform.campaigns[82].is_active is False
    assert rig.runs() == []
