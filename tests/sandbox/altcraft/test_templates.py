"""The stand-in's templates: as the guide prints them, tied to campaigns, and edited behind everybody's back."""

import pytest
import requests

from sandbox.altcraft.objects import Refused
from tests.sandbox.altcraft.rig import OK


def template(rig, template_id=78, **fields):
    return rig.ask("templates/get", id=template_id, **fields)["data"]


def fields(rig, template_id, sid):
    [channel] = [each for each in template(rig, template_id)["channels"] if each["sid"] == sid]
    return channel["fields"]


def contents(rig, campaign_id, method="campaigns/get"):
    return rig.ask(method, id=campaign_id)["data"]["content"]


def test_a_template_has_the_printed_fields_and_no_other(rig):
    answer = rig.ask("templates/get", id=77)

    assert {name: answer[name] for name in OK} == OK
    assert set(answer["data"]) == {"id", "updated_user", "update_time", "name", "description", "channels"}
    [channel] = answer["data"]["channels"]
    assert {name: channel[name] for name in ("id", "sid")} == {"id": 1, "sid": "email"}
    assert set(channel["fields"]) == {
        *("text", "html", "is_amp", "amp", "subject", "from_email", "from_name"),
        *("replyto_email", "replyto_name", "is_not_inline"),
    }


@pytest.mark.parametrize("method", ["campaigns/get", "campaigns/broadcasts/get"])
def test_each_campaign_names_a_template_that_there_is(rig, method):
    assert contents(rig, 82, method)[0]["message_id"] == 78
    for campaign in rig.platform.campaigns.values():
        for item in contents(rig, campaign.id):
            sids = [channel["sid"] for channel in template(rig, item["message_id"])["channels"]]
            assert campaign.channel in sids


def test_a_campaign_says_a_subject_of_its_own(rig):
    [item] = contents(rig, 83)

    assert (item["message_id"], item["subject"], item["from_name"]) == (78, "Last call: the doors close tonight", "")


def test_a_campaign_can_have_ten_content_items(rig):
    rig.on_loop(lambda: rig.platform.edit(82, "olga", also_sends=(77,) * 9))

    assert [each["message_id"] for each in contents(rig, 82)] == [78, *[77] * 9]


def test_there_are_three_mails_an_sms_and_a_push(rig):
    told = [(each, [channel["sid"] for channel in template(rig, each)["channels"]]) for each in range(77, 82)]

    assert told == [(77, ["email"]), (78, ["email"]), (79, ["email"]), (80, ["sms"]), (81, ["push"])]
    for each in (77, 78, 79):
        html = fields(rig, each, "email")["html"]
        assert ("{lead." in html, "unsubscribe" in html, html.count("<a ") > 2) == (True, True, True)
    assert "{apicontent.promo}" in fields(rig, 78, "email")["html"]


def test_only_the_channels_asked_for_are_told(rig):
    assert template(rig, 77, channel_sid=["sms"])["channels"] == []
    assert [each["sid"] for each in template(rig, 77, channel_sid=["email", "sms"])["channels"]] == ["email"]


def test_a_template_that_there_is_not_is_refused(rig):
    assert rig.ask("templates/get", id=999)["error"] == 400


def test_an_edited_template_tells_who_edited_it_and_when_and_its_campaign_does_not(rig):
    before, campaign = template(rig), rig.ask("campaigns/get", id=82)

    rig.on_loop(lambda: rig.platform.edit_template(78, "email", {"subject": "Too early"}, by="mallory"))

    after = template(rig)
    assert (after["updated_user"], after["update_time"] > before["update_time"]) == ("mallory", True)
    assert fields(rig, 78, "email")["subject"] == "Too early"
    assert fields(rig, 78, "email")["html"] == before["channels"][0]["fields"]["html"]
    assert rig.ask("campaigns/get", id=82) == campaign


def test_an_edit_wakes_the_page_which_is_told_what_can_be_edited(rig):
    revision = rig.hub.revision

    rig.on_loop(lambda: rig.platform.edit_template(80, "sms", {"sms": "Hi"}))

    assert rig.hub.revision == revision + 1
    [row] = [each for each in rig.snapshot()["templates"] if each["id"] == 80]
    assert (row["updated_user"], row["channels"]) == ("olga", {"sms": {"sms": "Hi"}})
    [mail] = [each for each in rig.snapshot()["templates"] if each["id"] == 77]
    assert "subject" in mail["channels"]["email"]
    assert "html" not in mail["channels"]["email"]


@pytest.mark.parametrize(
    ("template_id", "sid", "name", "trouble"),
    [(999, "email", "subject", Refused), (77, "sms", "sms", ValueError), (77, "email", "nothing", ValueError)],
)
def test_what_is_not_there_cannot_be_edited(rig, template_id, sid, name, trouble):
    with pytest.raises(trouble):
        rig.on_loop(lambda: rig.platform.edit_template(template_id, sid, {name: "x"}))


def test_an_edit_in_one_sandbox_is_none_in_the_next(rig):
    rig.on_loop(lambda: rig.platform.edit_template(77, "email", {"subject": "Mine"}))
    rig.fresh()

    assert fields(rig, 77, "email")["subject"] != "Mine"


def test_a_draft_and_what_is_fetched_are_told_where_they_are_set(rig):
    def changed():
        rig.platform.templates[77].is_draft = True
        rig.platform.templates[77].more = {"json_url": "https://feed.example/a.json"}

    rig.on_loop(changed)

    told = template(rig, 77)
    assert (told["is_draft"], told["json_url"]) == (True, "https://feed.example/a.json")


@pytest.mark.parametrize(
    ("fault", "status", "begins"),
    [
        ("no_right", 200, b'{"data": null, "error": 403'),
        ("unknown_method", 404, b"404 page not found"),
        ("garbage", 200, b'{"data": null, "err'),
        ("html", 200, b"<html>"),
        ("error_500", 500, b"Internal"),
    ],
)
def test_templates_can_be_made_unreadable_and_nothing_else_is(rig, fault, status, begins):
    rig.switch(templates=fault)

    answer = rig.send("templates/get", {"id": 77})

    assert (answer.status_code, answer.content.startswith(begins)) == (status, True)
    assert rig.ask("campaigns/get", id=82)["error"] == 0


def test_a_template_can_take_for_ever(rig):
    rig.switch(templates="hang")

    with pytest.raises(requests.Timeout):
        rig.send("templates/get", {"id": 77}, timeout=0.2)
