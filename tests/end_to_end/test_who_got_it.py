"""After a stop: who received it stands in a segment, and a correction goes to exactly these people."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest
import requests

from sandbox.altcraft.objects import Segment
from sandbox.cast import ANA, BEN, DAN, OTTO, chosen, texts
from sandbox.stage import free_port
from tests.end_to_end.scene import open_scene
from tests.end_to_end.test_numbers import post
from tests.results.hooks import body, event

WHO, CORRECT, STOP = "launch:who_got_it", "launch:correct", "launch:stop"
DATABASE = 50
KEPT = {"RECIPIENTS_KEY": "a-key-of-the-tests-under-which-ids-are-kept"}


@pytest.fixture(scope="module", params=["json", "xml"])
def shared(request):
    with open_scene(settings={"ALTCRAFT_FORMAT": request.param, **KEPT}) as scene:
        yield scene


@pytest.fixture
def scene(shared):
    shared.sweep()
    return shared


def names_segments(scene, settle="0s", more="") -> int:
    """A policy with an empty static segment; gives that."""
    segment = scene.adds_campaign() + 50_000
    empty = Segment(segment, "Received", 0, {}, (DATABASE,), is_dynamic=False)
    scene.run(lambda: scene.platform.put(empty))
    scene.policy(f'[received]\nsegments = [{segment}]\ndatabase = {DATABASE}\nsettle = "{settle}"\n{more}')
    return segment


def sends(campaign: int, *numbers: int, **more) -> bytes:
    now = datetime.now(UTC)
    return body(*[event("send", nth=nth, campaign=campaign, at=now, **more) for nth in numbers])


def stopped(scene, people: int = 30, who=DAN) -> tuple[int, dict]:
    """A launch that was stopped after so many had received it."""
    campaign = scene.adds_campaign()
    scene.switch(run_fate="hang")
    card = scene.launches(f"{campaign} run_now")
    scene.sees_card(card, "Running")
    scene.presses(who, card, STOP)
    scene.sees_card(card, ":octagonal_sign: Stopped")
    content = sends(campaign, *range(people))
    for _ in range(2):
        post(scene, content)
    return campaign, scene.sees_card(card, f"sent {people} ")


def members(scene, segment: int) -> set[str]:
    return set(scene.run(lambda: scene.platform.segments[segment].members))


def additions(scene, segment: int) -> list[dict]:
    asked = scene.run(lambda: scene.platform.snapshot()["requests"])
    found = [one["body"] for one in asked if one["method"] == "profiles/segstatic/add"]
    return [one for one in found if str(one["segment_id"]) == str(segment)]


def test_a_stopped_launch_is_corrected_for_exactly_those_who_received_it(scene):
    segment = names_segments(scene)
    _, card = stopped(scene)

    scene.presses(BEN, card, WHO)
    scene.is_told(BEN, "I put them into a segment")
    scene.sees_reply(card, "<@U0BEN> asks who received it")
    scene.sees_reply(card, f"name 30 people whom it was sent to. They go into segment {segment} of database {DATABASE}")
    scene.sees_reply(card, f"30 people whom it was sent to are in segment {segment} now.")
    assert members(scene, segment) == {f"profile-{nth}" for nth in range(30)}
    assert {str(one["skip_triggers"]).lower() for one in additions(scene, segment)} == {"true"}
    card = scene.sees_card(card, f"*Sent to:* 30 people, now in segment {segment}", "Ask for a correction…")

    correction = scene.adds_campaign()
    scene.switch(run_fate="finish")
    before = {one["ts"] for one in scene.run(scene.cast.cards)}
    scene.presses(ANA, card, CORRECT)
    scene.sees_modal(ANA, "This is a correction", f"segment {segment}")
    errors = scene.submits(ANA, campaign=chosen(str(correction)), source=chosen("segment:5"))
    assert "A correction goes to those who received the launch" in errors["source"]
    to_them = {"campaign": chosen(str(correction)), "source": chosen(f"segment:{segment}")}
    scene.do(scene.cast.changes(ANA, "campaign", to_them["campaign"], source=to_them["source"]))
    scene.sees_form(ANA, "30")
    assert scene.submits(ANA, **to_them) == {}
    new = scene.until(
        lambda: next((one for one in scene.cast.cards() if one["ts"] not in before), None), "the correction's card"
    )
    scene.sees_reply(new, "<@U0ANA> asks for a correction")
    scene.sees_card(new, "*Correction of:* campaign", "Waiting for approval")
    scene.sees_card(card, f"*Corrected by:* campaign {correction}")
    scene.presses(BEN, new, "launch:approve")
    scene.sees_reply(new, "accepted the launch")
    run = next(one for one in scene.runs if one["campaign_id"] == correction)
    assert (run["source"], run["audience_size"]) == (f"segment:{segment}", 30)
    assert "received:done" in scene.audit(card)


def test_a_correction_stays_one_when_it_is_edited(scene):
    segment = names_segments(scene)
    _, card = stopped(scene, 3)
    scene.presses(BEN, card, WHO)
    card = scene.sees_card(card, "Ask for a correction…")
    before = {one["ts"] for one in scene.run(scene.cast.cards)}
    scene.presses(ANA, card, CORRECT)
    scene.sees_modal(ANA, "This is a correction")
    scene.submits(ANA, campaign=chosen(str(scene.adds_campaign())), source=chosen(f"segment:{segment}"))
    new = scene.until(
        lambda: next((one for one in scene.cast.cards() if one["ts"] not in before), None), "the correction's card"
    )

    errors = scene.edits(new, source=chosen("segment:5"))
    assert "and to nobody else" in errors["source"]


def test_it_is_asked_below_a_status_and_nobody_may_ask_who_may_not(scene):
    segment = names_segments(scene, more='may_ask = ["lead"]\n[roles.lead]\nmembers = ["U0CLEO"]\n')
    campaign, card = stopped(scene, 4)
    before = scene.refusals()

    for who in (OTTO, BEN, DAN):
        scene.presses(who, card, WHO)
        scene.is_told(who, "You cannot ask whom a launch was sent to: you are not in the lead list.")
    assert scene.refusals() == before + 3
    scene.do(scene.cast.types("U0CLEO", f"{campaign}", command="/campaign-status"))
    scene.is_told("U0CLEO", "Who got it…")
    scene.presses("U0CLEO", card, WHO)

    scene.sees_reply(card, f"4 people whom it was sent to are in segment {segment} now.")


def test_what_names_nobody_comes_too_late_or_is_elsewhere_is_told(scene):
    segment = names_segments(scene, settle="2s")
    campaign, card = stopped(scene, 4)
    post(scene, sends(campaign, 7, 8, profile_id=None))
    post(scene, sends(campaign, 9, list_id=7))
    scene.switch(profiles_unknown="profile-2")
    scene.presses(DAN, card, WHO)

    begun = texts(scene.sees_reply(card, "name 4 people whom it was sent to"))
    done = texts(scene.sees_reply(card, f"3 people whom it was sent to are in segment {segment} now."))

    assert "2 events named no profile" in begun
    assert "1 person of another database" in begun
    assert "did not take 1 of them (error 400)" in done


def test_without_the_right_to_write_it_ends_and_goes_on_when_it_is_asked_again(scene):
    segment = names_segments(scene)
    _, card = stopped(scene, 8)
    scene.switch(addition="refuse", refuse_code=403, refuse_text="no right for profile-1")
    scene.presses(BEN, card, WHO)
    reply = scene.sees_reply(card, "The platform refuses to put profiles into the segment (error 403)")
    assert "profile-1" not in texts(reply)
    scene.switch(addition="normal")

    card = scene.sees_card(card, "*Sent to:* not told", "Who got it…")
    scene.presses(BEN, card, WHO)

    scene.sees_reply(card, f"8 people whom it was sent to are in segment {segment} now.")
    assert len(members(scene, segment)) == 8


def test_a_bot_that_is_killed_midway_goes_on_and_nobody_is_left_out(scene):
    segment = names_segments(scene)
    _, card = stopped(scene, 120)
    scene.presses(BEN, card, WHO)
    scene.until(lambda: len(scene.platform.segments[segment].members) > 5, "some are in the segment")
    scene.kill_bot()
    assert len(members(scene, segment)) < 120
    scene.start_bot()

    scene.sees_reply(card, f"120 people whom it was sent to are in segment {segment} now.")
    assert len(members(scene, segment)) == 120


def test_where_the_policy_names_no_segment_nothing_is_offered(scene):
    _, card = stopped(scene, 3)
    assert "Who got it…" not in texts(card)


def test_under_the_setting_nobodys_id_stands_in_the_clear_anywhere():
    with open_scene(settings={"HEALTH_PORT": str(free_port()), **KEPT}) as scene:
        names_segments(scene)
        _, card = stopped(scene, 60)
        searched = {"database": dumped(scene)}
        scene.presses(BEN, card, WHO)
        scene.sees_reply(card, "go into segment")
        searched["database while it is filled"] = dumped(scene)
        scene.sees_reply(card, "60 people whom it was sent to are in segment")
        port = scene.stage.environment["HEALTH_PORT"]
        searched |= {
            "database afterwards": dumped(scene),
            "log": "\n".join(scene.stage.bot.log_tail()).encode(),
            "metrics": requests.get(f"http://127.0.0.1:{port}/metrics", timeout=30).content,
        }
        assert b"segstatic/add" in searched["metrics"]
        for word in (b"profile-1", b"person1@", b"+49 151", KEPT["RECIPIENTS_KEY"].encode()):
            assert not [where for where, content in searched.items() if word in content], word


def dumped(scene) -> bytes:
    """The whole journal, its blobs as they are."""
    with closing(sqlite3.connect(scene.stage.environment["DATABASE_URL"].removeprefix("sqlite:///"))) as journal:
        tables = [name for (name,) in journal.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = (row for table in tables for row in journal.execute(f"SELECT * FROM {table}"))
        return b"\n".join(
            one if isinstance(one, bytes) else str(one).encode() for row in rows for one in row if one is not None
        )
