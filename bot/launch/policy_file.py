"""The policy as a team writes it down in TOML. Pure: text in, policy out."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.launch.collision import LONGEST_WINDOW, OnCollision
from bot.launch.demands import NOTHING, WEEK, Demands, Freeze, QuietHours, RoleCount, Typed
from bot.launch.policy import NEEDED, Action
from bot.launch.request import LARGEST_ID, Invalid, Source
from bot.launch.rules import FOLLOW_FOR, Policy, RoleList, Rule, When

KINDS = ("broadcast", "regular", "trigger", "splittest")
_QUIET_ADVICE = (
    'it takes { from = "20:00", to = "08:00", days = ["mon", "tue"] } (days may be left out), '
    'or { from = "fri 18:00", to = "mon 08:00" }.'
)
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
MOST_APPROVALS = 20
LONGEST_HOLD = timedelta(hours=24)

_PERSON_OR_GROUP = re.compile(r"[UWS][A-Z0-9]{2,}")
_ROLE_NAME = re.compile(r"[a-z][a-z0-9_-]{0,30}")
_DURATION = re.compile(r"([0-9]{1,6})\s*([smhd])")

_T = TypeVar("_T")
Table = Mapping[str, Any]


class PolicyError(Exception):
    """The policy cannot be used; `problems` are sentences that name the key, or the line, and what is allowed."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _Wrong(Exception):
    """A value that cannot stand; the text says what is allowed."""


def read_policy(text: str, roles: Mapping[str, RoleList], base: Demands) -> Policy:
    """The policy in the text. `roles` and `base` stand where the text says nothing.

    Raises PolicyError with everything that is wrong at once.
    """
    try:
        table = tomllib.loads(text)
    except RecursionError as error:
        raise PolicyError(("it is not a policy: its brackets are nested too deep.",)) from error
    except tomllib.TOMLDecodeError as error:
        raise PolicyError((f"it is not TOML: {error}",)) from error
    except ValueError as error:
        raise PolicyError(("it is not TOML: a number in it has thousands of digits.",)) from error
    reader = _Reader()
    policy = reader.policy(table, roles, base)
    if reader.problems:
        raise PolicyError(tuple(reader.problems))
    return policy


class _Reader:
    """Reads tables key by key and gathers what is wrong."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def policy(self, table: Table, roles: Mapping[str, RoleList], base: Demands) -> Policy:
        got = self.fields(table, {**SETTINGS, "roles": _table, "always": _table, "rule": _tables}, "")
        written = got.get("roles", {}).items()
        all_roles = {**roles, **{name: self.role(name, one, roles.get(name)) for name, one in written}}
        rules = tuple(self.rule(one, nth) for nth, one in enumerate(got.get("rule", []), start=1))
        always = self.demands(got.get("always", {}), base, "always")
        policy = Policy(
            roles=all_roles,
            base=always,
            rules=rules,
            zone=got.get("time_zone", ZoneInfo("UTC")),
            may_stop=got.get("may_stop", NEEDED[Action.STOP]),
            follow_for=got.get("follow_for", FOLLOW_FOR),
        )
        self.check_names(policy)
        self.check_roles(policy)
        return policy

    def role(self, name: str, table: object, given: RoleList | None) -> RoleList:
        """The role as it is written; `given` is what the settings say of it."""
        where = f"roles.{name}"
        if not _ROLE_NAME.fullmatch(name):
            self.problems.append(f"{where}: a role's name has small letters, digits, - and _.")
        if not isinstance(table, dict):
            self.problems.append(f'{where}: it takes members = ["U…", "S…"].')
            return RoleList()
        got = self.fields(table, {"members": _people, "mention": _people}, where)
        return RoleList(got.get("members", given.members if given else ()), got.get("mention"))

    def rule(self, table: Table, nth: int) -> Rule:
        where = f"rule {nth}"
        name = table.get("name")
        if isinstance(name, str) and name.strip():
            where = f"rule “{name}”"
        got = self.fields(table, {"name": _words, "when": _table, "need": _table}, where)
        for missing in ("name", "need"):
            if missing not in got and missing not in table:
                self.problems.append(f"{where}: {missing} is missing.")
        when = When(**self.fields(got.get("when", {}), CONDITIONS, f"{where}: when"))
        return Rule(got.get("name", ""), when, self.demands(got.get("need", {}), NOTHING, f"{where}: need"))

    def demands(self, table: Table, base: Demands, where: str) -> Demands:
        got = self.fields(table, DEMANDS, where)
        if "refuse" in got:
            got["refusals"] = (got.pop("refuse"),)
        return Demands(**{**_fields_of(base), **got})

    def fields(self, table: Table, known: Mapping[str, Callable[[Any], Any]], where: str) -> dict[str, Any]:
        """The table's values, read; what is wrong is noted and left out."""
        got = {}
        for key, value in table.items():
            name = f"{where}.{key}" if where else key
            if key not in known:
                self.problems.append(f"{name}: there is no such key. There are {', '.join(known)}.")
                continue
            try:
                got[key] = known[key](value)
            except _Wrong as wrong:
                self.problems.append(f"{name}: {wrong}")
        return got

    def check_names(self, policy: Policy) -> None:
        """People are told which rules hold: two of one name could not be told apart."""
        for name, count in Counter(rule.name for rule in policy.rules if rule.name).items():
            if count > 1:
                number = "two" if count == 2 else str(count)  # noqa: PLR2004
                self.problems.append(f"{number} rules are called “{name}”. Give each a name of its own.")

    def check_roles(self, policy: Policy) -> None:
        """A demand that names a role nobody has defined could never be met."""
        for where, demands in (("always", policy.base), *((f"rule “{one.name}”", one.need) for one in policy.rules)):
            named = [one.role for one in demands.of_which] + ([demands.second_line] if demands.second_line else [])
            for role in named:
                if role not in policy.roles:
                    defined = ", ".join(sorted(policy.roles))
                    self.problems.append(f"{where}: there is no role “{role}”. There are {defined}.")
        for role in policy.may_stop:
            if role not in policy.roles and role not in NEEDED[Action.STOP]:
                defined = ", ".join(sorted(policy.roles))
                self.problems.append(f"may_stop: there is no role “{role}”. There are {defined}.")
        for rule in policy.rules:
            for role in rule.when.requester_roles:
                if role not in policy.roles:
                    self.problems.append(f"rule “{rule.name}”: when.requester_roles: there is no role “{role}”.")


def _fields_of(demands: Demands) -> dict[str, Any]:
    return {name: getattr(demands, name) for name in Demands.__dataclass_fields__}


def _table(value: object) -> Table:
    if isinstance(value, dict):
        return value
    raise _Wrong("it takes a table.")


def _tables(value: object) -> list[Table]:
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return value
    raise _Wrong("write each rule under a line [[rule]].")


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise _Wrong("it takes true or false.")


def _words(value: object) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise _Wrong("it takes a text in quotes.")


def _whole(least: int, most: int | None = None) -> Callable[[object], int]:
    def read(value: object) -> int:
        if (
            isinstance(value, int)
            and not isinstance(value, bool)
            and least <= value <= (LARGEST_ID if most is None else most)
        ):
            return value
        raise _Wrong(f"it takes a whole number from {least}{'' if most is None else f' to {most}'}.")

    return read


def _percent(value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 100:  # noqa: PLR2004
        return float(value)
    raise _Wrong("it takes a number of percent from 0 to 100.")


def _list_of(read: Callable[[object], _T]) -> Callable[[object], tuple[_T, ...]]:
    def read_all(value: object) -> tuple[_T, ...]:
        if isinstance(value, list):
            return tuple(read(one) for one in value)
        raise _Wrong("it takes a list in [ ].")

    return read_all


def _person(value: object) -> str:
    if isinstance(value, str) and _PERSON_OR_GROUP.fullmatch(value):
        return value
    held = f"it holds {value!r}. It" if isinstance(value, str) else "it"
    raise _Wrong(
        f"{held} takes Slack user ids (U… or W…) and user-group ids (S…): names can be changed by anyone, ids cannot."
    )


_people = _list_of(_person)


def _some(read: Callable[[object], _T]) -> Callable[[object], tuple[_T, ...]]:
    """A condition's list: an empty one would hold for everything, which nobody means who writes it."""

    def read_some(value: object) -> tuple[_T, ...]:
        found = _list_of(read)(value)
        if found:
            return found
        raise _Wrong("it is empty. Take it away where it does not matter.")

    return read_some


def _one_of(*allowed: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if isinstance(value, str) and value in allowed:
            return value
        raise _Wrong(f"it takes {', '.join(allowed)}.")

    return read


def _source(value: object) -> str:
    try:
        return str(Source.parse(value if isinstance(value, str) else ""))
    except Invalid as invalid:
        raise _Wrong('it takes "list:<id>" or "segment:<id>".') from invalid


def _channel(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"[CG][A-Z0-9]{2,}", value):
        return value
    raise _Wrong("it takes channel ids such as C0123ABCD, not names.")


def _duration(value: object) -> timedelta:
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if found:
        return timedelta(**{UNITS[found[2]]: int(found[1])})
    raise _Wrong('it takes a time such as "90s", "15m", "4h" or "2d".')


def _expiry(value: object) -> timedelta:
    span = _duration(value)
    if timedelta(minutes=1) <= span <= timedelta(days=30):
        return span
    raise _Wrong("it takes a time from 1m to 30d.")


def _hold(value: object) -> timedelta:
    span = _duration(value)
    if span <= LONGEST_HOLD:
        return span
    raise _Wrong("it takes a time of at most 24h.")


def _window(value: object) -> timedelta:
    span = _duration(value)
    if span <= LONGEST_WINDOW:
        return span
    raise _Wrong("it takes a time of at most 30d.")


def _following(value: object) -> timedelta:
    span = _duration(value)
    if timedelta(minutes=5) <= span <= timedelta(days=30):
        return span
    raise _Wrong("it takes a time from 5m to 30d.")


def _stoppers(value: object) -> tuple[str, ...]:
    roles = _list_of(_words)(value)
    if roles:
        return roles
    raise _Wrong('it is empty, so nobody could stop a campaign. Name roles, such as ["approver", "admin"].')


def _of_which(value: object) -> tuple[RoleCount, ...]:
    if isinstance(value, dict):
        return tuple(RoleCount(role, _whole(1, MOST_APPROVALS)(count)) for role, count in sorted(value.items()))
    raise _Wrong("it takes how many approvals come from which role, such as { lead = 1 }.")


def _zone(value: object) -> ZoneInfo:
    try:
        return ZoneInfo(_words(value))
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise _Wrong('it takes a time zone such as "Europe/Berlin".') from unknown


def _quiet(value: object) -> QuietHours:
    if not isinstance(value, dict) or not {"from", "to"} <= value.keys() <= {"from", "to", "days"}:
        raise _Wrong(_QUIET_ADVICE)
    (first, start), (last, to) = _weekday_and_time(value["from"]), _weekday_and_time(value["to"])
    if bool(first) != bool(last) or (first and "days" in value):
        raise _Wrong(_QUIET_ADVICE)
    if first:
        midnights = (WEEK.index(last) - WEEK.index(first)) % len(WEEK)
        if midnights == 0 and to <= start:
            midnights = len(WEEK)
        return QuietHours(start, to, midnights, (first,))
    if start == to:
        raise _Wrong("from and to are the same: for whole days use freezes.")
    days = _list_of(_one_of(*WEEK))(value.get("days", list(WEEK)))
    if not days:
        raise _Wrong("days is empty, so it would never be quiet: name days, or leave it out.")
    return QuietHours(start, to, int(to < start), days)


def _weekday_and_time(value: object) -> tuple[str, time]:
    """`20:00`, or `fri 18:00`; "" for no day."""
    day, _, clock = value.rpartition(" ") if isinstance(value, str) else ("", "", "")
    if (day and day not in WEEK) or not re.fullmatch(r"[0-9]{2}:[0-9]{2}", clock):
        raise _Wrong(_QUIET_ADVICE)
    try:
        return day, time.fromisoformat(clock)
    except ValueError as wrong:
        raise _Wrong(_QUIET_ADVICE) from wrong


def _freeze(value: object) -> Freeze:
    if type(value) is date:
        return Freeze(value, value)
    if isinstance(value, dict) and value.keys() == {"first", "last"} and all(type(v) is date for v in value.values()):
        if value["first"] <= value["last"]:
            return Freeze(value["first"], value["last"])
        raise _Wrong("first comes after last.")
    raise _Wrong("it takes days such as 2026-12-24, or { first = 2026-12-24, last = 2027-01-01 }, without quotes.")


SETTINGS: Mapping[str, Callable[[Any], Any]] = {
    "time_zone": _zone,
    "may_stop": _stoppers,
    "follow_for": _following,
}
"""What holds for the whole policy, beside its roles and rules."""

CONDITIONS: Mapping[str, Callable[[Any], Any]] = {
    "campaigns": _some(_whole(1)),
    "kinds": _some(_one_of(*KINDS)),
    "tags": _some(_words),
    "groups": _some(_words),
    "run_now": _flag,
    "sources": _some(_source),
    "channels": _some(_channel),
    "requester_roles": _some(_words),
    "audience_above": _whole(0),
    "limit_above": _whole(0),
    "unknown_size": _flag,
}

DEMANDS: Mapping[str, Callable[[Any], Any]] = {
    "approvals": _whole(1, MOST_APPROVALS),
    "of_which": _of_which,
    "self_approval": _flag,
    "reason": _flag,
    "typed": lambda value: tuple(Typed(one) for one in _list_of(_one_of(*Typed))(value)),
    "hold": _hold,
    "expires_after": _expiry,
    "reminders": _list_of(_duration),
    "second_line": _words,
    "on_collision": lambda value: OnCollision(_one_of(*OnCollision)(value)),
    "collision_window": _window,
    "break_glass": _flag,
    "largest_audience": _whole(0),
    "largest_limit": _whole(1),
    "quiet_hours": _list_of(_quiet),
    "freezes": _list_of(_freeze),
    "tolerance": _percent,
    "goes_on_unread": _flag,
    "refuse": _words,
}
