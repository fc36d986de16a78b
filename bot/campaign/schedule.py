"""When a campaign starts by itself, as the platform tells it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.phrase import NO_CAUSE, Phrase


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """The platform's Start schedule object; an empty part restricts nothing.

    Which day a number in `weekdays` means is not documented, nor what `zone` is where it is empty.
    """

    minutes: tuple[int, ...] = ()
    hours: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    weekdays: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    years: tuple[int, ...] = ()
    zone: str = ""
    by_profile: bool = False
    """Whether it goes by each recipient's own clocks."""

    @property
    def is_empty(self) -> bool:
        return not any((self.minutes, self.hours, self.month_days, self.weekdays, self.months, self.years))


def may_start(schedule: Schedule, begin: datetime, until: datetime, usual: ZoneInfo | None) -> bool:
    """Whether the schedule may start its campaign between the two moments; what is not known may be.

    Its clocks are those of its own zone where that is told, else those of `usual`; where neither is known, it may mean
    any clocks on earth. Weekdays are left out, for which day a number means is not documented.
    """
    zone = None if schedule.by_profile else _zone(schedule.zone) if schedule.zone else usual
    minutes = int((until - begin) / timedelta(minutes=1)) + 2
    moments = (begin.astimezone(UTC) + timedelta(minutes=nth - 1) for nth in range(minutes + 1))
    return any(_matches(schedule, clock) for moment in moments for clock in _clocks(moment, zone))


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _clocks(moment: datetime, zone: ZoneInfo | None) -> Iterator[datetime]:
    """What clocks may show at that moment; without a zone, all those that there are, a quarter of an hour apart."""
    if zone:
        yield moment.astimezone(zone)
        return
    for quarters in range(-12 * 4, 14 * 4 + 1):
        yield moment + timedelta(minutes=15 * quarters)


def _matches(schedule: Schedule, clock: datetime) -> bool:
    parts = (
        (schedule.minutes, clock.minute),
        (schedule.hours, clock.hour),
        (schedule.month_days, clock.day),
        (schedule.months, clock.month),
        (schedule.years, clock.year),
    )
    return all(not allowed or value in allowed for allowed, value in parts)


@dataclass(frozen=True)
class ScheduleRead:
    """The campaign's schedule after an activation that sends nothing by itself; None where the platform does not tell.

    `cause` says why, as a sentence.
    """

    schedule: Schedule | None
    cause: Phrase = NO_CAUSE
