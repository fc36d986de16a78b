"""Reads single values of a policy, each with a sentence for what it does not take."""

import re
from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.campaign.request import (
    LARGEST_ID,
    LONGEST_CANARY_WAIT,
    SHORTEST_CANARY_WAIT,
    Canary,
    Invalid,
    Source,
)
from bot.policy.demands import WEEK, Freeze, QuietHours, RoleCount
from bot.results.brakes import Millionths, read_percent

_QUIET_ADVICE = (
    'it takes { from = "20:00", to = "08:00", days = ["mon", "tue"] } (days may be left out), '
    'or { from = "fri 18:00", to = "mon 08:00" }.'
)
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
MOST_APPROVALS = 20


_PERSON_OR_GROUP = re.compile(r"[UWS][A-Z0-9]{2,}")
_HOST = re.compile(r"\.?[^\s/:@.]+(?:\.[^\s/:@.]+)*")
_DURATION = re.compile(r"([0-9]{1,6})\s*([smhd])")

_T = TypeVar("_T")
Table = Mapping[str, Any]
Read = Callable[[Any], Any]


class Wrong(Exception):
    """A value that cannot stand; the text says what is allowed."""


def table(value: object) -> Table:
    if isinstance(value, dict):
        return value
    raise Wrong("it takes a table.")


def tables(value: object) -> list[Table]:
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return value
    raise Wrong("write each rule under a line [[rule]].")


def flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise Wrong("it takes true or false.")


def spans(read: Callable[[object], timedelta]) -> Callable[[object], tuple[timedelta, ...]]:
    """A list of spans of time, each once, the shortest first."""

    def read_all(value: object) -> tuple[timedelta, ...]:
        spans = tuple(sorted(set(list_of(read)(value))))
        if not spans:
            raise Wrong('it takes one time at least, such as ["24h"].')
        return spans

    return read_all


def words(value: object) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise Wrong("it takes a text in quotes.")


def whole(least: int, most: int | None = None) -> Callable[[object], int]:
    def read(value: object) -> int:
        if (
            isinstance(value, int)
            and not isinstance(value, bool)
            and least <= value <= (LARGEST_ID if most is None else most)
        ):
            return value
        raise Wrong(f"it takes a whole number from {least}{'' if most is None else f' to {most}'}.")

    return read


def percent(value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 100:  # noqa: PLR2004
        return float(value)
    raise Wrong("it takes a number of percent from 0 to 100.")


def share(value: object) -> Millionths:
    try:
        return read_percent(value if isinstance(value, str) else "")
    except ValueError as wrong:
        raise Wrong(
            'it takes a percentage in quotes, such as "2%" or "0.1%": from 0% to less than 100%, with three decimals '
            "at most."
        ) from wrong


def list_of(read: Callable[[object], _T]) -> Callable[[object], tuple[_T, ...]]:
    def read_all(value: object) -> tuple[_T, ...]:
        if isinstance(value, list):
            return tuple(read(one) for one in value)
        raise Wrong("it takes a list in [ ].")

    return read_all


def person(value: object) -> str:
    if isinstance(value, str) and _PERSON_OR_GROUP.fullmatch(value):
        return value
    held = f"it holds {value!r}. It" if isinstance(value, str) else "it"
    raise Wrong(
        f"{held} takes Slack user ids (U… or W…) and user-group ids (S…): names can be changed by anyone, ids cannot."
    )


people = list_of(person)


def some(read: Callable[[object], _T]) -> Callable[[object], tuple[_T, ...]]:
    """A condition's list: an empty one would hold for everything, which nobody means who writes it."""

    def read_some(value: object) -> tuple[_T, ...]:
        found = list_of(read)(value)
        if found:
            return found
        raise Wrong("it is empty. Take it away where it does not matter.")

    return read_some


def each_once(read: Callable[[object], tuple[int, ...]]) -> Callable[[object], tuple[int, ...]]:
    def read_each(value: object) -> tuple[int, ...]:
        found = read(value)
        if len(set(found)) == len(found):
            return found
        raise Wrong("it holds one of them twice.")

    return read_each


def one_of(*allowed: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if isinstance(value, str) and value in allowed:
            return value
        raise Wrong(f"it takes {', '.join(allowed)}.")

    return read


def source(value: object) -> str:
    try:
        return str(Source.parse(value if isinstance(value, str) else ""))
    except Invalid as invalid:
        raise Wrong('it takes "list:<id>" or "segment:<id>".') from invalid


def channel(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"[CG][A-Z0-9]{2,}", value):
        return value
    raise Wrong("it takes channel ids such as C0123ABCD, not names.")


def host(value: object) -> str:
    if isinstance(value, str) and _HOST.fullmatch(value.strip()):
        return value.strip().lower()
    raise Wrong('it takes hosts such as "staging.shop.example", without https:// and without a path.')


def duration(value: object) -> timedelta:
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if found:
        return timedelta(**{UNITS[found[2]]: int(found[1])})
    raise Wrong('it takes a time such as "90s", "15m", "4h" or "2d".')


def span(least: timedelta, most: timedelta, allowed: str) -> Callable[[object], timedelta]:
    def read(value: object) -> timedelta:
        span = duration(value)
        if least <= span <= most:
            return span
        raise Wrong(f"it takes a time {allowed}.")

    return read


_WAIT = span(SHORTEST_CANARY_WAIT, LONGEST_CANARY_WAIT, "from 1s to 24h")


def canary(value: object) -> Canary:
    if not isinstance(value, dict) or not {"segment"} <= value.keys() <= {"segment", "wait", "release"}:
        raise Wrong(
            'it takes { segment = 318, wait = "30m" }, and release = "auto" where nobody is to release the rest.'
        )
    segment = whole(1)(value["segment"])
    auto = one_of("person", "auto")(value.get("release", "person")) == "auto"
    return Canary(segment, _WAIT(value["wait"]), auto) if "wait" in value else Canary(segment, auto=auto)


def roles(deed: str) -> Callable[[object], tuple[str, ...]]:
    def read(value: object) -> tuple[str, ...]:
        roles = list_of(words)(value)
        if roles:
            return roles
        raise Wrong(f'it is empty, so nobody could {deed}. Name roles, such as ["approver", "admin"].')

    return read


def of_which(value: object) -> tuple[RoleCount, ...]:
    if isinstance(value, dict):
        return tuple(RoleCount(role, whole(1, MOST_APPROVALS)(count)) for role, count in sorted(value.items()))
    raise Wrong("it takes how many approvals come from which role, such as { lead = 1 }.")


def zone(value: object) -> ZoneInfo:
    try:
        return ZoneInfo(words(value))
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise Wrong('it takes a time zone such as "Europe/Berlin".') from unknown


def quiet(value: object) -> QuietHours:
    if not isinstance(value, dict) or not {"from", "to"} <= value.keys() <= {"from", "to", "days"}:
        raise Wrong(_QUIET_ADVICE)
    (first, start), (last, to) = weekday_and_time(value["from"]), weekday_and_time(value["to"])
    if bool(first) != bool(last) or (first and "days" in value):
        raise Wrong(_QUIET_ADVICE)
    if first:
        midnights = (WEEK.index(last) - WEEK.index(first)) % len(WEEK)
        if midnights == 0 and to <= start:
            midnights = len(WEEK)
        return QuietHours(start, to, midnights, (first,))
    if start == to:
        raise Wrong("from and to are the same: for whole days use freezes.")
    days = list_of(one_of(*WEEK))(value.get("days", list(WEEK)))
    if not days:
        raise Wrong("days is empty, so it would never be quiet: name days, or leave it out.")
    return QuietHours(start, to, int(to < start), days)


def weekday_and_time(value: object) -> tuple[str, time]:
    """`20:00`, or `fri 18:00`; "" for no day."""
    day, _, clock = value.rpartition(" ") if isinstance(value, str) else ("", "", "")
    if (day and day not in WEEK) or not re.fullmatch(r"[0-9]{2}:[0-9]{2}", clock):
        raise Wrong(_QUIET_ADVICE)
    try:
        return day, time.fromisoformat(clock)
    except ValueError as wrong:
        raise Wrong(_QUIET_ADVICE) from wrong


def freeze(value: object) -> Freeze:
    if type(value) is date:
        return Freeze(value, value)
    if isinstance(value, dict) and value.keys() == {"first", "last"} and all(type(v) is date for v in value.values()):
        if value["first"] <= value["last"]:
            return Freeze(value["first"], value["last"])
        raise Wrong("first comes after last.")
    raise Wrong("it takes days such as 2026-12-24, or { first = 2026-12-24, last = 2027-01-01 }, without quotes.")
