"""Seals under a key: over streams from before it, and over what is kept of pruned ones."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.campaign.encoding import canonical, instant
from bot.journal.keys import Keys, same
from bot.journal.stored import StoredEvent, Stream, whole_number
from bot.journal.tables import seals

_BESIDE = frozenset({"digest", "key_id"})
"""Columns of `pruned` that its digest does not cover: itself, and by what it is made."""


def stream_seal(events: Iterable[StoredEvent], keys: Keys, key_id: str) -> str:
    """The digest over all that is stored of these events of one stream; "" where one of them cannot be read.

    It covers what they say and not their digests alone: those of a key that is gone prove nothing. Raises UnknownKey.
    """
    whole, last = hashlib.sha256(), None
    for event in events:
        message = event.message()
        if message is None:
            return ""
        whole.update(f"{len(message)}\n".encode() + message)
        whole.update(f"\n{event.digest}\n{event.key_id}\n".encode())
        last = event
    if last is None:
        return ""
    return keys.digest(f"seal\n{last.launch_id}\n{last.seq}\n{whole.hexdigest()}".encode(), key_id)


def pruned_seal(row: Mapping[str, Any], keys: Keys, key_id: str) -> str:
    """The digest over a row of `pruned`: its canonical JSON; "" for what no row can hold. Raises UnknownKey."""
    values = {
        name: instant(one) if isinstance(one, datetime) else one for name, one in row.items() if name not in _BESIDE
    }
    try:
        text = canonical(values)
    except TypeError:
        return ""
    # Under a key it must not be taken for an event's, whose message begins with a digest.
    message = f"pruned\n{text}" if key_id else text
    return keys.digest(message.encode(errors="surrogatepass"), key_id)


SEAL = tuple(column.label(f"seals_{column.name}") for column in (seals.c.seq, seals.c.key_id, seals.c.digest))
"""The columns beside a stream by which its seal is checked."""


@dataclass(frozen=True)
class Proofs:
    """By what the events of one stream are proven, with the keys at hand."""

    keys: Keys
    sealed_to: int
    """The number of the last event that a seal covers which holds; 0 for none."""
    seal_fault: str
    """What is wrong with the stream's seal, as a sentence; "" where nothing is, or there is none."""
    uncovered: tuple[StoredEvent, ...]
    """Those that neither a key nor a seal covers."""
    locked: tuple[StoredEvent, ...]
    """Those whose key is not at hand and that no seal covers."""

    @classmethod
    def of(cls, stream: Stream, keys: Keys) -> "Proofs":
        """`stream` bears the columns SEAL beside it."""
        sealed_to, fault = _seal(stream, keys)
        beyond = [event for event in stream.events if event.seq > sealed_to]
        unknown = {key_id for key_id in {event.key_id for event in beyond} if not keys.knows(key_id)}
        uncovered = tuple(event for event in beyond if not event.key_id)
        return cls(keys, sealed_to, fault, uncovered, tuple(one for one in beyond if one.key_id in unknown))

    @property
    def are_complete(self) -> bool:
        """Whether every event is covered as the keys at hand ask for."""
        return not (self.seal_fault or self.locked or (self.keys.writing and self.uncovered))

    def holds(self, event: StoredEvent) -> bool:
        """Whether the event is what was written. Of one whose key is not at hand, only its seal, if any, can tell."""
        return not self.keys.knows(event.key_id) or event.is_whole(self.keys)

    def gives(self, event: StoredEvent, seq: int) -> bool:
        """Whether it gives its digest under that number."""
        return self.keys.knows(event.key_id) and event.is_whole(self.keys, seq)


def _seal(stream: Stream, keys: Keys) -> tuple[int, str]:
    seq, key_id, digest = (stream.beside[column.name] for column in SEAL)
    if seq is None:
        return 0, ""
    if not keys.knows(key_id):
        return 0, f"It is sealed under the key {key_id}, which is not at hand."
    covered = [event for event in stream.events if event.seq <= whole_number(seq)]
    if key_id and same(stream_seal(covered, keys, key_id), str(digest)):
        return covered[-1].seq, ""
    return (
        0,
        "What its seal covers is not what was sealed: an event was edited, put in or removed, or the seal was.",
    )
