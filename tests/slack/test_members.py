"""Roles: people and groups, cached for a minute, and closed where Slack does not answer."""

import pytest
from slack_sdk.errors import SlackApiError

from bot.policy.permissions import check_role
from bot.policy.policy import Policy, RoleList
from bot.policy.refusals import MissingRole, Refused, RolesNotChecked
from bot.policy.roles import Action, Role, RolesUnknown
from bot.slack.api.role_members import RoleMembers
from tests.builders import ANA, BEN, CLEO, DAN, OTTO

POLICY = Policy(
    roles={
        "requester": RoleList(("U0ANA",)),
        "approver": RoleList(("U0BEN", "S0LEADS")),
        "admin": RoleList(),
        "lead": RoleList(("S0LEADS",)),
    }
)


class Slack:
    def __init__(self):
        self.members = ["U0CLEO"]
        self.trouble = None
        self.asked = 0

    def usergroups_users_list(self, *, usergroup):
        self.asked += 1
        if self.trouble:
            raise self.trouble
        return {"ok": True, "users": list(self.members)}


class Seconds:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def slack():
    return Slack()


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def members(slack, seconds):
    return RoleMembers(lambda: POLICY, slack, seconds)


def test_people_in_the_list_need_no_look_up(members, slack):
    assert members.holds(BEN, Role.APPROVER)
    assert slack.asked == 0


def test_members_of_a_group_hold_its_role(members):
    assert members.holds(CLEO, Role.APPROVER)
    assert not members.holds(OTTO, Role.APPROVER)


def test_an_empty_list_means_nobody(members):
    assert not members.holds(DAN, Role.ADMIN)


def test_a_group_is_read_once_a_minute(members, slack, seconds):
    members.holds(CLEO, Role.APPROVER)
    members.holds(CLEO, Role.APPROVER)
    assert slack.asked == 1
    slack.members = []
    seconds.now = 61
    assert not members.holds(CLEO, Role.APPROVER)


def test_an_old_answer_is_not_good_enough_when_slack_fails(members, slack, seconds):
    assert members.holds(CLEO, Role.APPROVER)
    slack.trouble = TimeoutError()
    seconds.now = 61
    with pytest.raises(RolesUnknown):
        members.holds(CLEO, Role.APPROVER)


@pytest.mark.parametrize(
    "trouble", [TimeoutError(), ConnectionError(), SlackApiError("no", {"ok": False, "error": "plan_upgrade_required"})]
)
def test_a_check_that_cannot_be_made_refuses(members, slack, trouble):
    slack.trouble = trouble
    assert isinstance(check_role(Action.APPROVE, CLEO, members).reason, RolesNotChecked)
    assert check_role(Action.APPROVE, BEN, members) is None


def test_who_holds_no_role_is_told_which_is_missing(members):
    assert check_role(Action.REQUEST, OTTO, members) == Refused(MissingRole(Action.REQUEST, (Role.REQUESTER,)))
    assert check_role(Action.REQUEST, ANA, members) is None
