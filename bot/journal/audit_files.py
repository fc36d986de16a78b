"""Verifies the kept files: each that an event refers to is there, and gives the SHA-256 under which it is kept."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, LargeBinary, cast, select

from bot.journal.finding import Finding, Kind
from bot.journal.references import Reference, references
from bot.journal.stored import Stream
from bot.journal.tables import files

AT_ONCE = 4
"""Files that are fetched together: one may have several megabytes."""

_SHOWN = 12


@dataclass(frozen=True)
class KeptFiles:
    """The SHA-256s, in hex, under which files are kept: of those that give it, and of those that do not."""

    whole: frozenset[str]
    damaged: frozenset[str]


def kept_files(connection: Connection, only: Collection[str] | None = None) -> KeptFiles:
    """Reads every file once, or only those under these digests, and keeps no more of it than the digest."""
    # SQLite holds any text in a column of bytes.
    query = select(files.c.sha256, cast(files.c.content, LargeBinary)).order_by(files.c.sha256)
    if only is not None:
        query = query.where(files.c.sha256.in_(only))
    whole, damaged = set[str](), set[str]()
    for sha256, content in connection.execute(query, execution_options={"yield_per": AT_ONCE}):
        found = whole if hashlib.sha256(content or b"").hexdigest() == sha256 else damaged
        found.add(sha256)
    return KeptFiles(frozenset(whole), frozenset(damaged))


def check_files(stream: Stream, kept: KeptFiles) -> Iterator[Finding]:
    """What is wrong with the files that a stream refers to, each named by the first event that does."""
    for reference, event in references(stream.events):
        text = _wrong(reference, kept)
        if text:
            yield Finding(kind=Kind.FILE, launch_id=event.launch_id, seq=event.seq, text=text, event=event)


def _wrong(reference: Reference, kept: KeptFiles) -> str:
    if reference.sha256 in kept.whole:
        return ""
    named = f"The {reference.what} {reference.sha256[:_SHOWN]} to which it refers"
    if reference.sha256 in kept.damaged:
        return f"{named} does not give its digest: it was edited, or exchanged."
    return f"{named} is not kept any more: it was removed from the journal."
