"""Says which rules a launch would meet, and what it would need, without asking Slack or the platform anything."""

import argparse
import sys
from dataclasses import dataclass

from bot.launch.campaign import Audience, Campaign, Preview, SizeBasis
from bot.launch.command import CommandError, parse
from bot.launch.policy import Role
from bot.launch.request import ActivationRequest
from bot.launch.rules import Case, Policy, RoleList, Rule, Verdict
from bot.slack.views import needs

WRONG = 2
"""The exit status for a command or a policy that cannot be read."""


@dataclass(frozen=True, kw_only=True)
class Supposed:
    """What is taken as known about the launch; None or "" for what is not."""

    text: str
    by: str = ""
    audience: int | None = None
    channel: str = ""
    kind: str = ""
    tags: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None
    roles: tuple[str, ...] = ()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", help='what would be typed after /campaign-activate, such as "82 run_now"')
    parser.add_argument("--by", default="", metavar="U…", help="who asks")
    parser.add_argument("--audience", type=int, metavar="N", help="the size of the audience; left out: not known")
    parser.add_argument("--channel", default="", metavar="C…", help="where it is asked for")
    parser.add_argument("--kind", default="", help="the campaign's kind, such as broadcast; left out: not known")
    parser.add_argument("--tag", action="append", help="a tag of the campaign; may be repeated; left out: not known")
    parser.add_argument("--group", action="append", help="an access group of the campaign; as --tag")
    parser.add_argument("--role", action="append", default=[], help="a role that who asks holds through a user group")
    parser.add_argument("--policy", metavar="FILE", help="a policy file to try, instead of POLICY_FILE")


def supposed(chosen: argparse.Namespace) -> Supposed:
    return Supposed(
        text=chosen.text,
        by=chosen.by,
        audience=chosen.audience,
        channel=chosen.channel,
        kind=chosen.kind,
        tags=tuple(chosen.tag) if chosen.tag else None,
        groups=tuple(chosen.group) if chosen.group else None,
        roles=tuple(chosen.role),
    )


def explain(policy: Policy, about: Supposed) -> int:
    """Writes the explanation to the terminal, and returns the exit status."""
    try:
        request = parse(about.text)
    except CommandError as error:
        sys.stderr.write(f"{error.text}\n")
        return WRONG
    if not isinstance(request, ActivationRequest):
        sys.stderr.write("Name a campaign, such as: campaign-bot policy explain '82 run_now'\n")
        return WRONG
    sys.stdout.write("\n".join(explained(policy, request, about)) + "\n")
    return 0


def explained(policy: Policy, request: ActivationRequest, about: Supposed) -> list[str]:
    """The explanation's lines."""
    case = _case(policy, request, about)
    ruling = policy.ruling(case)
    demands = ruling.demands
    needed = [needs.approvals(demands), *needs.further(demands), *needs.limits(demands)]
    obstacles = policy.obstacles(case, demands)
    return [
        "Rules",
        *([_ruled(rule, case) for rule in policy.rules] or ["  (none: only what always holds)"]),
        "",
        "What it needs",
        *(f"  {line}" for line in needed),
        *([f"  Times are on the clocks of {policy.zone.key}."] if demands.quiet_hours or demands.freezes else []),
        "",
        "Who",
        *(f"  {line}" for line in _people(policy, about)),
        "",
        *([f"REFUSED: {one}" for one in obstacles] or ["It can be asked for."]),
    ]


def _case(policy: Policy, request: ActivationRequest, about: Supposed) -> Case:
    campaign = Campaign(id=request.campaign_id, name="", kind=about.kind, tags=about.tags, groups=about.groups)
    audience = None
    if request.source:
        audience = Audience(source=request.source, size=about.audience, basis=SizeBasis.SENDABLE)
    preview = Preview(campaign=campaign, audience=audience)
    return _Sized(
        request=request,
        preview=preview,
        channel=about.channel,
        requester_roles=_roles(policy, about),
        size=about.audience,
    )


@dataclass(frozen=True, kw_only=True)
class _Sized(Case):
    """A case whose audience's size is known even where its source is not."""

    size: int | None

    @property
    def audience(self) -> int | None:
        return self.size


def _roles(policy: Policy, about: Supposed) -> frozenset[str] | None:
    """The roles of who asks; None where user groups may hold more than can be told from here."""
    listed = {name for name, role in policy.roles.items() if about.by in role.members}
    unsure = any(_is_group(one) for name in policy.roles_of_requesters for one in policy.roles[name].members)
    return None if not about.roles and (unsure or not about.by) else frozenset({*listed, *about.roles})


def _ruled(rule: Rule, case: Case) -> str:
    verdicts = rule.when.verdicts(case)
    mark = "applies" if rule.when.holds(case) else "does not apply"
    decisive = [name for name in verdicts if verdicts[name] is Verdict.FAILS] or list(verdicts)
    why = "; ".join(f"{name} {verdicts[name]}" for name in decisive) or "it has no condition"
    return f"  “{rule.name}” {mark}: {why}"


def _people(policy: Policy, about: Supposed) -> list[str]:
    lines = []
    if about.by:
        may = "may ask for it" if _may_ask(policy, about.by) else "is not named among those who may ask"
        lines.append(f"{about.by} {may}.")
    for name, role in policy.roles.items():
        lines.append(f"{name}: {', '.join(role.members) or 'nobody'}{_mention(role)}")
    if any(_is_group(one) for role in policy.roles.values() for one in role.members):
        lines.append("Who is in the user groups (S…) only Slack can tell.")
    return lines


def _may_ask(policy: Policy, person: str) -> bool:
    return person in policy.roles.get(Role.REQUESTER, RoleList()).members


def _mention(role: RoleList) -> str:
    return "" if role.mention is None else f" (mentioned: {', '.join(role.mention) or 'nobody'})"


def _is_group(one: str) -> bool:
    return one.startswith("S")
