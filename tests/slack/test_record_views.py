"""The record in words, as a table and as JSON: nothing is left out, and nothing is carried out."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.encoding import canonical
from bot.campaign.request import LaunchId
from bot.journal.record import recorded
from bot.launch.commands import Request
from bot.launch.record import Format, Wish
from bot.launch.run import ResultsReported
from bot.results.counts import Counts, Kind
from bot.slack.views.plaintext import as_plain
from bot.slack.views.record import COLUMNS, _Rows, lines, summary
from tests.builders import ANA, NOON, asked, journal_at
from tests.journal.tampering import STREAMS, filled


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    return list(recorded(filled(f"sqlite:///{tmp_path_factory.mktemp('views') / 'journal.db'}"), Wish()))


def test_launches_stand_in_the_order_in_which_they_were_asked_for(records):
    assert list(dict.fromkeys(record.launch_id for record in records)) == list(STREAMS)
    assert len(records) == sum(STREAMS.values())


def test_the_table_can_be_read_as_rfc_4180_says(records):
    text = "".join(lines(records, Format.CSV))
    assert text.count("\r\n") == len(records) + 1
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True))
    assert tuple(rows[0]) == COLUMNS
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert next(row[6] for row in rows if row[3] == "launch:approve") == "U0BEN approved the launch."


def test_a_refused_attempt_is_part_of_it_and_says_why(records):
    refused = [summary(record, UTC) for record in records if record.kind == "launch:deny"]
    assert refused == [
        "U0OTTO was refused launch:approve (MissingRole).",
        "U0OTTO was refused launch:request (MissingRole).",
        "U0OTTO was refused launch:request (MissingRole).",
    ]


def test_a_reports_numbers_stand_in_cells_of_their_own_and_nowhere_else(records):
    asked_for = next(one for one in records if one.kind == "launch:request")
    counts = Counts(by_kind={Kind.DELIVERED: 970, Kind.OPENED: 212, Kind.HARD_BOUNCE: 3}, newest=NOON)
    entry = replace(asked_for.entry, event=ResultsReported(timedelta(hours=1), counts))
    _, plain, line = lines([asked_for, replace(asked_for, entry=entry)], Format.CSV)
    numbers = [next(csv.DictReader(io.StringIO(f"{','.join(COLUMNS)}\r\n{one}"))) for one in (plain, line)]
    names = ("sent", "delivered", "bounced", "opened", "clicked", "unsubscribed", "complained", "as_of")
    assert [[row[name] for name in names] for row in numbers] == [
        [""] * 8,
        ["", "970", "3", "212", "0", "0", "0", NOON.isoformat(timespec="microseconds")],
    ]


@pytest.mark.parametrize("beginning", ["=", "+", "-", "@", "\t", "\r"])
def test_nothing_in_the_table_is_taken_for_a_formula(records, beginning):
    forged = replace(records[0], actor=f"{beginning}HYPERLINK(0)")
    _, line = lines([forged], Format.CSV)
    (row,) = csv.reader(io.StringIO(line))
    assert row[COLUMNS.index("actor")] == f"'{beginning}HYPERLINK(0)"


@given(st.lists(st.text("a,;'\" \r\n=-\u00e9\u201c", max_size=4), min_size=2))
def test_a_row_is_what_a_writer_of_tables_writes(cells):
    line = _Rows().row(cells)
    guarded = [f"'{cell}" if cell.startswith(("=", "-", "\r")) else cell for cell in cells]
    written = io.StringIO()
    csv.writer(written).writerow(guarded)
    assert line == written.getvalue()


def test_whoever_has_the_json_can_verify_each_digest(records):
    for line in lines(records, Format.JSONL):
        record = json.loads(line)
        event = {name: record[name] for name in ("launch_id", "seq", "at", "kind", "actor", "data")}
        assert sha256(f"{record['previous']}\n{canonical(event)}".encode()).hexdigest() == record["digest"]


def test_what_a_newer_version_wrote_is_exported_though_it_is_not_understood(records):
    newer = replace(records[0], kind="launch:teleport", entry=None)
    assert summary(newer, UTC) == "This version of the bot cannot tell what launch:teleport means."


def test_what_people_wrote_cannot_move_the_terminals_cursor(tmp_path):
    journal = journal_at(tmp_path)
    journal.execute(LaunchId("L1"), Request(ANA, asked(campaign_id=82)))
    (record,) = recorded(journal, Wish())
    nasty = replace(record.launch.preview.campaign, name="\x1b[2J<@U0BEN>\u202egpj.exe")
    request = replace(record.entry.event, preview=replace(record.launch.preview, campaign=nasty))
    text = summary(replace(record, entry=replace(record.entry, event=request)), UTC)
    assert "“\ufffd[2J<@U0BEN>\ufffdgpj.exe”" in text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (":white_check_mark: <@U0BEN> approved", "U0BEN approved"),
        ("ask <!subteam^S0LEADS> in <#C0LAUNCH>", "ask S0LEADS in C0LAUNCH"),
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("since <!date^1763900000^{date_short_pretty} {time}|2025>", "since 2025-11-23 13:13:20 CET"),
        ("<https://example.com/x|Its card> in the channel", "Its card in the channel"),
        ("*Reason:* “*so*”", "Reason: “*so*”"),
    ],
)
def test_slacks_notation_becomes_plain_text(text, plain):
    assert as_plain(text, ZoneInfo("Europe/Berlin")) == plain
