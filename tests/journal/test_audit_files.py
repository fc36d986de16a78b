"""A file that the record refers to is there and whole, be it a message or an attached one, or it is named."""

import pytest

from bot.campaign.request import Attachment, LaunchId
from bot.journal.audit import Counts, verify, verify_launch
from bot.journal.file_store import FileStore
from bot.journal.finding import Kind
from bot.launch.commands import Request
from bot.message.message import MessageUnread, Unread
from bot.phrase import Phrase
from tests.builders import ANA, asked
from tests.conftest import ENGINES
from tests.journal.previewed import ADOPTED, EDITED, all_kinds, ask
from tests.journal.tampering import filled, found_in, named, tamper
from tests.message.builders import email

REQUESTED, CHANGED, VOIDED, TAKEN_ON = (email(subject=one) for one in ("requested", "edited", "voided", "adopted"))
UNREAD = MessageUnread(Unread.NO_RIGHT, Phrase("Why."), 77)
PDF, HAS_PDF = b"%PDF", LaunchId("L-pdf")


@pytest.fixture(scope="module", params=ENGINES)
def filled_journal(request, tmp_path_factory):
    if request.param == "postgresql":
        journal = filled(request.getfixturevalue("postgres").new_database())
    else:
        journal = filled(f"sqlite:///{tmp_path_factory.mktemp('files') / 'journal.db'}")
    all_kinds(journal, REQUESTED, CHANGED, VOIDED, TAKEN_ON)
    ask(journal, LaunchId("L-unread"), UNREAD)
    file = Attachment("a.pdf", "application/pdf", len(PDF), FileStore(journal).keep(PDF))
    journal.execute(HAS_PDF, Request(ANA, asked(campaign_id=91, attachments=(file,))))
    return journal


@pytest.fixture
def journal(filled_journal):
    """A connection to the journal; what is done over it is taken back afterwards."""
    with filled_journal.writing() as connection:
        yield connection
        connection.rollback()


def test_what_nobody_touched_is_whole_and_its_files_are_counted(journal):
    counts = Counts()
    assert list(verify(journal, counts)) == []
    assert counts.files == 5


@pytest.mark.parametrize(
    ("message", "launch_id", "seq"),
    [(REQUESTED, EDITED, 1), (CHANGED, EDITED, 2), (VOIDED, EDITED, 4), (TAKEN_ON, ADOPTED, 1)],
)
@pytest.mark.parametrize(
    ("deed", "says"),
    [("delete from files", "is not kept any more"), ("update files set content = :other", "does not give its digest")],
)
def test_a_message_that_is_gone_or_edited_is_named_by_the_event_that_refers_to_it(
    journal, message, launch_id, seq, deed, says
):
    tamper(journal, f"{deed} where sha256 = :sha256", sha256=message.digest, other=b"{}")
    [finding] = found_in(journal)
    assert (finding.kind, finding.launch_id, finding.seq) == (Kind.FILE, launch_id, seq)
    assert f"The message {message.digest[:12]} to which it refers {says}" in finding.text
    assert verify_launch(journal, launch_id) == (finding,)


@pytest.mark.parametrize("deed", ["delete from files", "update files set content = :other"])
def test_so_is_an_attached_file(journal, deed):
    tamper(journal, f"{deed} where sha256 in (select sha256 from files where content = :pdf)", pdf=PDF, other=b"PDF%")
    [finding] = found_in(journal)
    assert (finding.kind, finding.launch_id, finding.seq) == (Kind.FILE, HAS_PDF, 1)
    assert "The attached file" in finding.text


def test_two_messages_that_changed_places_are_named_both(journal):
    tamper(
        journal,
        "update files set sha256 = 'aside' where sha256 = :one",
        "update files set sha256 = :one where sha256 = :other",
        "update files set sha256 = :other where sha256 = 'aside'",
        one=REQUESTED.digest,
        other=CHANGED.digest,
    )
    assert named(journal) == {(Kind.FILE, EDITED, 1), (Kind.FILE, EDITED, 2)}


def test_another_launch_is_not_blamed_for_it(journal):
    tamper(journal, "delete from files where sha256 = :sha256", sha256=TAKEN_ON.digest)
    assert verify_launch(journal, EDITED) == ()


@pytest.mark.parametrize("value", ["''", "'no bytes'", "x'00ff'", "7"])
def test_values_that_are_of_no_sense_stop_nothing(tmp_path, value):
    """SQLite holds any text in any column."""
    journal = filled(f"sqlite:///{tmp_path / 'journal.db'}")
    ask(journal, LaunchId("L-one"), REQUESTED)
    with journal.writing() as connection:
        tamper(connection, f"update files set content = {value}")
        assert named(connection) == {(Kind.FILE, "L-one", 1)}
