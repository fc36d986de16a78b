"""`audit follow` writes every event at least once, whatever kills it, and goes on where it was."""

import json
import os
import signal
import subprocess
import sys

import pytest

from bot.campaign.request import LaunchId
from bot.launch.commands import Request
from tests.builders import ANA, Clock, asked
from tests.journal.tampering import STREAMS, filled
from tests.waiting import until

ALL = {(launch, seq) for launch, events in STREAMS.items() for seq in range(1, events + 1)}

PATIENCE = 60.0


@pytest.fixture
def file(tmp_path, monkeypatch):
    file = tmp_path / "journal.db"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    return file


@pytest.fixture
def journal(file):
    return filled(f"sqlite:///{file}", Clock())


@pytest.fixture
def output(tmp_path):
    return tmp_path / "audit.ndjson"


@pytest.fixture
def follow(tmp_path, output):
    return f"audit follow --cursor {tmp_path / 'cursor'} --output {output}"


def told(output):
    """The events whose lines are whole."""
    text = output.read_text() if output.exists() else ""
    whole = text[: text.rfind("\n") + 1].splitlines()
    return [(one["launch_id"], one["seq"]) for one in map(json.loads, whole)]


def opens(journal, name):
    journal.execute(LaunchId(name), Request(ANA, asked(campaign_id=85)))


def test_it_goes_on_where_it_was(types, journal, follow, output):
    assert types(f"{follow} --once") == (0, "")
    assert set(told(output)) == ALL
    opens(journal, "L-new")
    types(f"{follow} --once")
    assert told(output)[len(ALL) :] == [("L-new", 1)]


def test_on_standard_output_and_as_ocsf(types, journal, tmp_path):
    _, printed = types(f"audit follow --cursor {tmp_path / 'cursor'} --format ocsf --once")
    assert len([json.loads(line)["metadata"]["uid"] for line in printed.splitlines()]) == len(ALL)


def test_a_kill_loses_no_event_and_leaves_no_torn_line(types, journal, follow, output):
    """Killed for real while it follows, with the cursor behind what is written and half a line at its end."""
    words = [sys.executable, "-m", "bot", *follow.split()]
    with subprocess.Popen(words) as process:
        try:
            until(lambda: set(told(output)) >= ALL, PATIENCE)
            opens(journal, "L-1")
            until(lambda: ("L-1", 1) in told(output), PATIENCE)
        finally:
            os.kill(process.pid, signal.SIGKILL)
    opens(journal, "L-2")
    with output.open("a") as torn:
        torn.write('{"launch_id": "L-')
    types(f"{follow} --once")
    assert set(told(output)) == ALL | {("L-1", 1), ("L-2", 1)}


def test_what_was_written_before_the_cursor_moved_is_written_once_more(types, journal, follow, output, monkeypatch):
    class Killed(BaseException):
        pass

    def killed(*_arguments):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("bot.terminal.following.Cursor.write", killed)
        with pytest.raises(Killed):
            types(f"{follow} --once")
    types(f"{follow} --once")
    assert set(told(output)) == ALL
    assert len(told(output)) == 2 * len(ALL)


def test_a_cursor_of_another_record_or_of_a_newer_copy_is_refused(types, journal, follow, file, tmp_path):
    types(f"{follow} --once")
    cursor = tmp_path / "cursor"
    right = json.loads(cursor.read_text())
    for wrong in ({"journal": "f" * 64}, {"position": 99}, {"event": "L-other:1"}):
        cursor.write_text(json.dumps({**right, **wrong}))
        status, printed = types(f"{follow} --once")
        assert status == 2
        assert "another record" in printed
    cursor.write_text("not json")
    assert "is no cursor" in types(f"{follow} --once")[1]
