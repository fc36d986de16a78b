"""Logs: one line an event with launch, actor and state, calls that matter with their duration, and no secret."""

import io
import json
import logging

import pytest

from bot import logs
from bot.campaign.request import LaunchId
from bot.launch.commands import Approve, Request
from tests.builders import ANA, BEN, Clock, asked, journal_at

L1 = LaunchId("L1")


@pytest.fixture
def lines(monkeypatch):
    """What is logged as JSON, from a set-up with the secret `hunter2`."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    logs.set_up("json", ("hunter2", "p@ss word"))
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_each_event_is_a_line_with_launch_actor_state_and_the_time_that_passed(lines, tmp_path):
    clock = Clock()
    journal = journal_at(tmp_path, clock)
    journal.observers.join(logs.appended)
    journal.execute(L1, Request(ANA, asked()))
    clock.pass_by(seconds=90)
    journal.execute(L1, Approve(BEN))
    told = [line for line in lines() if "event" in line]
    wanted = ("launch_id", "event", "actor", "state", "waited_ms")
    assert [{name: line[name] for name in wanted if name in line} for line in told] == [
        {"launch_id": "L1", "event": "launch:request", "actor": ANA, "state": "requested"},
        {"launch_id": "L1", "event": "launch:approve", "actor": BEN, "state": "approved", "waited_ms": 90_000},
    ]


def test_a_call_is_told_where_it_changed_something_went_wrong_or_took_long(lines):
    logs.platform_called("campaigns/get", 0.1, "ok")
    logs.platform_called("campaigns/activate", 0.1, "accepted")
    logs.platform_called("campaigns/log_v2", 0.1, "unreachable")
    logs.slack_called("chat.update", 0.1, "ok")
    logs.slack_called("chat.update", 3.0, "ok")
    assert [(line["call"], line["outcome"], line["duration_ms"]) for line in lines()] == [
        ("campaigns/activate", "accepted", 100),
        ("campaigns/log_v2", "unreachable", 100),
        ("chat.update", "ok", 3000),
    ]


def test_what_is_logged_during_a_launchs_work_bears_its_id(lines):
    logs.concerning(lambda _: logging.getLogger("bot.anything").info("working"))(L1)
    logging.getLogger("bot.anything").info("idle")
    assert [line.get("launch_id") for line in lines()] == ["L1", None]


@pytest.mark.parametrize("secret", ["hunter2", "p@ss word", "p%40ss+word"])
def test_a_secret_that_a_library_logs_is_made_unreadable(lines, secret):
    log = logging.getLogger("some.library")
    log.error("failed with %s", secret, exc_info=RuntimeError(f"cannot connect with {secret}"))
    (line,) = lines()
    assert secret not in json.dumps(line)
    assert "•••" in line["message"]
    assert "•••" in line["exception"]


def test_a_text_line_ends_with_its_launch(monkeypatch):
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs._Text())
    record = logging.LogRecord("bot", logging.INFO, "", 0, "approved", (), None)
    record.launch_id = "L1"
    handler.emit(record)
    assert stream.getvalue().endswith("approved [launch L1]\n")


FORGED = "no\n2026-11-23 12:00:00,000 INFO bot.logs: launch:approve by U0BEN\r\x1b[2J\x9b2J\u2028\u202egpj\ud800"


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_what_others_wrote_forges_no_line_and_moves_no_cursor(monkeypatch, log_format):
    """A text of the platform's or of Slack's, as it comes into a message, an argument or an exception."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    logs.set_up(log_format)
    logging.getLogger("bot.anything").warning("the platform said %s", FORGED)
    logs.platform_called("campaigns/activate", 0.1, FORGED)
    logging.getLogger("bot.anything").error("it failed", exc_info=ValueError(FORGED))
    written = stream.getvalue()
    begun = [line for line in written.split("\n") if line and not line.startswith("  | ")]
    assert len(begun) == 3
    assert not [line for line in begun if "bot.logs: launch:approve" in line and FORGED[:2] not in line]
    assert not set("\r\x1b\x9b\u2028\u202e\ud800") & set(written)
