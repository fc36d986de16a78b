"""Wherever people read a moment, it stands on their own clocks: no text is in UTC but what Slack shows if it cannot."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel.messages.pofile import read_po

from bot.campaign.request import LaunchId
from bot.launch.events import Edited, Entry, Voided
from bot.launch.record import Recorded
from bot.launch.run import RunEnded, Trouble
from bot.launch.story import Line
from bot.message.difference import Difference, last_edit
from bot.message.finding import Check, Finding, Grade
from bot.phrase import Phrase
from bot.policy.fingerprint import changes, request_changes
from bot.slack.views.read_everything import message_view
from bot.slack.views.record import summary
from bot.slack.views.run import troubles_table
from bot.slack.views.text import exactly, when
from bot.slack.views.thread import reply
from bot.texts import CATALOGUES, LANGUAGES, speaking
from tests.builders import ANA, NOON, PREVIEW, asked, launch
from tests.slack.test_views import view_problems

LATER = NOON + timedelta(seconds=5)
ASKED = asked()
BEFORE, AFTER = (
    replace(PREVIEW, campaign=replace(PREVIEW.campaign, updated_at=at, updated_user=by))
    for at, by in ((NOON, "olga"), (LATER, "otto"))
)
VOIDED = Voided(changes(BEFORE, AFTER, 0), AFTER, NOON, notes=(last_edit(Difference(by="otto", at=LATER)),))
NOT_BEFORE = replace(ASKED, request=replace(ASKED.request, at=LATER))
EDITED = Edited(asked=NOT_BEFORE, changes=request_changes(ASKED.request, NOT_BEFORE.request))
REPEAT = Finding(Check.REPEAT, Grade.WARNING, Phrase("Last edited: {moment}.", moment=LATER))
TOKEN = re.compile(r"<!date\^(\d+)\^[^|>]+\|[^>]+>")


def told(event):
    entry = Entry(LaunchId("L1"), 2, NOON, ANA, event)
    return reply(launch(), Line(entry, "d" * 64)).blocks[0]["text"]["text"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", [VOIDED, EDITED])
def test_no_difference_is_told_on_clocks_that_are_not_the_readers(event, language):
    with speaking(language):
        text = told(event)
    assert str(int(LATER.timestamp())) in TOKEN.findall(text)
    assert "UTC" not in TOKEN.sub("", text)


def test_two_edits_within_a_minute_are_not_told_as_one():
    was, now = re.search(r"last edit: (.*) → (.*)", told(VOIDED)).groups()
    assert "{time}" in was
    assert "{time_secs}" in now


def test_two_edits_within_a_second_are_not_told_as_one():
    at = NOON + timedelta(milliseconds=250)
    after = replace(BEFORE, campaign=replace(BEFORE.campaign, updated_at=at))
    text = told(replace(VOIDED, changes=changes(BEFORE, after, 0), notes=()))
    assert "and 0 s by olga" in text
    assert "and 0.25 s by olga" in text


def test_a_terminal_reads_the_same_moment_on_its_own_clocks():
    entry = Entry(LaunchId("L1"), 2, NOON, ANA, VOIDED)
    recorded = Recorded(
        launch_id=entry.launch_id,
        seq=entry.seq,
        at=NOON.isoformat(),
        kind="launch:void",
        actor=ANA,
        data=dict,
        key_id="",
        previous="",
        digest="",
        launch=launch(),
        entry=entry,
    )
    text = summary(recorded, ZoneInfo("Europe/Berlin"))
    assert "The template was last edited by otto, 2026-11-23 13:00:05 CET." in text
    assert "UTC" not in text


def test_what_the_checks_found_is_read_on_the_readers_clocks_in_its_window():
    view = message_view([], {}, [REPEAT])
    (found,) = [block["text"] for block in view["blocks"] if block.get("block_id") == "piece-0"]
    assert found["type"] == "mrkdwn"
    assert TOKEN.search(found["text"])
    assert view_problems(view) == []


def test_what_a_finding_quotes_calls_nobody_in_its_window():
    said = Phrase("“{word}” was left over: write what belongs there.", word="<!channel>")
    view = message_view([], {}, [Finding(Check.PLACEHOLDER, Grade.FAILURE, said)])
    assert "<!channel>" not in str(view)


def test_the_troubles_of_a_run_stand_on_the_readers_clocks():
    table = troubles_table(RunEnded(NOON, 1, 0, (Trouble("no sender", "ERROR", NOON),)))
    (cell,) = table["rows"][1][0]["elements"][0]["elements"]
    assert (cell["type"], cell["timestamp"]) == ("date", int(NOON.timestamp()))
    assert "UTC" not in str(table["rows"][0])


def test_a_moment_in_the_record_is_no_bare_text_of_one_zone():
    """What is stored tells the moment itself, so that whoever reads it years later reads their own clocks."""
    assert VOIDED.changes[0].new.values["moment"] == LATER
    assert datetime(2026, 11, 23, 12, 0, 5, tzinfo=UTC) == LATER


@pytest.mark.parametrize(("language", "joint"), [("en", " at "), ("ru", " в ")])
def test_a_moment_in_a_sentence_has_its_preposition(language, joint):
    with speaking(language):
        assert when(NOON).split("^")[2].startswith(f"{{date_short_pretty}}{joint}{{time}}|")
        assert f"{joint}{{time_secs}}|" in exactly(LATER)


def test_no_russian_preposition_asks_for_another_case_than_slack_writes():
    """Slack writes `сегодня в 20:02`: after «до» or «с» that is no Russian."""
    with (CATALOGUES / "ru" / "LC_MESSAGES" / "campaign-bot.po").open("rb") as file:
        told = [str(one.string) for one in read_po(file, locale="ru")]
    wrong = re.compile(r"\b(?:до|с|на|со|после|раньше|позже) \{(?:when|moment)\}", re.IGNORECASE)
    assert [text for text in told if wrong.search(text)] == []
