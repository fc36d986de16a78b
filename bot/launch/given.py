"""Approvals and wishes as people gave them, and what is still missing."""

from dataclasses import dataclass
from datetime import datetime

from bot.campaign.request import UserId
from bot.policy.demands import RoleCount


@dataclass(frozen=True)
class Approval:
    by: UserId
    at: datetime
    roles: tuple[str, ...] = ()
    size: int | None = None
    """The audience's at that moment, where it had drifted."""


@dataclass(frozen=True)
class Wish:
    """What somebody who may approve wants changed first."""

    by: UserId
    at: datetime
    text: str


@dataclass(frozen=True)
class Missing:
    """How many approvals are missing at least, and how many of them from which role."""

    approvals: int
    of_which: tuple[RoleCount, ...] = ()
