"""Roles: people and groups, cached for a minute, and closed where Slack does not answer."""

import pytest
from slack_sdk.errors import SlackApiError

from bot.policy.permissions import check_role
from bot.policy.policy import Policy, RoleList
from bot.policy.refusals import MissingRole, Refused, RolesNotChecked
from bot.policy.roles import Action, Role, RolesUnknown
from bot.slack.api.role_members import MOST_ASKED, UNKNOWN_FOR, RoleMembers
from bot.slack.profiles import Profiles
from bot.slack.workspace import Workspace
from tests.builders import ANA, BEN, CLEO, DAN, OTTO, AtOnce

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
        self.marks = {}
        self.silent_about_people = None

    def usergroups_users_list(self, *, usergroup):
        self.asked += 1
        if self.trouble:
            raise self.trouble
        return {"ok": True, "users": list(self.members)}

    def users_info(self, *, user, include_locale):
        if self.silent_about_people:
            raise self.silent_about_people
        usual = {"id": user, "team_id": "T0HOME", "deleted": False, "is_bot": False}
        return {"ok": True, "user": {**usual, **self.marks.get(user, {})}}


OUT = {
    "deactivated": {"deleted": True},
    "a bot": {"is_bot": True},
    "a stranger": {"is_stranger": True},
    "of another workspace": {"team_id": "T0ELSE"},
}
GUESTS = {"a guest": {"is_restricted": True}, "a guest of one channel": {"is_ultra_restricted": True}}


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
    home = Workspace(frozenset({"T0HOME"}))
    return RoleMembers(lambda: POLICY, slack, Profiles(slack, seconds), lambda: home, AtOnce(), seconds)


def test_the_id_by_which_somebody_holds_a_role_is_told(members):
    assert [members.held_by(one, Role.APPROVER) for one in (BEN, CLEO, OTTO)] == [BEN, "S0LEADS", None]


def test_whoever_counts_nowhere_holds_no_role_by_any_id(members, slack):
    slack.marks = {BEN: {"deleted": True}, CLEO: {"is_restricted": True}}
    assert [members.held_by(one, Role.APPROVER) for one in (BEN, CLEO)] == [None, None]


def test_people_in_the_list_need_no_look_up_of_a_group(members, slack):
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


def test_a_group_that_could_not_be_read_is_asked_for_again_a_second_later(members, slack, seconds):
    slack.trouble = TimeoutError()
    for moment in (0, UNKNOWN_FOR / 2):
        seconds.now = moment
        with pytest.raises(RolesUnknown):
            members.holds(CLEO, Role.APPROVER)
    assert slack.asked == 1
    seconds.now, slack.trouble = UNKNOWN_FOR, None
    assert members.holds(CLEO, Role.APPROVER)


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


@pytest.mark.parametrize("marks", OUT.values(), ids=OUT)
@pytest.mark.parametrize("person", [BEN, CLEO], ids=["named", "in a group"])
def test_whoever_is_deactivated_a_bot_or_a_stranger_counts_nowhere(members, slack, person, marks):
    slack.marks[person] = marks
    assert not members.holds(person, Role.APPROVER)
    assert person not in members.holders(Role.APPROVER)
    assert person not in members.known_holders(Role.APPROVER)


@pytest.mark.parametrize("marks", GUESTS.values(), ids=GUESTS)
def test_a_guest_counts_only_where_their_own_id_is_listed(members, slack, marks):
    slack.marks = {BEN: marks, CLEO: marks}
    assert members.holds(BEN, Role.APPROVER)
    assert not members.holds(CLEO, Role.APPROVER)
    assert members.holders(Role.APPROVER) == {BEN}


def test_somebody_of_the_same_organisation_who_is_also_in_this_workspace_counts(members, slack):
    slack.marks[BEN] = {"team_id": "T0ELSE", "enterprise_user": {"teams": ["T0HOME", "T0ELSE"]}}
    assert members.holds(BEN, Role.APPROVER)


@pytest.mark.parametrize(
    "trouble", [TimeoutError(), SlackApiError("no", {"ok": False, "error": "missing_scope"}), KeyError("user")]
)
def test_somebody_of_whom_slack_tells_nothing_is_not_taken_on_trust(members, slack, trouble):
    slack.silent_about_people = trouble
    with pytest.raises(RolesUnknown):
        members.holds(BEN, Role.APPROVER)
    assert BEN in members.holders(Role.APPROVER)  # an early warning only


def test_somebody_whom_slack_does_not_know_holds_nothing(members, slack):
    slack.silent_about_people = SlackApiError("no", {"ok": False, "error": "user_not_found"})
    assert not members.holds(BEN, Role.APPROVER)


def test_an_early_warning_asks_slack_a_bounded_number_of_questions(members, slack):
    asked, tell = [], slack.users_info
    slack.users_info = lambda *, user, include_locale: (asked.append(user), tell(user=user, include_locale=True))[1]
    slack.members = [f"U{number:03}" for number in range(3 * MOST_ASKED)]
    assert len(members.holders(Role.APPROVER)) == 3 * MOST_ASKED + 1
    assert len(asked) == MOST_ASKED


def test_what_was_told_of_a_person_is_believed_for_a_minute_and_not_longer(members, slack, seconds):
    assert members.holds(BEN, Role.APPROVER)
    slack.marks[BEN] = {"deleted": True}
    seconds.now = 59
    assert members.holds(BEN, Role.APPROVER)
    seconds.now = 60
    assert not members.holds(BEN, Role.APPROVER)


def test_a_sentence_names_nobody_who_counts_nowhere_nor_twice(members, slack):
    slack.members = ["U0CLEO", "U0BEN"]
    assert members.nameable(Role.APPROVER) == ("U0BEN", "S0LEADS")
    assert members.holds(CLEO, Role.APPROVER)
    # From now on it is known who is in the group, so that Ben is named by it.
    assert members.nameable(Role.APPROVER) == ("S0LEADS",)
    slack.marks[ANA] = {"deleted": True}
    assert not members.holds(ANA, Role.REQUESTER)
    assert members.nameable(Role.REQUESTER) == ()


def test_a_group_of_nobody_who_could_do_it_is_not_named(members):
    assert members.holds(CLEO, Role.APPROVER)
    assert members.nameable(Role.APPROVER, but=(CLEO,)) == ("U0BEN",)
    assert members.nameable(Role.APPROVER, but=(BEN,)) == ("S0LEADS",)


def test_to_name_people_asks_slack_nothing(members, slack):
    slack.trouble = slack.silent_about_people = TimeoutError()
    assert members.nameable(Role.APPROVER, ("lead",)) == ("U0BEN", "S0LEADS")
    assert slack.asked == 0
