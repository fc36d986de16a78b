"""Whether the people and user groups of the roles are there, and enough of them to launch anything."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.doctor.finding import Finding
from bot.policy.policy import Policy
from bot.policy.roles import Role, is_group
from bot.slack.api.groups import Groups
from bot.slack.api.role_members import Excluded, excluded
from bot.slack.api.scopes import answered
from bot.slack.workspace import Workspace
from bot.texts import listed

MOST_LOOKED_UP = 100
"""People; Slack takes about a hundred such questions a minute."""

SIDE_BY_SIDE = 8

UNREADABLE_GROUP: Mapping[str, str] = {
    "plan_upgrade_required": "the workspace's plan has no user groups: list user ids (U…) instead",
    "no_such_subteam": "there is no such user group: copy its id (S…) again, or take it away",
    "subteam_not_found": "there is no such user group: copy its id (S…) again, or take it away",
    "subteam_disabled": "the user group is disabled: enable it, or take it away",
    "missing_scope": "the app lacks usergroups:read: install it with manifest.yaml again",
}


LISTED: Mapping[Excluded, str] = {
    Excluded.STRANGER: "that is somebody of another workspace, who can hold no role here: take it away",
    Excluded.DEACTIVATED: "that account is deactivated: take it away, and add whoever took over",
    Excluded.BOT: "that is a bot, which presses no buttons: take it away",
    Excluded.GUEST: "that is a guest of the workspace, who counts as their own id is listed: take it away if not meant",
}
"""What to say of somebody whose own id is in a role's list."""

GROUPED: Mapping[Excluded, str] = {
    Excluded.STRANGER: "that is somebody of another workspace, who can hold no role here: take them out of the group",
    Excluded.DEACTIVATED: "that account is deactivated: take it out of the group, and add whoever took over",
    Excluded.BOT: "that is a bot, which presses no buttons: take it out of the group",
    Excluded.GUEST: "that is a guest, who holds a role only where their own id is listed: list it if that is meant",
}
"""What to say of somebody in a user group that is in a role's list."""


@dataclass(frozen=True)
class _Answer:
    """What Slack says of one id: `people` who stand behind it, and what is wrong with it."""

    people: frozenset[str] = frozenset()
    wrong: str = ""
    """Why nobody stands behind it, as a clause with what to do."""
    unchecked: bool = False
    excluded: Excluded | None = None
    """Of a person: what keeps them from holding a role, a guest's own id being listed or not."""

    def may_act(self, *, listed: bool) -> bool:
        """Whether a person can hold a role for all that is known; `listed` where their own id is in its list."""
        # Whoever could not be checked may be there: that was told.
        if self.unchecked:
            return True
        return not self.wrong and (self.excluded is None or (listed and self.excluded is Excluded.GUEST))


UNKNOWN = _Answer(unchecked=True)
"""Of whoever was not asked about."""


def findings(client: WebClient, policy: Policy, home: Workspace) -> Iterator[Finding]:
    """What is wrong with the ids of all roles. `home` is the workspace that the bot is installed in."""
    where = _roles_by_id(policy)
    groups = _looked_up(client, home, [one for one in where if is_group(one)])
    inside = {person for answer in groups.values() for person in answer.people}
    wanted = sorted(inside | {one for one in where if not is_group(one)})
    known = _looked_up(client, home, wanted[:MOST_LOOKED_UP])
    if len(wanted) > MOST_LOOKED_UP:
        yield Finding(f"Of {len(wanted)} people in the roles, only {MOST_LOOKED_UP} could be checked.", may_run=True)
    for one, roles in where.items():
        answer = groups.get(one) or known.get(one, UNKNOWN)
        wrong = _wrong(answer, LISTED)
        if wrong:
            # A group that cannot be read refuses whoever may be in it; a person who is gone hinders nobody else.
            yield Finding(f"{one}, in {listed(roles)}: {wrong}.", may_run=not is_group(one) or answer.unchecked)
    for group, answer in groups.items():
        for person in sorted(answer.people):
            wrong = _wrong(known.get(person, UNKNOWN), GROUPED)
            if wrong:
                yield Finding(f"{person}, in the user group {group}: {wrong}.", may_run=True)
    yield from _too_few(policy, groups, known)


def _wrong(answer: _Answer, texts: Mapping[Excluded, str]) -> str:
    return answer.wrong or (texts[answer.excluded] if answer.excluded else "")


def _roles_by_id(policy: Policy) -> dict[str, list[str]]:
    where: dict[str, list[str]] = {}
    for role, role_list in policy.roles.items():
        for one in role_list.members:
            where.setdefault(one, []).append(f"the role {role}")
    return where


def _too_few(policy: Policy, groups: Mapping[str, _Answer], known: Mapping[str, _Answer]) -> Iterator[Finding]:
    """Roles that nobody can act in, though their lists name somebody."""

    def able(role: str) -> frozenset[str]:
        ids = policy.roles[role].members if role in policy.roles else ()
        named = {one for one in ids if one not in groups and known.get(one, UNKNOWN).may_act(listed=True)}
        grouped = {person for one in ids if one in groups for person in groups[one].people}
        return frozenset(named | {one for one in grouped if known.get(one, UNKNOWN).may_act(listed=False)})

    for role in (Role.REQUESTER, Role.APPROVER):
        if role in policy.roles and policy.roles[role].members and not able(role):
            yield Finding(f"Nobody who is named in the role {role} is there any more: add somebody who is.")
    approvers, needed = able(Role.APPROVER), policy.base.approvals
    if approvers and len(approvers) < needed:
        yield Finding(
            f"{needed} approvals are asked for, and only {len(approvers)} of the role approver are there to give one: "
            "add approvers, or ask for fewer."
        )


def _looked_up(client: WebClient, home: Workspace, ids: list[str]) -> dict[str, _Answer]:
    groups = Groups(client, lambda: home)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as side_by_side:
        return dict(zip(ids, side_by_side.map(lambda one: _ask(client, groups, home, one), ids), strict=True))


def _ask(client: WebClient, groups: Groups, home: Workspace, one: str) -> _Answer:
    try:
        return _group(groups, one) if is_group(one) else _person(client, home, one)
    except SlackApiError as error:
        code = str(error.response.get("error"))
        if is_group(one):
            return _Answer(wrong=UNREADABLE_GROUP.get(code, f"it could not be read, Slack answered {code}"))
        if code in {"user_not_found", "user_not_visible", "users_not_found"}:
            return _Answer(wrong="Slack knows nobody with that id: copy it from the person's profile, or take it away")
        return _unchecked(f"Slack answered {answered(error)}")
    except (SlackClientError, OSError, KeyError, TypeError) as error:
        return _unchecked(f"Slack did not answer ({type(error).__name__})")


def _unchecked(cause: str) -> _Answer:
    return _Answer(wrong=f"it could not be checked, {cause}: try again", unchecked=True)


def _group(groups: Groups, one: str) -> _Answer:
    people = groups.members(one)
    return _Answer(people) if people else _Answer(wrong="the user group is empty: add people to it, or take it away")


def _person(client: WebClient, home: Workspace, one: str) -> _Answer:
    user = client.users_info(user=one)["user"]
    return _Answer(frozenset({one}), excluded=excluded(user, home, guest=False))
