"""A run at the stand-in platform begins, sends and ends, and the campaign's log tells of it."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.altcraft.objects import go_duration, rfc3339
from tests.sandbox.altcraft.rig import TOKEN
from tests.waiting import until


def test_a_run_writes_start_end_and_time_spent_into_the_log(rig):
    rig.launch()
    rig.run_in_state("finished")

    log = rig.log()
    told = [(entry["level"], entry["message"], entry["state"]) for entry in log]
    assert told == [
        ("INFO", "Begin campaign", "start"),
        ("INFO", "Campaign finished", "end"),
        ("INFO", "Total time spent", ""),
    ]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,2}[1-9])?Z", entry["time"]) for entry in log)
    assert re.fullmatch(r"\d+(\.\d+)?ms", log[2]["value"])


def test_the_log_is_silent_until_the_start_delay_is_over(rig):
    rig.switch(start_delay_seconds=60)

    rig.launch()

    assert rig.log() == []
    assert (rig.runs()[0]["state"], rig.runs()[0]["started"]) == ("running", None)


def test_a_finished_broadcast_is_completed_and_a_finished_regular_one_is_not(rig):
    rig.launch(82)
    rig.launch(44)
    until(lambda: all(run["state"] == "finished" for run in rig.runs()))

    states = {each: rig.ask("campaigns/get_status", id=each)["data"] for each in (82, 44)}

    assert states[82]["is_completed"] is True
    assert states[44] == {"is_active": True, "is_completed": False, "status": "Active"}


def test_without_run_now_a_campaign_is_only_switched_on(rig):
    for source in (5, 999):
        answer = rig.ask("campaigns/activate/", id=82, override_source_type="segment", override_source_id=source)
        assert answer["error"] == 0

    assert rig.ask("campaigns/get_status", id=82)["data"]["is_active"] is True
    assert rig.runs() == []


def test_a_run_takes_its_own_source_limit_content_and_files(rig):
    given = {"promo": "SPRING", "rows": [1, 2]}

    rig.launch(
        override_source_type="segment",
        override_source_id=5,
        override_limit=5000,
        content=given,
        attach=[{"name": "banner.png", "data": "AAAA"}],
        headers={"Request-ID": "launch-1"},
    )

    run = rig.run_in_state("finished")
    asked = {name: run[name] for name in ("source", "limit", "content", "attach_names", "request_id")}
    assert asked == {
        "source": "segment:5",
        "limit": 5000,
        "content": given,
        "attach_names": ["banner.png"],
        "request_id": "launch-1",
    }
    assert (run["audience_size"], run["sent_so_far"]) == (47100, 5000)


def test_xml_gives_a_run_its_content_and_files_too(rig):
    rig.ask_xml(
        "campaigns/activate/",
        "<id>82</id><run_now>true</run_now><override_source_type>segment</override_source_type>"
        "<override_source_id>318</override_source_id><content><promo>SPRING</promo>"
        "<rows array='true'>1</rows></content><attach array='true'><name>banner.png</name></attach>",
    )

    run = rig.runs()[0]
    assert (run["source"], run["attach_names"]) == ("segment:318", ["banner.png"])
    assert run["content"] == {"promo": "SPRING", "rows": ["1"]}


def test_without_an_override_a_run_goes_to_the_campaigns_own_audience(rig):
    rig.launch()

    run = rig.runs()[0]
    assert (run["source"], run["audience_size"]) == ("list:1", 198_350)


@pytest.mark.parametrize(
    "override",
    [
        {"override_source_type": "segment"},
        {"override_source_id": 5},
        {"override_source_type": "segment", "override_source_id": 999},
        {"override_source_type": "everyone", "override_source_id": 5},
    ],
)
def test_a_bad_override_is_refused_or_ignored_as_the_switch_says(rig, override):
    refused = rig.launch(**override).json()["error"]
    rig.switch(bad_override="own_source")
    taken = rig.launch(**override, content={"second": "try"}).json()["error"]

    assert (refused, taken) == (400, 0)
    assert [run["source"] for run in rig.runs()] == ["list:1"]


def test_a_run_that_fails_logs_errors_before_its_end(rig):
    rig.switch(run_fate="fail")

    rig.launch()

    run = rig.run_in_state("failed")
    assert [entry["level"] for entry in rig.log()] == ["INFO", "ERROR", "ERROR", "INFO", "INFO"]
    assert rig.states() == ["start", "", "", "end", ""]
    assert 0 < run["sent_so_far"] < run["audience_size"]


def test_a_run_that_hangs_starts_and_never_ends(rig):
    rig.switch(run_fate="hang", run_seconds=0.05)
    rig.launch()
    until(lambda: rig.states() == ["start"])
    rig.switch(run_fate="finish")
    rig.launch(83)
    rig.run_in_state("finished")

    assert rig.states() == ["start"]
    assert rig.runs()[0]["state"] == "running"


def test_deactivating_with_abort_ends_the_run(rig):
    rig.switch(run_seconds=60)
    rig.launch()
    until(lambda: rig.states() == ["start"])

    rig.ask("campaigns/deactivate", id=82, abort_if_running="true")

    run = rig.runs()[0]
    assert run["state"] == "aborted"
    assert run["sent_so_far"] < run["audience_size"]
    assert rig.states() == ["start", "end", ""]
    assert rig.ask("campaigns/get_status", id=82)["data"]["is_active"] is False


def test_an_aborted_run_may_leave_no_end_in_the_log(rig):
    rig.switch(run_seconds=60, aborted_run_logs_end=False)
    rig.launch()
    until(lambda: rig.states() == ["start"])

    rig.ask("campaigns/deactivate", id=82, abort_if_running=True)

    assert rig.states() == ["start"]


def test_a_run_aborted_before_it_began_never_begins(rig):
    rig.switch(start_delay_seconds=0.1)
    rig.launch()
    rig.ask("campaigns/deactivate", id=82, abort_if_running=True)
    rig.launch(83)
    rig.run_in_state("finished")

    assert rig.log() == []


def test_deactivating_without_abort_lets_the_run_go_on(rig):
    rig.launch()

    rig.ask("campaigns/deactivate", id=82)

    assert rig.run_in_state("finished")["campaign_id"] == 82


def test_a_run_begun_by_somebody_else_looks_the_same_in_the_log(rig):
    rig.on_loop(lambda: rig.platform.start_elsewhere(82))

    until(lambda: rig.states() == ["start", "end", ""])


def test_the_log_is_cut_by_time_and_by_number(rig):
    rig.launch()
    rig.run_in_state("finished")
    start, end, spent = rig.log()

    inclusive = rig.ask("campaigns/log_v2", id=82, from_time=end["time"])
    rig.switch(from_time_inclusive=False)
    exclusive = rig.log(from_time=start["time"])
    oldest = rig.log(limit=1)
    rig.switch(log_limit_keeps="newest")
    newest = rig.log(limit=1)

    assert inclusive["data"] == [end, spent]
    assert exclusive == [end, spent]
    assert (oldest, newest) == ([start], [spent])
    assert rig.ask("campaigns/log_v2", id=82, limit=1)["total_count"] == 3


@pytest.mark.parametrize("moment", ["yesterday", "2026-11-23T10:00:00", 5])
def test_a_from_time_that_is_no_rfc_3339_time_is_refused(rig, moment):
    assert rig.ask("campaigns/log_v2", id=82, from_time=moment)["error"] == 400


def test_the_page_sees_a_run_move_while_it_sends(rig):
    rig.switch(run_seconds=30)
    rig.launch()
    until(lambda: rig.states() == ["start"])
    before = rig.hub.revision

    until(lambda: rig.hub.revision > before and rig.runs()[0]["sent_so_far"] > 0)


@pytest.mark.parametrize(
    ("microsecond", "printed"),
    [(0, "09:00:00Z"), (300_000, "09:00:00.3Z"), (362_999, "09:00:00.362Z"), (50_000, "09:00:00.05Z")],
)
def test_times_are_printed_without_trailing_zeros(microsecond, printed):
    assert rfc3339(datetime(2025, 4, 2, 9, 0, 0, microsecond, UTC)) == f"2025-04-02T{printed}"


@pytest.mark.parametrize(
    ("span", "printed"),
    [
        (timedelta(milliseconds=138, microseconds=351), "138.351ms"),
        (timedelta(seconds=8), "8s"),
        (timedelta(minutes=3, seconds=11, milliseconds=104), "3m11.104s"),
        (timedelta(hours=2, seconds=1), "2h0m1s"),
    ],
)
def test_durations_are_printed_as_the_log_prints_them(span, printed):
    assert go_duration(span) == printed


def test_no_token_is_ever_shown_on_the_page(rig):
    rig.launch(content={"note": f"made with {TOKEN}"}, headers={"Request-ID": "a"})
    rig.launch(content={"note": f"made with {TOKEN}"}, headers={"Request-ID": "a"})
    rig.send("campaigns/get", {"id": 82, "token": "a wrong one"})
    rig.send("campaigns/get", f'{{"token": "{TOKEN}", broken'.encode(), headers={"Content-Type": "application/json"})
    rig.ask_xml("campaigns/get_status", "<id>82</id>")

    shown = rig.snapshot()["requests"]

    assert len(shown) == 5
    assert TOKEN not in str(shown)
    assert "a wrong one" not in str(shown)
    assert shown[0]["body"] == {"token": "•••", "id": 82, "run_now": True, "content": {"note": "made with •••"}}
    assert (shown[0]["method"], shown[0]["request_id"], shown[0]["answer"]["error"]) == ("campaigns/activate", "a", 0)
