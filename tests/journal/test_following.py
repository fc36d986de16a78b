"""Whoever follows the record misses no event, on both databases, whoever appends meanwhile."""

import threading

import pytest
from sqlalchemy import text

from bot.campaign.request import LaunchId
from bot.journal import following
from bot.journal.following import place
from bot.journal.pruning import prune
from bot.journal.record import followed
from bot.journal.schema import upgrade
from bot.launch.commands import Request
from tests.builders import ANA, NOON, Clock, asked, journal_on
from tests.journal.earlier import before_anchors
from tests.journal.tampering import LONE, SENT, STREAMS, WAITING, filled


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def journal(journal_url, clock):
    return filled(journal_url, clock)


def all_after(journal, position=0):
    told = []
    while batch := followed(journal, position):
        position, records = batch
        told += [(one.launch_id, one.seq) for one in records]
    return position, told


def test_every_event_comes_once_in_the_order_in_which_it_was_put_on_record(journal):
    _, told = all_after(journal)
    assert told[:3] == [(SENT, 1), (LONE, 1), (SENT, 2)]
    assert len(told) == len(set(told)) == sum(STREAMS.values())


def test_many_events_come_in_several_batches(journal, monkeypatch):
    monkeypatch.setattr(following, "_AFTER", following._AFTER.limit(2))
    assert len(all_after(journal)[1]) == sum(STREAMS.values())


def test_what_happens_later_comes_after_it(journal):
    position, _ = all_after(journal)
    journal.execute(LaunchId("L-new"), Request(ANA, asked(campaign_id=85)))
    assert all_after(journal, position)[1] == [("L-new", 1)]


def test_what_is_pruned_is_left_out_and_its_position_is_given_to_nothing_else(journal, clock):
    position, _ = all_after(journal)
    clock.pass_by(days=2)
    assert list(prune(journal, NOON.replace(day=24)))
    assert {launch for launch, _ in all_after(journal)[1]} == {WAITING}
    journal.execute(LaunchId("L-new"), Request(ANA, asked(campaign_id=85)))
    assert all_after(journal, position)[1] == [("L-new", 1)]


def test_a_record_from_before_is_followed_from_its_beginning(journal):
    _, told = all_after(journal)
    with journal.writing() as connection:
        before_anchors(connection)
    upgrade(journal._engine)
    assert sorted(all_after(journal)[1]) == sorted(told)


def test_nobody_is_passed_by_who_took_a_position_first_and_commits_last(journal_url, request):
    if "postgresql" not in journal_url:
        pytest.skip("SQLite's writers follow one another")
    journal = journal_on(journal_url, Clock())
    may_commit, placed = threading.Event(), threading.Event()

    def slow():
        with journal.writing() as connection:
            place(connection, [("L-slow", 1)])
            placed.set()
            may_commit.wait()

    thread = threading.Thread(target=slow)
    thread.start()
    placed.wait()
    journal.execute(LaunchId("L-quick"), Request(ANA, asked()))
    assert followed(journal, 0) is None  # the quick one's position is higher, and not told yet
    may_commit.set()
    thread.join()
    with journal.reading() as connection:
        assert connection.execute(text("SELECT launch_id FROM order_of_events ORDER BY position")).scalars().all() == [
            "L-slow",
            "L-quick",
        ]
    assert all_after(journal)[1] == [("L-quick", 1)]
