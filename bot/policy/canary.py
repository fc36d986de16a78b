"""First to a few: which canary a launch has, by its request and by the policy, and what stands in its way. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.campaign.campaign import Audience, Preview, audience_of
from bot.campaign.request import ActivationRequest, Canary, Purpose
from bot.phrase import Phrase
from bot.policy.demands import Demands

ON_COPY = "copy"
ON_ORIGINAL = "original"


class ScheduleRules(Protocol):
    """What is known of the schedules of campaigns that are switched on for a moment."""

    @property
    def no_schedule(self) -> str:
        """`refuse` or `never_starts`: what becomes of a campaign whose schedule names no times."""

    @property
    def schedule_zone(self) -> ZoneInfo | None:
        """The clocks of schedules that name none; None where nobody knows them."""

    @property
    def on_original(self) -> bool:
        """Whether campaigns run themselves, and no copy of them."""


@dataclass(frozen=True, kw_only=True)
class CanaryRules:
    """How canaries are sent."""

    on: str = ON_COPY
    """`original` where a campaign may run twice; a copy of it runs otherwise, for the platform's guide does not say."""
    no_schedule: str = "refuse"
    schedule_zone: ZoneInfo | None = None
    at_most: int | None = None
    """The most people that a canary's segment may have; None for fewer than the launch goes to."""

    @property
    def on_original(self) -> bool:
        return self.on == ON_ORIGINAL


def planned(request: ActivationRequest, demands: Demands) -> Canary | None:
    """What goes out first; None where all goes out at once. Where both want a canary, it is the policy's.

    The longer wait of the two holds. What is only activated, or is a part of something else, has none.
    """
    if not request.run_now or request.purpose is not Purpose.LAUNCH:
        return None
    own, wanted = request.canary, demands.canary
    if own is None or wanted is None:
        return own or wanted
    return replace(wanted, wait=max(own.wait, wanted.wait))


def demands_of(launch: Demands) -> Demands:
    """What a canary has to meet by itself: it rests on its launch's approvals, and has waited with it."""
    return replace(
        launch,
        approvals=0,
        of_which=(),
        typed=(),
        reason=False,
        hold=timedelta(),
        break_glass=False,
        tested=False,
        canary=None,
    )


def segments(request: ActivationRequest, everywhere: Iterable[Demands]) -> frozenset[int]:
    """The canaries' segments that the request or any of the demands names, where it has a canary."""
    if not request.run_now or request.purpose is not Purpose.LAUNCH:
        return frozenset()
    wanted = (request.canary, *(one.canary for one in everywhere))
    return frozenset(one.segment for one in wanted if one)


def obstacles(request: ActivationRequest, preview: Preview, demands: Demands) -> tuple[Phrase, ...]:
    """Why a launch with such a canary may not be asked for, as sentences; empty where it may."""
    return tuple(_obstacles(request, preview, demands))


def _obstacles(request: ActivationRequest, preview: Preview, demands: Demands) -> Iterator[Phrase]:
    canary = planned(request, demands)
    if canary is None:
        return
    if request.canary and request.canary.segment != canary.segment:
        yield Phrase(
            "The policy wants the canary to go to segment {id} first: leave canary= out, or name that segment.",
            id=str(canary.segment),
        )
    if audience_of(request, preview) == canary.source:
        yield Phrase("The canary would go to segment {id}, which is the launch's own audience.", id=str(canary.segment))


def too_many(canary: Audience | None, launch: Audience | None, at_most: int | None = None) -> Phrase | None:
    """Why so many must not receive it first, as a sentence; None where they may. `at_most` is the policy's bound."""
    size = canary.size if canary else None
    if size is None:
        return Phrase("How many people the canary's segment has is not known, so nothing goes there.")
    if at_most is not None and size > at_most:
        return Phrase(
            "The canary's segment has {size} people, and the policy lets at most {most} receive it first.",
            size=size,
            most=at_most,
        )
    whole = launch.size if launch else None
    if whole is not None and size >= whole:
        return Phrase(
            "The canary's segment has {size} people, and the launch goes to {whole}: that is no canary.",
            size=size,
            whole=whole,
        )
    return None
