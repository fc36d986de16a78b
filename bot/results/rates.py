"""Counts as people read them: each beside what it is a part of."""

from dataclasses import dataclass
from enum import StrEnum

from bot.results.counts import Counts, Kind


class Base(StrEnum):
    """What a number is a part of."""

    PROMISED = "promised"
    SENT = "sent"
    DELIVERED = "delivered"


@dataclass(frozen=True)
class Rate:
    """`count` is None where nothing told it; `share`, from 0 to 1, where there is nothing to be a part of."""

    count: int | None
    base: Base
    share: float | None


@dataclass(frozen=True)
class Rates:
    sent: Rate
    delivered: Rate
    bounced: Rate
    """For good: a soft bounce may be one of several tries, and the message may arrive yet."""
    opened: Rate
    clicked: Rate
    unsubscribed: Rate
    complained: Rate


def rates(counts: Counts, promised: int | None) -> Rates:
    """What the counts say of a run that was promised to so many. Opened and clicked count messages, not openings."""
    sent, delivered = counts[Kind.SENT] or None, _delivered(counts)
    return Rates(
        sent=_rate(sent, Base.PROMISED, promised),
        delivered=_rate(delivered, Base.SENT, sent),
        bounced=_rate(counts[Kind.HARD_BOUNCE], Base.SENT, sent),
        opened=_rate(counts[Kind.OPENED], Base.DELIVERED, delivered),
        clicked=_rate(counts[Kind.CLICKED], Base.DELIVERED, delivered),
        unsubscribed=_rate(counts[Kind.UNSUBSCRIBED], Base.DELIVERED, delivered),
        complained=_rate(counts[Kind.COMPLAINED], Base.DELIVERED, delivered),
    )


def _delivered(counts: Counts) -> int | None:
    """None where messages were opened and not one delivery was told: then deliveries are not told at all."""
    untold = not counts[Kind.DELIVERED] and (counts[Kind.OPENED] or counts[Kind.CLICKED])
    return None if untold else counts[Kind.DELIVERED]


def _rate(count: int | None, base: Base, whole: int | None) -> Rate:
    # More than its whole it can be only while a part of the events is still on its way.
    known = count is not None and whole and count <= whole
    return Rate(count, base, count / whole if known and count is not None and whole else None)
