"""What people do to the record itself, in a terminal. It belongs to no launch, and stands in the record like one."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Rekeyed:
    """What came before was sealed under a key. `by` is who ran it, as the machine knows them; `key_id` is the key's."""

    by: str
    key_id: str
    streams: int
    pruned: int
    lost: tuple[str, ...] = ()
    """Ids of keys that were given up: what is under them was sealed without being proven."""


@dataclass(frozen=True)
class Pruned:
    """What had ended before that moment was removed. `by` is who ran it, as the machine knows them."""

    by: str
    before: datetime
    launches: int
    attempts: int
    events: int
    files: int


Upkeep = Rekeyed | Pruned

UPKEEP = (Rekeyed, Pruned)
"""The kinds of events that belong to no launch, and so to no thread."""
