"""How large bodies may be: on most paths as Slack's are, on some larger."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from bot.signature import LARGEST_BODY


def _untold() -> None:
    """For whoever does not want to know."""


@dataclass(frozen=True)
class Bound:
    """Bodies have so many bytes at most; `refused` is told of each that has more. It must be quick."""

    largest: int = LARGEST_BODY
    refused: Callable[[], None] = _untold


Bounds: TypeAlias = Mapping[str, Bound]
"""By what a path begins with."""

USUAL = Bound()


def bound_of(bounds: Bounds, target: bytes) -> Bound:
    """That of the request's target, as it was sent; a path written otherwise has the usual one."""
    return next((bound for at, bound in bounds.items() if target.startswith(at.encode())), USUAL)
