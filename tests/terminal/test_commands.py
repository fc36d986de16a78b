"""The record in a terminal: what is typed, what is printed, and the exit status."""

import csv
import json
import shutil
import sqlite3
from datetime import timedelta

import pytest

from bot.campaign.request import LaunchId, Purpose, RequestId, Source, SourceKind
from bot.journal.engine import open_engine
from bot.journal.instance import signed_on
from bot.journal.keys import keys_of
from bot.launch.commands import Observe, Request
from bot.launch.copying import Copied, CopyStarted
from tests.builders import ANA, NOON, Clock, asked, journal_on
from tests.journal.tampering import CANCELLED, SENT, STREAMS, WAITING, filled

KEY = "a key of thirty-two bytes or more"


@pytest.fixture(scope="module")
def master(tmp_path_factory):
    file = tmp_path_factory.mktemp("terminal") / "journal.db"
    filled(f"sqlite:///{file}")._engine.dispose()
    return file


@pytest.fixture
def file(master, tmp_path, monkeypatch):
    """A journal, and an environment that holds nothing but where it is."""
    copy = tmp_path / "journal.db"
    shutil.copy(master, copy)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{copy}")
    monkeypatch.delenv("SLACK_BOT_TOKEN", raising=False)
    return copy


def change(file, statement):
    with sqlite3.connect(file) as database:
        database.execute(statement)
    database.close()


def test_a_whole_record_is_said_to_be_whole_and_how_fast_that_was_seen(types):
    status, printed = types("audit verify")
    assert status == 0
    assert "3 launches, 13 events in" in printed
    assert "launches a second." in printed
    assert printed.endswith("The record is whole.\n")


def test_a_launch_under_a_key_is_whole_for_whoever_has_the_key(types, tmp_path, monkeypatch):
    journal = journal_on(f"sqlite:///{tmp_path / 'keyed.db'}", Clock(), keys_of([KEY.encode()]))
    journal.execute(LaunchId("L1"), Request(ANA, asked()))
    monkeypatch.setenv("DATABASE_URL", journal.url)
    monkeypatch.setenv("JOURNAL_KEY", KEY)
    status, printed = types("history show L1")
    assert status == 0
    assert printed.endswith("Its record is whole, by its own chain; campaign-bot audit verify looks at all of them.\n")


def test_the_first_bad_event_is_named(types, file):
    change(file, f"update events set actor = 'U0X' where launch_id = '{WAITING}' and seq = 2")
    change(file, f"update events set actor = 'U0X' where launch_id = '{SENT}' and seq = 3")
    status, printed = types("audit verify")
    assert status == 1
    assert f"NOT WHOLE: 2 findings. First bad event: launch {SENT}, event 3 (launch:approve by U0X, 2026" in printed
    assert f"- launch {WAITING}, event 2" in printed


def test_what_a_tamperer_writes_cannot_move_the_terminals_cursor(types, file):
    change(file, f"update events set actor = char(27) || '[2J' where launch_id = '{SENT}' and seq = 3")
    assert "\x1b" not in types("audit verify")[1]


def test_it_works_beside_a_running_bot(types, file):
    with signed_on(open_engine(f"sqlite:///{file}")):
        assert types("audit verify")[0] == 0


def test_a_journal_that_is_not_there_is_not_made(types, file):
    file.unlink()
    status, printed = types("audit verify")
    assert (status, file.exists()) == (2, False)
    assert "There is no journal at" in printed


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("update alembic_version set version_num = '0001'", "Run campaign-bot db upgrade"),
        ("drop table pruned", "pruned lacks"),
    ],
)
def test_tables_of_another_version_are_left_alone(types, file, statement, says):
    change(file, statement)
    status, printed = types("audit verify")
    assert status == 2
    assert says in printed


def test_a_file_that_is_no_database_cannot_be_checked(types, file):
    file.write_bytes(b"no database at all" * 100)
    status, printed = types("audit verify")
    assert status == 2
    assert "The journal cannot be read" in printed


def test_against_slack_asks_for_the_token_before_anything_else(types):
    status, printed = types("audit verify --against-slack")
    assert status == 2
    assert "SLACK_BOT_TOKEN is not set" in printed
    assert "a second" not in printed


def test_the_table_goes_to_a_file_that_is_not_there_yet(types, tmp_path):
    assert types("audit export --output record.csv") == (0, "")
    with (tmp_path / "record.csv").open(newline="", encoding="utf-8-sig") as written:
        assert len(list(csv.reader(written))) == 1 + sum(STREAMS.values())
    status, printed = types("audit export --output record.csv")
    assert status == 2
    assert "is there already" in printed


def test_json_goes_to_standard_output(types):
    _, printed = types("audit export --format jsonl --campaign 83 --since 2026-11-01")
    assert [json.loads(line)["launch_id"] for line in printed.splitlines()] == [CANCELLED, CANCELLED]


def test_only_what_happened_in_between_is_exported(types):
    _, printed = types("audit export --format jsonl --since 2026-11-23T12:01Z --until 2026-11-23T12:02Z --campaign 82")
    assert [json.loads(line)["kind"] for line in printed.splitlines()] == [
        "launch:approve",
        "launch:start",
        "launch:accept",
        "run:start",
        "run:end",
    ]


def test_the_launches_are_listed_one_a_line(types):
    _, printed = types("history")
    assert [line.split()[0] for line in printed.splitlines()] == [SENT, CANCELLED, WAITING]


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ("--campaign 83", [CANCELLED]),
        ("--state requested", [WAITING]),
        ("--since 2026-11-23T12:02Z", [WAITING]),
        ("--campaign 99", ["No"]),
    ],
)
def test_the_list_can_be_narrowed(types, options, shown):
    _, printed = types(f"history {options}")
    assert [line.split()[0] for line in printed.splitlines()] == shown


def test_a_test_is_listed_under_its_campaign_and_not_under_its_copys_id(types, tmp_path, monkeypatch):
    journal = journal_on(f"sqlite:///{tmp_path / 'tests.db'}", Clock())
    reviewers = Source(SourceKind.SEGMENT, 21)
    test = asked(purpose=Purpose.TEST, source=reviewers, limit=25, approvals=0)
    journal.execute(LaunchId("T1"), Request(ANA, test))
    for event in (CopyStarted(RequestId("C1"), "a copy", "c" * 64), Copied(900)):
        journal.execute(LaunchId("T1"), Observe(event))
    monkeypatch.setenv("DATABASE_URL", journal.url)

    _, printed = types("history --campaign 82")
    assert "T1" in printed
    assert "campaign 82 " in printed
    assert printed.strip().endswith("approved, a test")
    assert types("history --campaign 900")[1] == "No launches.\n"


def test_a_launch_is_told_as_a_story(types):
    status, printed = types("history show L-s")
    assert status == 0
    order = [
        "Launch L-sent: finished",
        "campaign 82 “Black Friday”",
        "Reason: “First wave”",
        "U0ANA asks to launch",
        "U0OTTO was refused launch:approve (MissingRole).",
        "U0BEN approved the launch.",
        "Sending the launch",
        "The run ended",
        "Its record is whole",
    ]
    places = [printed.index(one) for one in order]
    assert places == sorted(places)
    assert "<@" not in printed
    assert ":white_check_mark:" not in printed


def test_a_story_says_where_it_was_tampered_with(types, file):
    change(file, f"update events set actor = 'U0EVE' where launch_id = '{SENT}' and seq = 3")
    status, printed = types(f"history show {SENT}")
    assert status == 1
    assert "U0EVE approved the launch." in printed
    assert f"NOT WHOLE:\n- launch {SENT}, event 3" in printed


@pytest.mark.parametrize(
    ("beginning", "says"), [("L-", f"Several ids begin with “L-”: {CANCELLED}, {SENT}"), ("nothing", "No launch has")]
)
def test_a_beginning_that_names_no_one_launch_is_told(types, beginning, says):
    status, printed = types(f"history show {beginning}")
    assert status == 2
    assert says in printed


def test_pruning_says_what_it_would_remove_and_does_not_without_a_yes(types, monkeypatch):
    monkeypatch.setattr("sys.stdin.readline", lambda: "no\n", raising=False)
    before = (NOON + timedelta(days=1)).date()
    status, printed = types(f"audit prune --before {before}")
    assert status == 0
    assert "2 launches that have ended and 2 refused attempts, with 11 events" in printed
    assert "Nothing was removed." in printed
    assert len(types("history")[1].splitlines()) == 3


def test_what_was_pruned_is_told_and_the_rest_is_whole(types):
    assert "Removed 4 of them" in types("audit prune --before 2026-11-24 --yes")[1]
    assert "Besides: 4 pruned." in types("audit verify")[1]
    status, printed = types("history show L-s")
    assert status == 0
    assert "A launch of campaign 82, finished" in printed
    assert "Its 7 events were pruned" in printed


def test_the_future_cannot_be_pruned(types):
    status, printed = types("audit prune --before 2999-01-01 --yes")
    assert status == 2
    assert "lies in the future" in printed


@pytest.mark.parametrize("line", ["audit prune --before soon", "history --campaign x", "audit export --since 31.12."])
def test_what_cannot_be_read_is_refused_with_an_example(types, capsys, line):
    with pytest.raises(SystemExit) as ended:
        types(line)
    assert ended.value.code == 2
    assert "such as" in capsys.readouterr().err.replace("It takes a day or a moment:", "such as")


def test_who_pruned_what_stands_in_the_record(types):
    types("audit prune --before 2026-11-24 --yes")
    exported = list(csv.DictReader(types("audit export")[1].splitlines()))
    told = [row["summary"] for row in exported if row["event"] == "record:prune"]
    assert len(told) == 1
    assert "launches: 2, refused attempts: 2, events: 11" in told[0]
    assert types("audit verify")[0] == 0
