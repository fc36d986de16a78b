"""The stand-in platform swallows repeats as the guide says, and tells so in either spelling."""

import threading

import pytest
import requests

from tests.sandbox.altcraft.rig import TOKEN
from tests.waiting import until

PLAIN = ("Duplicate-Request", "Duplicate-Key")
CROSSED = ("X-Duplicate-Request", "X-Duplicate-Key")


def told(response):
    return {name for name in (*PLAIN, *CROSSED) if name in response.headers}


@pytest.mark.parametrize(
    ("mode", "header", "spelling"),
    [
        ("Request-ID", "Request-ID", set(PLAIN)),
        ("X-Request-ID", "X-Request-ID", set(CROSSED)),
        ("both", "Request-ID", {*PLAIN, *CROSSED}),
        ("both", "X-Request-ID", {*PLAIN, *CROSSED}),
    ],
)
def test_a_repeat_runs_nothing_and_gets_the_first_answer_again(rig, mode, header, spelling):
    rig.switch(dedup=mode)

    first = rig.launch(headers={header: "launch-1"})
    repeat = rig.launch(headers={header: "launch-1"})

    assert told(first) == set()
    assert told(repeat) == spelling
    assert {repeat.headers.get(name) for name in spelling if name.endswith("Request")} == {"true"}
    assert repeat.json() == first.json()
    assert len(rig.runs()) == 1


def test_without_an_id_the_same_body_and_headers_are_a_repeat(rig):
    rig.launch()

    assert told(rig.launch()) == {*PLAIN, *CROSSED}
    assert told(rig.launch(headers={"X-Trace": "1"})) == set()
    assert told(rig.launch(content={"promo": "A"})) == set()
    assert told(rig.send("campaigns/activate/?request_id=12345", {"id": 82, "run_now": True})) == set()
    assert len(rig.runs()) == 4


def test_with_an_id_the_body_does_not_count(rig):
    rig.switch(dedup="Request-ID")
    rig.launch(headers={"Request-ID": "launch-1"})

    stop = rig.send("campaigns/deactivate", {"id": 82, "abort_if_running": True}, headers={"Request-ID": "launch-1"})

    assert told(stop) == set(PLAIN)
    assert rig.platform.campaigns[82].is_active is True


def test_in_the_earlier_text_an_id_is_one_header_of_the_checksum(rig):
    rig.switch(dedup="X-Request-ID")
    rig.launch(headers={"X-Request-ID": "launch-1"})

    assert told(rig.launch(headers={"X-Request-ID": "launch-1"}, override_limit=5)) == set()
    assert len(rig.runs()) == 2


def test_another_id_is_another_launch(rig):
    rig.launch(headers={"Request-ID": "launch-1"})

    assert told(rig.launch(headers={"Request-ID": "launch-2"})) == set()
    assert len(rig.runs()) == 2


def test_a_second_identical_stop_is_swallowed(rig):
    rig.switch(run_seconds=60)
    stop = {"id": 82, "abort_if_running": True}
    rig.launch(headers={"Request-ID": "1"})
    rig.send("campaigns/deactivate", stop)
    rig.launch(headers={"Request-ID": "2"})

    repeat = rig.send("campaigns/deactivate", stop)

    assert repeat.json()["error"] == 0
    assert [run["state"] for run in rig.runs()] == ["aborted", "running"]


def test_reads_are_never_repeats(rig):
    for _ in range(2):
        answer = rig.send("campaigns/get_status", {"id": 82}, headers={"Request-ID": "same"})

        assert told(answer) == set()


def test_a_day_after_the_first_request_the_same_one_runs_again(rig):
    rig.launch(headers={"Request-ID": "launch-1"})
    for hours, is_repeat in ((23.9, True), (24.1, False)):
        rig.ahead = rig.ahead.__class__(hours=hours)

        assert bool(told(rig.launch(headers={"Request-ID": "launch-1"}))) is is_repeat

    assert len(rig.runs()) == 2


def test_switched_off_every_request_runs(rig):
    rig.switch(dedup="off")
    for _ in range(2):
        assert told(rig.launch(headers={"Request-ID": "launch-1"})) == set()

    assert len(rig.runs()) == 2


@pytest.mark.parametrize(("replays", "errors"), [(True, [402, 402]), (False, [402, 0])])
def test_a_refusal_is_replayed_as_the_switch_says(rig, replays, errors):
    rig.switch(activation="refuse", only_next=True, dedup_replays_errors=replays)

    got = [rig.launch(headers={"Request-ID": "launch-1"}).json()["error"] for _ in errors]

    assert got == errors


def test_a_bad_token_stores_nothing(rig):
    body = {"id": 82, "run_now": True, "token": "wrong"}
    rig.send("campaigns/activate/", body, headers={"Request-ID": "launch-1"})

    assert rig.launch(headers={"Request-ID": "launch-1"}).json()["error"] == 0


def test_the_key_of_one_token_is_not_the_key_of_another(rig):
    answers = [rig.launch(headers={"Request-ID": "launch-1"}) for _ in range(2)]

    assert answers[1].headers["Duplicate-Key"] == f"launch-1{TOKEN}"


def launched_meanwhile(rig, repeat_in_progress):
    """Repeat a launch while the first, a slow one, is still being processed; returns both answers."""
    rig.switch(activation="slow", slow_seconds=0.4, only_next=True, repeat_in_progress=repeat_in_progress)
    first = []
    url = f"{rig.url}/api/v1.1/campaigns/activate/"
    body = {"token": TOKEN, "id": 82, "run_now": True}

    def launch():
        first.append(requests.post(url, json=body, headers={"Request-ID": "launch-1"}, timeout=5))

    thread = threading.Thread(target=launch)
    thread.start()
    until(rig.runs)
    repeat = rig.launch(headers={"Request-ID": "launch-1"})
    was_first_open = not first
    thread.join()
    return first[0], repeat, was_first_open


def test_a_repeat_during_processing_waits_for_the_first_answer(rig):
    first, repeat, _ = launched_meanwhile(rig, "wait")

    assert (told(first), told(repeat)) == (set(), {*PLAIN, *CROSSED})
    assert len(rig.runs()) == 1


def test_a_repeat_during_processing_may_be_refused(rig):
    first, repeat, was_first_open = launched_meanwhile(rig, "refuse")

    assert was_first_open
    assert (first.json()["error"], repeat.json()["error"]) == (0, 400)
    assert len(rig.runs()) == 1


def test_a_repeat_during_processing_may_run_a_second_time(rig):
    launched_meanwhile(rig, "execute")

    assert len(rig.runs()) == 2
