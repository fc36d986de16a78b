"""Who could hold a role, as far as the lists tell. Who is in a user group, only Slack knows."""

from collections.abc import Iterator

from bot.policy.demands import Demands, RoleCount
from bot.policy.policy import Policy, RoleList
from bot.policy.refusals import TooFewApprovers
from bot.policy.roles import Role, is_group


def members(policy: Policy, role: str) -> tuple[str, ...]:
    """The ids in the role's list; none for a role that nobody has defined."""
    return policy.roles.get(role, RoleList()).members


def at_most(policy: Policy, *roles: str) -> frozenset[str] | None:
    """The only people who can hold all of these roles; None where user groups leave it open."""
    lists = (members(policy, role) for role in roles)
    closed = [frozenset(ids) for ids in lists if not any(map(is_group, ids))]
    return frozenset.intersection(*closed) if closed else None


def too_few(policy: Policy, demands: Demands, but: str = "") -> Iterator[TooFewApprovers]:
    """The approvals that can never come; `but` is somebody who may not give one."""
    # Whoever approves for a role has to be an approver as well.
    for wanted in (RoleCount(Role.APPROVER, demands.approvals), *demands.of_which):
        able = at_most(policy, Role.APPROVER, wanted.role)
        if able is not None and len(able - {but}) < wanted.count:
            yield TooFewApprovers(wanted.role, wanted.count, len(able - {but}))
