"""Messages are kept once under their digest, and what is not what was stored is no message."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

from bot.campaign.campaign import MessageRef
from bot.journal.engine import open_engine
from bot.journal.journal import Journal
from bot.journal.messages import MOST_AT_HAND, KeptMessages
from bot.journal.tables import files
from bot.message.message import MessageUnread, Unread, as_covered, ref_of
from bot.phrase import Phrase
from tests.message.builders import email

SPRING = email()


@pytest.fixture
def journal(journal_url):
    engine = open_engine(journal_url)
    yield Journal(engine)
    engine.dispose()


def test_a_message_is_kept_once_and_found_by_another_process(journal):
    for _ in range(2):
        KeptMessages(journal).keep(SPRING)

    assert KeptMessages(journal).find(ref_of(SPRING)) == as_covered(SPRING)
    with journal.reading() as connection:
        assert connection.execute(select(func.count()).select_from(files)).scalar_one() == 1


def test_who_saved_it_last_is_told_by_the_newest_reading(journal):
    kept, saved = KeptMessages(journal), replace(SPRING, template=replace(SPRING.template, updated_by="olga"))

    kept.keep(SPRING)
    kept.keep(saved)

    assert kept.find(ref_of(SPRING)).template.updated_by == "olga"


def test_what_was_not_read_stays_unread(journal):
    unread = MessageUnread(Unread.NO_RIGHT, Phrase("Why."), 77)

    assert KeptMessages(journal).find(ref_of(unread)) == unread


def test_what_is_not_kept_is_said_to_be_so(journal):
    assert KeptMessages(journal).find(MessageRef(message_id=77, digest="0" * 64)).cause is Unread.NOT_KEPT


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"form": 2}'])
def test_what_somebody_put_in_its_place_is_no_message(journal, content):
    KeptMessages(journal).keep(SPRING)
    with journal.writing() as connection:
        connection.execute(update(files).values(content=content))

    assert KeptMessages(journal).find(ref_of(SPRING)).cause is Unread.NOT_KEPT


def test_a_cause_of_a_newer_version_is_an_unread_message_too(journal):
    assert KeptMessages(journal).find(MessageRef(message_id=77, cause="of_tomorrow")).cause is Unread.ODD_ANSWER


def test_a_message_that_is_larger_than_what_stays_in_memory_is_found_all_the_same(journal):
    huge, kept = email(html="x" * (MOST_AT_HAND + 1)), KeptMessages(journal)

    kept.keep(huge)

    assert kept.find(ref_of(huge)).digest == huge.digest
