"""What was refused is on record under the refusal's tag, whatever its class is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.campaign.request import LaunchId
from bot.desk.denials import Denials
from bot.journal.audit import Counts, verify
from bot.journal.tables import events
from bot.launch.commands import Request
from bot.launch.events import Denied
from bot.policy.refusals import MissingRole, Refused, reason_tag
from bot.policy.roles import Action
from tests.builders import ANA, OTTO, Clock, asked, journal_at
from tests.launch.test_tags import REFUSALS, renamed

L1 = LaunchId("L1")


class Attempts:
    """Stands for the journal, and keeps what is put on record as belonging to no launch."""

    def record_denied(self, stream, actor, denied):
        self.last = (actor, denied)


@pytest.fixture
def journal(tmp_path):
    journal = journal_at(tmp_path, Clock())
    journal.execute(L1, Request(ANA, asked()))
    return journal


@given(st.sampled_from(Action), REFUSALS)
def test_every_refusal_is_recorded_under_its_tag(action, reason):
    attempts = Attempts()
    assert Denials(attempts).turn_away(OTTO, action, reason) == Refused(reason)
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
