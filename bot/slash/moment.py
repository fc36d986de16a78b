"""A moment as a date and a time on somebody's own clocks, read and written."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from typing import TypeAlias

from bot.phrase import Phrase

EXAMPLE = "2026-12-01T09:00"

WEEKDAYS = (
    Phrase("Monday"),
    Phrase("Tuesday"),
    Phrase("Wednesday"),
    Phrase("Thursday"),
    Phrase("Friday"),
    Phrase("Saturday"),
    Phrase("Sunday"),
)

Clocks: TypeAlias = Callable[[], tzinfo]
"""Gives the time zone of whoever typed a moment; asked only where the moment itself does not say."""

_SHAPE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[Tt]| +)([0-9]{1,2}:[0-9]{2})([Zz]|[+-][0-9]{2}:[0-9]{2})?")


class NoMoment(ValueError):
    """The text is no moment; `text` is a clause that says what at= takes, `instead` what may be typed instead."""

    def __init__(self, text: Phrase, instead: str | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.instead = instead


def moment_in(text: str, clocks: Clocks) -> datetime:
    """The moment, in UTC. Without an offset it is read on the clocks. Raises NoMoment, and what `clocks` raises."""
    found = _SHAPE.fullmatch(text)
    if not found:
        raise NoMoment(Phrase("at= takes a day and a time such as {example}.", example=EXAMPLE))
    day, time, offset = found.groups(default="")
    try:
        typed = datetime.fromisoformat(f"{day}T{time.rjust(5, '0')}{offset.upper()}")
        return typed.astimezone(UTC) if typed.tzinfo else on_clocks(clocks(), typed)
    except NoMoment:
        raise
    except (ValueError, OverflowError) as wrong:
        # Too large for the calendar: it begins with the year 1, and an offset can lead past either end.
        raise NoMoment(Phrase("at= takes a day and a time that exist, such as {example}.", example=EXAMPLE)) from wrong


def on_clocks(zone: tzinfo, typed: datetime) -> datetime:
    """The moment, in UTC, at which clocks in that zone show this. Raises NoMoment where that is no moment, or two."""
    early, late = (typed.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if early.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != typed:
        before, after = (moment_text(one.astimezone(UTC), zone) for one in (late, early))
        raise NoMoment(
            Phrase(
                "at= takes a time that exists: the clocks skip this one. Write at={after} or at={before}.",
                after=after,
                before=before,
            )
        )
    if early.utcoffset() != late.utcoffset():
        raise NoMoment(
            Phrase(
                "at= takes a time that comes once; the clocks are set back then: write at={first} for the first time, "
                "at={second} for the second.",
                first=_offset(early),
                second=_offset(late),
            )
        )
    return early.astimezone(UTC)


def moment_text(moment: datetime, zone: tzinfo) -> str:
    """A text without spaces that `moment_in` reads back."""
    local = moment.astimezone(zone)
    text = f"{local:%Y-%m-%dT%H:%M}"
    try:
        return text if moment_in(text, lambda: zone) == moment else _offset(local)
    except NoMoment:
        return _offset(local)


def start_on(moment: datetime, zone: tzinfo) -> Phrase:
    """A sentence that says how a start is understood, on whose clocks; typed as it is written, it is the same start."""
    return Phrase(
        "You typed a start: {moment} ({weekday}), {zone}.",
        moment=moment_text(moment, zone).replace("T", " "),
        weekday=weekday(moment.astimezone(zone)),
        zone=str(zone),
    )


def weekday(day: datetime) -> Phrase:
    return WEEKDAYS[day.weekday()]


def _offset(local: datetime) -> str:
    return local.isoformat(timespec="minutes")
