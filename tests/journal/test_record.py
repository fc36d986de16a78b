"""What is on record is given out whole, whichever database holds it."""

from datetime import timedelta

import pytest

from bot.journal.messages import KeptMessages
from bot.journal.record import find_ids, overview, recorded, remains_of, story_of
from bot.launch.record import Wish
from tests.builders import NOON
from tests.conftest import ENGINES
from tests.journal.tampering import CANCELLED, SENT, STREAMS, WAITING, filled


@pytest.fixture(scope="module", params=ENGINES)
def journal(request, tmp_path_factory):
    if request.param == "postgresql":
        return filled(request.getfixturevalue("postgres").new_database())
    return filled(f"sqlite:///{tmp_path_factory.mktemp('record') / 'journal.db'}")


def ids(journal, wish):
    return list(dict.fromkeys(record.launch_id for record in recorded(journal, wish)))


def test_all_of_it_in_the_order_in_which_it_was_opened(journal):
    assert ids(journal, Wish()) == list(STREAMS)
    assert len(list(recorded(journal, Wish()))) == sum(STREAMS.values())


def test_one_campaign_or_one_time(journal):
    assert ids(journal, Wish(campaign_id=83)) == [CANCELLED]
    late = Wish(since=NOON + timedelta(minutes=1, seconds=20), until=NOON + timedelta(minutes=1, seconds=35))
    assert [record.seq for record in recorded(journal, late)] == [5, 6]


def test_a_launch_is_told_with_what_it_has_come_to(journal):
    with journal.reading() as connection:
        story = story_of(connection, SENT, KeptMessages(journal).find)
    assert [record.seq for record in story] == list(range(1, 8))
    assert {record.launch.state for record in story} == {"finished"}
    assert story[0].at == "2026-11-23T12:00:00.000000+00:00"


def test_the_list_and_the_beginnings_of_ids(journal):
    with journal.reading() as connection:
        listed = [(one.launch_id, one.state) for one in overview(connection, campaign_id=None, state="", since=NOON)]
        found = find_ids(connection, "L-", 2), find_ids(connection, "L-w", 5), find_ids(connection, "%", 5)
        assert remains_of(connection, SENT) is None
    assert listed == [(SENT, "finished"), (CANCELLED, "cancelled"), (WAITING, "requested")]
    assert (len(found[0]), found[1:]) == (2, ([WAITING], []))
