"""Medians, percentiles and ratios, and how they are written down."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

SLICES = 10
"""Parts of a run over which a ratio's spread is taken."""


def percentile(samples: Sequence[float], share: float) -> float:
    """The smallest sample that at least that share of all are not above. Raises ValueError without samples."""
    if not samples:
        raise ValueError("there are no samples")
    return sorted(samples)[max(math.ceil(share * len(samples)), 1) - 1]


@dataclass(frozen=True)
class Ratio:
    """One side's median over the other's, and the least and greatest that parts of the run give."""

    whole: float
    least: float
    greatest: float

    def __str__(self) -> str:
        return f"**{self.whole:.2f}** ({self.least:.2f}–{self.greatest:.2f})"


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Ratio:
    """Of samples taken in turns, in their order. Raises ValueError where a side has none."""
    if not ours or not theirs:
        raise ValueError("there are no samples")
    parts = min(SLICES, len(ours), len(theirs))
    each = [median(_part(ours, nth, parts)) / median(_part(theirs, nth, parts)) for nth in range(parts)]
    return Ratio(median(ours) / median(theirs), min(each), max(each))


def _part(samples: Sequence[float], nth: int, parts: int) -> Sequence[float]:
    return samples[nth * len(samples) // parts : (nth + 1) * len(samples) // parts]


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"


def middle_and_tail(samples: Sequence[float]) -> tuple[str, str]:
    """The median and the 99th percentile, in milliseconds."""
    return milliseconds(median(samples)), milliseconds(percentile(samples, 0.99))


@dataclass(frozen=True)
class Table:
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __str__(self) -> str:
        """As Markdown, readable in a terminal as well. A cell's own bars are escaped."""
        lines = [self.head, *self.rows]
        cells = [[cell.replace("|", "\\|") for cell in line] for line in lines]
        widths = [max(len(line[column]) for line in cells) for column in range(len(self.head))]
        written = [
            "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
            for line in cells
        ]
        return "\n".join([written[0], "| " + " | ".join("-" * max(width, 3) for width in widths) + " |", *written[1:]])


@dataclass(frozen=True)
class Goal:
    """What is aimed at, and what came out. A time missed is told; only a broken promise fails the run."""

    text: str
    figure: str
    met: bool

    def __str__(self) -> str:
        return f"- {'Met' if self.met else '**Not met**'}: {self.text}. {self.figure}."


@dataclass(frozen=True)
class Section:
    """One measurement as it is told. `broken` are promises that did not hold: the run has failed then."""

    title: str
    tables: tuple[Table, ...]
    goals: tuple[Goal, ...] = ()
    notes: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()

    def __str__(self) -> str:
        broken = [f"- **Promise broken:** {one}" for one in self.broken]
        listed = "\n".join([*map(str, self.goals), *broken])
        return "\n\n".join(filter(None, [f"## {self.title}", *map(str, self.tables), listed, *self.notes]))
