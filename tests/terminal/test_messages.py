"""What was approved, told in a terminal years later."""

import json
import sqlite3

import pytest

from bot.campaign.request import LaunchId
from bot.journal.file_store import FileStore
from bot.launch.commands import Approve, BreakGlass, Checked
from bot.launch.events import BrokeGlass
from bot.message.message import MessageUnread, Unread, encode
from bot.phrase import Phrase
from bot.policy.demands import Demands, Typed
from bot.slack.views.plaintext import CONTROL
from tests.builders import BEN, CLEO, journal_on
from tests.journal.previewed import all_kinds, ask, edit, keep, void
from tests.message.builders import email, sms

REQUESTED, EDITED, VOIDED, TAKEN_ON = (email(subject=one) for one in ("requested", "edited", "voided", "taken on"))
ONE = LaunchId("one")
FORGED = "\n\n  9 2026-11-23 12:00:00 UTC  U0BEN  launch:approve  0123456789ab\n    U0BEN approved the launch."
NASTY = email(subject="\x1b[2J\u202egpj.exe \ud800", text=f"Hello\x1b]0;owned\x07\x85\u2028{FORGED}", html="")


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A journal's file, and an environment that holds nothing but where it is."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'journal.db'}")
    return tmp_path / "journal.db"


@pytest.fixture
def journal(file):
    return journal_on(f"sqlite:///{file}")


def approve(journal, person=BEN):
    journal.execute(ONE, Approve(person, checked=Checked(shown=journal.load(ONE).fingerprint)))


def told_by_event(printed):
    """The story's lines below each event, by the event's number."""
    events = [block.splitlines() for block in printed.split("\n\n")]
    return {int(lines[0].split()[0]): lines[1:] for lines in events if lines[0].split()[0].isdigit()}


def covering(lines):
    return [line.strip() for line in lines if "It covers" in line]


def change(file, statement, *values):
    with sqlite3.connect(file) as database:
        database.execute(statement, values)
    database.close()


def test_the_kept_files_that_were_verified_are_counted(types, journal):
    all_kinds(journal, REQUESTED, EDITED, VOIDED, TAKEN_ON)
    status, printed = types("audit verify")
    assert status == 0
    assert "Besides: 4 kept files.\n" in printed


def test_a_story_shows_in_full_what_each_approval_covered(types, journal):
    mail = email(subject="Spring", text="Hello, {apicontent.promo}!\n\nSee you.", html="")
    ask(journal, ONE, mail, approvals=2, content={"promo": "SPRING"})
    approve(journal)
    edit(journal, ONE, sms("Short."))
    approve(journal)
    void(journal, ONE, VOIDED)
    approve(journal)
    told = told_by_event(types("history show one")[1])
    assert {seq: covering(lines) for seq, lines in told.items() if covering(lines)} == {
        2: [f"It covers the message {mail.digest}:"],
        4: [f"It covers the message {sms('Short.').digest}:"],
        6: [f"It covers the message {VOIDED.digest}:"],
    }
    lines = ['Subject: "Spring"', "Hello, {apicontent.promo}!", "See you.", '{apicontent.promo} = "SPRING"']
    shown = [line.removeprefix("    |").strip() for line in told[2]]
    assert [one for one in shown if one in lines] == lines


def test_the_same_message_is_told_once_and_then_named(types, journal):
    ask(journal, ONE, REQUESTED, approvals=2)
    approve(journal)
    approve(journal, CLEO)
    told = told_by_event(types("history show one")[1])
    assert covering(told[3]) == [f"It covers the message {REQUESTED.digest[:12]}, as it is told above."]
    assert not any("|" in line for line in told[3])


def test_a_launch_without_approvals_covers_what_stood_there_as_well(types, journal):
    ask(journal, ONE, REQUESTED, demands=Demands(approvals=1, break_glass=True))
    checked = Checked(shown=journal.load(ONE).fingerprint, typed={Typed.CAMPAIGN: "82"})
    journal.execute(ONE, BreakGlass(CLEO, BrokeGlass("It burns.", ()), checked))
    assert f"It covers the message {REQUESTED.digest}:" in types("history show one")[1]


def test_what_was_not_known_is_said_to_be_covered_by_nothing(types, journal):
    ask(journal, ONE, MessageUnread(Unread.NO_RIGHT, Phrase("The token may not."), 77))
    approve(journal)
    lines = told_by_event(types("history show one")[1])[2]
    assert covering(lines) == ["It covers no message, for it was not known:"]
    assert "an approval does not cover it. The token may not." in lines[-1]


def test_a_message_that_is_gone_is_named_and_the_record_is_not_whole(types, journal, file):
    ask(journal, ONE, REQUESTED)
    approve(journal)
    change(file, "delete from files")
    status, printed = types("history show one")
    assert status == 1
    assert f"It covers the message {REQUESTED.digest}, which is not kept any more, or was changed." in printed
    assert "NOT WHOLE" in printed


def test_nothing_in_a_message_is_taken_for_the_storys_own_words(types, journal):
    ask(journal, ONE, NASTY)
    approve(journal)
    printed = types("history show one")[1]
    assert not CONTROL.search(printed.replace("\n", ""))
    forged = [line for line in printed.splitlines() if "0123456789ab" in line]
    assert [line[:6] for line in forged] == ["    | "]


@pytest.mark.parametrize("message", [REQUESTED, NASTY, email(subject="Весна 🌷", html="<p>\ufeff\u200b</p>")])
def test_a_message_is_printed_exactly_as_it_is_kept(types, journal, message):
    ask(journal, ONE, message)
    status, printed = types(f"history message {message.digest[:9].upper()}")
    assert status == 0
    assert json.loads(printed) == json.loads(encode(message).decode(errors="surrogatepass"))
    assert not CONTROL.search(printed.replace("\n", ""))


def test_what_a_message_holds_begins_no_line_of_its_own(types, journal):
    ask(journal, ONE, NASTY)
    lines = types(f"history message {NASTY.digest}")[1].splitlines()
    assert {line.lstrip(" ")[0] for line in lines} <= set('{}[]"')
    assert len(lines) == len([line for line in lines if line.startswith(" ")]) + 2


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", encode(EDITED)])
def test_a_message_that_was_changed_is_not_printed(types, journal, file, content):
    ask(journal, ONE, REQUESTED)
    change(file, "update files set content = ?", content)
    status, printed = types(f"history message {REQUESTED.digest}")
    assert status == 1
    assert printed.startswith("NOT WHOLE: ")
    assert "html" not in printed


def test_an_attached_file_is_not_printed_as_a_message(types, journal):
    status, printed = types(f"history message {FileStore(journal).keep(b'%PDF')}")
    assert status == 2
    assert "is an attached file" in printed


def test_a_beginning_that_names_no_one_message_is_told(types, journal):
    several = sorted(FileStore(journal).keep(str(one).encode()) for one in range(20))
    first = next(one[0] for one in several if sum(other[0] == one[0] for other in several) > 1)
    status, printed = types(f"history message {first}")
    assert status == 2
    assert f"Several digests begin with “{first}”: {next(one for one in several if one[0] == first)}" in printed
    assert "No message is kept whose digest begins with “zz”" in types("history message zz")[1]


def test_pruning_tells_of_files_that_nothing_refers_to_and_removes_them(types, journal, file):
    ask(journal, ONE, REQUESTED)
    keep(journal, EDITED)
    change(file, "update files set kept_at = '2026-01-01 00:00:00.000000'")
    status, printed = types("audit prune --before 2026-01-01 --yes")
    assert status == 0
    assert "Besides, kept files that nothing refers to: 1." in printed
    assert "Removed 0 of them, and 1 kept files" in printed
    assert types(f"history message {REQUESTED.digest}")[0] == 0
    assert types(f"history message {EDITED.digest}")[0] == 2
