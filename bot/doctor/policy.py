"""Who may do what: roles that nobody holds, approvals that can never come, rules that never match."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.doctor.finding import Finding
from bot.policy.collision import OnCollision
from bot.policy.demands import NOTHING, Demands
from bot.policy.file import PolicyError
from bot.policy.policy import Policy, PolicyUnreadable, Rule
from bot.policy.refusals import TooFewApprovers
from bot.policy.roles import Role
from bot.policy_source import PolicySource
from bot.roster import at_most, members, too_few
from bot.settings import SettingsError, read_policy_settings
from bot.texts import either

_LISTS = {Role.REQUESTER: "REQUESTERS", Role.APPROVER: "APPROVERS", Role.ADMIN: "ADMINS"}

_POWERS = {
    Role.REQUESTER: "ask for a launch",
    Role.APPROVER: "approve one",
    Role.ADMIN: "cancel somebody else's launch, or be told of trouble",
}


@dataclass(frozen=True, kw_only=True)
class Installed:
    """What the checks of a policy look at."""

    policy: Policy
    launch_channel: str
    """Where all cards go; "" for the channel in which the command is typed."""
    takes_hooks: bool = True
    """Whether the platform's hooks are taken at all."""
    keeps_recipients: bool = False
    """Whether there is a key under which profile ids are kept."""


def policy_findings(environment: Mapping[str, str]) -> Iterator[Finding]:
    """What the policy, or the lists alone, cannot mean."""
    try:
        settings = read_policy_settings(environment)
        policy = PolicySource(settings)()
    except SettingsError:
        return  # told already
    except PolicyUnreadable as unreadable:
        if isinstance(unreadable.__cause__, PolicyError):
            yield from (Finding(f"{settings.file}: {problem}") for problem in unreadable.__cause__.problems)
        else:
            yield Finding(f"{unreadable.cause}. Check POLICY_FILE.")
        return
    installed = Installed(
        policy=policy,
        launch_channel=environment.get("LAUNCH_CHANNEL", "").strip(),
        takes_hooks=bool(environment.get("ALTCRAFT_EVENTS_SECRET", "").strip()),
        keeps_recipients=bool(environment.get("RECIPIENTS_KEY", "").strip()),
    )
    yield from (finding for check in POLICY_CHECKS for finding in check(installed))


def _empty_roles(installed: Installed) -> Iterator[Finding]:
    policy = installed.policy
    for role, power in _POWERS.items():
        if not members(policy, role):
            mend = f"put ids into {_LISTS[role]}, or into [roles.{role}] of the policy"
            yield Finding(f"The role {role} is empty, so nobody can {power}: {mend}.", role is Role.ADMIN)
    for name, role_list in policy.roles.items():
        if name not in _LISTS and not role_list.members:
            yield Finding(f"The role {name} is empty: put ids into [roles.{name}], or take it away.", may_run=True)


def _nobody_may_stop(installed: Installed) -> Iterator[Finding]:
    policy = installed.policy
    if not any(members(policy, role) for role in policy.may_stop):
        roles = either(list(policy.may_stop))
        yield Finding(
            f"Nobody can stop a campaign: the role {roles} is empty. Add people to it, or name another in may_stop.",
            may_run=True,
        )


def _too_few_approvers(installed: Installed) -> Iterator[Finding]:
    """Approvals that can never come, whoever asks."""
    policy = installed.policy
    if not members(policy, Role.APPROVER):
        return  # told already
    told = set()
    for where, demands in _all_demands(policy):
        for lack in too_few(policy, demands):
            if lack not in told:
                yield Finding(f"{where}: {_lacking(policy, lack)}")
            told.add(lack)


def _lacking(policy: Policy, lack: TooFewApprovers) -> str:
    holders = at_most(policy, lack.role)
    there_are = "nobody" if lack.there_are == 0 else f"only {lack.there_are}"
    if lack.role != Role.APPROVER and (holders is None or len(holders) >= lack.needed):
        return (
            f"{lack.needed} of the role {lack.role} have to approve, and {there_are} of them may: who approves as "
            f"{lack.role} must be an approver as well. Add them to the role approver."
        )
    return (
        f"{lack.needed} of the role {lack.role} have to approve, and {there_are} can. Add people to the role, or ask "
        "for fewer."
    )


def _own_requests(installed: Installed) -> Iterator[Finding]:
    """People whose own requests nobody else could approve."""
    policy = installed.policy
    asking = members(policy, Role.REQUESTER)
    told: list[str] = []
    for where, demands in _all_demands(policy):
        stuck = _stuck(policy, demands)
        if stuck and stuck != told:
            yield Finding(
                f"{where}: what {either(stuck)} may ask for can never be approved: nobody approves their own "
                "launch, and too few others can. Add approvers, or ask for fewer.",
                may_run=stuck != list(asking),
            )
            told = stuck


def _one_more_approval(installed: Installed) -> Iterator[Finding]:
    policy = installed.policy
    told = False
    for where, demands in _all_demands(policy):
        more = replace(demands, approvals=demands.approvals + 1)
        impossible = any(too_few(policy, more)) or _stuck(policy, more)
        if demands.on_collision is OnCollision.ONE_MORE_APPROVAL and impossible and not told:
            yield Finding(
                f"{where}: beside another launch, {more.approvals} people have to approve, which is more than can for "
                'everybody who may ask. Such a launch is refused: add approvers, or write on_collision = "refuse".',
                may_run=True,
            )
            told = True


def _stuck(policy: Policy, demands: Demands) -> list[str]:
    """Who may ask, but only for what nobody could approve as they may not do it themselves."""
    if demands.self_approval or any(too_few(policy, demands)):
        return []
    return [one for one in members(policy, Role.REQUESTER) if any(too_few(policy, demands, one))]


def _rules_that_never_match(installed: Installed) -> Iterator[Finding]:
    policy, only = installed.policy, installed.launch_channel
    for rule in policy.rules:
        roles, channels = rule.when.requester_roles, rule.when.channels
        if roles and all(at_most(policy, role, Role.REQUESTER) == frozenset() for role in roles):
            yield Finding(
                f"rule “{rule.name}” can never match: nobody of the role {either(list(roles))} may ask for a "
                "launch. Add them to the role requester, or take the rule away.",
                may_run=True,
            )
        if only and channels and only not in channels:
            yield Finding(
                f"rule “{rule.name}” can never match: LAUNCH_CHANNEL sends every launch to {only}. Name that in "
                "channels, or take the rule away.",
                may_run=True,
            )


def _rules_that_repeat(installed: Installed) -> Iterator[Finding]:
    rules = installed.policy.rules
    for nth, rule in enumerate(rules):
        same = [one for one in rules[:nth] if (one.when, one.need) == (rule.when, rule.need)]
        if same:
            yield Finding(f"rule “{rule.name}” repeats rule “{same[0].name}”: take one away.", may_run=True)
        if _adds_nothing(rule, installed.policy.base):
            yield Finding(
                f"rule “{rule.name}” changes nothing: [always] asks for as much. Ask for more, or take it away.",
                may_run=True,
            )


def _adds_nothing(rule: Rule, base: Demands) -> bool:
    return rule.need.join(base) == NOTHING.join(base)


def _time_zone(installed: Installed) -> Iterator[Finding]:
    policy = installed.policy
    timed = any(demands.quiet_hours or demands.freezes for _, demands in _all_demands(policy))
    if timed and policy.zone.key == "UTC":
        yield Finding(
            "Quiet hours and freeze days are on the clocks of UTC. If they are meant on yours, write a line such as "
            'time_zone = "Europe/Berlin" at the top of the policy.',
            may_run=True,
        )


def _untestable(installed: Installed) -> Iterator[Finding]:
    """Tests that are demanded, and that nobody can send."""
    policy = installed.policy
    demanding = [where for where, demands in _all_demands(policy) if demands.tested]
    if policy.test is None and demanding:
        yield Finding(
            f"{demanding[0]}: what has to be tested first can never be approved, for the policy does not say where "
            "tests may go. Add a table [test] with segment and at_most."
        )


def _deaf_brakes(installed: Installed) -> Iterator[Finding]:
    """Brakes go by the platform's hooks alone."""
    brakes = installed.policy.brakes
    if brakes is None or installed.takes_hooks:
        return
    yield Finding(
        "brakes: they go by the platform's hooks, and none are taken, so no brake ever acts. Set "
        "ALTCRAFT_EVENTS_SECRET and a hook in the platform, as docs/numbers.md says, or take the table [brakes] away.",
        may_run=True,
    )


def _half_of_who_received_it(installed: Installed) -> Iterator[Finding]:
    """Who received a launch takes a key and a table, and one of them is missing."""
    if installed.policy.received and not installed.keeps_recipients:
        yield Finding(
            "The policy's table [received] does nothing: RECIPIENTS_KEY is not set, so no profile id is kept. Make a "
            "key with openssl rand -hex 32, or take the table away: docs/numbers.md.",
            may_run=True,
        )
    if installed.keeps_recipients and not installed.policy.received:
        yield Finding(
            "RECIPIENTS_KEY is set, and the policy has no table [received]: profile ids are taken and removed again "
            "within a minute. Name segments there, or take the key away: docs/policy.md.",
            may_run=True,
        )


def _all_demands(policy: Policy) -> Iterator[tuple[str, Demands]]:
    """What always holds; then what a rule makes of it, for each rule that makes a difference."""
    yield "always", policy.base
    for rule in policy.rules:
        if not _adds_nothing(rule, policy.base):
            yield f"rule “{rule.name}”", rule.need.join(policy.base)


POLICY_CHECKS: tuple[Callable[[Installed], Iterator[Finding]], ...] = (
    _empty_roles,
    _nobody_may_stop,
    _too_few_approvers,
    _own_requests,
    _untestable,
    _deaf_brakes,
    _half_of_who_received_it,
    _one_more_approval,
    _rules_that_never_match,
    _rules_that_repeat,
    _time_zone,
)
