"""The policy as it is written down: every key is read, and whatever is wrong is told by its name."""

import re
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from bot.campaign.request import Canary
from bot.message.finding import CheckSettings
from bot.policy.canary import CanaryRules
from bot.policy.collision import OnCollision
from bot.policy.conditions import When
from bot.policy.demands import NOTHING, ChecksDemand, Demands, Freeze, MessageDemand, QuietHours, RoleCount, Typed
from bot.policy.file import PolicyError, read_policy
from bot.policy.policy import Policy, RoleList, Rule
from bot.policy.testing import TestRules
from bot.results.brakes import Brakes
from tests.builders import ANA, BEN, NOON
from tests.policy.strategies import ROLES, TABLES, toml
from tests.policy.test_policy import case

SETUPS = sorted((Path(__file__).parents[2] / "sandbox/setups").glob("*.toml"))


def read(text: str) -> Policy:
    return read_policy(text, ROLES, Demands())


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(PolicyError) as refused:
        read(text)
    return refused.value.problems


NEEDS = [
    ("approvals = 20", {"approvals": 20}),
    ("of_which = { lead = 2, admin = 1 }", {"of_which": (RoleCount("admin", 1), RoleCount("lead", 2))}),
    ("self_approval = true", {"self_approval": True}),
    ("reason = true", {"reason": True}),
    ('typed = ["campaign", "audience"]', {"typed": (Typed.CAMPAIGN, Typed.AUDIENCE)}),
    ('hold = "90s"', {"hold": timedelta(seconds=90)}),
    ('expires_after = "2d"', {"expires_after": timedelta(days=2)}),
    ('reminders = ["15m", "1 h"]', {"reminders": (timedelta(minutes=15), timedelta(hours=1))}),
    ('second_line = "lead"', {"second_line": "lead"}),
    ('on_collision = "refuse"', {"on_collision": OnCollision.REFUSE}),
    ('collision_window = "30d"', {"collision_window": timedelta(days=30)}),
    ("break_glass = true", {"break_glass": True}),
    ("largest_audience = 0", {"largest_audience": 0}),
    ("largest_limit = 1", {"largest_limit": 1}),
    ('quiet_hours = [{ from = "12:00", to = "14:00" }]', {"quiet_hours": (QuietHours(time(12), time(14), 0),)}),
    (
        'quiet_hours = [{ from = "20:00", to = "08:00", days = ["mon"] }]',
        {"quiet_hours": (QuietHours(time(20), time(8), 1, ("mon",)),)},
    ),
    (
        'quiet_hours = [{ from = "fri 18:00", to = "mon 08:00" }, { from = "sun 09:00", to = "sun 09:00" }]',
        {"quiet_hours": (QuietHours(time(18), time(8), 3, ("fri",)), QuietHours(time(9), time(9), 7, ("sun",)))},
    ),
    (
        "freezes = [2026-12-24, { first = 2026-12-31, last = 2027-01-01 }]",
        {"freezes": (Freeze(date(2026, 12, 24), date(2026, 12, 24)), Freeze(date(2026, 12, 31), date(2027, 1, 1)))},
    ),
    ("tolerance = 2.5", {"tolerance": 2.5}),
    ("goes_on_unread = true", {"goes_on_unread": True}),
    ('message = "known"', {"message": MessageDemand.KNOWN}),
    ('checks = "no_failures"', {"checks": ChecksDemand.NO_FAILURES}),
    ('checks = "all_pass"', {"checks": ChecksDemand.ALL_PASS}),
    ("tested = true", {"tested": True}),
    ('canary = { segment = 318, wait = "90s" }', {"canary": Canary(318, timedelta(seconds=90))}),
    ("canary = { segment = 318 }", {"canary": Canary(318)}),
    ('refuse = "Not from here."', {"refusals": ("Not from here.",)}),
]
WHENS = [
    ("campaigns = [82, 83]", {"campaigns": (82, 83)}),
    ('kinds = ["trigger"]', {"kinds": ("trigger",)}),
    ('tags = ["black friday"]', {"tags": ("black friday",)}),
    ('groups = ["CRM"]', {"groups": ("CRM",)}),
    ("run_now = false", {"run_now": False}),
    ('sources = ["list:1", "segment:5"]', {"sources": ("list:1", "segment:5")}),
    ('channels = ["C0LAUNCH"]', {"channels": ("C0LAUNCH",)}),
    ('requester_roles = ["lead"]', {"requester_roles": ("lead",)}),
    ("audience_above = 500", {"audience_above": 500}),
    ("limit_above = 500", {"limit_above": 500}),
    ("unknown_size = true", {"unknown_size": True}),
]


@pytest.mark.parametrize(("line", "meant"), NEEDS)
def test_every_demand_can_be_made_always_or_by_a_rule(line, meant):
    assert read(f"[always]\n{line}").base == Demands(**meant)
    ruled = read(f'[[rule]]\nname = "it"\nneed = {{ {line} }}').rules
    assert ruled == (Rule("it", When(), replace(NOTHING, **meant)),)


@pytest.mark.parametrize(("line", "meant"), WHENS)
def test_every_condition_can_be_made(line, meant):
    (rule,) = read(f'[[rule]]\nname = "it"\nwhen = {{ {line} }}\nneed = {{}}').rules
    assert rule.when == When(**meant)


def test_no_demand_and_no_condition_is_without_its_key():
    assert {name for _, meant in NEEDS for name in meant} == {*Demands.__dataclass_fields__}
    assert {name for _, meant in WHENS for name in meant} == {*When.__dataclass_fields__}


def test_roles_of_the_text_stand_beside_those_that_are_there_or_in_their_place():
    policy = read(
        '[roles.team-2]\nmembers = ["U0BEN", "S0LEADS"]\nmention = ["W0CLEO"]\n[roles.lead]\nmembers = ["U0ANA"]'
    )
    assert policy.roles == {**ROLES, "team-2": RoleList((BEN, "S0LEADS"), ("W0CLEO",)), "lead": RoleList((ANA,))}


def test_a_time_zone_is_read():
    assert read('time_zone = "Europe/Berlin"').zone == ZoneInfo("Europe/Berlin")


def test_what_the_checks_of_a_message_go_by_is_read():
    text = """[message_checks]
    placeholders = ["coming soon"]
    staging_hosts = ["Staging.shop.example", ".test"]
    unsubscribe = ["{unsub_link}"]
    most_sms_parts = 2
    repeat_days = 7"""

    assert read(text).message_checks == CheckSettings(
        placeholders=("coming soon",),
        staging_hosts=("staging.shop.example", ".test"),
        unsubscribe=("{unsub_link}",),
        most_sms_parts=2,
        repeat_days=7,
    )


@pytest.mark.parametrize(
    "line",
    [
        'staging_hosts = ["https://staging.shop.example"]',
        'staging_hosts = ["shop.example/path"]',
        'unsubscribe = "unsub"',
        "most_sms_parts = 0",
        "repeat_days = 367",
        'subject = "x"',
    ],
)
def test_what_the_checks_cannot_go_by_is_named(line):
    with pytest.raises(PolicyError) as error:
        read(f"[message_checks]\n{line}")

    assert str(error.value).startswith(f"message_checks.{line.split(' ')[0]}: ")


def test_without_a_text_the_policy_is_what_was_given():
    base = Demands(approvals=3, second_line="admin")
    assert read_policy("", ROLES, base) == Policy(roles=ROLES, base=base)
    assert read_policy("[always]\nreason = true", ROLES, base).base == replace(base, reason=True)


COUNT, TIME, LIST, FLAG = "a whole number from", "it takes a time", "it takes a list in [ ]", "true or false"
TEXT, QUIET, FROZEN = "a text in quotes", 'from = "20:00", to = "08:00"', "days such as 2026-12-24"

WRONG_NEEDS = {
    **dict.fromkeys(
        ("self_approval", "reason", "break_glass", "goes_on_unread", "tested"), (FLAG, ["1", "0", '"yes"', "[]"])
    ),
    "approvals": (f"{COUNT} 1 to 20", ["0", "21", "1.0", "true", '"2"', "[]"]),
    "of_which": ("it takes ", ["1", '["lead"]', "{ lead = 0 }", "{ lead = 21 }", "{ lead = true }"]),
    "typed": ("it takes ", ['"audience"', '["size"]', "[1]", "true"]),
    "hold": (TIME, ["60", '"1 week"', '"-1m"', '"1.5h"', '"25h"', '"2d"', '"9999999s"']),
    "expires_after": (TIME, ["4", '"59s"', '"31d"', "00:30:00"]),
    "reminders": ("it takes a", ['"15m"', "[15]", '["soon"]']),
    "second_line": (TEXT, ['""', '" "', '["lead"]']),
    "on_collision": ("show, one_more_approval, refuse", ['"REFUSE"', "true", '["show"]']),
    "collision_window": (TIME, ["24", '"31d"']),
    "largest_audience": (f"{COUNT} 0", ["-1", "1e3", '"10,000"', "false", "9223372036854775808"]),
    "largest_limit": (f"{COUNT} 1", ["0"]),
    "tolerance": ("percent from 0 to 100", ["-1", "100.1", "nan", "inf", '"10%"', "true"]),
    "message": ("it takes known", ['"any"', "true", '["known"]']),
    "checks": ("no_failures, all_pass", ['"any"', "true", '"pass"']),
    "canary": (
        "it takes ",
        [
            "318",
            "{}",
            '{ segment = "318" }',
            "{ segment = 318, wait = 30 }",
            '{ segment = 318, wait = "25h" }',
            '{ segment = 318, release = "never" }',
            "{ segment = 318, limit = 5 }",
        ],
    ),
    "refuse": (TEXT, ["true", '""']),
}
QUIETLY_WRONG = """
20 | "20:00" | {} | { from = "20:00" } | { from = 20:00:00, to = 08:00:00 } | { from = "24:00", to = "08:00" }
{ from = "8 pm", to = "08:00" } | { from = "20:00", to = "08:00", day = ["mon"] } | { from = "fri 20:00", to = "08:00" }
{ from = "fri 20:00", to = "mon 08:00", days = ["fri"] } | { from = "Fri 20:00", to = "Mon 08:00" }
"""
WRONG_QUIET = re.split(r" \| |\n", QUIETLY_WRONG.strip())
WRONG_FREEZES = ['"2026-12-24"', "2026-12-24T00:00:00", "{ first = 2026-12-24 }", "{ first = 1, last = 2 }", "24"]
WRONG_WHENS = {
    **dict.fromkeys(("run_now", "unknown_size"), (FLAG, ["1", '"yes"'])),
    **dict.fromkeys(("audience_above", "limit_above"), (f"{COUNT} 0", ["-1", "true", '"many"'])),
    **dict.fromkeys(("tags", "groups", "requester_roles"), ("it takes ", ['"vip"', "[1]", '[""]', "[{}]"])),
    "campaigns": ("it takes ", ["82", '["82"]', "[0]", "[true]", "[9223372036854775808]"]),
    "kinds": ("it takes ", ['"trigger"', '["newsletter"]']),
    "sources": ("it takes ", ['"list:1"', "[5]", '["list:0"]', '["LIST:1"]', '["segment"]']),
    "channels": ("it takes ", ['"C0LAUNCH"', '["#launches"]', "[1]"]),
}
WRONG = [
    *((f"always.{key}", f"[always]\n{key} = {one}", says) for key, (says, bad) in WRONG_NEEDS.items() for one in bad),
    *(("always.quiet_hours", f"[always]\nquiet_hours = [{value}]", QUIET) for value in WRONG_QUIET),
    ("always.quiet_hours", "[always]\nquiet_hours = true", LIST),
    ("always.quiet_hours", '[always]\nquiet_hours = [{ from = "08:00", to = "08:00" }]', "use freezes"),
    ("always.quiet_hours", '[always]\nquiet_hours = [{ from = "20:00", to = "08:00", days = [] }]', "leave it out"),
    ("always.quiet_hours", '[always]\nquiet_hours = [{ from = "20:00", to = "08:00", days = ["Mo"] }]', "mon, tue"),
    *(("always.freezes", f"[always]\nfreezes = [{value}]", FROZEN) for value in WRONG_FREEZES),
    ("always.freezes", "[always]\nfreezes = 2026-12-24", LIST),
    ("always.freezes", "[always]\nfreezes = [{ first = 2026-12-24, last = 2026-12-23 }]", "first comes after last"),
    *(
        (f"rule “it”: when.{key}", f'rule = [{{ name = "it", when = {{ {key} = {value} }}, need = {{}} }}]', says)
        for key, (says, bad) in WRONG_WHENS.items()
        for value in bad
    ),
    *(("time_zone", f"time_zone = {value}", "it takes a t") for value in ['"Berlin"', '"../UTC"', '"Europe"', "1"]),
    ("roles", "roles = 1", "it takes a table"),
    ("roles.Lead", '[roles.Lead]\nmembers = ["U0BEN"]', "small letters"),
    ("roles.lead", 'roles = { lead = ["U0BEN"] }', 'members = ["U…", "S…"]'),
    *((f"roles.lead.{key}", f"[roles.lead]\n{key} = {value}", says) for key in ("members", "mention")
      for value, says in [('"U0BEN"', LIST), (f"[{hex(2**20_000)}]", "ids cannot"), ('["@ben"]', "it holds '@ben'")]),
    ("always", "always = true", "it takes a table"),
    ("rule", '[rule]\nname = "it"', "under a line [[rule]]"),
    ("rule", "rule = [1]", "under a line [[rule]]"),
    ("rule 1.name", "rule = [{ name = 1, need = {} }]", TEXT),
    ("rule 1", "rule = [{ need = {} }]", "name is missing"),
    ("rule “it”", 'rule = [{ name = "it" }]', "need is missing"),
    ("rule “it”.need", 'rule = [{ name = "it", need = 2 }]', "it takes a table"),
    ("rule “it”.when", 'rule = [{ name = "it", when = true, need = {} }]', "it takes a table"),
    ("rule “it”: need.approvals", 'rule = [{ name = "it", need = { approvals = 0 } }]', COUNT),
]  # fmt: skip


@pytest.mark.parametrize(("key", "text", "says"), WRONG, ids=[key for key, *_ in WRONG])
def test_a_wrong_value_is_told_with_its_key_and_what_is_allowed(key, text, says):
    (problem,) = problems(text)
    assert problem.startswith(f"{key}: ")
    assert says in problem


def test_every_key_has_been_given_a_wrong_value():
    needs = {*Demands.__dataclass_fields__, "refuse"} - {"refusals", "quiet_hours", "freezes"}
    assert (set(WRONG_NEEDS), set(WRONG_WHENS)) == (needs, set(When.__dataclass_fields__))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[always]\napprovals = \nreason = true", "line 2"),
        ("[always]\n\nreason = yes", "line 3"),
        ("[always]\nreason = true\nreason = true\n", "line 3"),
        ("[always]\nfreezes = [2026-02-30]", "line 2"),
        pytest.param("a = " + "[" * 50_000, "nested too deep", id="brackets"),
        pytest.param("a = " + "9" * 5_000, "thousands of digits", id="digits"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(text, says):
    (problem,) = problems(text)
    assert says in problem


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "approvals = 2",
            "approvals: there is no such key. There are time_zone, may_stop, follow_for, report_after, ",
        ),
        ("[roles.lead]\nmember = []", "roles.lead.member: there is no such key. There are members, mention."),
        ("[always]\naprovals = 2", "always.aprovals: there is no such key. There are approvals, of_which, self_ap"),
        ("[always]\nrefusals = []", "always.refusals: there is no such key. There are approvals, "),
        ('rule = [{ name = "it", need = {}, if = {} }]', "rule “it”.if: there is no such key. There are name, when, n"),
        ('rule = [{ name = "it", need = {}, when = { tag = 1 } }]', "rule “it”: when.tag: there is no such key. There"),
    ],
)
def test_a_key_that_is_not_known_is_told_with_those_that_are(text, says):
    (problem,) = problems(text)
    assert problem.startswith(says)


@pytest.mark.parametrize(
    "text",
    [
        "[always]\nof_which = { boss = 1 }",
        '[always]\nsecond_line = "boss"',
        'rule = [{ name = "it", need = { of_which = { lead = 1, boss = 1 } } }]',
        'rule = [{ name = "it", need = {}, when = { requester_roles = ["lead", "boss"] } }]',
    ],
)
def test_a_role_that_nobody_has_defined_is_refused(text):
    (problem,) = problems(text)
    assert "there is no role “boss”" in problem
    assert read(f'{text}\n[roles.boss]\nmembers = ["U0BEN"]')


def test_a_rule_may_ask_for_people_of_several_roles():
    text = 'rule = [{ name = "it", need = { of_which = { lead = 1, admin = 2 } } }]'
    policy = read(text)
    assert policy.ruling(case()).demands.of_which == (RoleCount("admin", 2), RoleCount("lead", 1))
    assert policy.roles_of_approvers == {"admin", "lead"}


def test_two_rules_of_one_name_are_refused():
    assert problems('[[rule]]\nname = "it"\nneed = {}\n' * 2) == (
        "two rules are called “it”. Give each a name of its own.",
    )


def test_all_that_is_wrong_is_told_at_once():
    text = 'zone = 1\n[always]\napprovals = 0\nsecond_line = "boss"\n[[rule]]\nneed = { hold = 1, typed = 2 }'
    assert [problem.split(":")[0] for problem in problems(text)] == [
        *("zone", "rule 1", "rule 1", "rule 1", "always.approvals", "always"),
    ]


@pytest.mark.parametrize("path", SETUPS, ids=lambda path: path.stem)
def test_the_sandbox_s_setups_are_policies(path):
    assert len(SETUPS) == 8
    assert read(path.read_text(encoding="utf-8"))


def test_where_tests_may_go_is_read():
    text = """[test]
    segment = 12
    at_most = 25
    approvals = 1
    a_day = 3
    no_schedule = "never_starts"
    schedule_zone = "Europe/Berlin\""""
    assert read(text).test == TestRules(
        segment=12,
        at_most=25,
        approvals=1,
        a_day=3,
        no_schedule="never_starts",
        schedule_zone=ZoneInfo("Europe/Berlin"),
    )


def test_without_a_table_tests_may_go_nowhere():
    assert read("").test is None


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("segment = 12", "test: at_most is missing."),
        ("at_most = 25", "test: segment is missing."),
        ("segment = 0\nat_most = 25", "test.segment"),
        ("segment = 12\nat_most = 0", "test.at_most"),
        ("segment = 12\nat_most = 1000000000", "test.at_most: it takes a whole number from 1 to 1000."),
        ("segment = 12\nat_most = 25\napprovals = -1", "test.approvals"),
        ("segment = 12\nat_most = 25\na_day = 0", "test.a_day"),
        ('segment = 12\nat_most = 25\nno_schedule = "allow"', "test.no_schedule"),
        ('segment = 12\nat_most = 25\nschedule_zone = "Mars"', "test.schedule_zone"),
        ("segment = 12\nat_most = 25\nlist = 1", "test.list: there is no such key."),
    ],
)
def test_a_table_of_tests_with_a_mistake_is_no_policy(line, says):
    assert says in "\n".join(problems(f"[test]\n{line}"))


def test_the_brakes_are_read():
    text = """[brakes]
    hard_bounces = "2%"
    complaints = "0.1%"
    undelivered = "5%"
    after = 500
    stop = true"""
    assert read(text).brakes == Brakes(hard_bounces=20_000, complaints=1_000, undelivered=50_000, after=500, stop=True)


def test_no_brake_stops_a_run_unless_the_policy_says_so():
    assert read("").brakes is None
    assert read('[brakes]\ncomplaints = "0.1%"').brakes == Brakes(complaints=1_000, after=200, stop=False)


PERCENTAGE = 'it takes a percentage in quotes, such as "2%" or "0.1%"'


@pytest.mark.parametrize(
    ("line", "says"),
    [
        *((f"hard_bounces = {value}", f"brakes.hard_bounces: {PERCENTAGE}") for value in ["2", "0.02", "true", "[]"]),
        *(
            (f'complaints = "{value}"', f"brakes.complaints: {PERCENTAGE}")
            for value in ["", "2", "100%", "-1%", "0,1%"]
        ),
        ('undelivered = "2 percent"', f"brakes.undelivered: {PERCENTAGE}"),
        ('undelivered = "5%"\nafter = 0', "brakes.after: it takes a whole number from 1 to 1000000."),
        ('undelivered = "5%"\nafter = "200"', "brakes.after"),
        ('undelivered = "5%"\nstop = "yes"', "brakes.stop: it takes true or false."),
        ('undelivered = "5%"\nbounces = "2%"', "brakes.bounces: there is no such key."),
        ("stop = true", "brakes: it names none. There are hard_bounces, complaints, undelivered."),
    ],
)
def test_brakes_with_a_mistake_are_no_policy(line, says):
    (problem,) = problems(f"[brakes]\n{line}")
    assert problem.startswith(says)


def test_how_canaries_are_sent_is_read():
    assert read("").canary == CanaryRules(on="copy", no_schedule="refuse")
    assert read('[canary]\non = "original"\nat_most = 500').canary == CanaryRules(on="original", at_most=500)
    assert read('[canary]\nno_schedule = "never_starts"\nschedule_zone = "Europe/Berlin"').canary == CanaryRules(
        no_schedule="never_starts", schedule_zone=ZoneInfo("Europe/Berlin")
    )


@pytest.mark.parametrize("line", ['on = "both"', "on = true", "segment = 5", "at_most = 0"])
def test_a_table_of_canaries_with_a_mistake_is_no_policy(line):
    (problem,) = problems(f"[canary]\n{line}")
    assert problem.startswith(f"canary.{line.split(' ')[0]}: ")


def test_no_rest_goes_by_itself_where_the_policy_has_no_brakes():
    auto = '[always]\ncanary = { segment = 318, release = "auto" }'
    (problem,) = problems(auto)
    assert "needs a table [brakes]" in problem
    assert read(f'{auto}\n[brakes]\nhard_bounces = "2%"').base.canary == Canary(318, auto=True)


def policy_or_problems(text: str) -> Policy | tuple[str, ...]:
    try:
        return read(text)
    except PolicyError as refused:
        return refused.problems


@given(TABLES)
def test_any_table_at_all_is_a_policy_that_can_rule_or_is_refused_in_words(table):
    found = policy_or_problems(toml(table))
    if isinstance(found, Policy):
        demands = found.ruling(case()).demands
        assert all(found.obstacles(case(), demands))
        assert (demands.quiet_until(NOON, found.zone) or NOON) >= NOON
    else:
        assert found
        assert "not TOML" not in found[0]


def test_who_is_mentioned_can_be_said_of_a_role_that_the_settings_fill():
    policy = read_policy('[roles.approver]\nmention = ["U0BEN"]', {"approver": RoleList(("U0ANA", "U0BEN"))}, Demands())
    assert policy.roles["approver"] == RoleList(("U0ANA", "U0BEN"), ("U0BEN",))


def test_a_condition_that_lists_nothing_is_refused():
    text = '[[rule]]\nname = "all"\nwhen = { campaigns = [] }\nneed = { reason = true }'
    with pytest.raises(PolicyError, match=r"when\.campaigns: it is empty"):
        read_policy(text, {}, Demands())


def test_who_may_stop_and_how_long_is_followed_stand_at_the_top():
    assert (read("").may_stop, read("").follow_for) == (("approver", "admin"), timedelta(hours=24))
    written = read('may_stop = ["lead", "admin"]\nfollow_for = "2h"')
    assert (written.may_stop, written.follow_for) == (("lead", "admin"), timedelta(hours=2))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('may_stop = ["boss"]', "may_stop: there is no role “boss”. There are"),
        ("may_stop = []", "may_stop: it is empty, so nobody could stop a campaign."),
        ('may_stop = "admin"', "may_stop: it takes a list in [ ]."),
        ('follow_for = "1m"', "follow_for: it takes a time from 5m to 30d."),
    ],
)
def test_what_cannot_be_meant_by_them_is_told(text, says):
    (problem,) = problems(text)
    assert problem.startswith(says)
