"""What each key of a policy takes: the readers of its values, each with a sentence for what it does not take."""

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
from bot.policy.collision import LONGEST_WINDOW, OnCollision
from bot.policy.demands import WEEK, ChecksDemand, Freeze, MessageDemand, QuietHours, RoleCount, Typed
from bot.results.brakes import Millionths, read_percent

KINDS = ("broadcast", "regular", "trigger", "splittest")
_QUIET_ADVICE = (
    'it takes { from = "20:00", to = "08:00", days = ["mon", "tue"] } (days may be left out), '
    'or { from = "fri 18:00", to = "mon 08:00" }.'
)
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
MOST_APPROVALS = 20
MOST_SENT = 1_000_000
MOST_REVIEWERS = 1000
"""A test is for a team's own people: a larger segment is a slip of the keyboard."""

MOST_RECIPIENTS = 1_000_000
"""The platform takes one at a time: that many take a day."""

LONGEST_HOLD = timedelta(hours=24)

_PERSON_OR_GROUP = re.compile(r"[UWS][A-Z0-9]{2,}")
_HOST = re.compile(r"\.?[^\s/:@.]+(?:\.[^\s/:@.]+)*")
_DURATION = re.compile(r"([0-9]{1,6})\s*([smhd])")

_T = TypeVar("_T")
Table = Mapping[str, Any]
Read = Callable[[Any], Any]


class Wrong(Exception):
    """A value that cannot stand; the text says what is allowed."""


def _table(value: object) -> Table:
    if isinstance(value, dict):
        return value
    raise Wrong("it takes a table.")


def _tables(value: object) -> list[Table]:
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return value
    raise Wrong("write each rule under a line [[rule]].")


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise Wrong("it takes true or false.")


def _spans(read: Callable[[object], timedelta]) -> Callable[[object], tuple[timedelta, ...]]:
    """A list of spans of time, each once, the shortest first."""

    def read_all(value: object) -> tuple[timedelta, ...]:
        spans = tuple(sorted(set(_list_of(read)(value))))
        if not spans:
            raise Wrong('it takes one time at least, such as ["24h"].')
        return spans

    return read_all


def _words(value: object) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise Wrong("it takes a text in quotes.")


def _whole(least: int, most: int | None = None) -> Callable[[object], int]:
    def read(value: object) -> int:
        if (
            isinstance(value, int)
            and not isinstance(value, bool)
            and least <= value <= (LARGEST_ID if most is None else most)
        ):
            return value
        raise Wrong(f"it takes a whole number from {least}{'' if most is None else f' to {most}'}.")

    return read


def _percent(value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 100:  # noqa: PLR2004
        return float(value)
    raise Wrong("it takes a number of percent from 0 to 100.")


def _share(value: object) -> Millionths:
    try:
        return read_percent(value if isinstance(value, str) else "")
    except ValueError as wrong:
        raise Wrong(
            'it takes a percentage in quotes, such as "2%" or "0.1%": from 0% to less than 100%, with three decimals '
            "at most."
        ) from wrong


def _list_of(read: Callable[[object], _T]) -> Callable[[object], tuple[_T, ...]]:
    def read_all(value: object) -> tuple[_T, ...]:
        if isinstance(value, list):
            return tuple(read(one) for one in value)
        raise Wrong("it takes a list in [ ].")

    return read_all


def _person(value: object) -> str:
    if isinstance(value, str) and _PERSON_OR_GROUP.fullmatch(value):
        return value
    held = f"it holds {value!r}. It" if isinstance(value, str) else "it"
    raise Wrong(
        f"{held} takes Slack user ids (U… or W…) and user-group ids (S…): names can be changed by anyone, ids cannot."
    )


_people = _list_of(_person)


def _some(read: Callable[[object], _T]) -> Callable[[object], tuple[_T, ...]]:
    """A condition's list: an empty one would hold for everything, which nobody means who writes it."""

    def read_some(value: object) -> tuple[_T, ...]:
        found = _list_of(read)(value)
        if found:
            return found
        raise Wrong("it is empty. Take it away where it does not matter.")

    return read_some


def _each_once(read: Callable[[object], tuple[int, ...]]) -> Callable[[object], tuple[int, ...]]:
    def read_each(value: object) -> tuple[int, ...]:
        found = read(value)
        if len(set(found)) == len(found):
            return found
        raise Wrong("it holds one of them twice.")

    return read_each


def _one_of(*allowed: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if isinstance(value, str) and value in allowed:
            return value
        raise Wrong(f"it takes {', '.join(allowed)}.")

    return read


def _source(value: object) -> str:
    try:
        return str(Source.parse(value if isinstance(value, str) else ""))
    except Invalid as invalid:
        raise Wrong('it takes "list:<id>" or "segment:<id>".') from invalid


def _channel(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"[CG][A-Z0-9]{2,}", value):
        return value
    raise Wrong("it takes channel ids such as C0123ABCD, not names.")


def _host(value: object) -> str:
    if isinstance(value, str) and _HOST.fullmatch(value.strip()):
        return value.strip().lower()
    raise Wrong('it takes hosts such as "staging.shop.example", without https:// and without a path.')


def _duration(value: object) -> timedelta:
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if found:
        return timedelta(**{UNITS[found[2]]: int(found[1])})
    raise Wrong('it takes a time such as "90s", "15m", "4h" or "2d".')


def _span(least: timedelta, most: timedelta, allowed: str) -> Callable[[object], timedelta]:
    def read(value: object) -> timedelta:
        span = _duration(value)
        if least <= span <= most:
            return span
        raise Wrong(f"it takes a time {allowed}.")

    return read


_WAIT = _span(SHORTEST_CANARY_WAIT, LONGEST_CANARY_WAIT, "from 1s to 24h")


def _canary(value: object) -> Canary:
    if not isinstance(value, dict) or not {"segment"} <= value.keys() <= {"segment", "wait", "release"}:
        raise Wrong(
            'it takes { segment = 318, wait = "30m" }, and release = "auto" where nobody is to release the rest.'
        )
    segment = _whole(1)(value["segment"])
    auto = _one_of("person", "auto")(value.get("release", "person")) == "auto"
    return Canary(segment, _WAIT(value["wait"]), auto) if "wait" in value else Canary(segment, auto=auto)


def _roles(deed: str) -> Callable[[object], tuple[str, ...]]:
    def read(value: object) -> tuple[str, ...]:
        roles = _list_of(_words)(value)
        if roles:
            return roles
        raise Wrong(f'it is empty, so nobody could {deed}. Name roles, such as ["approver", "admin"].')

    return read


def _of_which(value: object) -> tuple[RoleCount, ...]:
    if isinstance(value, dict):
        return tuple(RoleCount(role, _whole(1, MOST_APPROVALS)(count)) for role, count in sorted(value.items()))
    raise Wrong("it takes how many approvals come from which role, such as { lead = 1 }.")


def _zone(value: object) -> ZoneInfo:
    try:
        return ZoneInfo(_words(value))
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise Wrong('it takes a time zone such as "Europe/Berlin".') from unknown


def _quiet(value: object) -> QuietHours:
    if not isinstance(value, dict) or not {"from", "to"} <= value.keys() <= {"from", "to", "days"}:
        raise Wrong(_QUIET_ADVICE)
    (first, start), (last, to) = _weekday_and_time(value["from"]), _weekday_and_time(value["to"])
    if bool(first) != bool(last) or (first and "days" in value):
        raise Wrong(_QUIET_ADVICE)
    if first:
        midnights = (WEEK.index(last) - WEEK.index(first)) % len(WEEK)
        if midnights == 0 and to <= start:
            midnights = len(WEEK)
        return QuietHours(start, to, midnights, (first,))
    if start == to:
        raise Wrong("from and to are the same: for whole days use freezes.")
    days = _list_of(_one_of(*WEEK))(value.get("days", list(WEEK)))
    if not days:
        raise Wrong("days is empty, so it would never be quiet: name days, or leave it out.")
    return QuietHours(start, to, int(to < start), days)


def _weekday_and_time(value: object) -> tuple[str, time]:
    """`20:00`, or `fri 18:00`; "" for no day."""
    day, _, clock = value.rpartition(" ") if isinstance(value, str) else ("", "", "")
    if (day and day not in WEEK) or not re.fullmatch(r"[0-9]{2}:[0-9]{2}", clock):
        raise Wrong(_QUIET_ADVICE)
    try:
        return day, time.fromisoformat(clock)
    except ValueError as wrong:
        raise Wrong(_QUIET_ADVICE) from wrong


def _freeze(value: object) -> Freeze:
    if type(value) is date:
        return Freeze(value, value)
    if isinstance(value, dict) and value.keys() == {"first", "last"} and all(type(v) is date for v in value.values()):
        if value["first"] <= value["last"]:
            return Freeze(value["first"], value["last"])
        raise Wrong("first comes after last.")
    raise Wrong("it takes days such as 2026-12-24, or { first = 2026-12-24, last = 2027-01-01 }, without quotes.")


SETTINGS: Mapping[str, Read] = {
    "time_zone": _zone,
    "may_stop": _roles("stop a campaign"),
    "follow_for": _span(timedelta(minutes=5), timedelta(days=30), "from 5m to 30d"),
    "report_after": _spans(_span(timedelta(minutes=5), timedelta(days=30), "from 5m to 30d")),
}
"""What holds for the whole policy, beside its roles and rules."""

CONDITIONS: Mapping[str, Read] = {
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

DEMANDS: Mapping[str, Read] = {
    "approvals": _whole(1, MOST_APPROVALS),
    "of_which": _of_which,
    "self_approval": _flag,
    "reason": _flag,
    "typed": lambda value: tuple(Typed(one) for one in _list_of(_one_of(*Typed))(value)),
    "hold": _span(timedelta(), LONGEST_HOLD, "of at most 24h"),
    "expires_after": _span(timedelta(minutes=1), timedelta(days=30), "from 1m to 30d"),
    "reminders": _list_of(_duration),
    "second_line": _words,
    "on_collision": lambda value: OnCollision(_one_of(*OnCollision)(value)),
    "collision_window": _span(timedelta(), LONGEST_WINDOW, "of at most 30d"),
    "break_glass": _flag,
    "largest_audience": _whole(0),
    "largest_limit": _whole(1),
    "quiet_hours": _list_of(_quiet),
    "freezes": _list_of(_freeze),
    "tolerance": _percent,
    "goes_on_unread": _flag,
    "message": lambda value: MessageDemand(_one_of(MessageDemand.KNOWN)(value)),
    "checks": lambda value: ChecksDemand(_one_of(ChecksDemand.NO_FAILURES, ChecksDemand.ALL_PASS)(value)),
    "tested": _flag,
    "canary": _canary,
    "refuse": _words,
}

MESSAGE_CHECKS: Mapping[str, Read] = {
    "placeholders": _list_of(_words),
    "staging_hosts": _list_of(_host),
    "unsubscribe": _list_of(_words),
    "most_sms_parts": _whole(1, 255),
    "repeat_days": _whole(0, 366),
}
"""What the checks of a message go by; the names are those of bot.message.finding.CheckSettings."""

TEST: Mapping[str, Read] = {
    "on": _one_of("copy", "original"),
    "segment": _whole(1),
    "at_most": _whole(1, MOST_REVIEWERS),
    "approvals": _whole(0, MOST_APPROVALS),
    "a_day": _whole(1, 1000),
    "no_schedule": _one_of("refuse", "never_starts"),
    "schedule_zone": _zone,
}
"""Where tests may go, and how; the names are those of bot.policy.testing.TestRules."""

BRAKES: Mapping[str, Read] = {
    "hard_bounces": _share,
    "complaints": _share,
    "undelivered": _share,
    "after": _whole(1, MOST_SENT),
    "stop": _flag,
}
"""Which shares of a run must not be passed; the names are those of bot.results.brakes.Brakes."""

CANARY: Mapping[str, Read] = {
    "on": _one_of("copy", "original"),
    "at_most": _whole(1),
    "no_schedule": _one_of("refuse", "never_starts"),
    "schedule_zone": _zone,
}
"""How canaries are sent; the names are those of bot.policy.canary.CanaryRules."""

RECEIVED: Mapping[str, Read] = {
    "segments": _each_once(_some(_whole(1))),
    "database": _whole(1),
    "may_ask": _roles("ask"),
    "settle": _span(timedelta(), timedelta(hours=1), "of at most 1h"),
    "keep_for": _span(timedelta(hours=1), timedelta(days=30), "from 1h to 30d"),
    "at_most": _whole(1, MOST_RECIPIENTS),
}
"""Where those who received a launch may be put; the names are those of bot.policy.received.ReceivedRules."""

ROLE: Mapping[str, Read] = {"members": _people, "mention": _people}

RULE: Mapping[str, Read] = {"name": _words, "when": _table, "need": _table}

FILE: Mapping[str, Read] = {
    **SETTINGS,
    "message_checks": _table,
    "test": _table,
    "brakes": _table,
    "canary": _table,
    "received": _table,
    "roles": _table,
    "always": _table,
    "rule": _tables,
}
"""The tables of the file, beside its settings."""
