"""Who may look, and what a person's Home is made of; where that cannot be found out, nobody looks."""

import pytest
from sqlalchemy import text

from bot.campaign.request import ActivationRequest, LaunchId, RequestId
from bot.desk.search import LookupDesk
from bot.journal.launch_search import Looking
from bot.launch.commands import Adopt, Request
from bot.launch.events import Adopted
from bot.launch.search import Wanted
from bot.launch.stop import StopAsked
from bot.policy.context import PolicyContext
from bot.policy.policy import Policy, PolicyUnreadable, RoleList
from bot.policy.refusals import MissingRole, PolicyNotRead, RolesNotChecked
from bot.policy.roles import RolesUnknown
from tests.builders import ANA, BEN, DAN, LAUNCHES, OTTO, PREVIEW, Clock, asked, journal_at
from tests.message.builders import unchecked


class Roles:
    """Who holds what; a role that is None cannot be looked up."""

    def __init__(self, **held):
        self._held = held

    def holds(self, person, role):
        holders = self._held.get(role, ())
        if holders is None:
            raise RolesUnknown("Slack did not answer")
        return person in holders

    def held(self, person, among):
        return frozenset(role for role in among if self.holds(person, role))


POLICY = Policy(roles={role: RoleList() for role in ("requester", "approver", "admin", "guest")})
USUAL = {"requester": (ANA,), "approver": (BEN,), "admin": (DAN,)}


@pytest.fixture
def journal(tmp_path):
    journal = journal_at(tmp_path, Clock())
    journal.execute(LaunchId("L1"), Request(ANA, asked()))
    return journal


def desk(journal, policy=lambda: POLICY, **held):
    context = PolicyContext(policy, Roles(**{**USUAL, **held}), lambda *_: (), unchecked())
    return LookupDesk(journal, Looking(journal), context)


def denials(journal):
    with journal.reading() as connection:
        rows = connection.execute(text("SELECT actor FROM events WHERE kind = 'launch:deny'"))
        return list(rows.scalars())


@pytest.mark.parametrize("person", [ANA, BEN, DAN])
def test_whoever_holds_a_role_may_look(journal, person):
    assert desk(journal).may_look(person) is None
    assert denials(journal) == []


def test_a_role_of_the_policys_own_is_enough(journal):
    assert desk(journal, guest=(OTTO,)).may_look(OTTO) is None


def test_an_outsider_is_refused_and_it_is_recorded(journal):
    assert isinstance(desk(journal).may_look(OTTO).reason, MissingRole)
    assert denials(journal) == [OTTO]


def test_where_a_role_cannot_be_looked_up_who_holds_another_still_looks_and_nobody_else(journal):
    unsure = desk(journal, approver=None)
    assert unsure.may_look(ANA) is None
    assert isinstance(unsure.may_look(OTTO).reason, RolesNotChecked)
    assert isinstance(desk(journal, guest=None).may_look(OTTO).reason, RolesNotChecked)


def test_where_the_policy_cannot_be_read_no_role_of_its_own_counts(journal):
    def unreadable():
        raise PolicyUnreadable("policy.toml has mistakes")

    assert isinstance(desk(journal, unreadable).may_look(OTTO).reason, PolicyNotRead)


def test_opening_home_is_no_attempt_and_shows_an_outsider_nothing(journal):
    told = desk(journal).home(OTTO)
    assert told.lists is None
    assert isinstance(told.refused.reason, MissingRole)
    assert denials(journal) == []


@pytest.mark.parametrize(("person", "waits"), [(ANA, 0), (BEN, 1), (DAN, 0)])
def test_only_for_an_approver_something_waits(journal, person, waits):
    told = desk(journal).home(person)
    assert (len(told.lists.waiting), told.refused) == (waits, None)


def test_who_may_be_an_approver_or_not_is_told_that_nobody_knows(journal):
    told = desk(journal, requester=(ANA, BEN), approver=None).home(BEN)
    assert told.lists.waiting == ()
    assert isinstance(told.refused.reason, RolesNotChecked)


def test_the_last_launch_of_a_campaign_is_the_newest(journal):
    assert desk(journal).last_launch(82).launch.id == "L1"
    assert desk(journal).last_launch(83) is None
    assert len(desk(journal).history(Wanted()).found) == 1


def test_a_campaign_that_was_only_taken_on_to_be_stopped_is_no_launch_from_here(journal):
    adopted = Adopted(request=ActivationRequest(campaign_id=83), channel=LAUNCHES, preview=PREVIEW)
    journal.execute(LaunchId("L2"), Adopt(DAN, adopted, StopAsked(RequestId("S1"))))
    assert desk(journal).last_launch(83) is None
    assert len(desk(journal).history(Wanted(campaign_id=83)).found) == 1
