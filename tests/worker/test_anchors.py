"""A day is anchored late rather than never, and never twice."""

import pytest

from bot.campaign.request import LaunchId
from bot.journal.anchors import Anchors
from bot.launch.commands import Cancel, Request
from bot.launch.story import NotPublished, Unanswered
from bot.worker.anchors import DailyAnchor
from tests.builders import ANA, LAUNCHES, Clock, asked, journal_at

L1 = LaunchId("L1")


class Posted:
    """A channel that does with each anchor what it is told to, and takes it in the end."""

    channel = LAUNCHES

    def __init__(self, *troubles):
        self.days = []
        self._troubles = list(troubles)

    def post(self, anchor):
        if self._troubles:
            raise self._troubles.pop(0)
        self.days.append(anchor.day)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def journal(tmp_path, clock):
    journal = journal_at(tmp_path, clock)
    journal.execute(L1, Request(ANA, asked()))
    return journal


def anchoring(journal, posted):
    return DailyAnchor(Anchors(journal), posted, journal.now)


def test_a_day_is_anchored_once_however_often_and_by_whomever_it_is_looked_at(journal, clock):
    posted = Posted()
    ours, others = anchoring(journal, posted), anchoring(journal, posted)
    for _ in range(2):
        assert ours.tell_if_due()
        assert others.tell_if_due()
    journal.execute(L1, Cancel(ANA))
    clock.pass_by(days=1)
    for _ in range(2):
        assert ours.tell_if_due()
        assert others.tell_if_due()
    assert posted.days == ["2026-11-22", "2026-11-23"]


def test_a_day_on_which_nothing_happened_is_passed_over(journal, clock):
    posted = Posted()
    daily = anchoring(journal, posted)
    for _ in range(3):
        daily.tell_if_due()
        clock.pass_by(days=1)
    assert posted.days == ["2026-11-22"]


def test_what_slack_did_not_take_is_told_later_with_what_has_happened_meanwhile(journal):
    posted = Posted(NotPublished("not_in_channel"))
    daily = anchoring(journal, posted)
    assert not daily.tell_if_due()
    assert daily.tell_if_due()
    assert posted.days == ["2026-11-22"]


@pytest.mark.parametrize("trouble", [Unanswered("timeout"), KeyboardInterrupt()])
def test_what_slack_may_have_taken_is_not_told_again(journal, trouble):
    posted = Posted(trouble)
    daily = anchoring(journal, posted)
    if isinstance(trouble, Unanswered):
        assert daily.tell_if_due()
    else:
        with pytest.raises(KeyboardInterrupt):
            daily.tell_if_due()
    assert anchoring(journal, posted).tell_if_due()
    assert posted.days == []
