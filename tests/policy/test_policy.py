"""The rules: when each bites, and that more of them never make a launch easier."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.campaign import Preview
from bot.campaign.request import ActivationRequest, Canary, Purpose, Source, SourceKind
from bot.message.finding import Check, Finding, Grade
from bot.message.report import Essentials, Report
from bot.phrase import Phrase
from bot.policy.collision import STRICTNESS, OnCollision
from bot.policy.conditions import Case, When
from bot.policy.demands import NOTHING, ChecksDemand, Demands, Freeze, MessageDemand, RoleCount, Typed
from bot.policy.policy import Policy, RoleList, Rule
from tests.builders import BEN, CLEO, LAUNCHES, PREVIEW
from tests.policy.strategies import CASES, DEMANDS, NIGHTS, OTHER_LAUNCH, POLICIES, ROLES, RULES

TOLD = replace(PREVIEW, campaign=replace(PREVIEW.campaign, tags=("vip",), groups=("CRM",)))
"""What the platform tells when it tells everything: a broadcast to the 48,210 of segment 5."""


KNOWN = Essentials(message_id=77, channel="email", subject="Spring is here")
UNREAD = Report(essentials=(KNOWN, Essentials(message_id=78, unread=Phrase("Template 78 could not be read."))))
PASSED = Report(essentials=(KNOWN,), passed=9)
WARNED = replace(PASSED, findings=(Finding(Check.TEXT_VERSION, Grade.WARNING, Phrase("It has no text version.")),))
FAILED = replace(PASSED, findings=(Finding(Check.SUBJECT, Grade.FAILURE, Phrase("The subject is empty.")),))


def case(
    *,
    preview: Preview = TOLD,
    roles: set[str] | None = frozenset({"lead"}),
    collisions=(),
    report: Report = Report(),  # noqa: B008 -- it never changes
    **parameters,
) -> Case:
    return Case(
        request=ActivationRequest(**{"campaign_id": 82, "run_now": True, **parameters}),
        preview=preview,
        report=report,
        channel=LAUNCHES,
        requester_roles=None if roles is None else frozenset(roles),
        collisions=collisions,
    )


def told(**campaign) -> Preview:
    return replace(TOLD, campaign=replace(TOLD.campaign, **campaign))


def sized(size: int | None) -> Preview:
    return replace(TOLD, audience=replace(TOLD.audience, size=size))


LIST_1 = Source.parse("list:1")
NOT_READ = Preview(failed=True)
ELSEWHERE = replace(case(), channel="C0OTHER")

BITES = [
    (When(), case()),
    (When(campaigns=(81, 82)), case()),
    (When(kinds=("broadcast",)), case()),
    (When(tags=("sale", "vip")), case()),
    (When(groups=("crm",)), case()),
    (When(run_now=True), case()),
    (When(run_now=False), case(run_now=False)),
    (When(sources=("segment:5",)), case()),
    (When(sources=("list:1",)), case(source=LIST_1)),
    (When(channels=(LAUNCHES,)), case()),
    (When(requester_roles=("lead",)), case(roles={"requester", "lead"})),
    (When(audience_above=48_209), case()),
    (When(audience_above=0), case(preview=sized(1))),
    (When(limit_above=499), case(limit=500)),
    (When(unknown_size=True), case(preview=sized(None))),
    (When(unknown_size=False), case(preview=sized(0))),
]
LETS_PASS = [
    (When(campaigns=(81,)), case()),
    (When(kinds=("trigger", "regular")), case()),
    (When(tags=("sale",)), case()),
    (When(tags=("vip",)), case(preview=told(tags=()))),
    (When(groups=("finance",)), case()),
    (When(run_now=False), case()),
    (When(sources=("list:5", "segment:55")), case()),
    (When(sources=("segment:5",)), case(source=LIST_1)),
    (When(channels=(LAUNCHES,)), ELSEWHERE),
    (When(requester_roles=("lead",)), case(roles={"requester"})),
    (When(requester_roles=("lead",)), case(roles=set())),
    (When(audience_above=48_210), case()),
    (When(audience_above=0), case(preview=sized(0))),
    (When(limit_above=500), case(limit=500)),
    (When(unknown_size=True), case(preview=sized(0))),
    (When(unknown_size=False), case(preview=sized(None))),
    (When(campaigns=(82,), tags=("sale",)), case()),
]
NOT_KNOWN = [
    (When(kinds=("trigger",)), case(preview=told(kind=""))),
    (When(kinds=("trigger",)), case(preview=NOT_READ)),
    (When(tags=("sale",)), case(preview=told(tags=None))),
    (When(tags=("sale",)), case(preview=NOT_READ)),
    (When(groups=("finance",)), case(preview=told(groups=None))),
    (When(groups=("finance",)), case(preview=NOT_READ)),
    (When(sources=("list:1",)), case(preview=NOT_READ)),
    (When(requester_roles=("requester",)), case(roles=None)),
    (When(audience_above=10**9), case(preview=sized(None))),
    (When(audience_above=10**9), case(preview=NOT_READ)),
    (When(limit_above=10**9), case(limit=None)),
]
ALWAYS_KNOWN = {"campaigns", "run_now", "channels", "unknown_size"}


@pytest.mark.parametrize(("when", "met"), BITES)
def test_a_rule_bites_where_its_condition_is_met(when, met):
    assert when.holds(met)


@pytest.mark.parametrize(("when", "missed"), LETS_PASS)
def test_a_rule_lets_pass_what_its_condition_does_not_name(when, missed):
    assert not when.holds(missed)


@pytest.mark.parametrize(("when", "unclear"), NOT_KNOWN)
def test_a_rule_bites_where_it_cannot_be_known_whether_it_should(when, unclear):
    assert when.holds(unclear)


def test_every_condition_is_shown_to_bite_to_let_pass_and_to_bite_unknown():
    every = set(When.__dataclass_fields__)
    for examples, shown in ((BITES, every), (LETS_PASS, every), (NOT_KNOWN, every - ALWAYS_KNOWN)):
        named = {name for when, _ in examples for name in every if getattr(when, name) != getattr(When(), name)}
        assert named == shown


@pytest.mark.parametrize("spelt", ["BLACK friday", " black  friday ", "black\u00a0friday", "ｂlack friday"])
def test_a_tag_is_matched_however_it_is_spelt(spelt):
    assert When(tags=("Black Friday",)).holds(case(preview=told(tags=(spelt,))))


def test_an_accent_matches_whether_typed_as_one_letter_or_two():
    assert When(groups=("caf\u00e9",)).holds(case(preview=told(groups=("CAFE\u0301",))))


STRICTEST = {
    "approvals": 2,
    "of_which": (RoleCount("lead", 1),),
    "self_approval": False,
    "reason": True,
    "typed": (Typed.AUDIENCE,),
    "hold": timedelta(minutes=1),
    "expires_after": timedelta(hours=1),
    "reminders": (timedelta(minutes=15),),
    "on_collision": OnCollision.ONE_MORE_APPROVAL,
    "collision_window": timedelta(days=1),
    "break_glass": False,
    "largest_audience": 0,
    "largest_limit": 1,
    "quiet_hours": (NIGHTS,),
    "freezes": (Freeze(date(2026, 12, 24), date(2026, 12, 24)),),
    "tolerance": 0.0,
    "goes_on_unread": False,
    "message": MessageDemand.KNOWN,
    "checks": ChecksDemand.ALL_PASS,
    "tested": True,
    "canary": Canary(318),
    "refusals": ("Not from here.",),
}


def at_least_as_strict(new: Demands, old: Demands) -> bool:
    """In each field. The second line is no demand."""
    counts = {one.role: one.count for one in new.of_which}
    return all(
        [
            new.approvals >= old.approvals,
            all(counts.get(one.role, 0) >= one.count for one in old.of_which),
            new.self_approval <= old.self_approval,
            new.reason >= old.reason,
            set(new.typed) >= set(old.typed),
            new.hold >= old.hold,
            new.expires_after <= old.expires_after,
            set(new.reminders) >= set(old.reminders),
            STRICTNESS.index(new.on_collision) >= STRICTNESS.index(old.on_collision),
            new.collision_window >= old.collision_window,
            new.break_glass <= old.break_glass,
            _within(new.largest_audience, old.largest_audience),
            _within(new.largest_limit, old.largest_limit),
            set(new.quiet_hours) >= set(old.quiet_hours),
            set(new.freezes) >= set(old.freezes),
            new.tolerance <= old.tolerance,
            new.goes_on_unread <= old.goes_on_unread,
            new.tested >= old.tested,
            _waits_as_long(new.canary, old.canary),
            _asks_as_much(new.message, old.message),
            _asks_as_much(new.checks, old.checks),
            set(new.refusals) >= set(old.refusals),
        ]
    )


def _asks_as_much(new: MessageDemand | ChecksDemand, old: MessageDemand | ChecksDemand) -> bool:
    order = ["any", "known", "no_failures", "all_pass"]
    return order.index(new) >= order.index(old)


def _waits_as_long(new: Canary | None, old: Canary | None) -> bool:
    return old is None or (new is not None and new.wait >= old.wait and new.auto <= old.auto)


def _within(new: int | None, old: int | None) -> bool:
    return old is None or (new is not None and new <= old)


@pytest.mark.parametrize("field", STRICTEST.keys())
def test_no_demand_is_overlooked_when_rules_are_compared(field):
    stricter = replace(NOTHING, **{field: STRICTEST[field]})
    assert at_least_as_strict(stricter, NOTHING)
    assert not at_least_as_strict(NOTHING, stricter)
    assert NOTHING.join(stricter) == stricter == stricter.join(NOTHING)
    assert {*STRICTEST, "second_line"} == {*Demands.__dataclass_fields__}


@given(POLICIES, CASES, RULES, st.integers(0, 2))
def test_one_more_rule_never_makes_a_launch_easier(policy, asked, extra, place):
    more = replace(policy, rules=(*policy.rules[:place], extra, *policy.rules[place:]))
    before, after = policy.ruling(asked), more.ruling(asked)
    assert at_least_as_strict(after.demands, before.demands)
    assert len(more.obstacles(asked, after.demands)) >= len(policy.obstacles(asked, before.demands))
    assert set(after.rules) >= set(before.rules)


def unordered(demands: Demands) -> Demands:
    """Without the order of its lists, and without the second line: there the first rule has its way."""
    lists = ("quiet_hours", "freezes", "refusals")
    return replace(demands, second_line="", **{name: frozenset(getattr(demands, name)) for name in lists})


@given(POLICIES, CASES, st.randoms())
def test_the_order_of_rules_does_not_matter(policy, asked, random):
    shuffled = replace(policy, rules=tuple(random.sample(policy.rules, len(policy.rules))))
    assert unordered(shuffled.ruling(asked).demands) == unordered(policy.ruling(asked).demands)


@given(DEMANDS, DEMANDS, DEMANDS)
def test_demands_join_alike_however_they_are_grouped(one, two, three):
    assert one.join(one) == one
    assert one.join(NOTHING) == one == NOTHING.join(one)
    assert one.join(two).join(three) == one.join(two.join(three))


def ruling(need: Demands, asked: Case | None = None) -> Demands:
    return Policy(roles=ROLES, rules=(Rule("it", When(), need),)).ruling(asked or case()).demands


def test_the_second_line_is_the_first_rule_s_that_names_one_and_else_everybody_s():
    rules = [Rule(role, When(), replace(NOTHING, second_line=role)) for role in ("", "lead", "requester")]
    base = Demands(second_line="admin")
    policies = [Policy(roles=ROLES, base=base, rules=tuple(rules[:count])) for count in (0, 1, 2, 3)]
    found = [policy.ruling(case()).demands.second_line for policy in policies]
    assert found == ["admin", "admin", "lead", "lead"]


@pytest.mark.parametrize(
    ("on_collision", "approvals"),
    [(OnCollision.SHOW, 1), (OnCollision.ONE_MORE_APPROVAL, 2), (OnCollision.REFUSE, 2)],
)
def test_a_collision_asks_for_one_more_approval_where_the_policy_says_so(on_collision, approvals):
    need = replace(NOTHING, on_collision=on_collision)
    assert ruling(need, case(collisions=(OTHER_LAUNCH,))).approvals == approvals
    assert ruling(need).approvals == 1


@pytest.mark.parametrize(
    ("need", "stands_in_the_way", "may"),
    [
        ({"refusals": ("Not from here.",)}, case(), None),
        ({"largest_audience": 500}, case(preview=sized(501)), case(preview=sized(500))),
        ({"largest_audience": 500}, case(preview=sized(None)), case(preview=sized(0))),
        ({"largest_limit": 500}, case(limit=501), case(limit=500)),
        ({"largest_limit": 500}, case(limit=None), case(limit=1)),
        ({"message": MessageDemand.KNOWN}, case(report=UNREAD), case(report=WARNED)),
        ({"message": MessageDemand.KNOWN}, case(), case(report=FAILED)),
        ({"checks": ChecksDemand.NO_FAILURES}, case(report=UNREAD), case(report=WARNED)),
        ({"checks": ChecksDemand.NO_FAILURES}, case(report=FAILED), case(report=PASSED)),
        ({"checks": ChecksDemand.ALL_PASS}, case(report=WARNED), case(report=PASSED)),
        ({"checks": ChecksDemand.ALL_PASS}, case(), case(report=PASSED)),
        ({"on_collision": OnCollision.REFUSE}, case(collisions=(OTHER_LAUNCH,)), case()),
    ],
)
def test_an_obstacle_stands_in_the_way_exactly_where_the_policy_says_so(need, stands_in_the_way, may):
    policy, demands = Policy(roles=ROLES), Demands(**need)
    assert len(policy.obstacles(stands_in_the_way, demands)) == 1
    assert may is None or policy.obstacles(may, demands) == ()


def test_a_policy_tells_which_roles_and_labels_it_goes_by():
    need = replace(NOTHING, of_which=(RoleCount("lead", 1),), collision_window=timedelta(days=3))
    roles = {"approver": RoleList((BEN,)), "lead": RoleList((BEN,), mention=(CLEO,))}
    policy = Policy(roles=roles, rules=(Rule("it", When(tags=("vip",), requester_roles=("agency",)), need),))
    assert (policy.roles_of_approvers, policy.roles_of_requesters) == ({"lead"}, {"agency"})
    assert policy.asks_for_labels
    assert [role.mentioned for role in policy.asked(need)] == [(BEN,), (CLEO,)]
    assert not Policy(roles=ROLES).asks_for_labels


TO_NINE = Rule("nine", When(sources=("segment:9",)), replace(NOTHING, approvals=3, refusals=("Not there.",)))


@pytest.mark.parametrize("wanted", ["request", "policy"])
def test_nobody_reaches_by_a_canary_whom_the_rules_keep_for_others(wanted):
    asked = case(**({"canary": Canary(9)} if wanted == "request" else {}))
    large = Rule("large", When(audience_above=1), replace(NOTHING, canary=Canary(9)))
    policy = Policy(roles={}, rules=(TO_NINE, *((large,) if wanted == "policy" else ())))
    ruling = policy.ruling(asked)
    assert (ruling.demands.approvals, ruling.demands.refusals) == (3, ("Not there.",))
    assert "nine" not in Policy(roles={}, rules=(TO_NINE,)).ruling(case()).rules


def test_the_policys_canary_is_not_replaced_by_the_requesters_own():
    policy = Policy(roles={}, base=Demands(canary=Canary(318)))
    asked = case(canary=Canary(319))
    (obstacle,) = policy.obstacles(asked, policy.ruling(asked).demands)
    assert "to segment 318 first" in obstacle


def test_a_canary_to_the_whole_audience_is_none():
    policy = Policy(roles={}, base=Demands(canary=Canary(5)))
    (obstacle,) = policy.obstacles(case(), policy.base)
    assert "the launch's own audience" in obstacle


def test_a_canary_needs_no_approval_of_its_own():
    policy = Policy(roles={}, base=Demands(approvals=2, tested=True, hold=timedelta(minutes=5), canary=Canary(318)))
    own = policy.ruling(case(purpose=Purpose.CANARY, source=Source(SourceKind.SEGMENT, 318))).demands
    assert (own.approvals, own.tested, own.hold, own.canary) == (0, False, timedelta(), None)
