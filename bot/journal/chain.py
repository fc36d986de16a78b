"""The hash chain over a launch's events: each digest covers the event and the digest before it."""

import hashlib
from datetime import datetime

from bot.campaign.encoding import canonical, instant
from bot.campaign.request import Json
from bot.launch.codec import encode, kind_of
from bot.launch.events import Entry


def digest(entry: Entry, previous: str) -> str:
    """SHA-256, in hex, over the previous digest and the canonical JSON of the event."""
    kind, data = kind_of(entry.event), encode(entry.event)
    return digest_of_stored(previous, entry.launch_id, entry.seq, entry.at, kind, entry.actor, data)


def digest_of_stored(previous: str, launch_id: str, seq: int, at: datetime, kind: str, actor: str, data: Json) -> str:
    """The same over an event as it is stored, whatever version of the bot has written it.

    Raises ValueError or TypeError for values that no event can have.
    """
    text = canonical(
        {"launch_id": launch_id, "seq": seq, "at": instant(at), "kind": kind, "actor": actor, "data": data}
    )
    return hashlib.sha256(f"{previous}\n{text}".encode(errors="surrogatepass")).hexdigest()
