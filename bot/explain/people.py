"""Who may do what with a launch, by the lists of the policy: Slack is not asked who is in a user group."""

from collections.abc import Iterable

from bot.explain.arguments import Supposed
from bot.policy.demands import Demands
from bot.policy.policy import Policy
from bot.policy.refusals import TooFewApprovers
from bot.policy.roles import Role, is_group
from bot.roster import members
from bot.texts import either, listed


def held(policy: Policy, about: Supposed) -> frozenset[str]:
    return frozenset({*(name for name in policy.roles if about.by in members(policy, name)), *about.roles})


def perhaps_held(policy: Policy, about: Supposed) -> frozenset[str]:
    """Roles that who asks may hold besides: any where nobody is named, else those that user groups give."""
    if about.roles:
        return frozenset()
    return frozenset(name for name in policy.roles if not about.by or any(map(is_group, members(policy, name))))


def people(policy: Policy, demands: Demands, about: Supposed, *, own: bool) -> list[str]:
    """`own` is whether who asks may approve it."""
    lines = [may_ask(policy, about)] if about.by else [f"May ask: {who(members(policy, Role.REQUESTER))}."]
    lines.append(f"May approve: {who(_others(members(policy, Role.APPROVER), about, own=own))}.")
    lines += [f"Of the role {one.role}: {who(members(policy, one.role))}." for one in demands.of_which]
    mentioned = dict.fromkeys(one for role in policy.asked(demands) for one in role.mentioned)
    lines.append(f"Mentioned: {who(_others(mentioned, about, own=demands.self_approval))}.")
    if demands.second_line in policy.roles:
        lines.append(f"Mentioned near the end: {who(policy.roles[demands.second_line].mentioned)}.")
    if demands.break_glass:
        lines.append(f"May launch without approval: {who(members(policy, Role.ADMIN))}.")
    lines.append(
        f"May stop it: {who(dict.fromkeys(one for role in policy.may_stop for one in members(policy, role)))}."
    )
    if any(is_group(one) for role in policy.roles.values() for one in (*role.members, *role.mentioned)):
        lines.append("Only Slack knows who is in a user group (S…), so groups were not looked into.")
    return lines


def _others(ids: Iterable[str], about: Supposed, *, own: bool) -> list[str]:
    return [one for one in ids if own or one != about.by]


def may_ask(policy: Policy, about: Supposed) -> str:
    if Role.REQUESTER in held(policy, about):
        return f"{about.by} may ask for it."
    groups = [one for one in members(policy, Role.REQUESTER) if is_group(one)]
    if groups:
        return f"{about.by} may ask for it only as somebody who is in {either(groups)}."
    return f"{about.by} may not ask for it."


def who(ids: Iterable[str]) -> str:
    ids = list(ids)
    people = [one for one in ids if not is_group(one)]
    return listed(people + [f"whoever is in {one}" for one in ids if is_group(one)]) or "nobody"


def not_a_requester(policy: Policy, about: Supposed) -> list[str]:
    """Refused for sure: a user group that may ask leaves it open."""
    may = Role.REQUESTER in held(policy, about) or any(map(is_group, members(policy, Role.REQUESTER)))
    return [] if may or not about.by else [f"{about.by} is not in the role requester."]


def excluded(demands: Demands, about: Supposed) -> str:
    """Who cannot approve this; "" for nobody."""
    return "" if demands.self_approval else about.by


def lacking(lack: TooFewApprovers, demands: Demands) -> str:
    approvals = "1 approval" if lack.needed == 1 else f"{lack.needed} approvals"
    able = {0: "nobody", 1: "only one person"}.get(lack.there_are, f"only {lack.there_are} people")
    besides = "" if demands.self_approval else " besides who asks"
    them = "it" if lack.needed == 1 else "them"
    return f"It needs {approvals} from the role {lack.role}, and {able}{besides} could give {them}."
