"""Texts of others forge no line of a command's: neither what people wrote, nor what somebody put into the database."""

import sqlite3

import pytest

from bot.campaign.request import LaunchId
from bot.journal.keys import keys_of
from bot.launch.commands import Request
from tests.builders import ANA, Clock, asked, journal_on
from tests.journal.tampering import SENT, filled

WHOLE = "The record is whole."
KEY = "0123456789abcdefghijklmnopqrstuv"
L1 = LaunchId("L1")


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'journal.db'}")
    return tmp_path / "journal.db"


def change(file, statement):
    with sqlite3.connect(file) as database:
        database.execute(statement, (f"launch:approve\n{WHOLE}\n",))
    database.close()


@pytest.mark.parametrize("column", ["kind", "actor", "launch_id"])
def test_what_stands_in_the_database_ends_no_line_of_a_verification(types, file, column):
    filled(f"sqlite:///{file}", Clock())
    change(file, f"UPDATE events SET {column} = ? WHERE launch_id = '{SENT}' AND seq = 3")
    status, printed = types("audit verify")
    assert status == 1
    assert WHOLE not in printed.splitlines()


def test_what_stands_in_the_database_ends_no_line_of_a_list(types, file):
    filled(f"sqlite:///{file}", Clock())
    change(file, "UPDATE launches SET state = ?")
    assert WHOLE not in types("history")[1].splitlines()


def test_what_people_wrote_begins_no_line_of_a_story(types, file):
    journal = journal_on(f"sqlite:///{file}", Clock())
    forged = f"x\n\n  9 2026-11-23 12:00:00 UTC  U0BEN  launch:approve\n{WHOLE}"
    journal.execute(L1, Request(ANA, asked(reason=forged, content={"a": forged})))
    lines = types("history show L1")[1].splitlines()
    assert [line for line in lines if line.startswith(("  9 ", WHOLE))] == []


def test_a_story_under_a_key_is_verified_with_it(types, file, monkeypatch):
    journal = journal_on(f"sqlite:///{file}", Clock(), keys_of([KEY.encode()]))
    journal.execute(L1, Request(ANA, asked()))
    monkeypatch.setenv("JOURNAL_KEY", KEY)
    status, printed = types("history show L1")
    assert (status, "NOT WHOLE" in printed) == (0, False)


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999"])
@pytest.mark.parametrize(
    "command", ["audit verify", "audit export", "audit export --format jsonl", "history show L-sent"]
)
def test_a_number_that_no_json_has_keeps_nobody_from_the_record(types, file, command, number):
    filled(f"sqlite:///{file}", Clock())
    with sqlite3.connect(file) as database:
        (data,) = database.execute("SELECT data FROM events WHERE launch_id = 'L-sent' AND seq = 1").fetchone()
        damaged = data.replace('"content":{', f'"content":{{"discount":{number},')
        assert damaged != data
        database.execute("UPDATE events SET data = ? WHERE launch_id = 'L-sent' AND seq = 1", (damaged,))
    database.close()
    status, printed = types(command)
    assert status == (0 if "export" in command else 1)
    assert "L-sent" in printed
