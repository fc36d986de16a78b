"""Each week is told once on both databases, whoever else would tell it; and what is told is what the record has."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.campaign.request import LaunchId
from bot.journal.digests import Digests
from bot.launch.commands import Approve, Observe, Reject, Request
from bot.launch.digest import week_to_tell
from bot.launch.outcome import Accepted
from bot.policy.refusals import Refused
from tests.builders import ANA, BEN, NOON, Clock, asked, journal_on, started

WEEK = week_to_tell(NOON + timedelta(days=7), ZoneInfo("UTC"))


@pytest.fixture
def journal(database_url):
    return journal_on(database_url, Clock())


def does(journal, launch_id, *commands):
    for command in commands:
        assert not isinstance(journal.execute(LaunchId(launch_id), command), Refused)


def test_of_all_who_would_tell_a_week_one_does(journal):
    digests = [Digests(journal) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda one: one.begin(WEEK), digests)) == 1


def test_a_week_that_was_begun_is_told_by_nobody_else_and_one_that_was_taken_back_by_the_next(journal):
    digests = Digests(journal)
    assert digests.begin(WEEK)
    assert not Digests(journal).begin(WEEK)
    digests.take_back(WEEK)
    assert Digests(journal).begin(WEEK)


def test_what_is_told_is_what_became_of_the_weeks_launches(journal):
    does(journal, "L1", Request(ANA, asked()), Approve(BEN), Observe(started("L1")), Observe(Accepted()))
    does(journal, "L2", Request(ANA, asked()), Reject(BEN, "no"))
    does(journal, "L3", Request(ANA, asked(at=NOON + timedelta(days=8))))
    told = Digests(journal).of(WEEK)
    assert [[one.launch.id for one in found] for found in (told.launched, told.refused, told.coming)] == [
        ["L1"],
        ["L2"],
        ["L3"],
    ]
    assert told.is_whole


def test_more_launches_than_are_looked_through_are_not_passed_over_in_silence(journal, monkeypatch):
    monkeypatch.setattr("bot.journal.digests.MOST", 2)
    for nth in range(3):
        does(journal, f"L{nth}", Request(ANA, asked()), Reject(BEN, "no"))
    assert not Digests(journal).of(WEEK).is_whole
