"""Hypothesis strategies for policies: as rules and cases, and as TOML, most of it wrong."""

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import combinations, permutations

from hypothesis import strategies as st

from bot.campaign.campaign import Audience, Campaign, Preview
from bot.campaign.request import ActivationRequest, Canary, LaunchId, Source, SourceKind
from bot.policy.collision import Collision, OnCollision
from bot.policy.conditions import Case, When
from bot.policy.demands import WEEK, ChecksDemand, Demands, Freeze, MessageDemand, QuietHours, RoleCount, Typed
from bot.policy.keys import KINDS
from bot.policy.policy import Policy, RoleList, Rule
from tests.builders import BEN, NOON

ROLES = {name: RoleList((BEN,)) for name in ("requester", "approver", "admin", "lead")}
OTHER_LAUNCH = Collision(
    launch_id=LaunchId("L0"),
    campaign_id=82,
    campaign_name="Black Friday",
    source=None,
    state="launched",
    since=NOON,
    requester=BEN,
    same_campaign=True,
)

LABELS = ("crm", "vip")
CHANNELS = ("C0LAUNCH", "C0OTHER")
SIZES = st.sampled_from([0, 1, 499, 500, 501])
SPANS = st.sampled_from([timedelta(minutes=minutes) for minutes in (0, 1, 30, 600)])


def some_of(values: Sequence) -> st.SearchStrategy[tuple]:
    """Some of the values, sorted: what a demand that is read from a policy holds."""
    ordered = sorted(values)
    return st.sampled_from([some for size in range(len(values) + 1) for some in combinations(ordered, size)])


def up_to_two(values: Sequence) -> st.SearchStrategy[tuple]:
    return st.sampled_from([some for size in range(3) for some in permutations(values, size)])


CLOCKS = st.sampled_from([time(hour, minute) for hour in range(24) for minute in (0, 30)])
DAYS = st.dates(date(2026, 1, 1), date(2027, 1, 1))


@st.composite
def quiet_hours(draw: st.DrawFn) -> QuietHours:
    """Hours as a policy can name them."""
    start, to = draw(st.lists(CLOCKS, min_size=2, max_size=2, unique=True))
    midnights = draw(st.integers(1, 6) if to < start else st.integers(0, 6))
    days = draw(some_of(WEEK)) if midnights <= 1 else (draw(st.sampled_from(WEEK)),)
    return QuietHours(start, to, midnights, days)


QUIET_HOURS = quiet_hours()
FREEZES = st.builds(lambda first, days: Freeze(first, first + timedelta(days=days)), DAYS, st.integers(0, 20))

NIGHTS = QuietHours(time(20), time(8), 1)
WEEKENDS = QuietHours(time(18), time(8), 3, ("fri",))
ADMIN, LEAD, TWO_LEADS = RoleCount("admin", 1), RoleCount("lead", 1), RoleCount("lead", 2)

CANARY_WAITS = st.sampled_from([timedelta(minutes=30), timedelta(hours=1)])

DEMANDS = st.builds(
    Demands,
    approvals=st.integers(0, 3),
    of_which=st.sampled_from([(), (LEAD,), (TWO_LEADS,), (ADMIN,), (ADMIN, LEAD), (ADMIN, TWO_LEADS)]),
    self_approval=st.booleans(),
    reason=st.booleans(),
    typed=some_of(list(Typed)),
    hold=SPANS,
    expires_after=SPANS,
    reminders=some_of([timedelta(minutes=15), timedelta(hours=1)]),
    second_line=st.sampled_from(["", "admin", "lead"]),
    on_collision=st.sampled_from(OnCollision),
    collision_window=SPANS,
    break_glass=st.booleans(),
    largest_audience=st.none() | SIZES,
    largest_limit=st.none() | SIZES,
    quiet_hours=up_to_two([NIGHTS, WEEKENDS]),
    freezes=up_to_two([Freeze(date(2026, 12, 24), date(2026, 12, 26)), Freeze(date(2026, 12, 31), date(2027, 1, 1))]),
    tolerance=st.sampled_from([0.0, 2.3, 10.0, 100.0]),
    goes_on_unread=st.booleans(),
    tested=st.booleans(),
    canary=st.none() | st.builds(Canary, st.sampled_from([318, 319]), CANARY_WAITS, st.booleans()),
    message=st.sampled_from(MessageDemand),
    checks=st.sampled_from(ChecksDemand),
    refusals=up_to_two(["no", "not now"]),
)
SOURCES = [f"{kind}:{number}" for kind in SourceKind for number in (1, 5)]
WHENS = st.builds(
    When,
    campaigns=some_of([82, 83]),
    kinds=some_of(KINDS),
    tags=some_of(LABELS),
    groups=some_of(LABELS),
    run_now=st.none() | st.booleans(),
    sources=some_of(SOURCES),
    channels=some_of(CHANNELS),
    requester_roles=some_of(["lead", "requester"]),
    audience_above=st.none() | SIZES,
    limit_above=st.none() | SIZES,
    unknown_size=st.none() | st.booleans(),
)
RULES = st.builds(Rule, st.sampled_from(["one", "two", "three"]), st.just(When()) | WHENS, DEMANDS)
POLICIES = st.builds(Policy, roles=st.just(ROLES), base=DEMANDS, rules=st.lists(RULES, max_size=2).map(tuple))

CAMPAIGNS = st.builds(
    Campaign,
    id=st.just(82),
    name=st.just("Black Friday"),
    kind=st.sampled_from(["", *KINDS]),
    tags=st.none() | some_of(LABELS),
    groups=st.none() | some_of(LABELS),
)
AUDIENCES = st.builds(Audience, source=st.sampled_from(SOURCES).map(Source.parse), size=st.none() | SIZES)
CASES = st.builds(
    Case,
    request=st.builds(
        ActivationRequest,
        campaign_id=st.sampled_from([82, 83]),
        run_now=st.just(True),
        source=st.none() | st.sampled_from(SOURCES).map(Source.parse),
        limit=st.none() | st.sampled_from([1, 500, 501]),
    ),
    preview=st.builds(Preview, campaign=st.none() | CAMPAIGNS, audience=st.none() | AUDIENCES),
    channel=st.sampled_from(CHANNELS),
    requester_roles=st.none() | some_of(["lead", "requester"]).map(frozenset),
    collisions=st.sampled_from([(), (OTHER_LAUNCH,)]),
)

_FITTING_NEEDS = {
    "approvals": 2,
    "of_which": {"lead": 1},
    **dict.fromkeys(("self_approval", "reason", "break_glass", "goes_on_unread"), True),
    "typed": ["audience"],
    **dict.fromkeys(("hold", "expires_after", "collision_window"), "15m"),
    "reminders": ["15m", "0s"],
    "second_line": "lead",
    "on_collision": "refuse",
    **dict.fromkeys(("largest_audience", "largest_limit"), 500),
    "quiet_hours": [{"from": "20:00", "to": "13:00"}, {"from": "mon 08:00", "to": "mon 08:00"}],
    "freezes": [date(2026, 12, 24), {"first": date.min, "last": date.max}],
    "tolerance": 2.3,
    "message": "known",
    "checks": "all_pass",
    "refuse": "no",
}
_FITTING_WHENS = {
    "campaigns": [82],
    "kinds": ["broadcast"],
    "tags": ["vip"],
    "groups": ["crm"],
    **dict.fromkeys(("run_now", "unknown_size"), False),
    "sources": ["segment:5"],
    "channels": ["C0LAUNCH"],
    "requester_roles": ["lead"],
    **dict.fromkeys(("audience_above", "limit_above"), 500),
}
_FITTING_ROLES = {"members": ["U0BEN"], "mention": ["S0LEADS"]}

# With an alphabet of its own: Hypothesis needs seconds to learn all of Unicode.
_TEXTS = st.text("aZ09_.:-\"'\\#[{= \n\x00\x7f“é\u2028😀", max_size=5)
_SCALARS = st.one_of(
    st.sampled_from(["lead", "U0BEN", "20:00", "fri 18:00", "mon 25:00", "15m", "mon", "list:0", "Europe", "../x"]),
    _TEXTS,
    st.booleans(),
    st.integers(-1, 30) | st.sampled_from([2**63, 2**14000]),
    st.floats(),
    st.dates(),
    st.times(),
    st.datetimes(),
)
_KEYS = st.sampled_from(["time_zone", "roles", "always", "rule", "members", "approvals", "from", "to", "first", "last"])
_ANYTHING = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_KEYS | _TEXTS, inner, max_size=3),
    max_leaves=4,
)


def _mostly(fitting: object) -> st.SearchStrategy:
    return st.integers(1, 40).flatmap(lambda chance: _ANYTHING if chance == 40 else st.just(fitting))


def _tables(fitting: dict) -> st.SearchStrategy[dict]:
    """Some of the keys, with values that fit, or now and then with any."""
    items = st.sampled_from(list(fitting)).flatmap(lambda key: st.tuples(st.just(key), _mostly(fitting[key])))
    return st.lists(items, max_size=4).map(dict)


TABLES = st.dictionaries(_KEYS, _ANYTHING, max_size=3) | st.fixed_dictionaries(
    {},
    optional={
        "time_zone": _mostly("Europe/Berlin"),
        "roles": st.dictionaries(st.sampled_from(["lead", "team-2", "Boss"]), _tables(_FITTING_ROLES), max_size=1),
        "always": _tables(_FITTING_NEEDS),
        "rule": st.lists(
            st.fixed_dictionaries(
                {"name": _mostly("it"), "when": _tables(_FITTING_WHENS), "need": _tables(_FITTING_NEEDS)}
            ),
            max_size=2,
            unique_by=lambda rule: str(rule["name"]),
        ),
    },
)
"""Tables that TOML can hold, with the policy's own keys and any values."""


def toml(table: dict) -> str:
    """The table as TOML text."""
    return "".join(f"{_quoted(key)} = {_value(value)}\n" for key, value in table.items())


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _quoted(value)
        case int():
            return hex(value) if value >= 0 else str(value)
        case date() | time() | datetime():
            return value.isoformat()
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case dict():
            return f"{{{', '.join(f'{_quoted(key)} = {_value(one)}' for key, one in value.items())}}}"
        case _:
            return repr(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
