"""When a launch is due for its next step. Pure: the moment comes in from outside."""

import zlib
from datetime import datetime, timedelta

from bot.launch.lifecycle import Launch, State
from bot.launch.outcome import NotSent

SHORTEST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=5)
LOOK_FOR = timedelta(hours=1)
FOLLOW_FOR = timedelta(hours=24)


def due_at(launch: Launch) -> datetime | None:
    """When something must be done for the launch next; None when only a person, or nobody, can move it."""
    match launch.state:
        case State.REQUESTED:
            return launch.expires_at
        case State.APPROVED:
            return _next_try(launch)
        case State.LAUNCHING:
            return launch.moved_at
        case State.IN_DOUBT:
            return launch.moved_at + SHORTEST_WAIT
        case State.LAUNCHED | State.RUNNING if launch.request.run_now and launch.followed:
            return launch.moved_at + SHORTEST_WAIT
        case _:
            return None


def wait_after(since: datetime, now: datetime) -> timedelta:
    """The pause before the next look at something that began at `since`: half its age, within bounds."""
    return min(max((now - since) / 2, SHORTEST_WAIT), LONGEST_WAIT)


def _next_try(launch: Launch) -> datetime:
    if not isinstance(launch.outcome, NotSent) or launch.first_miss_at is None:
        return launch.moved_at
    return launch.moved_at + wait_after(launch.first_miss_at, launch.moved_at) * _spread(launch)


def _spread(launch: Launch) -> float:
    """Between 0.75 and 1.25, another for each launch and try: those that missed together do not come back together."""
    chance = zlib.crc32(f"{launch.id}:{launch.version}".encode()) / 2**32
    return 0.75 + chance / 2
