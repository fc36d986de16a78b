"""The digest comes late rather than never, and never twice."""

from zoneinfo import ZoneInfo

import pytest

from bot.journal.digests import Digests
from bot.launch.story import NotPublished, Unanswered
from bot.worker.digests import WeeklyDigest
from tests.builders import NOON, Clock, journal_at


class Posted:
    """A channel that does with each digest what it is told to, and takes it in the end."""

    def __init__(self, *troubles):
        self.weeks = []
        self._troubles = list(troubles)

    def post(self, digest):
        if self._troubles:
            raise self._troubles.pop(0)
        self.weeks.append(digest.week.name)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def journal(tmp_path, clock):
    return journal_at(tmp_path, clock)


def telling(journal, posted, zone="UTC"):
    return WeeklyDigest(Digests(journal), posted, lambda: ZoneInfo(zone) if zone else None, journal.now)


def test_a_week_is_told_once_however_often_and_by_whomever_it_is_looked_at(journal, clock):
    posted = Posted()
    for _ in range(3):
        telling(journal, posted).tell_if_due()
    clock.pass_by(days=7)
    for _ in range(3):
        telling(journal, posted).tell_if_due()
    assert posted.weeks == ["2026-11-16", "2026-11-23"]


def test_what_slack_did_not_take_is_told_later(journal):
    posted = Posted(NotPublished("not_in_channel"))
    assert not telling(journal, posted).tell_if_due()
    assert telling(journal, posted).tell_if_due()
    assert posted.weeks == ["2026-11-16"]


def test_what_slack_may_have_taken_is_not_told_again(journal):
    posted = Posted(Unanswered("timeout"))
    assert telling(journal, posted).tell_if_due()
    assert telling(journal, posted).tell_if_due()
    assert posted.weeks == []


def test_what_a_kill_left_open_is_not_told_again(journal):
    posted = Posted(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        telling(journal, posted).tell_if_due()
    assert telling(journal, posted).tell_if_due()
    assert posted.weeks == []


def test_where_nobody_knows_whose_monday_it_is_nothing_is_told_yet(journal):
    posted = Posted()
    assert telling(journal, posted, zone=None).tell_if_due()
    assert posted.weeks == []
    assert journal.now() == NOON
    telling(journal, posted).tell_if_due()
    assert posted.weeks == ["2026-11-16"]
