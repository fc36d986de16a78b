"""Brakes: shares of a run's messages that must not be passed, and how the counts stand to them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from bot.results.counts import Counts, Kind
from bot.results.rates import Base

Millionths: TypeAlias = int
"""A share as a whole number: 20,000 are 2 %. So nothing is rounded, neither when it is compared nor on record."""

WHOLE: Millionths = 1_000_000
PERCENT: Millionths = 10_000

AFTER = 200
"""How many messages have to be sent before a brake is judged, where the policy does not say."""

_PERCENT = re.compile(r"([0-9]{1,2})(?:\.([0-9]{1,3}))?\s?%")


class Measure(StrEnum):
    """What a brake counts; the values are the policy's keys."""

    HARD_BOUNCES = "hard_bounces"
    COMPLAINTS = "complaints"
    UNDELIVERED = "undelivered"


_COUNTED = {
    Measure.HARD_BOUNCES: Kind.HARD_BOUNCE,
    Measure.COMPLAINTS: Kind.COMPLAINED,
    Measure.UNDELIVERED: Kind.UNDELIVERED,
}


@dataclass(frozen=True, kw_only=True)
class Brakes:
    """The policy's brakes: of each measure the share that must not be passed, None for no such brake."""

    hard_bounces: Millionths | None = None
    complaints: Millionths | None = None
    undelivered: Millionths | None = None
    after: int = AFTER
    """How many messages have to be sent before any of them is judged."""
    stop: bool = False
    """Whether any run that passes one is stopped, and not only a canary's rest held."""

    def limits(self) -> Iterator[tuple[Measure, Millionths]]:
        """The brakes that are set."""
        for measure in Measure:
            limit: Millionths | None = getattr(self, measure.value)
            if limit is not None:
                yield measure, limit


@dataclass(frozen=True)
class Figure:
    """How a run stands to one brake: `count` of `whole` messages, of which no more than `limit` are allowed."""

    measure: Measure
    count: int
    base: Base
    whole: int
    limit: Millionths

    @property
    def share(self) -> float:
        """From 0 to 1, for people; nothing is decided by it. 0 where there is nothing to be a part of."""
        return self.count / self.whole if self.whole else 0.0

    def passes_surely(self, unsure: int) -> bool:
        """Whether the limit is passed even if so many of the events were another run's."""
        # A part is larger than its whole only while events of the whole are on their way.
        return self.count <= self.whole and (self.count - unsure) * WHOLE > self.limit * self.whole

    def keeps_surely(self, unsure: int) -> bool:
        """Whether the limit is kept even if so many of the events were another run's."""
        return self.count * WHOLE <= self.limit * (self.whole - unsure)


class Standing(StrEnum):
    ON = "on"
    OFF = "off"
    UNKNOWN = "unknown"
    """Too little came to judge by, or too much of it may be another run's."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """How a run stands to all brakes that are set. `sent` are the messages that are surely its own."""

    standing: Standing
    figures: tuple[Figure, ...] = ()
    """Of each brake that is set, in the order of the measures."""
    sent: int = 0
    after: int = AFTER
    unsure: int = 0
    """Events among the counts that may belong to an earlier run of the campaign."""

    @property
    def on(self) -> tuple[Figure, ...]:
        """The brakes that are on."""
        if self.standing is not Standing.ON:
            return ()
        return tuple(one for one in self.figures if one.passes_surely(self.unsure))


def judge(brakes: Brakes, counts: Counts) -> Verdict:
    """How a run of which so much was counted stands to the brakes.

    Hard bounces and undelivered messages are shares of what was sent. So are complaints until `after` deliveries were
    told, and from then on shares of what was delivered: the share on the card, which is never the smaller one.
    A brake is on where its limit is passed, and not where it is just reached. Of events that may be another run's, the
    worse is supposed for either answer: they neither put a brake on nor keep it off.
    """
    unsure = counts.ambiguous
    sent = max(0, counts[Kind.SENT] - unsure)
    figures = tuple(_figure(measure, limit, counts, brakes.after) for measure, limit in brakes.limits())
    return Verdict(
        standing=_standing(figures, unsure, enough=sent >= brakes.after),
        figures=figures,
        sent=sent,
        after=brakes.after,
        unsure=unsure,
    )


def read_percent(text: str) -> Millionths:
    """`2%`, `0.1 %`: from 0 to less than 100, with at most three decimals. Raises ValueError for anything else."""
    found = _PERCENT.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is no percentage")
    whole, decimals = found[1], found[2] or ""
    return int(whole) * PERCENT + int(decimals.ljust(3, "0")) * PERCENT // 1000


def _figure(measure: Measure, limit: Millionths, counts: Counts, after: int) -> Figure:
    base, whole = Base.SENT, counts[Kind.SENT]
    if measure is Measure.COMPLAINTS and counts[Kind.DELIVERED] >= after:
        base, whole = Base.DELIVERED, counts[Kind.DELIVERED]
    return Figure(measure, counts[_COUNTED[measure]], base, whole, limit)


def _standing(figures: tuple[Figure, ...], unsure: int, *, enough: bool) -> Standing:
    if not enough:
        return Standing.UNKNOWN
    if any(one.passes_surely(unsure) for one in figures):
        return Standing.ON
    return Standing.OFF if all(one.keeps_surely(unsure) for one in figures) else Standing.UNKNOWN
