"""What a launch has to meet before it may start, and how the demands of several rules become one."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Self, TypeVar
from zoneinfo import ZoneInfo

from bot.campaign.request import Canary
from bot.policy.collision import STRICTNESS, OnCollision


class Typed(StrEnum):
    """What an approver types to confirm."""

    AUDIENCE = "audience"
    CAMPAIGN = "campaign"


class MessageDemand(StrEnum):
    """What has to be known of the message that is sent."""

    ANY = "any"
    KNOWN = "known"
    """It could be read, so that an approval covers it."""


class ChecksDemand(StrEnum):
    """How the checks of the message have to go."""

    ANY = "any"
    NO_FAILURES = "no_failures"
    ALL_PASS = "all_pass"  # noqa: S105 -- no password


_T = TypeVar("_T")
_E = TypeVar("_E", bound=StrEnum)

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class QuietHours:
    """A time, in the policy's time zone, in which nothing starts."""

    start: time
    to: time
    midnights: int
    """How many midnights lie in it: 0 for hours of one day, 1 for a night, 3 from Friday to Monday."""
    days: tuple[str, ...] = WEEK
    """The days on which it begins."""

    def end_after(self, moment: datetime) -> datetime | None:
        """When it ends, if that moment lies in it. In a night that changes the clocks, it is rather longer."""
        for back in range(self.midnights + 1):
            begin_day = moment.date() - timedelta(days=back)
            if WEEK[begin_day.weekday()] not in self.days:
                continue
            begin = min(_readings(begin_day, self.start, moment.tzinfo))
            end = max(_readings(begin_day + timedelta(days=self.midnights), self.to, moment.tzinfo))
            if begin <= moment < end:
                return end
        return None


@dataclass(frozen=True)
class Freeze:
    """Days, first and last included, on which nothing starts."""

    first: date
    last: date

    def end_after(self, moment: datetime) -> datetime | None:
        """When they are over, if that moment lies in them."""
        last = min(self.last, date.max - timedelta(days=1))
        end = max(_readings(last + timedelta(days=1), time(), moment.tzinfo))
        return end if self.first <= moment.date() and moment < end else None


@dataclass(frozen=True)
class RoleCount:
    """At least so many of the approvals come from people of that role."""

    role: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Demands:
    """Everything that a launch has to meet; `join` says which of two is stricter."""

    approvals: int = 1
    of_which: tuple[RoleCount, ...] = ()
    self_approval: bool = False
    reason: bool = False
    typed: tuple[Typed, ...] = ()
    hold: timedelta = timedelta()
    expires_after: timedelta = timedelta(hours=4)
    reminders: tuple[timedelta, ...] = (timedelta(minutes=15), timedelta(minutes=60))
    second_line: str = ""
    """The role that is mentioned shortly before the request expires; "" for none."""
    on_collision: OnCollision = OnCollision.SHOW
    collision_window: timedelta = timedelta(hours=24)
    """How long after it was sent a launch still counts as colliding."""
    break_glass: bool = False
    """Whether an admin may launch without approval."""
    largest_audience: int | None = None
    largest_limit: int | None = None
    quiet_hours: tuple[QuietHours, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    tolerance: float = 10.0
    """Percent by which the audience may change between the request and the call."""
    goes_on_unread: bool = False
    """Whether a launch goes on where the campaign cannot be read again."""
    message: MessageDemand = MessageDemand.ANY
    checks: ChecksDemand = ChecksDemand.ANY
    tested: bool = False
    """Whether what is sent has to have been tested with reviewers first."""
    canary: Canary | None = None
    """To whom it goes first; None for to everybody at once."""
    refusals: tuple[str, ...] = ()
    """Why the launch is refused outright; empty where it is not."""

    def join(self, other: Self) -> Self:
        """The stricter of the two in each demand."""
        return replace(
            self,
            approvals=max(self.approvals, other.approvals),
            of_which=_highest(*self.of_which, *other.of_which),
            self_approval=self.self_approval and other.self_approval,
            reason=self.reason or other.reason,
            typed=_union(self.typed, other.typed),
            hold=max(self.hold, other.hold),
            expires_after=min(self.expires_after, other.expires_after),
            reminders=_union(self.reminders, other.reminders),
            second_line=self.second_line or other.second_line,
            on_collision=max(self.on_collision, other.on_collision, key=STRICTNESS.index),
            collision_window=max(self.collision_window, other.collision_window),
            break_glass=self.break_glass and other.break_glass,
            largest_audience=_lower(self.largest_audience, other.largest_audience),
            largest_limit=_lower(self.largest_limit, other.largest_limit),
            quiet_hours=tuple(dict.fromkeys((*self.quiet_hours, *other.quiet_hours))),
            freezes=tuple(dict.fromkeys((*self.freezes, *other.freezes))),
            tolerance=min(self.tolerance, other.tolerance),
            goes_on_unread=self.goes_on_unread and other.goes_on_unread,
            message=_later(self.message, other.message),
            checks=_later(self.checks, other.checks),
            tested=self.tested or other.tested,
            canary=_stricter(self.canary, other.canary),
            refusals=tuple(dict.fromkeys((*self.refusals, *other.refusals))),
        )

    def quiet_until(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """When quiet hours and frozen days that hold now are over, in UTC; None where none hold."""
        moment = start = now.astimezone(UTC)
        # One may end within another: go on until none holds. A rule for every hour of the week never ends.
        while moment - start < timedelta(days=366):
            windows: tuple[QuietHours | Freeze, ...] = (*self.quiet_hours, *self.freezes)
            ends = [end for one in windows if (end := one.end_after(moment.astimezone(zone)))]
            if not ends:
                return moment if moment > start else None
            moment = max(ends)
        return moment


NOTHING = Demands(
    approvals=0,
    self_approval=True,
    expires_after=timedelta.max,
    reminders=(),
    collision_window=timedelta(),
    break_glass=True,
    tolerance=float("inf"),
    goes_on_unread=True,
)
"""Joined to other demands, it leaves them as they are: what a rule does not speak of."""


def _readings(day: date, clock: time, zone: tzinfo | None) -> tuple[datetime, ...]:
    """The moments that a clock's time may mean: two where clocks are changed over it, and it comes twice or never."""
    return tuple(datetime.combine(day, clock.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1))


def _highest(*counts: RoleCount) -> tuple[RoleCount, ...]:
    most: dict[str, int] = {}
    for one in counts:
        most[one.role] = max(one.count, most.get(one.role, 0))
    return tuple(RoleCount(role, count) for role, count in sorted(most.items()))


def _union(one: tuple[_T, ...], other: tuple[_T, ...]) -> tuple[_T, ...]:
    return tuple(sorted({*one, *other}))  # type: ignore[type-var]  # words and spans of time, which sort


def _later(one: _E, other: _E) -> _E:
    """Of two words, the one that their list names later: it asks for more."""
    return max(one, other, key=list(type(one)).index)


def _stricter(one: Canary | None, other: Canary | None) -> Canary | None:
    """Of two segments neither is stricter, so the lower id stays. The longer wait holds, and a person's word."""
    if one is None or other is None:
        return one or other
    segment = min(one.segment, other.segment)
    return Canary(segment, max(one.wait, other.wait), auto=one.auto and other.auto)


def _lower(one: int | None, other: int | None) -> int | None:
    given = [limit for limit in (one, other) if limit is not None]
    return min(given) if given else None
