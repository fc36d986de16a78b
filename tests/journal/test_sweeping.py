"""A kept file goes when nothing refers to it any more, and never before: no event is without its file."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event, text

from bot.campaign.campaign import MessageRef
from bot.campaign.request import Attachment, LaunchId
from bot.journal.engine import open_engine
from bot.journal.file_store import FileStore
from bot.journal.journal import Journal
from bot.journal.kept_files import SPARED, FileGone
from bot.journal.messages import KeptMessages
from bot.journal.pruning import prune, sweep_files, sweepable
from bot.journal.record import story_of
from bot.journal.references import files_of
from bot.journal.schema import upgrade
from bot.launch.commands import Cancel, Request
from bot.launch.events import Adopted, Edited, Requested, Voided
from bot.message.message import Unread, ref_of
from tests.builders import ANA, NOON, Clock, asked, journal_on
from tests.journal.earlier import before_sweeping
from tests.journal.previewed import ADOPTED, EDITED, all_kinds, ask, asked_with, edit, keep, void
from tests.journal.tampering import found_in
from tests.message.builders import email

LATER = NOON + timedelta(days=1)
ONE, OVER, OPEN = LaunchId("L-one"), LaunchId("L-over"), LaunchId("L-open")
MAIL = email()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def journal(database_url, clock):
    return journal_on(database_url, clock)


def is_kept(journal, digest):
    with journal.reading() as connection:
        found = connection.execute(text("select 1 from files where sha256 = :digest"), {"digest": digest})
        return found.scalar_one_or_none() is not None


def findings(journal):
    with journal.reading() as connection:
        return found_in(connection)


def swept(journal, clock):
    """How many files go once nothing spares them any more."""
    clock.pass_by(days=2)
    return sweep_files(journal)


def refer(journal, *messages):
    """What a submission does: it refers to what its form had read, and keeps nothing itself."""
    return journal.execute(ONE, Request(ANA, asked_with(*messages)))


def test_a_file_goes_with_the_last_launch_that_needs_it(journal, clock):
    kept, gone = FileStore(journal).keep(b"kept"), FileStore(journal).keep(b"gone")

    def opens(name, *hashes):
        files = tuple(Attachment("a.pdf", "application/pdf", 4, sha256) for sha256 in hashes)
        journal.execute(name, Request(ANA, asked(campaign_id=91, attachments=files)))

    opens(OVER, kept, gone)
    journal.execute(OVER, Cancel(ANA))
    opens(OPEN, kept)
    assert [batch.streams for batch in prune(journal, LATER)] == [1]
    assert swept(journal, clock) == 1
    assert (is_kept(journal, kept), is_kept(journal, gone)) == (True, False)


@pytest.mark.parametrize("needed", range(4))
def test_a_message_goes_with_the_last_launch_that_refers_to_it_by_whatever_event(journal, clock, needed):
    told = tuple(email(subject=kind) for kind in ("requested", "edited", "voided", "adopted"))
    all_kinds(journal, *told)
    ask(journal, OPEN, told[needed])
    assert [batch.streams for batch in prune(journal, LATER)] == [2]
    assert swept(journal, clock) == 3
    assert [is_kept(journal, one.digest) for one in told] == [place == needed for place in range(4)]


@pytest.mark.parametrize("moved", [edit, void])
def test_what_a_waiting_launch_asked_for_at_first_is_kept_as_well(journal, clock, moved):
    first, then = email(subject="first"), email(subject="then")
    ask(journal, OPEN, first)
    moved(journal, OPEN, then)
    assert swept(journal, clock) == 0


def test_what_forms_have_read_that_nobody_submitted_goes_after_a_day(journal, clock):
    keep(journal, MAIL)
    clock.pass_by(hours=23)
    assert (sweepable(journal), sweep_files(journal)) == (0, 0)
    clock.pass_by(hours=2)
    assert (sweepable(journal), sweep_files(journal)) == (1, 1)
    assert not is_kept(journal, MAIL.digest)


def test_what_was_read_again_is_spared_for_another_day(journal, clock):
    kept = KeptMessages(journal)
    for _ in range(3):
        kept.keep(MAIL)
        clock.pass_by(hours=20)
    assert sweep_files(journal) == 0


def test_a_message_that_was_swept_is_kept_again_when_it_is_read_again(journal, clock):
    """The bot that read it before still has it at hand."""
    kept = KeptMessages(journal)
    kept.keep(MAIL)
    assert swept(journal, clock) == 1
    kept.keep(MAIL)
    assert is_kept(journal, MAIL.digest)


def test_a_form_that_was_open_for_days_stores_its_message_again(journal, clock):
    kept = KeptMessages(journal)
    kept.keep(MAIL)
    swept(journal, clock)
    assert kept.hold(ref_of(MAIL)) == ref_of(MAIL)
    assert is_kept(journal, MAIL.digest)


def test_where_nobody_has_it_any_more_the_form_says_that_it_is_not_kept(journal, clock):
    keep(journal, MAIL)
    swept(journal, clock)
    held = KeptMessages(journal).hold(ref_of(MAIL))
    assert (held.digest, held.cause, held.message_id) == ("", Unread.NOT_KEPT, 77)


def test_what_was_never_known_is_held_as_it_is(journal):
    ref = MessageRef(message_id=77, cause=Unread.NO_RIGHT)
    assert KeptMessages(journal).hold(ref) == ref


def test_an_event_is_refused_rather_than_put_on_record_without_its_file(journal, clock):
    keep(journal, MAIL)
    swept(journal, clock)
    with pytest.raises(FileGone, match=MAIL.digest):
        refer(journal, MAIL)
    assert journal.load(ONE) is None
    assert findings(journal) == []


def test_what_a_submission_refers_to_stays_though_the_sweep_has_chosen_it(journal, clock):
    """The submission comes after the sweep's look, and before its removal."""
    keep(journal, MAIL)
    clock.pass_by(days=2)
    submitted = []

    class Interrupted(Journal):
        def writing(self, **options):
            if not submitted:
                submitted.append(refer(journal, MAIL))
            return super().writing(**options)

    assert sweep_files(Interrupted(journal._engine, clock)) == 0
    assert is_kept(journal, MAIL.digest)
    assert findings(journal) == []


def test_one_that_is_on_its_way_is_waited_for(postgres, clock):
    """On a server, the submission holds the file in a transaction that is not committed yet when the sweep removes."""
    url = postgres.new_database()
    journal = journal_on(url, clock)
    keep(journal, MAIL)
    clock.pass_by(days=2)
    with ThreadPoolExecutor(1) as pool:
        removals = []

        def sweep_meanwhile(*_):
            if not removals:
                removals.append(pool.submit(sweep_files, Journal(open_engine(url), clock)))
                _until_it_waits(journal, removals[0])

        event.listen(journal._engine, "commit", sweep_meanwhile)
        refer(journal, MAIL)
        assert removals[0].result() == 0
    assert findings(journal) == []


def _until_it_waits(journal, removal):
    """Until the server says that somebody waits for a lock, or nobody has waited."""
    waiting = text("select count(*) from pg_locks where not granted")
    while not removal.done():
        with journal.asking() as connection:
            if connection.execute(waiting).scalar_one():
                return


@pytest.mark.parametrize("round_", range(5))
def test_whoever_comes_first_no_event_is_without_its_file(journal, clock, round_):
    messages = [email(subject=f"{round_} {nth}") for nth in range(8)]
    kept = KeptMessages(journal)
    for one in messages:
        kept.keep(one)
    clock.pass_by(days=2)

    def submit(nth):
        ref = kept.hold(ref_of(messages[nth]))
        assert ref.digest
        return refer_to(journal, nth, messages[nth])

    with ThreadPoolExecutor(4) as pool:
        sweeps = [pool.submit(sweep_files, journal)]
        launches = [pool.submit(submit, nth) for nth in range(8)]
        sweeps.append(pool.submit(sweep_files, journal))
        assert all(one.result() for one in launches)
        assert sum(one.result() for one in sweeps) <= 8
    assert all(is_kept(journal, one.digest) for one in messages)
    assert findings(journal) == []


def refer_to(journal, nth, message):
    return journal.execute(LaunchId(f"L-{nth}"), Request(ANA, asked_with(message, campaign_id=100 + nth)))


def test_a_submission_names_every_file_that_the_audit_looks_for(journal):
    told = tuple(email(subject=kind) for kind in ("requested", "edited", "voided", "adopted"))
    all_kinds(journal, *told)
    found = {}
    for launch_id in (EDITED, ADOPTED):
        with journal.reading() as connection:
            told_of = [one.entry.event for one in story_of(connection, launch_id, KeptMessages(journal).find)]
        found |= {type(one): files_of(one) for one in told_of if files_of(one)}
    kinds = (Requested, Edited, Voided, Adopted)
    assert found == {kind: {one.digest} for kind, one in zip(kinds, told, strict=True)}


def test_what_is_there_when_the_tables_are_brought_up_to_date_is_spared(database_url):
    journal = journal_on(database_url)
    keep(journal, MAIL)
    with journal.writing() as connection:
        before_sweeping(connection)
    engine = open_engine(database_url)
    upgrade(engine)
    late = Clock(journal.now() + SPARED - timedelta(minutes=5))
    assert sweep_files(Journal(engine, late)) == 0
    late.pass_by(minutes=10)
    assert sweep_files(Journal(engine, late)) == 1
