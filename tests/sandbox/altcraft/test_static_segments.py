"""A static segment grows by each profile that is put into it, once."""

import pytest
import requests

from sandbox.altcraft.objects import Segment

ADD = "profiles/segstatic/add"


@pytest.fixture
def segment(rig):
    rig.on_loop(lambda: rig.platform.put(Segment(400, "Received", 0, {}, (50,), is_dynamic=False)))
    return 400


def adds(rig, segment, profile, **more):
    return rig.ask(ADD, **{"segment_id": segment, "db_id": 50, "profile_id": profile, "skip_triggers": True, **more})


def test_a_profile_is_in_it_once_however_often_it_is_put_in(rig, segment):
    for profile in ("a", "b", "a"):
        assert adds(rig, segment, profile)["error"] == 0
    assert rig.ask("segments/get/", id=segment)["data"]["count"] == 2


@pytest.mark.parametrize("more", [{"segment_id": 5}, {"segment_id": 999}, {"db_id": 7}, {"profile_id": ""}])
def test_nothing_is_put_into_what_is_no_static_segment_of_that_database(rig, segment, more):
    assert adds(rig, segment, "a", **more)["error"] == 400
    assert rig.ask("segments/get/", id=segment)["data"]["count"] == 0


def test_a_lost_answer_was_taken(rig, segment):
    rig.switch(addition="lose_answer", only_next=True)
    with pytest.raises(requests.ConnectionError):
        adds(rig, segment, "a")
    assert rig.ask("segments/get/", id=segment)["data"]["count"] == 1
