"""What a channel is told once a day of the record, so that whoever owns the database cannot take it back. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True)
class Anchor:
    """One digest over the heads of all chains, by way of the anchor before it; `number` counts from 1.

    `day` names it, such as `2026-11-23`; `chains` are all there are, and `heads` those that moved since the anchor
    before. `digest` is SHA-256, in hex.
    """

    number: int
    day: str
    chains: int
    heads: int
    digest: str


def day_to_anchor(now: datetime) -> str:
    """The day that is over, in UTC: the same to whoever asks in the day after it."""
    return (now.astimezone(UTC) - timedelta(days=1)).date().isoformat()
