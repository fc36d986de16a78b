"""What a verification can find."""

from dataclasses import dataclass
from enum import StrEnum

from bot.campaign.request import LaunchId
from bot.journal.stored import StoredEvent


class Kind(StrEnum):
    EDITED = "edited"
    """The row does not give its digest."""
    MOVED = "moved"
    """The row was written under another number."""
    REPLACED = "replaced"
    """The event after it follows another one."""
    MISSING = "missing"
    INSERTED = "inserted"
    PROJECTION = "projection"
    """What `launches` says does not follow from the events."""
    OPENING = "opening"
    """The stream does not follow the one that was opened before it."""
    PRUNED = "pruned"
    """What is kept of a pruned stream was changed."""
    FILE = "file"
    """A kept file to which the event refers is gone, or was changed."""
    KEY = "key"
    """No key covers the event, or one that is not at hand, though a key is in use."""
    ANCHOR = "anchor"
    """What was told of the heads of all chains does not fit what is there now."""
    THREAD = "thread"
    """The thread in Slack was changed, or tells something else."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that is not as the bot has left it. `text` is a sentence.

    `launch_id` is "" and `seq` None where the trace is gone with the rest.
    """

    kind: Kind
    launch_id: LaunchId
    seq: int | None
    text: str
    event: StoredEvent | None = None
    """The event as it is stored, where it is."""


def of_anchors(text: str) -> Finding:
    """What is wrong with the anchors, and not with one launch."""
    return Finding(kind=Kind.ANCHOR, launch_id=LaunchId(""), seq=None, text=text)
