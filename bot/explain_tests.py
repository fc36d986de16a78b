"""What the policy makes of a test to reviewers, for the terminal: where it goes, how far, and what it needs."""

from bot.policy.conditions import Case
from bot.policy.policy import Policy
from bot.policy.testing import NOWHERE, TestRules


def explained(policy: Policy, case: Case, who: str, refusals: list[str], *, size_is_known: bool) -> list[str]:
    """The explanation's lines, behind the command's. `who` says who may ask, `refusals` why somebody may not."""
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
