"""The hash chain over a launch's events: each digest covers the event and the digest before it."""

import hashlib

from bot.launch.codec import canonical, encode, instant, kind_of
from bot.launch.events import Entry

START = ""
"""What stands before a launch's first event."""


def digest(entry: Entry, previous: str) -> str:
    """SHA-256, in hex, over the previous digest and the canonical JSON of the event."""
    text = canonical(
        {
            "launch_id": entry.launch_id,
            "seq": entry.seq,
            "at": instant(entry.at),
            "kind": kind_of(entry.event),
            "actor": entry.actor,
            "data": encode(entry.event),
        }
    )
    return hashlib.sha256(f"{previous}\n{text}".encode(errors="surrogatepass")).hexdigest()
