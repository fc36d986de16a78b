"""What became of a run stands where it was decided: on the card, in the thread, in the history, in the export."""

import csv
import http.client
import io
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import requests

from sandbox.cast import BEN, texts
from sandbox.stage import free_port
from tests.end_to_end.scene import open_scene, with_its_clock_ahead
from tests.results.hooks import body, event

REPORT_AT_ONCE = 'report_after = ["5m"]\n'


@pytest.fixture(scope="module", params=[True, False], ids=["socket", "http"])
def shared(request):
    with open_scene(socket_mode=request.param, settings={"HEALTH_PORT": str(free_port())}) as scene:
        yield scene


@pytest.fixture
def scene(shared):
    shared.sweep()
    return shared


def post(scene, content: bytes, path: str = "", **headers: str) -> tuple[int, str]:
    address = urlsplit(scene.platform.hooks.url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
    connection.request("POST", path or address.path, content, headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode().strip()


def dumped(scene) -> list[str]:
    """Everything in the journal's file, blobs as they are."""
    with closing(sqlite3.connect(scene.stage.environment["DATABASE_URL"].removeprefix("sqlite:///"))) as journal:
        return [*journal.iterdump(), *(str(row) for row in journal.execute("SELECT hashes FROM seen"))]


def exported(scene, wanted: str) -> str:
    """The record, as a person takes it away in a terminal."""
    command = [sys.executable, "-m", "bot", "audit", "export", "--format", wanted]
    known = {name: scene.stage.environment[name] for name in ("DATABASE_URL",)}
    taken = subprocess.run(command, env={**os.environ, **known}, capture_output=True, check=True)
    return taken.stdout.decode()


def now(**span: float) -> datetime:
    return datetime.now(UTC) + timedelta(**span)


def test_a_healthy_run_is_counted_on_its_card_in_history_status_and_home(scene):
    campaign = scene.adds_campaign()
    scene.switch(hooks="healthy")
    card = scene.launches(f"{campaign} run_now")

    shown = texts(scene.sees_card(card, "clicked 20 (2.1% of what was delivered)"))

    assert "sent 1,000 (100% of what was promised); delivered 970 (97% of what was sent)" in shown
    assert "How many messages went out is not known" not in shown
    scene.do(scene.cast.types(BEN, f"{campaign}", command="/campaign-history"))
    scene.is_told(BEN, "delivered 97%, opened 22%")
    scene.do(scene.cast.types(BEN, f"{campaign}", command="/campaign-status"))
    scene.is_told(BEN, "*Results:* delivered 97%, opened 22%")
    scene.do(scene.cast.opens_home(BEN, "*Results:* delivered 97%, opened 22%"))


def test_what_comes_twice_a_day_late_or_before_the_answer_counts_once(scene):
    campaign = scene.adds_campaign()
    scene.switch(run_fate="hang")
    card = scene.launches(f"{campaign} run_now")
    sends = body(*[event("send", nth=n, campaign=campaign, at=now()) for n in range(7)])

    assert post(scene, sends) == post(scene, sends) == (200, "OK")
    assert post(scene, body(event("deliv", campaign=campaign, at=now(days=1)))) == (200, "OK")

    assert "delivered 1 (14% of what was sent)" in texts(scene.sees_card(card, "sent 7"))


def test_where_two_runs_overlap_both_cards_say_that_they_cannot_be_told_apart(scene):
    campaign = scene.adds_campaign()
    scene.switch(run_fate="hang")
    first = scene.launches(f"{campaign} run_now")
    post(scene, body(event("send", campaign=campaign, at=now())))
    scene.sees_card(first, "sent 1")
    second = scene.launches(f"{campaign} run_now")
    post(scene, body(*[event("send", nth=n, campaign=campaign, at=now()) for n in (7, 8)]))

    assert "2 of these events may be its" in texts(scene.sees_card(second, "sent 2"))
    shown = texts(scene.sees_card(first, "This campaign was started again"))
    assert "sent 1 " in shown
    assert "these numbers stand still" in shown


def test_a_campaign_never_launched_here_is_answered_and_dropped(scene):
    assert post(scene, body(event("send", campaign=4242, at=now()))) == (200, "OK")


def test_hooks_that_come_before_the_answer_to_the_call_count(scene):
    campaign = scene.adds_campaign()
    scene.switch(activation="slow", slow_seconds=5.0, run_fate="hang", only_next=True)
    card = scene.asks(f"{campaign} run_now")
    scene.presses(BEN, card, "launch:approve")
    scene.until(lambda: "launch:start" in scene.audit(card), "the call has begun")

    assert post(scene, body(event("send", campaign=campaign, at=now()))) == (200, "OK")
    assert "launch:accept" not in scene.audit(card)

    assert "sent 1 " in texts(scene.sees_card(card, "*Results:*"))


@pytest.mark.parametrize(
    ("content", "path", "status"),
    [
        (b"[]", "/altcraft/events/guessed", 404),
        (b"[]", "/altcraft/events/", 404),
        (b'{"no": "array"}', "", 400),
        (b"", "", 400),
    ],
)
def test_what_is_no_hook_is_not_answered_with_ok(scene, content, path, status):
    told, text = post(scene, content, path)
    assert (told, "OK" in text) == (status, False)


def test_a_body_of_a_hundred_megabytes_is_refused_before_it_is_there(scene):
    address = urlsplit(scene.platform.hooks.url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
    connection.putrequest("POST", address.path)
    connection.putheader("Content-Length", str(100 * 1024 * 1024))
    connection.endheaders()
    assert connection.getresponse().status == 413


def test_a_launch_without_hooks_looks_as_it_did(scene):
    campaign = scene.adds_campaign()
    card = scene.launches(f"{campaign} run_now")
    shown = texts(scene.sees_card(card, "Run finished"))
    assert "How many messages went out is not known" in shown
    assert "*Results:*" not in shown


def test_nothing_of_the_recipients_stands_in_database_log_or_metrics(scene):
    campaign = scene.adds_campaign()
    scene.switch(run_fate="hang")
    card = scene.launches(f"{campaign} run_now")
    post(
        scene,
        body(*[event("uopen", nth=n, campaign=campaign, at=now(), data={"ip": "203.0.113.77"}) for n in range(9)]),
    )
    post(scene, b'[{"profile_id": "profile-7", "custom_data": "person7@example.com"}]')
    scene.sees_card(card, "opened 9")

    searched = {
        "metrics": requests.get(f"http://127.0.0.1:{scene.stage.environment['HEALTH_PORT']}/metrics", timeout=30).text,
        "log": "\n".join(scene.stage.bot.log_tail()),
        "database": "\n".join(dumped(scene)),
    }

    assert "campaign_bot_hook_events_total" in searched["metrics"]
    secret = scene.platform.hooks.url.rpartition("/")[2]
    for word in ("person7@", "profile-7", f"{7:016x}", "203.0.113.77", "+49 151", secret):
        assert not [where for where, text in searched.items() if word in text], word


def test_with_the_reply_after_a_day_comes_one_picture_and_its_figures_in_words():
    with open_scene() as scene:
        campaign = scene.adds_campaign()
        scene.switch(run_fate="hang")
        card = scene.launches(f"{campaign} run_now")
        post(scene, body(*[event("deliv", nth=n, campaign=campaign, at=now()) for n in range(5)]))
        post(scene, body(*[event("uopen", nth=n, campaign=campaign, at=now(hours=n + 1)) for n in range(3)]))
        scene.sees_card(card, "opened 3")
        scene.kill_bot()

        def files() -> list:
            told = [one for reply in scene.cast.thread(card) for one in reply.get("files", ())]
            return [scene.workspace.files.find(one["id"]) for one in told]

        with scene.another_bot(with_its_clock_ahead(24.1)):
            scene.sees_reply(card, ":bar_chart: 24 hours after the call")
            (shown,) = scene.until(files, "the picture of the first day")
        assert shown.content.startswith(b"\x89PNG")
        assert shown.title == f"The first 24 hours: campaign {campaign} “Campaign of a test {campaign}”"
        assert shown.alternative == (
            "The first 24 hours after the call. Delivered: 5, half of them within 15 min. Opened: 3, half of them "
            "within 2 h 15 min. Clicked: none."
        )
        with scene.another_bot(with_its_clock_ahead(24 * 7 + 1)):
            scene.sees_reply(card, "These are the last numbers")
        assert len(scene.run(files)) == 1


@pytest.mark.parametrize("wire", ["json", "xml"])
def test_what_mail_servers_said_stands_in_a_table_with_nobodys_address(wire):
    with open_scene(settings={"ALTCRAFT_FORMAT": wire}) as scene:
        campaign = scene.adds_campaign()
        card = scene.launches(f"{campaign} run_now")
        scene.sees_reply(card, "The run ended")
        post(scene, body(event("send", campaign=campaign, at=now())))
        scene.sees_card(card, "sent 1")
        scene.kill_bot()
        with scene.another_bot(with_its_clock_ahead(1.1)):
            reply = scene.sees_reply(card, ":bar_chart: 1 hour after the call")
        (table,) = [block for block in reply["blocks"] if block["type"] == "table"]
        assert [[cell["text"] for cell in row] for row in table["rows"]] == [
            ["What mail servers said when they put a message off", "Mostly at", "How often"],
            ["452 4.2.2 ••• The mailbox is over quota", "example.com, example.net", "15"],
            ["421 4.7.0 •••, too many messages from 203.0.113.25", "example.org", "5"],
        ]
        scene.kill_bot()
        scene.switch(bounces="no_right")
        with scene.another_bot(with_its_clock_ahead(24.1)):
            reply = scene.sees_reply(card, ":bar_chart: 24 hours after the call")
        assert "table" not in [block["type"] for block in reply["blocks"]]


def test_when_it_is_time_the_thread_tells_and_the_record_has_it():
    with open_scene() as scene:
        campaign = scene.adds_campaign()
        scene.switch(run_fate="hang")
        card = scene.launches(f"{campaign} run_now")
        post(scene, body(*[event("send", nth=n, campaign=campaign, at=now()) for n in range(4)]))
        post(scene, body(event("deliv", campaign=campaign, at=now()), event("uopen", campaign=campaign, at=now())))
        scene.sees_card(card, "opened 1")
        scene.kill_bot()

        with scene.another_bot(with_its_clock_ahead(1.1)):
            scene.sees_reply(card, ":bar_chart: 1 hour after the call: sent 4 (0.4% of what was promised)")
        with scene.another_bot(with_its_clock_ahead(24 * 7 + 1)):
            scene.sees_reply(card, "These are the last numbers")

        assert scene.audit(card).count("run:results") == 2
        table, objects = exported(scene, "csv"), exported(scene, "jsonl")
        rows = [row for row in csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))) if row["sent"]]
        assert [(row["event"], row["sent"], row["delivered"], row["opened"]) for row in rows] == [
            ("run:results", "4", "1", "1")
        ] * 2
        told = [one["data"] for one in map(json.loads, objects.splitlines()) if one["kind"] == "run:results"]
        assert [one["counts"]["by_kind"]["send"] for one in told] == [4, 4]
        assert not [row for row in dumped(scene) if 'INSERT INTO "seen"' in row]
