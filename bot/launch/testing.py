"""A test to reviewers: when its copy has to be switched off, and what it proves of a message. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.campaign.request import UserId
from bot.launch.state import Launch, State
from bot.launch.stop import UNDER_WAY

OFF_AT_LATEST = timedelta(minutes=5)
"""After its activation a copy is switched off, whether the log has shown a start or not."""

SCHEDULE_CLEAR_FOR = timedelta(hours=1)
"""For so long a copy's own schedule must not start it: far longer than it is switched on, retries included."""

_NOT_ACTIVATED_YET = frozenset({State.REQUESTED, State.APPROVED, State.LAUNCHING})


@dataclass(frozen=True, kw_only=True)
class Tested:
    """The last test of a campaign. `is_current` where what it sent is what would be sent now."""

    __test__ = False  # for pytest, which takes it for one of its own

    by: UserId
    at: datetime
    size: int | None
    is_current: bool


def tested(test: Launch, *, current: bool) -> Tested | None:
    """What the test shows; None before its run was seen to start."""
    if test.run is None:
        return None
    last = test.attempts[-1].size if test.attempts else None
    planned = test.preview.audience.size if test.preview.audience else None
    return Tested(by=test.requester, at=test.run.started_at, size=planned if last is None else last, is_current=current)


def off_due_at(launch: Launch) -> datetime | None:
    """When the test's copy is to be switched off; None where there is none, not yet, or where that is under way.

    A copy of which nothing was activated may be on as well: the platform's guide does not say how a copy begins.
    """
    if launch.copy is None or launch.copy.campaign_id is None or launch.state in _NOT_ACTIVATED_YET:
        return None
    stop = launch.stop
    if stop is None:
        wait = OFF_AT_LATEST if launch.state == State.LAUNCHED else timedelta()
        return launch.moved_at + wait
    # A doubt was settled after that: the activation may have come behind the deactivation.
    came_after = launch.state == State.LAUNCHED and stop.at < launch.moved_at and stop.step not in UNDER_WAY
    return launch.moved_at if came_after else None


def may_be_off_already(launch: Launch) -> bool:
    """Whether a status that says so proves it: no activation can be on its way any more."""
    return launch.state not in {State.IN_DOUBT, State.LAUNCHED}
