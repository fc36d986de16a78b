"""The hash chain over a launch's events: each digest covers the event and the digest before it."""

from datetime import datetime

from bot.campaign.encoding import canonical, instant
from bot.campaign.request import Json
from bot.journal.keys import NO_KEYS, Keys
from bot.launch.codec import encode, kind_of
from bot.launch.events import Entry


def digest(entry: Entry, previous: str, keys: Keys = NO_KEYS) -> str:
    """HMAC-SHA-256, or SHA-256 without a key, in hex: over the previous digest and the event's canonical JSON."""
    return keys.digest(message(entry, previous), keys.writing_id)


def message(entry: Entry, previous: str) -> bytes:
    """What an event's digest is made over."""
    kind, data = kind_of(entry.event), encode(entry.event)
    return message_of_stored(previous, entry.launch_id, entry.seq, entry.at, kind, entry.actor, data)


def message_of_stored(
    previous: str, launch_id: str, seq: int, at: datetime, kind: str, actor: str, data: Json
) -> bytes:
    """What the digest of an event as it is stored is made over.

    Raises ValueError or TypeError for values that no event can have.
    """
    return message_of_texts(
        previous,
        launch_id=canonical(launch_id),
        seq=seq,
        at=instant(at),
        kind=canonical(kind),
        actor=canonical(actor),
        data=canonical(data),
    )


def message_of_texts(previous: str, *, launch_id: str, seq: int, at: str, kind: str, actor: str, data: str) -> bytes:
    """The same of parts that are canonical JSON already, but for `at`, which is a moment's text without its quotes.

    With sorted keys and no spaces, all of it is canonical JSON.
    """
    text = f'{{"actor":{actor},"at":"{at}","data":{data},"kind":{kind},"launch_id":{launch_id},"seq":{seq}}}'
    return f"{previous}\n{text}".encode(errors="surrogatepass")
