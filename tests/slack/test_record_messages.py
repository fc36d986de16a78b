"""The export tells what exactly was approved: in short in the table, whole in the JSON."""

import csv
import io
import json
from hashlib import sha256

import pytest

from bot.campaign.encoding import canonical
from bot.campaign.request import LaunchId
from bot.journal.record import recorded
from bot.launch.commands import Approve, Checked
from bot.launch.record import Format, Wish
from bot.message.message import MessageUnread, Unread
from bot.phrase import Phrase
from bot.slack.views.plaintext import CONTROL
from bot.slack.views.record import COLUMNS, lines
from tests.builders import BEN, CLEO, journal_at
from tests.journal.previewed import ask, edit
from tests.message.builders import email, message, sms

ONE = LaunchId("one")
COVERED = ("messages", "subjects", "senders")
PUSH = message("push", {"title": "Look", "body": "It is spring."})


@pytest.fixture
def journal(tmp_path):
    return journal_at(tmp_path)


def approve(journal, person=BEN):
    journal.execute(ONE, Approve(person, checked=Checked(shown=journal.load(ONE).fingerprint)))


def table(journal):
    """The cells about messages, by the event's number."""
    rows = csv.DictReader(
        io.StringIO("".join(lines(recorded(journal, Wish()), Format.CSV)).removeprefix("\ufeff")), strict=True
    )
    return {int(row["seq"]): tuple(row[name] for name in COVERED) for row in rows}


def objects(journal):
    return [json.loads(line) for line in lines(recorded(journal, Wish(format=Format.JSONL)), Format.JSONL)]


def test_a_row_of_an_approval_names_the_message_and_what_it_is_about(journal):
    ask(journal, ONE, email(), approvals=2)
    approve(journal)
    edit(journal, ONE, sms("Spring!"), PUSH)
    approve(journal)
    assert set(COVERED) < set(COLUMNS)
    assert table(journal) == {
        1: ("", "", ""),
        2: (email().digest, "Spring is here", "The shop <shop@shop.example>"),
        3: ("", "", ""),
        4: (f"{sms('Spring!').digest}; {PUSH.digest}", "Spring!; Look", "; "),
    }


def test_what_is_shortened_says_so(journal):
    ask(journal, ONE, email(subject="s" * 1300, from_name="n" * 300))
    approve(journal)
    _, subject, sender = table(journal)[2]
    assert subject == f"{'s' * 300}… (shortened, 1,300 characters in all)"
    assert sender == f"{'n' * 200}… (shortened, 320 characters in all)"


def test_what_was_not_known_is_said_to_be_so(journal):
    ask(journal, ONE, MessageUnread(Unread.NO_RIGHT, Phrase("Why."), 77))
    approve(journal)
    assert table(journal)[2] == ("not known", "", "")
    assert objects(journal)[1]["messages"] == [{"digest": "", "message_id": 77, "unread": "no_right"}]


@pytest.mark.parametrize("beginning", ["=", "+", "-", "@", " =", "\t=", "\r\n@"])
def test_a_subject_is_never_taken_for_a_formula_nor_for_a_row(journal, beginning):
    ask(journal, ONE, email(subject=f"{beginning}HYPERLINK(0)\r\n1,2\x1b[2J", from_name=f"{beginning}A"))
    approve(journal)
    _, subject, sender = table(journal)[2]
    assert subject == f"'{beginning.strip()}HYPERLINK(0) 1,2\ufffd[2J"
    assert sender.startswith("'")
    assert not CONTROL.search(subject + sender)


def test_whoever_has_the_json_can_verify_each_message(journal):
    mail = email(subject="Весна \u202e\x1b")
    ask(journal, ONE, mail)
    approve(journal)
    ((kept,),) = (one["messages"] for one in objects(journal) if one["messages"])
    assert (kept["digest"], kept["message_id"]) == (mail.digest, 77)
    assert sha256(canonical(kept["message"]).encode()).hexdigest() == mail.digest


def test_the_json_holds_each_message_once(journal):
    ask(journal, ONE, email(), approvals=2)
    approve(journal)
    approve(journal, CLEO)
    told = [one["messages"] for one in objects(journal)]
    assert told[0] is None
    assert ["message" in kept for (kept,) in told[1:]] == [True, False]
    assert len({kept["digest"] for (kept,) in told[1:]}) == 1


def test_half_of_a_surrogate_pair_can_be_written_as_the_file_is(journal):
    """The platform's JSON can spell one."""
    mail = email(subject="\ud800")
    ask(journal, ONE, mail)
    approve(journal)
    *_, line = lines(recorded(journal, Wish()), Format.JSONL)
    (kept,) = json.loads(line.encode(errors="backslashreplace"))["messages"]
    assert sha256(canonical(kept["message"]).encode(errors="surrogatepass")).hexdigest() == mail.digest
