"""What is asked of the record – which events, as which kind of file – and what comes of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.campaign.request import Json, LaunchId
from bot.launch.events import Entry
from bot.launch.state import Launch


class Format(StrEnum):
    CSV = "csv"
    """One row an event, for a spreadsheet."""
    JSONL = "jsonl"
    """One JSON object an event, with all that is stored and both digests."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Which events are wanted: those from `since` on and before `until`, of one campaign's launches or of all."""

    format: Format = Format.CSV
    campaign_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """One event as it is stored. `at` is "" and `data` None where a damaged row cannot be read.

    `launch` is as it stands now, None for a refused attempt that belongs to none; `entry` is None for an event of a
    newer version.
    """

    launch_id: LaunchId
    seq: int
    at: str
    kind: str
    actor: str
    data: Json
    previous: str
    digest: str
    launch: Launch | None
    entry: Entry | None
