"""What a person looks at, as it travels in the buttons below it: which kind of lookup, of what, and from where on."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from bot.campaign.request import LaunchId
from bot.launch.search import Mark


class LookupKind(StrEnum):
    STATUS = "status"
    LIST = "list"
    HISTORY = "history"


@dataclass(frozen=True)
class Look:
    """`asked` is the text after the command; `beside` says at which page, "" for the first."""

    kind: LookupKind
    asked: str
    beside: str = ""

    def __str__(self) -> str:
        return f"{self.kind}|{self.beside}|{self.asked}"

    @classmethod
    def of(cls, value: str) -> Self:
        """Reads a button's value. Raises ValueError."""
        kind, beside, asked = value.split("|", 2)
        return cls(LookupKind(kind), asked, beside)

    def at(self, beside: str) -> "Look":
        return replace(self, beside=beside)


def beside_launch(mark: Mark) -> str:
    return f"{'newer' if mark.newer else 'older'} {mark.asked_at.isoformat()} {mark.launch_id}"


def launch_mark(beside: str) -> Mark | None:
    """The place in the history. Raises ValueError."""
    if not beside:
        return None
    side, at, launch_id = beside.split(" ")
    return Mark(datetime.fromisoformat(at), LaunchId(launch_id), newer=side == "newer")


def beside_campaign(*, below: int | None = None, above: int | None = None) -> str:
    return f"below {below}" if below is not None else f"above {above}"


def campaign_marks(beside: str) -> tuple[int | None, int | None]:
    """The ids below and above which the page lies. Raises ValueError."""
    if not beside:
        return None, None
    side, number = beside.split(" ")
    return (int(number), None) if side == "below" else (None, int(number))
