"""The hashes of what was counted that a process keeps in memory."""

from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TypeAlias

from bot.journal.hash_set import HashSet

MOST_MEMORY = 32 * 1024 * 1024
"""Bytes of hashes that are kept in memory: those of about two million events. Others are read when they are needed."""

Place: TypeAlias = tuple[int, int]
"""A run, and a part of a day in which its events happened."""


class Known:
    """The hashes that were counted, by run and part, as far as this process has read them. What is used last stays."""

    def __init__(self) -> None:
        self._sets: OrderedDict[Place, HashSet] = OrderedDict()
        self._upto: dict[Place, int] = {}

    def behind(self, run: int, parts: Iterable[int], segment: int) -> dict[int, list[int]]:
        """The parts of which it does not know all segments up to that one, by the last that it knows."""
        behind = defaultdict(list)
        for part in parts:
            upto = self._upto.get((run, part), 0)
            if upto < segment:
                behind[upto].append(part)
        return behind

    def add(self, place: Place, hashes: Sequence[int]) -> list[bool]:
        """Says of each whether it is new."""
        held = self._sets.setdefault(place, HashSet())
        self._sets.move_to_end(place)
        return held.add(hashes)

    def reached(self, run: int, parts: Iterable[int], segment: int) -> None:
        """From now on, it knows all of these parts up to that segment."""
        self._upto.update(((run, part), segment) for part in parts)

    def forget(self, places: Iterable[Place]) -> None:
        for place in places:
            self._sets.pop(place, None)
            self._upto.pop(place, None)

    def keep_little(self, used: Collection[Place]) -> None:
        """Forgets what was used longest ago, where it is too much; never what was used just now."""
        size = sum(held.size for held in self._sets.values())
        for place in [place for place in self._sets if place not in used]:
            if size <= MOST_MEMORY:
                return
            size -= self._sets[place].size
            self.forget([place])
