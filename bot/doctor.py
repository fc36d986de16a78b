"""Checks that what is set up can work, and says how to mend what cannot."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.launch.demands import Demands
from bot.launch.policy import Role
from bot.launch.rules import Policy, PolicyUnreadable, RoleList
from bot.policy_source import PolicySource
from bot.settings import SettingsError, read, read_policy_settings


@dataclass(frozen=True)
class Finding:
    """Something to mend, or with `may_run` something to know."""

    text: str
    may_run: bool = False


def examine(environment: Mapping[str, str]) -> int:
    """Writes what was found to the terminal; the exit status is 0 if the bot may run."""
    findings = [*_of_settings(environment), *_of_policy(environment)]
    for finding in findings:
        sys.stdout.write(f"{'note:' if finding.may_run else 'MEND:'} {finding.text}\n")
    may_run = all(finding.may_run for finding in findings)
    sys.stdout.write("The bot may run.\n" if may_run else "The bot must not run like this.\n")
    return 0 if may_run else 1


def _of_settings(environment: Mapping[str, str]) -> Iterator[Finding]:
    try:
        read(environment)
    except SettingsError as error:
        yield from (Finding(problem) for problem in error.problems)


def _of_policy(environment: Mapping[str, str]) -> Iterator[Finding]:
    try:
        policy = PolicySource(read_policy_settings(environment))()
    except SettingsError:
        return  # told already
    except PolicyUnreadable as unreadable:
        yield Finding(unreadable.cause)
        return
    yield from _of_roles(policy)
    yield from _of_demands("always", policy.base, policy)
    for rule in policy.rules:
        yield from _of_demands(f"rule “{rule.name}”", rule.need, policy)


def _of_roles(policy: Policy) -> Iterator[Finding]:
    for role, cannot in ((Role.REQUESTER, "ask for a launch"), (Role.APPROVER, "approve one")):
        if not policy.roles.get(role, RoleList()).members:
            yield Finding(f"The role {role} is empty, so nobody can {cannot}: put ids into the list or the policy.")
    if not policy.roles.get(Role.ADMIN, RoleList()).members:
        yield Finding("The role admin is empty: nobody can cancel somebody else's launch or be told of trouble.", True)


def _of_demands(where: str, demands: Demands, policy: Policy) -> Iterator[Finding]:
    """Approvals that can never come. People in user groups are not known here, so a group may be enough."""
    approvers = policy.roles.get(Role.APPROVER, RoleList()).members
    if _too_few(approvers, demands.approvals):
        yield Finding(f"{where}: {demands.approvals} approvals are needed, and fewer people are approvers.")
    for one in demands.of_which:
        members = policy.roles[one.role].members
        if _too_few(members, one.count):
            yield Finding(f"{where}: {one.count} of the role {one.role} are needed, and it has {len(members)}.")
        elif not _has_group((*members, *approvers)) and _too_few(tuple({*members} & {*approvers}), one.count):
            yield Finding(f"{where}: who approves as {one.role} must be an approver as well: add them to that role.")


def _too_few(members: tuple[str, ...], needed: int) -> bool:
    return not _has_group(members) and len(set(members)) < needed


def _has_group(members: tuple[str, ...]) -> bool:
    return any(one.startswith("S") for one in members)
