"""What people change in the platform meanwhile is what it tells from then on."""

import pytest

from sandbox.altcraft.objects import Refused


def counters(rig, method, **fields):
    """Return how many can be sent to, by channel."""
    answer = rig.ask(f"{method}/get_counters", resource_id=12, **fields)
    return {each["channel"]: each["status"]["subscribed_sendable"] for each in answer["data"]}


def told(rig, campaign_id=82):
    data = rig.ask("campaigns/get", id=campaign_id)["data"]
    return data["name"], data["updated_user"], data["update_time"]


def test_a_renamed_campaign_tells_who_edited_it_and_when(rig):
    _, _, before = told(rig)

    rig.on_loop(lambda: rig.platform.edit_campaign(82, name=" Black Friday: too early ", by="piotr"))

    name, by, at = told(rig)
    assert (name, by, at > before) == ("Black Friday: too early", "piotr", True)


def test_a_campaign_that_is_only_saved_again_keeps_its_name(rig):
    _, _, before = told(rig)

    rig.on_loop(lambda: rig.platform.edit_campaign(82))

    name, by, at = told(rig)
    assert (name, by, at > before) == ("Black Friday: early access", "olga", True)


def test_an_edit_wakes_the_page(rig):
    revision = rig.hub.revision

    rig.on_loop(lambda: rig.platform.edit_campaign(82, name="A"))
    rig.on_loop(lambda: rig.platform.resize("segment", 5, 1))

    assert rig.hub.revision == revision + 2


def test_a_segments_counters_grow_with_it(rig):
    rig.on_loop(lambda: rig.platform.resize("segment", 5, 96_420))

    assert rig.ask("segments/get", id=5)["data"]["count"] == 96_420
    assert counters(rig, "segments", id=5, list_id=1) == {"email": 94_200, "push": 30_600, "sms": 18_240}


def test_a_databases_counters_shrink_with_it(rig):
    rig.on_loop(lambda: rig.platform.resize("list", 1, 2_146))

    assert counters(rig, "databases", id=1) == {"email": 1_984, "push": 412, "sms": 879}
    email = rig.ask("databases/get_counters", id=1, resource_id=12)["data"][0]["status"]
    assert email["all"] == 2_146


def test_an_audience_that_was_emptied_can_be_filled_again(rig):
    rig.on_loop(lambda: rig.platform.resize("segment", 9, 0))
    assert counters(rig, "segments", id=9, list_id=1) == {"email": 0, "push": 0, "sms": 0}

    rig.on_loop(lambda: rig.platform.resize("segment", 9, 500))

    assert counters(rig, "segments", id=9, list_id=1) == {"email": 500, "push": 0, "sms": 500}


def test_a_run_goes_to_as_many_as_there_are_when_it_starts(rig):
    rig.on_loop(lambda: rig.platform.resize("list", 1, 2_146))

    rig.launch(82)

    assert rig.runs()[0]["audience_size"] == 1_984


def test_the_page_is_told_every_audience_with_its_count(rig):
    audiences = rig.snapshot()["audiences"]

    assert audiences[0] == {"kind": "list", "id": 1, "name": "Customers", "count": 214_600}
    assert [(each["kind"], each["id"]) for each in audiences] == [
        *(("list", each) for each in (1, 2, 7)),
        *(("segment", each) for each in (5, 9, 14, 21, 318)),
    ]


@pytest.mark.parametrize(
    ("kind", "source_id", "count", "trouble"),
    [("list", 1, -1, ValueError), ("crowd", 1, 1, ValueError), ("list", 99, 1, Refused), ("segment", 99, 1, Refused)],
)
def test_a_size_that_cannot_be_is_refused(rig, kind, source_id, count, trouble):
    with pytest.raises(trouble):
        rig.on_loop(lambda: rig.platform.resize(kind, source_id, count))


def test_a_campaign_cannot_lose_its_name(rig):
    with pytest.raises(ValueError, match="needs a name"):
        rig.on_loop(lambda: rig.platform.edit_campaign(82, name=" "))


@pytest.mark.parametrize("cursor", ["last_id", "last_id_plus_one"])
@pytest.mark.parametrize(
    ("spelling", "groups"),
    [
        ("groups", {"groups": [{"id": 3, "name": "crm"}]}),
        ("Groups", {"Groups": [{"Id": 3, "Name": "crm"}]}),
        ("as_printed", {"groups": [{"id": 3, "name": "crm"}]}),
    ],
)
def test_one_campaign_is_read_from_the_list_with_its_tags_and_groups(rig, cursor, spelling, groups):
    rig.switch(groups_spelling=spelling, cursor_style=cursor)

    found = rig.ask("campaigns/list", from_id=44, limit=1)["data"]

    assert [{name: each[name] for name in ("id", "ui_tags", *groups)} for each in found] == [
        {"id": 44, "ui_tags": ["news"], **groups}
    ]


@pytest.mark.parametrize(("spelling", "path"), [("groups", "groups/name"), ("Groups", "Groups/Name")])
def test_one_campaign_is_read_from_the_list_in_xml(rig, spelling, path):
    rig.switch(groups_spelling=spelling)

    answer = rig.ask_xml("campaigns/list", "<from_id>44</from_id><limit>1</limit>")

    assert [answer.findtext(f"data/{each}") for each in ("id", "ui_tags", path)] == ["44", "news", "crm"]


def test_where_the_id_is_a_hole_the_list_gives_the_next_one(rig):
    assert [each["id"] for each in rig.ask("campaigns/list", from_id=45, limit=1)["data"]] == [57]
