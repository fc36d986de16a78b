"""How an SMS is sent: by which alphabet, how long it is, and in how many parts it is paid for."""

from dataclasses import dataclass
from enum import StrEnum

import smsutil

from bot.message.markup import writable

MOST_COUNTED = 10_000
"""Characters; no network takes nearly as many in one message."""


class Alphabet(StrEnum):
    """What a phone is told that the characters are. One character outside GSM 03.38 makes all of them UCS-2."""

    GSM = "GSM 03.38"
    UCS2 = "UCS-2"


@dataclass(frozen=True)
class Parts:
    """`length` counts characters as people do, `units` as the network does.

    In GSM 03.38 that is septets, of which a brace or `€` takes two; in UCS-2 words of two bytes, of which an emoji
    takes two or more. `is_whole` is False where the text was too long to be counted to its end.
    """

    alphabet: Alphabet
    length: int
    units: int
    parts: int
    is_whole: bool = True


def parts_of(text: str) -> Parts:
    """Counts a text; an empty one has no parts. Takes at most MOST_COUNTED characters of it."""
    counted = writable(text[:MOST_COUNTED])
    # An empty text is in neither alphabet for the library.
    split = smsutil.split(counted) if counted else None
    is_gsm = split is None or split.encoding == "gsm0338"
    size = split.total_bytes if split else 0
    return Parts(
        alphabet=Alphabet.GSM if is_gsm else Alphabet.UCS2,
        length=len(text),
        units=size if is_gsm else size // 2,
        parts=len(split.parts) if split else 0,
        is_whole=len(counted) == len(text),
    )
