"""The policy: which demands a launch has to meet, by rules that a team writes down once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import reduce
from zoneinfo import ZoneInfo

from bot.message.finding import CheckSettings, Grade
from bot.message.report import Report
from bot.phrase import NO_CAUSE, Phrase, joined
from bot.policy import canary, testing
from bot.policy.canary import CanaryRules
from bot.policy.collision import OnCollision
from bot.policy.conditions import Case, When
from bot.policy.demands import NOTHING, ChecksDemand, Demands, MessageDemand
from bot.policy.permissions import NEEDED
from bot.policy.received import ReceivedRules
from bot.policy.roles import Action
from bot.policy.testing import TestRules
from bot.results.brakes import Brakes

FOLLOW_FOR = timedelta(hours=24)
"""How long a run is watched where the policy does not say."""


REPORT_AFTER = (timedelta(hours=1), timedelta(hours=24), timedelta(days=7))
"""When a run's numbers are told where the policy does not say; counting ends with the last."""

MOST_NAMED = 3
"""Findings in one sentence; the card tells the others."""

UNCHECKED = Phrase("The policy wants the message to pass its checks:")
"""What a refusal by the message's checks begins with; the findings follow."""

UNREAD = Phrase("The policy wants the message to be known, and it could not be read.")
"""What a refusal of a message that is not known begins with; why follows, where that is known."""


class PolicyUnreadable(Exception):
    """The policy cannot be read, so nothing may be decided by it. `cause` is a clause for people."""

    def __init__(self, cause: Phrase) -> None:
        super().__init__(cause)
        self.cause = cause


@dataclass(frozen=True)
class RoleList:
    """Who holds a role, and who is mentioned when it is waited for: user ids and user-group ids."""

    members: tuple[str, ...] = ()
    mention: tuple[str, ...] | None = None
    """None for all members."""
    in_file: bool = field(default=False, compare=False)
    """Whether the policy file says who is a member, in place of the settings."""

    @property
    def mentioned(self) -> tuple[str, ...]:
        return self.members if self.mention is None else self.mention


@dataclass(frozen=True)
class Rule:
    name: str
    when: When
    need: Demands


@dataclass(frozen=True)
class Ruling:
    """What a launch has to meet, and the names of the rules that say so."""

    demands: Demands
    rules: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Policy:
    """All rules of a team. `base` holds for every launch."""

    roles: Mapping[str, RoleList]
    base: Demands = field(default_factory=Demands)
    rules: tuple[Rule, ...] = ()
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    may_stop: tuple[str, ...] = NEEDED[Action.STOP]
    """The roles of which a person needs one to stop a campaign."""
    follow_for: timedelta = FOLLOW_FOR
    """How long a launch's run is watched. No guard: nothing that is sent depends on it."""
    report_after: tuple[timedelta, ...] = REPORT_AFTER
    """How long after its call a run's numbers are told, the shortest first."""
    message_checks: CheckSettings = field(default_factory=CheckSettings)
    test: TestRules | None = None
    """Where tests may go; None for nowhere."""
    brakes: Brakes | None = None
    """Which shares of a run must not be passed; None for no brake."""
    canary: CanaryRules = field(default_factory=CanaryRules)
    """How canaries are sent."""
    received: ReceivedRules | None = None
    """Where those who received a launch may be put; None for nowhere."""

    def ruling(self, case: Case) -> Ruling:
        """Of all rules that match, the strictest of each demand.

        For a test, the policy's own table says what it has to meet. Of the rules, those that refuse hold for it, too.
        A canary rests on its launch's approvals, which the rules for its own segment make stricter.
        """
        biting = self._biting(case)
        if case.request.is_test:
            refusing = [rule for rule in biting if rule.need.refusals]
            refused = tuple(one for need in (self.base, *(rule.need for rule in refusing)) for one in need.refusals)
            demands = replace(testing.demands(self.test, self.base), refusals=refused)
            return Ruling(demands, tuple(rule.name for rule in refusing))
        joined = reduce(Demands.join, (rule.need for rule in biting), NOTHING)
        # In this order, for one thing is not the stricter of two: whom a rule names as second line goes first.
        demands = joined.join(self.base)
        if case.collisions and demands.on_collision is not OnCollision.SHOW:
            demands = replace(demands, approvals=demands.approvals + 1)
        if case.request.is_canary:
            demands = canary.demands_of(demands)
        return Ruling(demands, tuple(rule.name for rule in biting))

    def _biting(self, case: Case) -> list[Rule]:
        """The rules that hold for the launch, and those that would hold if it went to its canary's segment."""
        biting = [rule for rule in self.rules if rule.when.holds(case)]
        while True:
            # Of the canary's size it is only known that it is smaller.
            parts = canary.segments(case.request, (self.base, *(rule.need for rule in biting)))
            cases = [case, *map(case.to_segment, sorted(parts))]
            found = [rule for rule in self.rules if any(rule.when.holds(one) for one in cases)]
            if found == biting:
                return biting
            biting = found

    def obstacles(self, case: Case, demands: Demands) -> tuple[Phrase, ...]:
        """Why the launch may not be at all, as sentences; empty where it may."""
        found = [Phrase.as_it_is(one) for one in demands.refusals]
        if case.request.is_test:
            return (*found, *testing.obstacles(self.test, case.request, case.audience))
        cap, size = demands.largest_audience, case.audience
        if cap is not None and size is None:
            found.append(
                Phrase("The policy allows audiences of at most {cap}, and the size of this one is not known.", cap=cap)
            )
        if cap is not None and size is not None and size > cap:
            found.append(
                Phrase("The policy allows audiences of at most {cap}; this one has {size}.", cap=cap, size=size)
            )
        if case.collisions and demands.on_collision is OnCollision.REFUSE:
            found.append(
                Phrase("The policy allows no launch beside another of the same campaign or to the same audience.")
            )
        most, limit = demands.largest_limit, case.request.limit
        if most is not None and (limit is None or limit > most):
            found.append(
                Phrase(
                    "The policy allows at most {most} messages: ask with limit={typed} or less.",
                    most=most,
                    typed=str(most),
                )
            )
        found.extend(canary.obstacles(case.request, case.preview, demands))
        return (*found, *_unchecked(case.report, demands))

    def asked(self, demands: Demands) -> tuple[RoleList, ...]:
        """The roles whose people can approve what has these demands."""
        names = dict.fromkeys(("approver", *(one.role for one in demands.of_which)))
        return tuple(self.roles[name] for name in names if name in self.roles)

    def needed(self, action: Action) -> tuple[str, ...]:
        """The roles of which a person needs one for the action."""
        if action is Action.STOP:
            return self.may_stop
        if action is Action.WHO_GOT_IT and self.received:
            return self.received.may_ask
        return NEEDED[action]

    @property
    def roles_of_requesters(self) -> frozenset[str]:
        """The requester's roles that any rule goes by."""
        return frozenset(role for rule in self.rules for role in rule.when.requester_roles)

    @property
    def roles_of_approvers(self) -> frozenset[str]:
        """The roles from which any approvals have to come."""
        everywhere = (self.base, *(rule.need for rule in self.rules))
        return frozenset(one.role for demands in everywhere for one in demands.of_which)

    @property
    def asks_for_labels(self) -> bool:
        """Whether any rule goes by tags or access groups, which only the list of campaigns tells."""
        return any(rule.when.tags or rule.when.groups for rule in self.rules)


def _unchecked(report: Report, demands: Demands) -> Iterator[Phrase]:
    """Why the message may not be sent. One that is not known has passed no check."""
    must_be_known = demands.message is MessageDemand.KNOWN or demands.checks is not ChecksDemand.ANY
    if must_be_known and not report.is_known:
        why = next((one.unread for one in report.essentials if one.unread), NO_CAUSE)
        yield joined(" ", [UNREAD, why]) if why else UNREAD
    if demands.checks is ChecksDemand.ANY or not report.is_known:
        return
    failures = demands.checks is ChecksDemand.NO_FAILURES
    counted = report.of_grade(Grade.FAILURE) if failures else report.findings
    if counted:
        left = len(counted) - MOST_NAMED
        more = [Phrase("{n} more did not pass.", n=left)] if left > 0 else []
        sentences = [one.sentence for one in counted[:MOST_NAMED]]
        yield joined(" ", [UNCHECKED, *sentences, *more])
