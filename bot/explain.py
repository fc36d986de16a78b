"""Says which rules a launch would meet, and what it would need, without asking Slack or the platform anything."""

import argparse
import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot import explain_tests
from bot.campaign.campaign import Audience, Campaign, Preview
from bot.campaign.request import ActivationRequest
from bot.message.report import Essentials, Report
from bot.policy.canary import planned
from bot.policy.conditions import Case, Verdict
from bot.policy.demands import ChecksDemand, Demands, MessageDemand
from bot.policy.keys import KINDS
from bot.policy.policy import Policy, Rule
from bot.policy.refusals import TooFewApprovers
from bot.policy.roles import Role, is_group
from bot.policy.testing import TestRules
from bot.results.brakes import Brakes
from bot.roster import members, too_few
from bot.slack.views import needs
from bot.slack.views.brakes import limits
from bot.slash.activate import TypedTest, parse, to_text
from bot.slash.words import CommandError
from bot.texts import either, listed

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
    parser.epilog = "What is not given is not known, and what is not known counts as matching."
    parser.add_argument("text", help='what would be typed after /campaign-activate, such as "82 run_now"')
    parser.add_argument("--by", type=_person, metavar="U…", help="who asks")
    parser.add_argument("--audience", type=_size, metavar="N", help="the size of the audience")
    parser.add_argument("--channel", type=_channel, metavar="C…", help="where it is asked for")
    parser.add_argument("--kind", choices=KINDS, help="the campaign's kind")
    parser.add_argument("--tag", action="append", help="a tag of the campaign; may be repeated")
    parser.add_argument("--group", action="append", help="an access group of the campaign; may be repeated")
    parser.add_argument(
        "--role", action="append", default=[], help="a role that who asks holds through a user group; may be repeated"
    )
    parser.add_argument("--policy", metavar="FILE", help="a policy file to try, instead of POLICY_FILE")


def supposed(chosen: argparse.Namespace) -> Supposed:
    return Supposed(
        text=chosen.text,
        by=chosen.by or "",
        audience=chosen.audience,
        channel=chosen.channel or "",
        kind=chosen.kind or "",
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
    if isinstance(request, TypedTest):
        sys.stdout.write("\n".join(explained_test(policy, request, about)) + "\n")
        return 0
    if not isinstance(request, ActivationRequest):
        sys.stderr.write("Name a campaign, such as: campaign-bot policy explain '82 run_now'\n")
        return WRONG
    unheard = [role for role in about.roles if role not in policy.roles]
    if unheard:
        there_are = ", ".join(sorted(policy.roles))
        sys.stderr.write(f"The policy has no role “{unheard[0]}”. There are {there_are}.\n")
        return WRONG
    sys.stdout.write("\n".join(explained(policy, request, about)) + "\n")
    return 0


def explained_test(policy: Policy, typed: TypedTest, about: Supposed) -> list[str]:
    """The explanation's lines for a test to reviewers."""
    who = _may_ask(policy, about) if about.by else f"May ask: {_who(members(policy, Role.REQUESTER))}."
    rules = policy.test or TestRules(segment=1, at_most=1)
    sized = replace(about, audience=rules.at_most if about.audience is None else about.audience)
    case = _case(policy, typed.under(rules), sized)
    told = explain_tests.explained(
        _in_any_channel(policy, about),
        case,
        who,
        _not_a_requester(policy, about),
        size_is_known=about.audience is not None,
    )
    return ["Command", f"  {about.text.strip()}", "", *told]


def explained(policy: Policy, request: ActivationRequest, about: Supposed) -> list[str]:
    """The explanation's lines."""
    case = _case(policy, request, about)
    ruling = _in_any_channel(policy, about).ruling(case)
    demands, names = ruling.demands, frozenset(ruling.rules)
    own = demands.self_approval or request.practice
    return [
        "Command",
        f"  {to_text(request)}",
        *_unknown(request, about),
        "",
        "Rules",
        *([line for rule in policy.rules for line in _ruled(policy, rule, case, about, names)] or ["  (none)"]),
        "",
        "What it needs, by [always] and the rules that apply",
        *(f"  {line}" for line in _needed(policy, request, replace(demands, self_approval=own))),
        "",
        "Who",
        *(f"  {line}" for line in _people(policy, demands, about, own=own)),
        "",
        *_outcome(policy, case, replace(demands, self_approval=own), about),
    ]


def _size(text: str) -> int:
    digits = re.sub(r"(?<=[0-9])[\s.,_'’](?=[0-9]{3})", "", text)
    if re.fullmatch(r"[0-9]{1,18}", digits):
        return int(digits)
    raise argparse.ArgumentTypeError(f"“{text}” is no whole number.")


def _person(text: str) -> str:
    if re.fullmatch(r"[UW][A-Z0-9]{2,}", text):
        return text
    raise argparse.ArgumentTypeError(f"“{text}” is no Slack user id such as U0123ABCD: copy it from the profile.")


def _channel(text: str) -> str:
    if re.fullmatch(r"[CG][A-Z0-9]{2,}", text):
        return text
    raise argparse.ArgumentTypeError(
        f"“{text}” is no channel id such as C0123ABCD: copy it from the channel's details."
    )


def _case(policy: Policy, request: ActivationRequest, about: Supposed) -> Case:
    campaign = Campaign(id=request.campaign_id, name="", kind=about.kind, tags=about.tags, groups=about.groups)
    audience = Audience(source=request.source, size=about.audience) if request.source else None
    return _Sized(
        request=request,
        preview=Preview(campaign=campaign, audience=audience),
        channel=about.channel,
        requester_roles=_held(policy, about) | _perhaps_held(policy, about),
        report=_TAKEN_TO_PASS,
        size=about.audience,
    )


_TAKEN_TO_PASS = Report(essentials=(Essentials(message_id=None),))
"""A message that is known, with nothing found in it."""


@dataclass(frozen=True, kw_only=True)
class _Sized(Case):
    """A case whose audience's size is known even where its source is not."""

    size: int | None

    @property
    def audience(self) -> int | None:
        return self.size


def _held(policy: Policy, about: Supposed) -> frozenset[str]:
    return frozenset({*(name for name in policy.roles if about.by in members(policy, name)), *about.roles})


def _perhaps_held(policy: Policy, about: Supposed) -> frozenset[str]:
    """Roles that who asks may hold besides: any where nobody is named, else those that user groups give."""
    if about.roles:
        return frozenset()
    return frozenset(name for name in policy.roles if not about.by or any(map(is_group, members(policy, name))))


def _in_any_channel(policy: Policy, about: Supposed) -> Policy:
    """The policy without its conditions on the channel where none is given: the rules have no word for that."""
    if about.channel:
        return policy
    rules = tuple(replace(rule, when=replace(rule.when, channels=())) for rule in policy.rules)
    return replace(policy, rules=rules)


def _unknown(request: ActivationRequest, about: Supposed) -> list[str]:
    facts = {
        "who asks": about.by,
        "the audience": request.source,
        "its size": about.audience is not None,
        "the channel": about.channel,
        "the campaign's kind": about.kind,
        "its tags": about.tags,
        "its access groups": about.groups,
    }
    unknown = [fact for fact, known in facts.items() if not known]
    return [f"  Not known, so it counts as matching: {listed(unknown)}."] if unknown else []


def _ruled(policy: Policy, rule: Rule, case: Case, about: Supposed, biting: frozenset[str]) -> list[str]:
    verdicts = _verdicts(policy, rule, case, about)
    mark = "does not apply" if Verdict.FAILS in verdicts.values() else "applies"
    if rule.name in biting and mark != "applies":
        mark = "applies, for the canary's segment"
    if not verdicts:
        return [f"  “{rule.name}” {mark}: it has no condition"]
    why = (f"      {name} = {_written(getattr(rule.when, name))}: {verdict}" for name, verdict in verdicts.items())
    return [f"  “{rule.name}” {mark}", *why]


def _verdicts(policy: Policy, rule: Rule, case: Case, about: Supposed) -> dict[str, Verdict]:
    """How each condition stands; a role that who asks only may hold, and a channel that is not given, are unknown."""
    verdicts = rule.when.verdicts(case)
    if "channels" in verdicts and not about.channel:
        verdicts["channels"] = Verdict.UNKNOWN
    surely = _held(policy, about).intersection(rule.when.requester_roles)
    if verdicts.get("requester_roles") is Verdict.HOLDS and not surely:
        verdicts["requester_roles"] = Verdict.UNKNOWN
    return verdicts


def _written(value: object) -> str:
    """The value as it stands in the policy."""
    return json.dumps(value, ensure_ascii=False)


def _needed(policy: Policy, request: ActivationRequest, demands: Demands) -> list[str]:
    lines = ["Practice: nothing is sent, and who asks may approve it."] if request.practice else []
    own = replace(demands, canary=planned(request, demands))
    lines += [needs.approvals(demands, None), *needs.further(own, None)]
    if demands.quiet_hours or demands.freezes:
        lines.append(f"These times are on the clocks of {policy.zone.key}.")
    lines += needs.limits(demands)
    if policy.brakes and request.run_now and not request.practice:
        lines.append(_braked(policy.brakes))
    if request.at:
        lines.append("It does not start before its moment (at=), and expires then if it is not approved.")
    return lines


def _braked(brakes: Brakes) -> str:
    does = "the bot stops a run that passes one" if brakes.stop else "a run that passes one is left to people"
    return f"Brakes, once {brakes.after} messages were sent: {'; '.join(limits(brakes))}. With hooks, {does}."


def _people(policy: Policy, demands: Demands, about: Supposed, *, own: bool) -> list[str]:
    """`own` is whether who asks may approve it."""
    lines = [_may_ask(policy, about)] if about.by else [f"May ask: {_who(members(policy, Role.REQUESTER))}."]
    lines.append(f"May approve: {_who(_others(members(policy, Role.APPROVER), about, own=own))}.")
    lines += [f"Of the role {one.role}: {_who(members(policy, one.role))}." for one in demands.of_which]
    mentioned = dict.fromkeys(one for role in policy.asked(demands) for one in role.mentioned)
    lines.append(f"Mentioned: {_who(_others(mentioned, about, own=demands.self_approval))}.")
    if demands.second_line in policy.roles:
        lines.append(f"Mentioned near the end: {_who(policy.roles[demands.second_line].mentioned)}.")
    if demands.break_glass:
        lines.append(f"May launch without approval: {_who(members(policy, Role.ADMIN))}.")
    lines.append(
        f"May stop it: {_who(dict.fromkeys(one for role in policy.may_stop for one in members(policy, role)))}."
    )
    if any(is_group(one) for role in policy.roles.values() for one in (*role.members, *role.mentioned)):
        lines.append("Only Slack knows who is in a user group (S…), so groups were not looked into.")
    return lines


def _others(ids: Iterable[str], about: Supposed, *, own: bool) -> list[str]:
    return [one for one in ids if own or one != about.by]


def _may_ask(policy: Policy, about: Supposed) -> str:
    if Role.REQUESTER in _held(policy, about):
        return f"{about.by} may ask for it."
    groups = [one for one in members(policy, Role.REQUESTER) if is_group(one)]
    if groups:
        return f"{about.by} may ask for it only as somebody who is in {either(groups)}."
    return f"{about.by} may not ask for it."


def _who(ids: Iterable[str]) -> str:
    ids = list(ids)
    people = [one for one in ids if not is_group(one)]
    return listed(people + [f"whoever is in {one}" for one in ids if is_group(one)]) or "nobody"


def _outcome(policy: Policy, case: Case, demands: Demands, about: Supposed) -> list[str]:
    refusals = _not_a_requester(policy, about) + list(policy.obstacles(case, demands))
    if not case.request.practice:
        refusals += [_lacking(one, demands) for one in too_few(policy, demands, _excluded(demands, about))]
    if refusals:
        return [f"REFUSED: {one}" for one in refusals]
    reason = ", once a reason is written" if demands.reason and not case.request.reason.strip() else ""
    found = [f"It can be asked for{reason}. Other launches of the campaign or to its audience were not looked at."]
    if demands.message is MessageDemand.KNOWN or demands.checks is not ChecksDemand.ANY:
        found.append("The message was not read: it is taken to be known and to pass its checks.")
    return found


def _not_a_requester(policy: Policy, about: Supposed) -> list[str]:
    """Refused for sure: a user group that may ask leaves it open."""
    may = Role.REQUESTER in _held(policy, about) or any(map(is_group, members(policy, Role.REQUESTER)))
    return [] if may or not about.by else [f"{about.by} is not in the role requester."]


def _excluded(demands: Demands, about: Supposed) -> str:
    """Who cannot approve this; "" for nobody."""
    return "" if demands.self_approval else about.by


def _lacking(lack: TooFewApprovers, demands: Demands) -> str:
    approvals = "1 approval" if lack.needed == 1 else f"{lack.needed} approvals"
    people = {0: "nobody", 1: "only one person"}.get(lack.there_are, f"only {lack.there_are} people")
    besides = "" if demands.self_approval else " besides who asks"
    them = "it" if lack.needed == 1 else "them"
    return f"It needs {approvals} from the role {lack.role}, and {people}{besides} could give {them}."
