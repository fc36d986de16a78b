"""Events of hooks on their way to be counted: of each its hash, and as what it counts."""

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import compress
from typing import NamedTuple

from bot.journal.hash_set import packed
from bot.results.counts import MOST_TYPES, Counts, Kind, kind_of
from bot.results.first_day import ROWS
from bot.results.recipients import Recipient


@dataclass(frozen=True, eq=False)
class Label:
    """As what an event is counted, `row` in the first day. There is one object for each: counting them is quick."""

    kind: Kind
    is_test: bool
    elsewhere: bool
    ambiguous: bool
    row: int | None


@lru_cache(MOST_TYPES)
def label_of(event_type: str, is_test: bool, elsewhere: bool, ambiguous: bool) -> Label:
    kind = kind_of(event_type)
    return Label(kind, is_test, elsewhere, ambiguous, None if is_test or elsewhere else ROWS.get(kind))


class Sending(NamedTuple):
    """An event of sending: to whom, None where it names nobody, and whether it may be an earlier run's."""

    recipient: Recipient | None
    ambiguous: bool


class Gathered:
    """Events of one run within a part of a day: their hashes, as what each is counted, and the latest of their moments.

    `slots` are where in the run's first day each is counted. `sendings` are of each whom it was sent to, None where it
    tells of something else; and empty where profiles are not kept.
    """

    def __init__(self) -> None:
        self.hashes = array("Q")
        self.labels: list[Label] = []
        self.slots: list[int] = []
        self.sendings: list[Sending | None] = []
        self.newest = datetime.min.replace(tzinfo=UTC)
        self.proof: datetime | None = None
        """When an event happened that shows a start after the call."""

    def join(self, other: "Gathered") -> None:
        self.hashes += other.hashes
        self.labels += other.labels
        self.slots += other.slots
        self.sendings += other.sendings
        self.newest = max(self.newest, other.newest)
        self.proof = self.proof or other.proof

    def packed(self, chosen: Sequence[bool]) -> bytes:
        return packed(compress(self.hashes, chosen))

    def counts(self, chosen: Sequence[bool]) -> Counts:
        by_kind: Counter[Kind] = Counter()
        tests = elsewhere = ambiguous = 0
        for label, number in Counter(compress(self.labels, chosen)).items():
            if label.is_test:
                tests += number
            elif label.elsewhere:
                elsewhere += number
            else:
                by_kind[label.kind] += number
                ambiguous += number * label.ambiguous
        return Counts(by_kind=by_kind, tests=tests, elsewhere=elsewhere, ambiguous=ambiguous, newest=self.newest)
