"""The explanation itself: a launch held against each rule, what it needs, and who may do what with it."""

import json
import sys
from dataclasses import replace

from bot.campaign.request import ActivationRequest
from bot.explain import people
from bot.explain.arguments import Supposed
from bot.explain.case import case_of, in_any_channel
from bot.explain.testing import explained_test
from bot.policy.canary import planned
from bot.policy.conditions import Case, Verdict
from bot.policy.demands import ChecksDemand, Demands, MessageDemand
from bot.policy.policy import Policy, Rule
from bot.results.brakes import Brakes
from bot.roster import too_few
from bot.slack.views import needs
from bot.slack.views.brakes import limits
from bot.slash.activate import TypedTest, parse, to_text
from bot.slash.words import CommandError
from bot.texts import listed

WRONG = 2
"""The exit status for a command or a policy that cannot be read."""


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


def explained(policy: Policy, request: ActivationRequest, about: Supposed) -> list[str]:
    """The explanation's lines."""
    case = case_of(policy, request, about)
    ruling = in_any_channel(policy, about).ruling(case)
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
        *(f"  {line}" for line in people.people(policy, demands, about, own=own)),
        "",
        *_outcome(policy, case, replace(demands, self_approval=own), about),
    ]


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
    surely = people.held(policy, about).intersection(rule.when.requester_roles)
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
    if own.canary and request.limit:
        lines.append("The limit counts for the canary and for the rest, each by itself.")
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


def _outcome(policy: Policy, case: Case, demands: Demands, about: Supposed) -> list[str]:
    refusals = people.not_a_requester(policy, about) + list(policy.obstacles(case, demands))
    if not case.request.practice:
        refusals += [people.lacking(one, demands) for one in too_few(policy, demands, people.excluded(demands, about))]
    if refusals:
        return [f"REFUSED: {one}" for one in refusals]
    reason = ", once a reason is written" if demands.reason and not case.request.reason.strip() else ""
    found = [f"It can be asked for{reason}. Other launches of the campaign or to its audience were not looked at."]
    if demands.message is MessageDemand.KNOWN or demands.checks is not ChecksDemand.ANY:
        found.append("The message was not read: it is taken to be known and to pass its checks.")
    return found
