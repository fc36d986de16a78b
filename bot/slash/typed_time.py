"""A start as people type it, in English and in Russian: `18:55`, `tomorrow 9:00`, `monday 9:00`, `in 2h`.

Both languages are read, whichever the person's own is. What could be two moments is asked about, never guessed.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from bot.phrase import Phrase
from bot.slash import suggest
from bot.slash.moment import EXAMPLE, Clocks, NoMoment, moment_in, on_clocks, weekday
from bot.slash.words import clip

WEEK = 7

_DAYS = {"today": 0, "tomorrow": 1, "сегодня": 0, "завтра": 1, "послезавтра": 2}
"""How many days from today."""

_OVER = ("yesterday", "вчера", "позавчера")
"""Days that are like others by their letters, and must not be taken for them."""

_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            ("monday", "mon", "понедельник", "пн"),
            ("tuesday", "tue", "вторник", "вт"),
            ("wednesday", "wed", "среда", "среду", "ср"),
            ("thursday", "thu", "четверг", "чт"),
            ("friday", "fri", "пятница", "пятницу", "пт"),
            ("saturday", "sat", "суббота", "субботу", "сб"),
            ("sunday", "sun", "воскресенье", "вс"),
        )
    )
    for name in names
}
_FROM_NOW = ("in", "через")
_FILLING = ("at", "on", "в", "во")
_HALVES = ("am", "pm", "утра", "дня", "вечера", "ночи")
"""What people write after an hour on a clock of twelve."""

_HOURS = ("h", "hour", "hours", "ч", "час", "часа", "часов")
_MINUTES = ("m", "min", "minute", "minutes", "м", "мин", "минута", "минуту", "минуты", "минут")
_UNITS = (*_HOURS, *_MINUTES)
_MISTYPED = [word for word in (*_DAYS, *_WEEKDAYS) if len(word) > len("mon")]
"""Words long enough to be known by most of their letters."""

_KNOWN = (*_DAYS, *_OVER, *_WEEKDAYS, *_FROM_NOW, *_FILLING)

_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_LIKE_A_TIME = re.compile(r"[0-9]{1,2}[:.][0-9]{2}\S*|[0-9]{1,4}[a-zа-я]+")
_NO_TIME = re.compile(rf"[0-9]{{1,2}}|[0-9]{{1,2}}[.-][0-9]{{2}}|[0-9:.]*(?:{'|'.join(_HALVES)})")
_DAY_ALONE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}\.[0-9]{2}\.[0-9]{4}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:t.*)?")
_DATE_OF_DOTS = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})")
_SPAN = re.compile(rf"(?:([0-9]{{1,4}})(?:{'|'.join(_HOURS[::-1])}))?(?:([0-9]{{1,4}})(?:{'|'.join(_MINUTES[::-1])}))?")


def start_in(text: str, clocks: Clocks, now: datetime | None) -> datetime:
    """The start, in UTC. What counts from now is read on the clocks, as they stand at `now`.

    Without `now`, only a date and a time are a start. Raises NoMoment, and what `clocks` raises.
    """
    words = [word for word in text.lower().split() if word not in _FILLING]
    if not words:
        raise NoMoment(_TAKES)
    over = next((word for word in words if word in _OVER), None)
    if over:
        raise NoMoment(Phrase("at= takes a time that is still to come, and {day} is over.", day=over))
    if words[0] in _FROM_NOW and now:
        return _from_now("".join(words[1:]), clocks, now)
    _check_time(text, words)
    dots = _DATE_OF_DOTS.fullmatch(words[0])
    if dots:
        words[0] = "-".join(reversed(dots.groups()))
    if _DATE.fullmatch(words[0]):
        return moment_in(" ".join(words), clocks)
    if now is None:
        raise NoMoment(Phrase("at= takes a day and a time such as {example}.", example=EXAMPLE))
    day, time_of_day = _day_and_time(text, words)
    zone = clocks()
    here = now.astimezone(zone)
    moment = on_clocks(zone, datetime.combine(_date(day, time_of_day, here), time_of_day))
    if moment <= now:
        raise _has_passed(time_of_day, here)
    return moment


def goes_on(start: str, word: str) -> bool:
    """Whether a word that stands behind `at=` and that start, without quotes around both, is still about the start."""
    word = word.lower()
    if word.isdigit():
        return ":" not in start
    if word in _UNITS:
        return start[-1].isdigit() and ":" not in start
    return word in _KNOWN or word in _HALVES or bool(_LIKE_A_TIME.fullmatch(word))


def _from_now(span: str, clocks: Clocks, now: datetime) -> datetime:
    found = _SPAN.fullmatch(span)
    minutes = 60 * int(found[1] or 0) + int(found[2] or 0) if found else 0
    if not minutes:
        raise NoMoment(
            Phrase(
                "at= counts from now in hours and minutes, such as in 2h, in 30min or in 1h 30min. For a later day, "
                "write the day and the time."
            )
        )
    # It is told as a date before anything is asked for, so it takes the clocks, too, and has no seconds.
    here = now.astimezone(clocks()).replace(second=0, microsecond=0)
    return here.astimezone(UTC) + timedelta(minutes=minutes)


def _check_time(text: str, words: Sequence[str]) -> None:
    """Raises NoMoment where the time of day is missing, or is none of a clock with 24 hours and minutes."""
    if any(_NO_TIME.fullmatch(word) for word in words):
        raise NoMoment(Phrase("at= takes the time with its minutes, by a clock of 24 hours, such as 9:00 or 18:55."))
    if len(words) == 1 and (words[0] in _DAYS or words[0] in _WEEKDAYS or _DAY_ALONE.fullmatch(words[0])):
        raise NoMoment(Phrase("at= takes the time as well, such as {example}.", example=f"{clip(text)} 9:00"))


def _day_and_time(text: str, words: Sequence[str]) -> tuple[str, time]:
    """The word for the day, "" without one, and the time of day. Raises NoMoment."""
    times = [word for word in words if _TIME.fullmatch(word)]
    days = [word for word in words if word in _DAYS or word in _WEEKDAYS]
    unclear = next((word for word in words if word not in times and word not in days), None)
    if unclear is not None:
        raise _unknown(text, unclear)
    if len(times) != 1 or len(days) > 1:
        raise NoMoment(_TAKES)
    hour, minute = times[0].split(":")
    try:
        return "".join(days), time(int(hour), int(minute))
    except ValueError as wrong:
        raise NoMoment(Phrase("at= takes a day and a time that exist, such as {example}.", example=EXAMPLE)) from wrong


def _date(day: str, time_of_day: time, here: datetime) -> date:
    """The date of that day, as it is counted from here. Raises NoMoment for the weekday that is today."""
    if day not in _WEEKDAYS:
        return here.date() + timedelta(days=_DAYS.get(day, 0))
    ahead = (_WEEKDAYS[day] - here.weekday()) % WEEK
    if ahead:
        return here.date() + timedelta(days=ahead)
    in_a_week = f"{here.date() + timedelta(days=WEEK)} {time_of_day:%H:%M}"
    if time_of_day <= here.time():
        passed = Phrase(
            "at= takes one day: today is {weekday}, and {time} has passed. Write at={later} for the next one.",
            weekday=weekday(here),
            time=f"{time_of_day:%H:%M}",
            later=in_a_week,
        )
        raise NoMoment(passed)
    raise NoMoment(
        Phrase(
            "at= takes one day: today is {weekday}. Write at=today {time}, or at={later} for the next one.",
            weekday=weekday(here),
            time=f"{time_of_day:%H:%M}",
            later=in_a_week,
        )
    )


def _has_passed(time_of_day: time, here: datetime) -> NoMoment:
    return NoMoment(
        Phrase(
            "at= takes a time to come: it is {now} in {zone}, and {time} has passed today. If you mean tomorrow, write "
            "at=tomorrow {time}.",
            now=f"{here:%H:%M}",
            zone=str(here.tzinfo),
            time=f"{time_of_day:%H:%M}",
        )
    )


def _unknown(text: str, word: str) -> NoMoment:
    near = suggest.nearest(word, _MISTYPED)
    if near is None or near == word:
        return NoMoment(_TAKES)
    instead = text.lower().replace(word, near, 1)
    return NoMoment(suggest.did_you_mean(f"at={clip(instead)}"), f"at={instead}")


_TAKES = Phrase(
    "at= takes a time such as 18:55, tomorrow 9:00, monday 9:00 or in 2h, or a day and a time such as {example}.",
    example=EXAMPLE,
)
