"""A set of 64-bit numbers in little memory: about 16 bytes each, where Python's own takes five times as much."""

import sys
from array import array
from collections.abc import Iterable, Sequence

SMALLEST = 256
"""Places of an empty set: a power of two, so that a number's lower bits are its place."""

_INSTEAD_OF_EMPTY = 1
"""0 marks a free place, so it is kept as 1: of two numbers that are spread evenly, nobody tells these apart."""


class HashSet:
    """Holds numbers that are spread evenly, as hashes are. An open-addressed table, at most half full."""

    def __init__(self) -> None:
        self._lay(SMALLEST)
        self._held = 0

    @property
    def size(self) -> int:
        """Bytes of its table."""
        return len(self._places) * self._places.itemsize

    def add(self, numbers: Sequence[int]) -> list[bool]:
        """Adds them, and says of each whether it was not there before."""
        while self._held + len(numbers) > self._most:
            self._grow()
        new = self._added(numbers)
        self._held += sum(new)
        return new

    def _added(self, numbers: Iterable[int]) -> list[bool]:
        """With a place for each. It is one loop, for this is done a million times."""
        places, mask = self._places, self._mask
        new = []
        for each in numbers:
            number = each or _INSTEAD_OF_EMPTY
            at = number & mask
            while (found := places[at]) and found != number:
                at = (at + 1) & mask
            places[at] = number
            new.append(not found)
        return new

    def _lay(self, places: int) -> None:
        self._places = array("Q", bytes(8 * places))
        self._mask = places - 1
        self._most = places // 2

    def _grow(self) -> None:
        held = self._places
        self._lay(2 * len(held))
        self._added(filter(None, held))


def packed(numbers: Iterable[int]) -> bytes:
    """The numbers as they are stored: eight bytes each, the lowest first."""
    packing = array("Q", numbers)
    if sys.byteorder == "big":
        packing.byteswap()
    return packing.tobytes()


def unpacked(stored: bytes) -> "array[int]":
    """The numbers of what was packed."""
    numbers = array("Q", stored)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
