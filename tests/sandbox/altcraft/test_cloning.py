"""A clone is a campaign of its own, told by its id alone."""

import pytest
import requests


def test_a_clone_sends_what_its_original_sends_under_a_name_of_its_own(rig):
    answer = rig.ask("campaigns/clone", id=82, name="A copy")

    copied = rig.ask("campaigns/get", id=answer["data"]["saved_id"])["data"]
    original = rig.ask("campaigns/get", id=82)["data"]
    assert (copied["name"], copied["content"], copied["is_active"]) == ("A copy", original["content"], False)
    assert copied["id"] != 82


def test_without_a_name_it_is_named_after_its_original(rig):
    new = rig.ask("campaigns/clone", id=82)["data"]["saved_id"]

    assert rig.ask("campaigns/get", id=new)["data"]["name"].startswith("Clone of ")


@pytest.mark.parametrize("active", [True, False])
def test_whether_a_clone_is_switched_on_is_a_switch_for_the_guide_does_not_say(rig, active):
    rig.switch(clone_is_active=active)

    new = rig.ask("campaigns/clone", id=44)["data"]["saved_id"]

    assert rig.ask("campaigns/get_status", id=new)["data"]["is_active"] is active


def test_a_lost_answer_leaves_the_clone_behind(rig):
    rig.switch(cloning="lose_answer", only_next=True)

    with pytest.raises(requests.ConnectionError):
        rig.ask("campaigns/clone", id=82, name="A copy")

    assert "A copy" in [one["name"] for one in rig.ask("campaigns/list")["data"]]
