"""What is asked of the record – which events, as which kind of file – and what comes of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.campaign.campaign import MessageRef
from bot.campaign.request import Json, LaunchId
from bot.launch.events import Adopted, Approved, BrokeGlass, Edited, Entry, Requested, Voided
from bot.launch.state import Launch
from bot.message.message import MaybeMessage


class Format(StrEnum):
    CSV = "csv"
    """One row an event, for a spreadsheet."""
    JSONL = "jsonl"
    """One JSON object an event, with all that is stored and both digests."""
    OCSF = "ocsf"
    """One JSON object an event, as the Open Cybersecurity Schema Framework has it."""


FILES = (Format.CSV, Format.JSONL)
"""What people take away; the rest is for machines."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Which events are wanted: those from `since` on and before `until`, of one campaign's launches or of all."""

    format: Format = Format.CSV
    campaign_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Covered:
    """What an approval, or a launch without one, covers of what people receive.

    Each message stands behind what the launch's preview said of it; it is unread where it is not kept any more.
    `content` are the values that go into them.
    """

    messages: tuple[tuple[MessageRef, MaybeMessage], ...] = ()
    content: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """One event as it is stored. `at` is "" and `data` gives None where a damaged row cannot be read.

    `data` reads what is stored when it is called: a table has none of it, and reading it would take its time.

    `launch` is as it stands now, None for a refused attempt that belongs to none; `entry` is None for an event of a
    newer version. `covered` is None for all events but approvals, and where nobody can tell.
    """

    launch_id: LaunchId
    seq: int
    at: str
    kind: str
    actor: str
    data: Callable[[], Json]
    previous: str
    digest: str
    key_id: str
    """The id of the key of the digest; "" for none."""
    launch: Launch | None
    entry: Entry | None
    covered: Covered | None = None


def covered_by(
    entries: Iterable[Entry | None], find: Callable[[MessageRef], MaybeMessage]
) -> Iterator[tuple[int, Covered]]:
    """The numbers of the events by which a launch may start, each with what it covers: what stood there then.

    An entry that is None is of a newer version. It may have changed what stood there, so nothing is told of what
    follows until that is said anew.
    """
    standing: tuple[tuple[MessageRef, ...], Mapping[str, Json]] | None = None
    for entry in entries:
        match entry and entry.event:
            case Requested() | Adopted() as asked:
                standing = asked.preview.messages, asked.request.content or {}
            case Edited(asked=asked):
                standing = asked.preview.messages, asked.request.content or {}
            case Voided(preview=preview):
                standing = (preview.messages, standing[1]) if standing else None
            case Approved() | BrokeGlass() if entry and standing:
                messages, content = standing
                yield entry.seq, Covered(tuple((one, find(one)) for one in messages), content)
            case None:
                standing = None
