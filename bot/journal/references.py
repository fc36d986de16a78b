"""Which kept files an event refers to. Read from what is stored, so that an event of a newer version tells it too."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.campaign.request import Json
from bot.journal.stored import StoredEvent, Unreadable
from bot.launch.codec import encode, tag_of
from bot.launch.events import Adopted, Edited, Event, Requested, Voided

_REFERRING = (Requested, Adopted, Edited, Voided)

REFERRING = tuple(tag_of(kind) for kind in _REFERRING)
"""The kinds of events that refer to files."""


class What(StrEnum):
    """What a kept file is, in words."""

    ATTACHMENT = "attached file"
    MESSAGE = "message"


@dataclass(frozen=True)
class Reference:
    what: What
    sha256: str


_PLACES = ((What.ATTACHMENT, "request", "attachments", "sha256"), (What.MESSAGE, "preview", "messages", "digest"))
"""Where they stand in what is asked for: in which part, in which list, and by which name."""

_NAMES = tuple(name for *_, name in _PLACES)


def references(events: Iterable[StoredEvent]) -> Iterator[tuple[Reference, StoredEvent]]:
    """Each file once, with the first event that refers to it."""
    known: set[Reference] = set()
    for event in events:
        if event.kind not in REFERRING or not event.may_name(_NAMES):
            continue
        for reference in _referred(event.data):
            if reference not in known:
                known.add(reference)
                yield reference, event


def files_of(event: Event) -> set[str]:
    """The SHA-256s, in hex, of the files to which the event refers."""
    return {one.sha256 for one in _referred(encode(event))} if isinstance(event, _REFERRING) else set()


def _referred(data: "Json | Unreadable") -> Iterator[Reference]:
    # An edit holds all that is asked for from then on under a name of its own.
    for asked in (data, _part(data, "asked")):
        for what, part, listed, name in _PLACES:
            found = _part(_part(asked, part), listed)
            digests = [_part(one, name) for one in found] if isinstance(found, list) else []
            yield from (Reference(what, digest) for digest in digests if isinstance(digest, str) and digest)


def _part(value: "Json | Unreadable", name: str) -> Json:
    return value.get(name) if isinstance(value, dict) else None
