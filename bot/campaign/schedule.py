"""When a campaign starts by itself, as the platform tells it."""

from dataclasses import dataclass

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

    @property
    def is_empty(self) -> bool:
        return not any((self.minutes, self.hours, self.month_days, self.weekdays, self.months, self.years))


@dataclass(frozen=True)
class ScheduleRead:
    """The campaign's schedule after an activation that sends nothing by itself; None where the platform does not tell.

    `cause` says why, as a sentence.
    """

    schedule: Schedule | None
    cause: Phrase = NO_CAUSE
