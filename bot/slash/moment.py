"""A moment as people type it: a day and a time on their own clocks."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from typing import TypeAlias

from bot.phrase import Phrase

EXAMPLE = "2026-12-01T09:00"

Clocks: TypeAlias = Callable[[], tzinfo]
"""Gives the time zone of whoever typed a moment; asked only where the moment itself does not say."""

_SHAPE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}([Zz]|[+-][0-9]{2}:[0-9]{2})?")


class NoMoment(ValueError):
    """The text is no moment; `text` is a clause that says what at= takes."""

    def __init__(self, text: Phrase) -> None:
        super().__init__(text)
        self.text = text


def moment_in(text: str, clocks: Clocks) -> datetime:
    """The moment, in UTC. Without an offset it is read on the clocks. Raises NoMoment, and what `clocks` raises."""
    if not _SHAPE.fullmatch(text):
        raise NoMoment(Phrase("at= takes a day and a time such as {example}.", example=EXAMPLE))
    try:
        typed = datetime.fromisoformat(text.upper())
        return typed.astimezone(UTC) if typed.tzinfo else _on(clocks(), typed)
    except NoMoment:
        raise
    except (ValueError, OverflowError) as wrong:
        # Too large for the calendar: it begins with the year 1, and an offset can lead past either end.
        raise NoMoment(Phrase("at= takes a day and a time that exist, such as {example}.", example=EXAMPLE)) from wrong


def _on(zone: tzinfo, typed: datetime) -> datetime:
    early, late = (typed.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if early.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != typed:
        raise NoMoment(Phrase("at= takes a time that exists: the clocks skip this one."))
    if early.utcoffset() != late.utcoffset():
        raise NoMoment(
            Phrase(
                "at= takes a time that comes once; the clocks are set back then: write {example} or such.",
                example=_offset(early),
            )
        )
    return early.astimezone(UTC)


def moment_text(moment: datetime, zone: tzinfo) -> str:
    """A text that `moment_in` reads back."""
    local = moment.astimezone(zone)
    text = f"{local:%Y-%m-%dT%H:%M}"
    try:
        return text if moment_in(text, lambda: zone) == moment else _offset(local)
    except NoMoment:
        return _offset(local)


def start_on(moment: datetime, zone: tzinfo) -> Phrase:
    """A sentence that says how a start is understood, on whose clocks."""
    return Phrase(
        "You typed a start: {moment}, {zone}.", moment=f"{moment.astimezone(zone):%Y-%m-%d %H:%M}", zone=str(zone)
    )


def _offset(local: datetime) -> str:
    return local.isoformat(timespec="minutes")
