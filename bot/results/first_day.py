"""The first day of a run by quarters of an hour: when messages were delivered, opened and clicked."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from typing import Self

from bot.results.counts import Kind

DAY = timedelta(hours=24)
PARTS = 96
PART = DAY / PARTS

ROWS = {Kind.DELIVERED: 0, Kind.OPENED: 1, Kind.CLICKED: 2}
NOWHERE = -1
"""The slot of what is not shown."""

_STORED = struct.Struct(f"<{len(ROWS) * PARTS}I")


def slot_of(row: int, after: timedelta) -> int:
    """Where an event of that row counts, so long after the call; NOWHERE for one that happened after the first day.

    What is dated a moment before the call, by a clock that is behind, belongs to its first quarter.
    """
    if after >= DAY:
        return NOWHERE
    return row * PARTS + (after.seconds // PART.seconds if after.days == 0 else 0)


@dataclass(frozen=True)
class FirstDay:
    """How many messages in each of the PARTS quarters after the call."""

    delivered: tuple[int, ...] = (0,) * PARTS
    opened: tuple[int, ...] = (0,) * PARTS
    clicked: tuple[int, ...] = (0,) * PARTS

    @property
    def anything(self) -> bool:
        return any(self.delivered) or any(self.opened) or any(self.clicked)

    def summed(self) -> tuple[tuple[int, ...], ...]:
        """Each row as the number until the end of each quarter."""
        return tuple(tuple(accumulate(row)) for row in (self.delivered, self.opened, self.clicked))

    @classmethod
    def unpacked(cls, stored: bytes | None) -> Self:
        """Out of what is stored; None for nothing yet."""
        if not stored:
            return cls()
        numbers = _STORED.unpack(stored)
        return cls(*(numbers[row * PARTS : (row + 1) * PARTS] for row in range(len(ROWS))))


def counted(stored: bytes | None, slots: Mapping[int, int]) -> bytes:
    """What is stored, with so many more messages in these slots."""
    numbers = list(_STORED.unpack(stored)) if stored else [0] * (len(ROWS) * PARTS)
    for slot, more in slots.items():
        if slot != NOWHERE:
            numbers[slot] += more
    return _STORED.pack(*numbers)
