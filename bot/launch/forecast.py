"""When a launch would start if nothing were missing any more at a given moment, and what it would wait for. Pure.

It says what approvable.cleared and the gate's last look do one after the other: the hold and the launch's own moment
run from the approval, and only when both are over do quiet hours and frozen days count, for that moment.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.campaign.request import ActivationRequest
from bot.launch.state import Launch, State
from bot.phrase import Phrase
from bot.policy.demands import Demands

QUIET = Phrase("nothing starts in quiet hours")

FARTHEST = timedelta(days=366)
"""How far quiet hours are followed; those that have not ended by then may never do."""


class Wait(StrEnum):
    """What keeps an approved launch from starting."""

    HOLD = "hold"
    OWN_MOMENT = "own moment"
    QUIET = "quiet hours"


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """When a launch would start; None where quiet hours hold for more than a year. `waits` is what keeps it, in order.

    Approved later, it starts at that moment or later: `start` is the earliest there is.
    """

    start: datetime | None
    waits: tuple[Wait, ...] = ()


def forecast(request: ActivationRequest, demands: Demands, zone: ZoneInfo, approved_at: datetime) -> Forecast:
    """`zone` is the policy's. Whoever could still keep it back, such as a person, is not looked at."""
    begin = not_before(request, demands, approved_at) or approved_at
    return _after_quiet(demands, zone, begin, tuple(_waits(request, demands, approved_at)))


def not_before(request: ActivationRequest, demands: Demands, approved_at: datetime) -> datetime | None:
    """Until when the hold and its own moment keep what is approved then; None where neither does."""
    waits = [approved_at + demands.hold] if demands.hold else []
    if request.at and request.at > approved_at:
        waits.append(request.at)
    return max(waits, default=None)


def may_wait(request: ActivationRequest, demands: Demands) -> bool:
    """Whether it may start later than with its last approval."""
    return bool(request.at or demands.hold or demands.quiet_hours or demands.freezes)


def foreseen(launch: Launch, zone: ZoneInfo | None) -> Launch:
    """The launch as it will stand once its hold, or its own moment, has ended within quiet hours.

    Without a zone nobody can tell which hours are quiet, and it stays as it is.
    """
    if zone is None or launch.state != State.APPROVED or launch.not_before is None or launch.outcome:
        return launch
    quiet_until = launch.demands.quiet_until(launch.not_before, zone)
    return replace(launch, not_before=quiet_until, waits_for=QUIET) if quiet_until else launch


def _waits(request: ActivationRequest, demands: Demands, approved_at: datetime) -> Iterator[Wait]:
    if demands.hold:
        yield Wait.HOLD
    if request.at and request.at > approved_at + demands.hold:
        yield Wait.OWN_MOMENT


def _after_quiet(demands: Demands, zone: ZoneInfo, begin: datetime, waits: tuple[Wait, ...]) -> Forecast:
    """From `begin` on, when the gate lets it pass."""
    until = demands.quiet_until(begin, zone)
    if until is None:
        return Forecast(start=begin.astimezone(UTC), waits=waits)
    return Forecast(start=until if until - begin < FARTHEST else None, waits=(*waits, Wait.QUIET))
