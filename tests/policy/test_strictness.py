"""What one more rule does to a launch as people live it: nobody gets through with less, nor earlier, nor further."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.campaign import Preview
from bot.launch.commands import Approve, BreakGlass, Checked, Edit
from bot.launch.decide import decide
from bot.launch.events import BrokeGlass, Entry
from bot.launch.evolve import evolve
from bot.launch.review import review
from bot.launch.state import Launch, State
from bot.policy.conditions import Case
from bot.policy.demands import Typed
from bot.policy.policy import Policy
from bot.policy.refusals import Refused
from tests.builders import ANA, BEN, CLEO, DAN, NOON, asked, launch
from tests.message.builders import NoMessages
from tests.policy.strategies import CASES, POLICIES, RULES, some_of

BERLIN = ZoneInfo("Europe/Berlin")
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
TYPING = st.sampled_from(["all", "the size", "the id", "nothing"])

PEOPLE = st.lists(st.sampled_from((ANA, BEN, CLEO, DAN)), min_size=1, max_size=5)
ROLES = st.just(("admin", "lead")) | some_of(["admin", "lead"])
CLICKS = st.builds(lambda people, roles, typing: [Approve(who, roles, typing) for who in people], PEOPLE, ROLES, TYPING)
# Something has to be typed in any case: the id, where the policy names nothing.
BREAKS = st.sampled_from(["all", "nothing"]).map(lambda typing: [BreakGlass(DAN, BrokeGlass("fire", ()), typing)])


def one_more(policy: Policy, extra) -> tuple[Policy, Policy]:
    return replace(policy, rules=(*policy.rules, extra)), policy


def standing(policy: Policy, case: Case, seen: Preview | None = None) -> Launch:
    """Ana's request as the policy takes it, before anybody has decided."""
    demands = policy.ruling(case).demands
    requested = replace(asked(demands=demands), request=case.request, preview=seen or case.preview)
    return launch(requested=replace(requested, expires_at=NOON + demands.expires_after))


def checked(on: Launch, typing: str) -> Checked:
    """The card as it stands, and what is typed on it."""
    size = on.preview.audience.size if on.preview.audience else None
    right = {Typed.AUDIENCE: str(size), Typed.CAMPAIGN: str(on.request.campaign_id)}
    wrong = {"nothing": right, "the id": {Typed.AUDIENCE}, "the size": {Typed.CAMPAIGN}, "all": {}}[typing]
    return Checked(shown=on.fingerprint, typed={one: text for one, text in right.items() if one not in wrong})


def after(on: Launch, clicks) -> Launch:
    for seq, click in enumerate(clicks, start=2):
        decided = decide(on, replace(click, checked=checked(on, click.checked)))
        for event in () if isinstance(decided, Refused) else decided:
            on = evolve(on, Entry(on.id, seq, NOON, click.by, event))
    return on


@given(POLICIES, CASES, RULES, CLICKS)
def test_whoever_gets_a_launch_through_under_one_more_rule_gets_it_through_without_it(policy, case, extra, clicks):
    stricter, laxer = (after(standing(one, case), clicks) for one in one_more(policy, extra))
    assert laxer.expires_at >= stricter.expires_at
    if stricter.state == State.APPROVED:
        assert laxer.state == State.APPROVED
        assert (laxer.not_before or NOON) <= (stricter.not_before or NOON)


@given(POLICIES, CASES, RULES, BREAKS)
def test_whoever_breaks_the_glass_under_one_more_rule_breaks_it_without_it(policy, case, extra, breaks):
    stricter, laxer = (after(standing(one, case), breaks) for one in one_more(policy, extra))
    if stricter.state == State.APPROVED:
        assert laxer.state == State.APPROVED


@given(POLICIES, CASES, RULES, MOMENTS)
def test_one_more_rule_never_ends_quiet_hours_earlier(policy, case, extra, moment):
    stricter, laxer = (one.ruling(case).demands.quiet_until(moment, BERLIN) for one in one_more(policy, extra))
    assert (stricter or moment) >= (laxer or moment)


@given(POLICIES, CASES, RULES, st.sampled_from([1000, 1019, 1020, 1023, 1024, 1100, 1101, 0, None]))
def test_one_more_rule_never_lets_an_audience_drift_further_nor_go_unread(policy, case, extra, size):
    def sized(count):
        return replace(asked().preview, audience=replace(asked().preview.audience, size=count))

    now = replace(case, preview=replace(sized(size), failed=size is None))
    stricter, laxer = (
        review(standing(one, case, sized(1000)), one, now, NoMessages()) for one in one_more(policy, extra)
    )
    assert set(stricter.changes) >= set(laxer.changes)
    assert stricter.unread >= laxer.unread


@given(POLICIES, CASES, st.lists(CASES, min_size=1, max_size=4))
def test_no_edit_drops_anything_that_was_demanded_before(policy, case, edits):
    one = standing(policy, case)
    for nth, other in enumerate(edits, start=2):
        requested = replace(asked(demands=policy.ruling(other).demands), request=other.request, preview=other.preview)
        decided = decide(one, Edit(ANA, requested, (), one.fingerprint))
        assert not isinstance(decided, Refused)
        edited = evolve(one, Entry(one.id, nth, NOON, ANA, decided[0]))
        assert edited.demands.join(one.demands) == edited.demands
        assert set(one.rules) <= set(edited.rules)
        one = edited
