"""What a test proves is what its record says, and only where that is whole."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.campaign.campaign import Audience, MessageRef
from bot.campaign.request import LaunchId, Purpose, RequestId, Source, SourceKind
from bot.journal.file_store import FileStore
from bot.journal.testing import MadeTests
from bot.launch.commands import Observe, Request
from bot.launch.copying import Copied, CopyStarted
from bot.launch.outcome import Accepted
from bot.launch.run import RunStarted
from bot.launch.testing import Tested
from bot.policy.fingerprint import message_fingerprint
from tests.builders import ANA, BEN, NOON, PREVIEW, Clock, asked, journal_at, started

T1, L1 = LaunchId("T1"), LaunchId("L1")
REVIEWERS = Source(SourceKind.SEGMENT, 21)
TEST = {"purpose": Purpose.TEST, "source": REVIEWERS, "limit": 25}


class Made:
    """A journal with a test of campaign 82 in it, whose run has started."""

    def __init__(self, path):
        self.clock = Clock()
        self.journal = journal_at(path, self.clock)
        self.tests = MadeTests(self.journal)
        self.messages = (self.message(b"one"),)
        seen = replace(PREVIEW, messages=self.messages, audience=Audience(source=REVIEWERS, size=6))
        self.asked = replace(asked(approvals=0, **TEST), preview=seen)
        self.journal.execute(T1, Request(ANA, self.asked))
        for event in (CopyStarted(RequestId("C1"), "a copy", "c" * 64), Copied(900), started(), Accepted()):
            self.journal.execute(T1, Observe(event))

    def message(self, content):
        return MessageRef(message_id=78, digest=FileStore(self.journal).keep(content))

    def runs(self):
        self.journal.execute(T1, Observe(RunStarted(NOON)))

    def fingerprint(self, **but):
        return message_fingerprint(replace(self.asked.request, **but), self.asked.preview)

    def launch(self, messages, **parameters):
        preview = replace(PREVIEW, messages=messages)
        return self.journal.execute(L1, Request(BEN, replace(asked(**parameters), preview=preview)))


@pytest.fixture
def made(tmp_path):
    return Made(tmp_path)


def test_a_test_counts_from_when_its_run_was_seen_to_start(made):
    assert not made.tests.was_tested(82, made.fingerprint())
    made.runs()
    assert made.tests.was_tested(82, made.fingerprint())


def test_it_counts_for_what_it_sent_and_for_no_other_campaign_or_value(made):
    made.runs()
    assert not made.tests.was_tested(83, made.fingerprint())
    assert not made.tests.was_tested(82, made.fingerprint(content={"promo": "OTHER"}))


def test_a_test_whose_record_was_changed_proves_nothing(made):
    made.runs()
    with made.journal.writing() as connection:
        connection.execute(text("update events set actor = 'U0MALLORY' where launch_id = 'T1' and seq = 6"))
    assert not made.tests.was_tested(82, made.fingerprint())


def test_a_launch_is_told_the_test_of_just_what_it_sends(made):
    made.runs()
    told = made.tests.last(made.launch(made.messages))
    assert told == Tested(by=ANA, at=NOON, size=6, is_current=True)


@pytest.mark.parametrize("other", ["message", "value"])
def test_a_test_of_something_else_was_before_the_last_change(made, other):
    made.runs()
    messages = (made.message(b"two"),) if other == "message" else made.messages
    launch = made.launch(messages, content={"promo": "X"} if other == "value" else None)
    assert not made.tests.last(launch).is_current


def test_a_message_that_could_not_be_read_was_never_tested(made):
    made.runs()
    assert not made.tests.last(made.launch((MessageRef(message_id=78, cause="refused"),))).is_current


def test_a_persons_tests_are_counted_and_launches_are_not(made):
    made.launch(made.messages)
    assert made.tests.asked_by(ANA, NOON - timedelta(hours=1)) == 1
    assert made.tests.asked_by(BEN, NOON - timedelta(hours=1)) == 0
    assert made.tests.asked_by(ANA, NOON) == 0


def test_a_test_belongs_to_the_launch_of_its_campaign_that_waits(made):
    assert made.tests.made_for(82) is None
    made.launch(made.messages)
    assert made.tests.made_for(82) == L1


def test_a_test_bars_no_launch_and_collides_with_none(made):
    made.runs()
    assert made.journal.in_doubt(82, L1) is None
    assert made.journal.collisions(L1, asked().request, PREVIEW, timedelta(hours=24)) == ()
