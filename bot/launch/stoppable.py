"""What a stop does to a launch: whether it may be asked for now, and where the launch stands after it."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.launch import stop as stops
from bot.launch.approval import too_late
from bot.launch.events import Entry
from bot.launch.state import PENDING, Launch, State
from bot.policy import refusals
from bot.policy.refusals import Refused

STOPPABLE = frozenset({State.LAUNCHED, State.RUNNING, State.IN_DOUBT, State.FINISHED, State.ADOPTED})
"""After a run's end, queued messages may still go out, and a regular campaign goes on by its schedule."""

BRAKED = frozenset({State.LAUNCHED, State.RUNNING, State.FINISHED})
"""Where a brake may stop a run. The log's end means that messages are built and queued: that is when most go out."""

BRAKED_FOR = timedelta(hours=24)
"""How long after its call a run that is over by its log is still held against the brakes."""

_LEFT_OPEN = STOPPABLE - {State.IN_DOUBT}
"""Where a stop ends the launch, unless its run was over before. It settles no doubt: the launch may come after it."""

_UNSTOPPED = {stops.StopStep.REFUSED: State.REFUSED, stops.StopStep.UNREACHED: State.UNREACHED}


def ask_stop(launch: Launch, asked: stops.StopAsked) -> tuple[stops.StopAsked] | Refused:
    """The stop, or why it cannot be asked for now."""
    if launch.state in PENDING:
        return Refused(refusals.CancelInstead())
    if launch.state == State.LAUNCHING:
        return Refused(refusals.BeingSent())
    if launch.stop and (launch.stop.step in stops.UNDER_WAY or is_switched_off(launch)):
        return Refused(refusals.StopUnderWay(launch.stop.by, launch.stop.at))
    if not can_be_stopped(launch):
        return Refused(
            refusals.TooLate(launch.state, launch.stop.by if launch.stop else launch.moved_by, launch.moved_at)
        )
    return (replace(asked, after_run=launch.state == State.FINISHED),)


def ask_brake(launch: Launch, asked: stops.StopAsked) -> tuple[stops.StopAsked] | Refused:
    """The stop that a brake asks for. Where anybody has asked for one before, the campaign is left to people."""
    if not may_be_braked(launch):
        return too_late(launch)
    return (replace(asked, after_run=launch.state == State.FINISHED),)


def may_be_braked(launch: Launch) -> bool:
    """Whether its run may go on, is counted, and nobody has asked to stop it: so a brake acts once at most."""
    return launch.state in BRAKED and launch.stop is None and launch.is_counted


def is_past_brakes(launch: Launch, now: datetime) -> bool:
    """Whether its run is over for so long that a stop would only break off what has started since."""
    over = launch.state == State.FINISHED
    return over and launch.started_at is not None and now - launch.started_at > BRAKED_FOR


def can_be_stopped(launch: Launch) -> bool:
    """Whether a stop may be asked for now: the card then has the button."""
    busy = launch.stop is not None and launch.stop.step in stops.UNDER_WAY
    return launch.state in STOPPABLE and not launch.practised and not busy and not is_switched_off(launch)


def is_switched_off(launch: Launch) -> bool:
    """Whether the campaign was switched off once the launch's run was over."""
    stop = launch.stop
    if stop is None or stop.step != stops.StopStep.DONE:
        return False
    return stop.after_run or (stop.after_test and launch.state == State.FINISHED)


def is_stopping(launch: Launch) -> bool:
    """Whether a stop of ours may be what switched the campaign off."""
    return launch.stop is not None and (launch.stop.after_test or launch.stop.step in stops.OPEN_STEPS)


def with_stop(launch: Launch, entry: Entry, asked: stops.StopAsked) -> Launch:
    """The launch once somebody has asked to stop it: a new stop takes an old one's place."""
    stop = stops.Stopping(
        by=entry.actor,
        at=entry.at,
        request_id=asked.request_id,
        keep_queue=asked.keep_queue,
        after_run=asked.after_run,
        after_test=asked.after_test,
        brake=asked.brake,
    )
    return launch.but(stop=stop)


def further(launch: Launch, entry: Entry, news: stops.StopNews) -> Launch:
    """The launch after news of its stop."""
    if launch.stop is None:
        return launch
    stop = stops.advance(launch.stop, news, entry.at)
    changed = launch.but(stop=stop)
    if isinstance(news, stops.Stopped) and launch.state in _LEFT_OPEN and not (stop.after_run or stop.after_test):
        return changed.but(state=State.STOPPED)
    if launch.state == State.ADOPTED:
        # What was taken on for this alone ends with it.
        return changed.but(state=_UNSTOPPED.get(stop.step, State.ADOPTED))
    return changed
