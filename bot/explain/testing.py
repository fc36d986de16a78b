"""What the policy makes of a test to reviewers, for the terminal: where it goes, how far, and what it needs."""

from dataclasses import replace

from bot.explain import people
from bot.explain.arguments import Supposed
from bot.explain.case import case_of, in_any_channel
from bot.policy.conditions import Case
from bot.policy.policy import Policy
from bot.policy.roles import Role
from bot.policy.testing import NOWHERE, TestRules
from bot.roster import members
from bot.slash.activate import TypedTest


def explained_test(policy: Policy, typed: TypedTest, about: Supposed) -> list[str]:
    """The explanation's lines for a test to reviewers."""
    who = people.may_ask(policy, about) if about.by else f"May ask: {people.who(members(policy, Role.REQUESTER))}."
    rules = policy.test or TestRules(segment=1, at_most=1)
    sized = replace(about, audience=rules.at_most if about.audience is None else about.audience)
    case = case_of(policy, typed.under(rules), sized)
    told = _told(
        in_any_channel(policy, about),
        case,
        who,
        people.not_a_requester(policy, about),
        size_is_known=about.audience is not None,
    )
    return ["Command", f"  {about.text.strip()}", "", *told]


def _told(policy: Policy, case: Case, who: str, refusals: list[str], *, size_is_known: bool) -> list[str]:
    """The lines behind the command's. `who` says who may ask, `refusals` why somebody may not."""
    rules = policy.test
    if rules is None:
        return [f"REFUSED: {NOWHERE}"]
    ruling = policy.ruling(case)
    found = [f"REFUSED: {one}" for one in (*refusals, *policy.obstacles(case, ruling.demands))]
    refusing = [f"  “{name}” refuses tests as well" for name in ruling.rules]
    return [
        "Rules that hold for a test: those that refuse",
        *(refusing or ["  (none)"]),
        "",
        "Where it goes, by [test]",
        f"  To segment {rules.segment} and to nobody else, with a limit of {rules.at_most} messages of its own.",
        f"  The segment's size is read right before each call: larger than {rules.at_most}, or unknown, ends the test.",
        *(f"  {line}" for line in _how(rules)),
        "",
        "What it needs",
        f"  {_approvals(rules)}",
        f"  One person may ask for at most {rules.a_day} within 24 hours.",
        "",
        "Who",
        f"  {who}",
        "",
        *(
            found
            or [f"It can be asked for{'' if size_is_known else ', as long as the segment is no larger than that'}."]
        ),
    ]


def _approvals(rules: TestRules) -> str:
    if not rules.approvals:
        return "No approval: it starts at once."
    return "One approval." if rules.approvals == 1 else f"{rules.approvals} approvals."


def _how(rules: TestRules) -> list[str]:
    timeless = (
        "A schedule that names no times is taken never to start."
        if rules.no_schedule == "never_starts"
        else "A schedule that names no times ends the test."
    )
    if rules.on_original:
        stays = (
            "It runs on the campaign itself, which stays switched on. One that is off must have no times to start at."
        )
        return [stays, timeless]
    return ["It is made on a copy of the campaign, which is switched off again.", timeless]
