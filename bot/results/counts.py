"""What is counted of a run: how many events of each kind, each event once."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Self

from bot.campaign.encoding import instant
from bot.campaign.request import Json


class Kind(StrEnum):
    """The platform's types of events, without their channel. A `u…` is the first of its kind for a message."""

    SENT = "send"
    DELIVERED = "deliv"
    UNDELIVERED = "undeliv"
    SOFT_BOUNCE = "sbounce"
    HARD_BOUNCE = "hbounce"
    OPENED = "uopen"
    OPEN = "open"
    READ = "read"
    GLANCED = "glanced"
    SKIMMED = "skimmed"
    CLICKED = "uclick"
    CLICK = "click"
    UNSUBSCRIBED = "unsub"
    COMPLAINED = "complain"
    REPLIED = "reply"
    CONFIRMED = "confirm"
    CONFIRMED_SUBSCRIPTION = "confirmsub"
    SUPPRESSED = "suppress"
    OTHER = "other"
    """Whatever this version does not know."""


MOST_TYPES = 1000
"""Names of types whose meaning is kept; the platform has some dozens, and anybody may send others."""

_CHANNEL = re.compile(r"_(sms|push)$")
_KINDS = {kind.value: kind for kind in Kind}


@lru_cache(MOST_TYPES)
def kind_of(event_type: str) -> Kind:
    """`deliv` and `deliv_sms` are the same kind; a type that is not known is OTHER."""
    return _KINDS.get(_CHANNEL.sub("", event_type), Kind.OTHER)


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many events of a run came, by kind; of each event one, however often it came.

    `tests` are those of test sends, `elsewhere` those that name another start of the campaign: neither is among the
    others. `ambiguous` are counted here, and may belong to an earlier run of the campaign; `overtaken` is when the next
    run of the campaign began, which gets what names no run. `newest` is the latest moment of an event, and not when it
    came.
    """

    by_kind: Mapping[Kind, int] = field(default_factory=dict, hash=False)
    tests: int = 0
    elsewhere: int = 0
    ambiguous: int = 0
    newest: datetime | None = None
    overtaken: datetime | None = None

    def __getitem__(self, kind: Kind) -> int:
        return self.by_kind.get(kind, 0)

    @property
    def anything(self) -> bool:
        """Whether any event of the run itself came."""
        return any(self.by_kind.values())

    def plus(self, other: Self) -> Self:
        kinds = sorted(self.by_kind.keys() | other.by_kind.keys())
        moments = [moment for moment in (self.newest, other.newest) if moment]
        overtaken = [moment for moment in (self.overtaken, other.overtaken) if moment]
        return type(self)(
            by_kind={kind: self[kind] + other[kind] for kind in kinds},
            tests=self.tests + other.tests,
            elsewhere=self.elsewhere + other.elsewhere,
            ambiguous=self.ambiguous + other.ambiguous,
            newest=max(moments, default=None),
            overtaken=min(overtaken, default=None),
        )

    def encoded(self) -> dict[str, Json]:
        """The counts as JSON values."""
        return {
            "by_kind": {kind.value: number for kind, number in self.by_kind.items()},
            "tests": self.tests,
            "elsewhere": self.elsewhere,
            "ambiguous": self.ambiguous,
            "newest": instant(self.newest) if self.newest else None,
            **({"overtaken": instant(self.overtaken)} if self.overtaken else {}),
        }

    @classmethod
    def decoded(cls, fields: Mapping[str, Any]) -> Self:
        """From JSON values; a kind of a newer version is OTHER."""
        by_kind: Counter[Kind] = Counter()
        for name, number in fields.get("by_kind", {}).items():
            by_kind[_KINDS.get(name, Kind.OTHER)] += number
        newest, overtaken = fields.get("newest"), fields.get("overtaken")
        return cls(
            by_kind=dict(by_kind),
            tests=fields.get("tests", 0),
            elsewhere=fields.get("elsewhere", 0),
            ambiguous=fields.get("ambiguous", 0),
            newest=datetime.fromisoformat(newest) if newest else None,
            overtaken=datetime.fromisoformat(overtaken) if overtaken else None,
        )
