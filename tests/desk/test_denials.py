"""What was refused is on record under the refusal's tag, whatever its class is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.campaign.request import LaunchId
from bot.desk.denials import Denials
from bot.journal.audit import Counts, verify
from bot.journal.tables import events
from bot.launch.commands import Cancel, Request
from bot.launch.events import Denied
from bot.policy.refusals import MissingRole, Refused, reason_tag
from bot.policy.roles import Action
from tests.builders import ANA, BEN, OTTO, Clock, asked, journal_at, journal_on
from tests.launch.test_tags import REFUSALS, renamed

L1 = LaunchId("L1")


class Attempts:
    """Stands for the journal, and keeps what is put on record as belonging to no launch."""

    def record_alone(self, stream, actor, denied, within):
        self.last = (actor, denied)


class Never:
    """Stands for what was refused before: nothing."""

    def counted(self, attempt):
        return 0


@pytest.fixture
def journal(tmp_path):
    journal = journal_at(tmp_path, Clock())
    journal.execute(L1, Request(ANA, asked()))
    return journal


@given(st.sampled_from(Action), REFUSALS)
def test_every_refusal_is_recorded_under_its_tag(action, reason):
    attempts = Attempts()
    assert Denials(attempts, Never()).turn_away(OTTO, action, reason) == Refused(reason)
    assert attempts.last == (OTTO, Denied(action, reason_tag(reason)))


def test_renaming_a_refusal_changes_nothing_in_the_record(journal):
    reason = MissingRole(Action.APPROVE, ("approver",))
    with renamed(MissingRole):
        Denials(journal).refuse(L1, OTTO, Action.APPROVE, reason)
        Denials(journal).refuse(LaunchId("gone"), OTTO, Action.APPROVE, reason)
    with journal.reading() as connection:
        data = connection.execute(select(events.c.data).where(events.c.kind == "launch:deny")).scalars().all()
        assert list(verify(connection, Counts())) == []
    assert data == [{"action": "launch:approve", "reason": "MissingRole"}] * 2


NOT_AN_APPROVER = MissingRole(Action.APPROVE, ("approver",))


class Refusing:
    """Somebody who is refused again and again, by several instances, on a clock that a test moves."""

    def __init__(self, url):
        self.clock = Clock()
        self.journal = journal_on(url, self.clock)
        self.journal.execute(L1, Request(ANA, asked()))
        self.instances = [Denials(self.journal), Denials(self.journal)]

    def often(self, times, launch_id=L1, person=OTTO):
        for nth in range(times):
            refused = self.instances[nth % 2].refuse(launch_id, person, Action.APPROVE, NOT_AN_APPROVER)
            assert refused == Refused(NOT_AN_APPROVER)
            self.clock.pass_by(seconds=1)

    def settle(self):
        for one in self.instances:
            one.settle()

    def on_record(self):
        """How often it says that somebody was refused, event by event."""
        with self.journal.reading() as connection:
            assert list(verify(connection, Counts())) == []
            data = select(events.c.data).where(events.c.kind == "launch:deny").order_by(events.c.at)
            return [one.get("times", 1) for one in connection.execute(data).scalars()]


@pytest.fixture
def refusing(journal_url):
    return Refusing(journal_url)


@pytest.mark.parametrize("launch_id", [L1, LaunchId("gone")])
def test_sixty_refusals_in_a_minute_are_two_events_that_count_them_all(refusing, launch_id):
    refusing.often(60, launch_id)
    refusing.settle()
    assert refusing.on_record() == [1]
    refusing.clock.pass_by(hours=1)
    refusing.settle()
    refusing.settle()
    assert refusing.on_record() == [1, 59]


def test_a_day_of_it_grows_the_chain_by_two_events_an_hour_at_most(refusing):
    for _ in range(24):
        refusing.often(5)
        refusing.clock.pass_by(hours=1)
        refusing.settle()
    assert len(refusing.on_record()) <= 48
    assert sum(refusing.on_record()) == 24 * 5


def test_whoever_comes_back_before_the_count_is_settled_is_told_with_it(refusing):
    refusing.often(3)
    refusing.clock.pass_by(hours=2)
    refusing.often(1)
    assert refusing.on_record() == [1, 3]


def test_each_person_is_counted_alone(refusing):
    refusing.often(2)
    refusing.often(1, person=BEN)
    assert refusing.on_record() == [1, 1]


def test_a_count_outlives_the_instance_that_counted(refusing):
    refusing.often(4)
    refusing.clock.pass_by(hours=1)
    Denials(refusing.journal).settle()
    assert refusing.on_record() == [1, 3]


def test_a_launch_that_goes_on_meanwhile_does_not_lose_the_count(refusing):
    refusing.often(4)
    refusing.journal.execute(L1, Cancel(ANA))
    refusing.clock.pass_by(hours=1)
    refusing.settle()
    assert refusing.on_record() == [1, 3]
