"""What a channel is told once a week: what became of the launches of the week before, and what is to start in this one.

Pure.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.launch.search import Found
from bot.launch.state import SENT, Launch, State
from bot.launch.stop import StopStep

HOUR = time(9)
"""When the digest is told, on the policy's clocks; on Mondays, or on the first day after in which the bot runs."""

ASKED_BEFORE = timedelta(weeks=4)
"""How long before its week something was asked for at most that ended without reaching anybody."""

_TURNED_DOWN = frozenset({State.REJECTED, State.REFUSED})
_CAME_TO_NOTHING = frozenset({State.EXPIRED, State.UNREACHED})


@dataclass(frozen=True)
class Week:
    """From Monday to Monday, at midnight on the policy's clocks; `end` belongs to the next."""

    begin: datetime
    end: datetime
    name: str
    """Its Monday, such as `2026-11-23`: the same to whoever asks in the week after it."""

    def __contains__(self, moment: datetime | None) -> bool:
        return moment is not None and self.begin <= moment < self.end


@dataclass(frozen=True, kw_only=True)
class Digest:
    """A week's launches, each in one list, by what became of it last. What was practised, or a test, is in none."""

    week: Week
    launched: tuple[Found, ...] = ()
    in_doubt: tuple[Found, ...] = ()
    """All that are now, however old."""
    refused: tuple[Found, ...] = ()
    """By people, by the platform or by the policy."""
    undone: tuple[Found, ...] = ()
    """Cancelled, or stopped."""
    came_to_nothing: tuple[Found, ...] = ()
    coming: tuple[Found, ...] = ()
    """What is to start in the week after, the soonest first; it may still wait for approval."""
    is_whole: bool = True
    """Whether there were no more launches than are looked through."""


def week_to_tell(now: datetime, zone: ZoneInfo) -> Week | None:
    """The week before the one that runs; None before the hour of its telling."""
    here = now.astimezone(zone)
    monday = here.date() - timedelta(days=here.weekday())
    if now < _at(monday, HOUR, zone):
        return None
    before = monday - timedelta(days=7)
    return Week(_at(before, time(), zone), _at(monday, time(), zone), before.isoformat())


def starts_at(launch: Launch) -> datetime | None:
    """When what waits is to start; None where that is with its last approval."""
    return launch.not_before or launch.request.at


def digest(week: Week, ended: Iterable[Found], open_now: Iterable[Found], *, is_whole: bool = True) -> Digest:
    """`ended` may hold launches of other weeks; `open_now` are those that wait, come or are in doubt."""
    told = [one for one in ended if _is_told(one)]
    waiting = [one for one in open_now if _is_told(one)]
    following = Week(week.end, week.end + (week.end - week.begin), "")
    coming = [(at, one) for one in waiting if (at := starts_at(one.launch)) and at in following and _waits(one.launch)]
    return Digest(
        week=week,
        launched=_those(told, lambda one: _is_launched(one, week)),
        in_doubt=_those(waiting, lambda one: one.state == State.IN_DOUBT),
        refused=_those(told, lambda one: one.moved_at in week and (one.state in _TURNED_DOWN or _is_held_back(one))),
        undone=_those(told, lambda one: _is_undone(one, week)),
        came_to_nothing=_those(told, lambda one: one.moved_at in week and one.state in _CAME_TO_NOTHING),
        coming=tuple(one for _moment, one in sorted(coming, key=lambda each: each[0])),
        is_whole=is_whole,
    )


def _those(found: Iterable[Found], fit: Callable[[Launch], bool]) -> tuple[Found, ...]:
    """In the order of asking."""
    return tuple(sorted(filter(lambda one: fit(one.launch), found), key=lambda one: one.launch.requested_at))


def _is_told(one: Found) -> bool:
    return not (one.launch.request.practice or one.launch.request.is_test)


def _is_launched(launch: Launch, week: Week) -> bool:
    return launch.state in SENT and launch.started_at in week and not launch.adopted and not _is_stopped(launch)


def _is_undone(launch: Launch, week: Week) -> bool:
    if _is_stopped(launch):
        return (launch.stop.done_at if launch.stop and launch.stop.done_at else launch.moved_at) in week
    return launch.state == State.CANCELLED and launch.moved_at in week and not _is_held_back(launch)


def _is_stopped(launch: Launch) -> bool:
    """Whether people broke it off. Switched off after its run, it is a launch like any other, and a doubt stays one."""
    if launch.state == State.IN_DOUBT or (launch.stop and launch.stop.after_run):
        return False
    return launch.state == State.STOPPED or bool(launch.stop and launch.stop.step == StopStep.DONE)


def _is_held_back(launch: Launch) -> bool:
    return launch.state == State.CANCELLED and bool(launch.held_back or launch.withheld)


def _waits(launch: Launch) -> bool:
    return launch.state in {State.REQUESTED, State.APPROVED}


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)
