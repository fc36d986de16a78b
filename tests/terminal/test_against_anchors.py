"""The anchors in Slack are held against the journal's: whoever owns the database alone cannot mend both."""

from datetime import timedelta

import pytest

from bot.journal.anchored_heads import anchor_digest, list_of
from bot.journal.anchors import Anchors
from bot.launch.commands import Reject
from bot.slack.anchors import ChannelAnchors
from bot.slack.api.thread_reader import NotRead, ThreadReader
from bot.terminal.against_anchors import hold_anchors
from bot.terminal.against_slack import Looked
from bot.texts import ENGLISH
from sandbox.slack.records import Limits
from tests.builders import BEN, LAUNCHES, Clock
from tests.journal.tampering import WAITING, filled, tamper
from tests.sandbox.slack.rig import running

FIRST, SECOND = "2026-11-22", "2026-11-23"


@pytest.fixture(scope="module")
def rig():
    yield from running(Limits(post_burst=1000))


class Told:
    """A journal with two anchors in the stand-in Slack, and what is found when they are compared."""

    def __init__(self, rig, folder):
        self.rig = rig.reset()
        self.clock = Clock()
        self.journal = filled(f"sqlite:///{folder / 'journal.db'}", self.clock)
        self.looked = Looked()
        self.tell(FIRST)
        self.clock.pass_by(days=1)
        self.journal.execute(WAITING, Reject(BEN, "no"))
        self.tell(SECOND)

    def tell(self, day):
        anchors, channel = Anchors(self.journal), ChannelAnchors(self.rig.client, LAUNCHES, ENGLISH)
        anchor = anchors.begin(day)
        channel.post(anchor)
        anchors.told(anchor, LAUNCHES)

    def found(self, since=None, channel=LAUNCHES):
        reader = ThreadReader(self.rig.client, lambda _seconds: None)
        return [one.text for one in hold_anchors(self.journal, reader, channel, self.looked, since)]

    def tamper(self, *statements, **values):
        with self.journal.writing() as connection:
            tamper(connection, *statements, **values)

    @property
    def messages(self):
        return self.rig.workspace.state.channels[LAUNCHES].messages


@pytest.fixture
def told(rig, tmp_path):
    return Told(rig, tmp_path)


def test_what_nobody_touched_agrees(told):
    assert told.found() == []
    assert told.found(channel="") == []


def test_heads_that_were_forged_together_with_the_anchors_are_found(told):
    """Whoever owns the database rewrites a head, its list and every digest after it: Slack still has the old one."""
    told.tamper("UPDATE anchored SET digest = :other WHERE number = 1 AND launch_id = :id", other="0" * 64, id=WAITING)
    with told.journal.writing() as connection:
        previous = ""
        for number, day in ((1, FIRST), (2, SECOND)):
            previous, _ = anchor_digest(previous, number, day, 5, list_of(connection, number))
            tamper(connection, f"UPDATE anchors SET digest = '{previous}' WHERE number = {number}")
    (found,) = told.found()
    assert FIRST in found
    assert "was changed" in found


@pytest.mark.parametrize("channel", [LAUNCHES, ""])
def test_an_older_copy_of_the_whole_journal_is_found(told, channel):
    told.tamper("DELETE FROM anchors WHERE number = 2", "DELETE FROM anchored WHERE number = 2")
    (found,) = told.found(channel=channel)
    assert SECOND in found
    assert "older copy" in found


def test_an_anchor_that_was_deleted_in_slack_is_found(told):
    del told.messages[next(iter(told.messages))]
    (found,) = told.found()
    assert FIRST in found
    assert "deleted" in found


def test_an_anchor_that_was_edited_in_slack_is_found(told):
    told.rig.client.chat_update(channel=LAUNCHES, ts=list(told.messages)[-1], text="all is well")
    assert any("edited" in one or "deleted" in one for one in told.found())


def test_only_anchors_since_then_are_asked_for(told):
    del told.messages[next(iter(told.messages))]
    assert told.found(since=told.clock.now - timedelta(hours=1)) == []


def test_a_channel_that_cannot_be_read_is_named_and_is_no_finding(told, monkeypatch):
    def not_read(*_arguments):
        raise NotRead("Slack answered “missing_scope”")

    monkeypatch.setattr(ThreadReader, "noted", not_read)
    assert told.found() == []
    assert told.looked.unread == [f"The anchors in {LAUNCHES}: Slack answered “missing_scope”."]
