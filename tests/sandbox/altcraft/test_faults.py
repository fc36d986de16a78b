"""The stand-in platform misbehaves as its switches say: what is lost was taken, what was reset was not."""

import logging
import time

import pytest
import requests

from sandbox.altcraft.switches import CHOICES, HELP


@pytest.fixture
def complaints(caplog):
    """What the server logs; its logger passes nothing on to the root's."""
    logger = logging.getLogger("uvicorn.error")
    logger.addHandler(caplog.handler)
    yield caplog
    logger.removeHandler(caplog.handler)


def error_of(rig, method="campaigns/activate/", **fields):
    return rig.ask(method, **fields)["error"]


def test_a_lost_answer_was_taken(rig, complaints):
    rig.switch(activation="lose_answer")

    with pytest.raises(requests.exceptions.ConnectionError, match="without response"):
        rig.launch(headers={"Request-ID": "launch-1"})

    assert rig.run_in_state("finished")["request_id"] == "launch-1"
    assert rig.snapshot()["requests"][0]["answer"] is None
    assert complaints.records == []


def test_the_repeat_of_a_lost_answer_learns_that_the_first_was_taken(rig):
    rig.switch(activation="lose_answer", only_next=True)
    with pytest.raises(requests.exceptions.ConnectionError):
        rig.launch(headers={"Request-ID": "launch-1"})

    repeat = rig.launch(headers={"Request-ID": "launch-1"})

    assert (repeat.json()["error"], repeat.headers["Duplicate-Request"]) == (0, "true")
    assert len(rig.runs()) == 1


def test_a_reset_connection_was_not_taken(rig, complaints):
    rig.switch(activation="reset", only_next=True)

    with pytest.raises(requests.exceptions.ConnectionError, match="reset"):
        rig.launch(headers={"Request-ID": "launch-1"})

    assert rig.runs() == []
    assert rig.platform.campaigns[82].is_active is False
    assert "Duplicate-Request" not in rig.launch(headers={"Request-ID": "launch-1"}).headers
    assert len(rig.runs()) == 1
    assert complaints.records == []


@pytest.mark.parametrize(
    ("fault", "status", "text"),
    [("error_500", 500, "Internal Server Error"), ("garbage", 200, '"err'), ("html", 200, "<html>")],
)
@pytest.mark.parametrize("is_taken", [False, True])
def test_an_answer_that_is_none_hides_a_launch_only_where_told_to(rig, fault, status, text, is_taken):
    rig.switch(activation=fault, taken_despite_fault=is_taken)

    answer = rig.launch()

    assert answer.status_code == status
    assert text in answer.text
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        answer.json()
    assert len(rig.runs()) == is_taken


def test_a_refusal_has_the_code_and_text_of_the_switches(rig):
    rig.switch(activation="refuse", refuse_code=440, refuse_text="No more today")

    answer = rig.launch()

    assert answer.json() == {"data": None, "error": 440, "error_text": "No more today"}
    assert rig.runs() == []


def test_a_slow_activation_is_taken_before_it_is_answered(rig):
    rig.switch(activation="slow", slow_seconds=30)

    with pytest.raises(requests.exceptions.ReadTimeout):
        rig.launch(timeout=0.3)

    assert rig.run_in_state("finished")


def test_only_the_next_activation_is_met_where_told_so(rig):
    rig.switch(activation="error_500", only_next=True)
    rig.ask("campaigns/get_status", id=82)

    statuses = [rig.launch(headers={"Request-ID": str(each)}).status_code for each in range(3)]

    assert statuses == [500, 200, 200]
    assert rig.snapshot()["switches"]["activation"] == "normal"


def test_every_activation_is_met_otherwise(rig):
    rig.switch(activation="error_500")

    assert [rig.launch().status_code for _ in range(3)] == [500, 500, 500]


def test_reads_fail_while_activations_go_on(rig):
    rig.switch(reads="fail")

    assert rig.send("campaigns/get_status", {"id": 82}).status_code == 500
    assert rig.launch().json()["error"] == 0


def test_reads_hang_until_the_client_gives_up(rig):
    rig.switch(reads="hang")

    with pytest.raises(requests.exceptions.ReadTimeout):
        rig.send("campaigns/list", {}, timeout=0.2)


@pytest.mark.parametrize("changes", [{"reads": "slow", "slow_seconds": 0.2}, {"round_trip_ms": 200}])
def test_answers_come_late_where_told_so(rig, changes):
    rig.switch(**changes)
    begun = time.monotonic()

    assert error_of(rig, "campaigns/get_status", id=82) == 0
    assert time.monotonic() - begun >= 0.2


def test_the_codes_of_errors_are_the_switches(rig):
    rig.switch(code_bad_token=511, code_unknown_id=512, code_no_rights=513, token_may_launch=False)

    assert error_of(rig, id=82, token="wrong") == 511
    assert error_of(rig, "campaigns/get", id=1) == 512
    assert error_of(rig, id=82) == 513
    assert error_of(rig, "campaigns/deactivate", id=82) == 513
    assert error_of(rig, "campaigns/get", id=82) == 0


def test_errors_come_with_the_http_status_of_the_switch(rig):
    rig.switch(http_status_for_errors=404)

    unknown, known = (rig.send("campaigns/get", {"id": each}) for each in (1, 82))

    assert (unknown.status_code, unknown.json()["error"]) == (404, 400)
    assert known.status_code == 200


@pytest.mark.parametrize(
    ("switch", "campaign_id", "fields"),
    [
        ("already_active_answer", 44, {}),
        ("repeat_run", 4107, {"run_now": True}),
        ("other_kinds_run_now", 41, {"run_now": True}),
    ],
)
def test_what_the_guide_leaves_open_is_accepted_or_refused_by_switch(rig, switch, campaign_id, fields):
    rig.switch(dedup="off")
    errors = []
    for answer in ("accept", "refuse"):
        rig.switch(**{switch: answer})
        errors.append(error_of(rig, id=campaign_id, **fields))
        rig.on_loop(lambda: rig.platform.edit(4107, "olga", is_completed=True))

    assert errors == [0, 400]


def test_a_campaign_that_runs_may_refuse_a_second_run(rig):
    rig.switch(repeat_run="refuse", run_seconds=60)

    errors = [rig.launch(headers={"Request-ID": str(each)}).json()["error"] for each in range(2)]

    assert errors == [0, 400]
    assert len(rig.runs()) == 1


def test_stopping_what_is_stopped_is_accepted_or_refused_by_switch(rig):
    rig.switch(dedup="off")
    accepted = error_of(rig, "campaigns/deactivate", id=82)
    rig.switch(already_inactive_answer="refuse")

    assert (accepted, error_of(rig, "campaigns/deactivate", id=82)) == (0, 400)


@pytest.mark.parametrize(("key", "other"), [("list_id", "db_id"), ("db_id", "list_id")])
def test_a_dynamic_segment_is_counted_under_the_name_of_the_switch(rig, key, other):
    rig.switch(database_key=key)
    asked = {"id": 5, "resource_id": 12}

    assert error_of(rig, "segments/get_counters", **asked, **{key: 1}) == 0
    assert error_of(rig, "segments/get_counters", **asked, **{other: 1}) == 400
    assert error_of(rig, "segments/get_counters", id=21, resource_id=12) == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"activaton": "slow"}, "There is no switch called “activaton”."),
        ({"activation": "explode"}, "“activation” has to be one of normal, refuse, slow, .*, not 'explode'."),
        ({"only_next": "yes"}, "“only_next” has to be true or false, not 'yes'."),
        ({"run_seconds": -1}, "“run_seconds” has to be a number of at least 0, not -1."),
        ({"run_seconds": float("nan")}, "“run_seconds” has to be a number of at least 0, not nan."),
        ({"refuse_code": 0}, "“refuse_code” has to be a whole number of at least 1, not 0."),
        ({"refuse_code": True}, "“refuse_code” has to be a whole number of at least 1, not True."),
        ({"refuse_text": 5}, "“refuse_text” has to be a text, not 5."),
        ({"http_status_for_errors": 600}, "“http_status_for_errors” has to be a whole number from 200 to 599, not 600"),
    ],
)
def test_a_wrong_switch_is_answered_with_a_sentence_and_changes_nothing(rig, changes, sentence):
    before = rig.snapshot()["switches"]

    with pytest.raises(ValueError, match=sentence):
        rig.switch(round_trip_ms=5, **changes)

    assert rig.snapshot()["switches"] == before


def test_every_switch_has_one_sentence_of_help(rig):
    snapshot = rig.snapshot()

    assert set(snapshot["switches"]) == set(HELP) == set(snapshot["switch_help"])
    for name, text in HELP.items():
        assert text.endswith("."), name
        assert text[:-1].count(". ") == 0, name
    assert snapshot["switches"]["activation"] in CHOICES["activation"]


def test_somebodys_edit_moves_the_editor_and_the_time(rig):
    before = rig.ask("campaigns/get", id=82)["data"]
    rig.on_loop(lambda: rig.platform.edit(82, "piotr", name="Black Friday: too early"))

    after = rig.ask("campaigns/get", id=82)["data"]

    assert (after["updated_user"], after["name"]) == ("piotr", "Black Friday: too early")
    assert after["update_time"] != before["update_time"]
