"""What somebody is told of themselves is what each check would say: no role too many, none left out, none guessed."""

import pytest

from bot.phrase import Phrase
from bot.policy.demands import Demands
from bot.policy.file import read_policy
from bot.policy.permissions import check_role
from bot.policy.policy import RoleList
from bot.policy.roles import Action, Role, RolesUnknown
from bot.policy.standing import HeldRole, Unchecked, standing
from tests.builders import ANA, BEN, CLEO, DAN, OTTO

SETTINGS = {
    Role.REQUESTER.value: RoleList((ANA,)),
    Role.APPROVER.value: RoleList((BEN, "S0LEADS")),
    Role.ADMIN.value: RoleList((DAN,)),
}


class Roles:
    """By the lists of a policy, and of one user group; a group that is None cannot be looked up."""

    def __init__(self, policy, leads=(CLEO,)):
        self._policy = policy
        self._leads = leads

    def held_by(self, person, role):
        members = self._policy.roles[role].members
        if person in members:
            return person
        if "S0LEADS" not in members:
            return None
        if self._leads is None:
            raise RolesUnknown(Phrase("Slack did not answer"))
        return "S0LEADS" if person in self._leads else None

    def holds(self, person, role):
        return self.held_by(person, role) is not None


def told(person, file="", leads=(CLEO,)):
    policy = read_policy(file, SETTINGS, Demands())
    return standing(person, policy, Roles(policy, leads))


def test_a_role_comes_from_the_person_s_own_id_or_from_a_user_group():
    assert told(BEN).roles == (HeldRole("approver", BEN, in_file=False),)
    assert told(CLEO).roles == (HeldRole("approver", "S0LEADS", in_file=False),)
    assert told(OTTO).roles == ()
    assert told(OTTO).may == frozenset()


def test_a_list_of_the_policy_file_is_told_from_one_of_the_settings():
    file = '[roles.approver]\nmembers = ["U0BEN"]\n[roles.admin]\nmention = []\n[roles.lead]\nmembers = ["S0LEADS"]\n'
    assert told(BEN, file).roles == (HeldRole("approver", BEN, in_file=True),)
    assert told(DAN, file).roles == (HeldRole("admin", DAN, in_file=False),)
    assert told(CLEO, file).roles == (HeldRole("lead", "S0LEADS", in_file=True),)


@pytest.mark.parametrize("person", [ANA, BEN, CLEO, DAN, OTTO])
@pytest.mark.parametrize("may_stop", ["", 'may_stop = ["requester"]\n'])
def test_what_somebody_may_do_is_what_the_checks_let_them_do(person, may_stop):
    policy = read_policy(may_stop, SETTINGS, Demands())
    roles = Roles(policy)
    needed = {Action.STOP: policy.may_stop}
    allowed = {action for action in Action if check_role(action, person, roles, needed.get(action, ())) is None}
    assert standing(person, policy, roles).may == allowed


def test_any_role_of_the_policys_own_lets_its_people_look():
    assert told(OTTO, '[roles.guest]\nmembers = ["U0OTTO"]\n').may == {Action.READ}


def test_a_role_that_cannot_be_looked_up_is_neither_held_nor_missing():
    found = told(CLEO, leads=None)
    assert found.roles == ()
    assert found.unchecked == (Unchecked("approver", Phrase("Slack did not answer")),)


def test_approvals_for_a_role_of_the_policys_own_count_only_from_approvers():
    file = '[roles.lead]\nmembers = ["U0BEN", "U0OTTO"]\n[always]\nof_which = { lead = 1 }\n'
    assert told(BEN, file).approves_for == ("lead",)
    assert told(OTTO, file).approves_for == ()
    assert told(BEN, '[roles.lead]\nmembers = ["U0BEN"]\n').approves_for == ()
