"""When a launch is due for its next step. Pure: the moment comes in from outside."""

import zlib
from datetime import datetime, timedelta

from bot.campaign.request import ActivationRequest
from bot.launch.copying import CopyStep
from bot.launch.outcome import NotSent
from bot.launch.state import Launch, State
from bot.launch.stop import Stopping, StopStep
from bot.launch.stoppable import may_be_braked
from bot.launch.testing import off_due_at
from bot.policy.demands import Demands

SHORTEST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=5)
LOOK_FOR = timedelta(hours=1)
FIRST_LOOKS = timedelta(seconds=5)
"""How long the bot waits between the first looks at a run."""

FIRST_REPORT = timedelta(minutes=5)
"""How long after its call a run's numbers may be reported first."""

LONGEST_STOP_WAIT = timedelta(seconds=30)
"""Between two tries of a stop: nobody waits five minutes while the wrong mail goes out."""

JUDGED_AFTER = timedelta(seconds=2)
"""How long after news of a run it is held against the brakes: news comes many times a second."""

SHORTEST_TICK = timedelta(seconds=5)
LONGEST_TICK = timedelta(minutes=5)
SENDING_FIRST = timedelta(seconds=0.5)
"""How long the news of an approval waits for the news that it is being sent."""

DOUBT_AGAIN = timedelta(days=1)
"""How often people are reminded of a doubt once its launch's own reminders are over: it expires for nobody."""

LAST_CALL = timedelta(minutes=30)
"""How long before a request expires the second line is called, at most."""


def expiry(request: ActivationRequest, demands: Demands, now: datetime) -> datetime:
    """Until when a request that is made, or made anew, now waits for approval.

    Approved after its own moment, it would start at a time that nobody chose.
    """
    latest = now + demands.expires_after
    return min(latest, request.at) if request.at and request.at > now else latest


def due_at(launch: Launch) -> datetime | None:
    """When something must be done for the launch next; None when only a person, or nobody, can move it."""
    match launch.state:
        case State.REQUESTED:
            return min((launch.expires_at, *_reminders(launch)))
        case State.APPROVED if launch.awaits_canary and launch.canary:
            # It is looked at now and then, for what it waits for stands in another record.
            return launch.canary.at
        case State.APPROVED:
            return _next_try(launch)
        case State.LAUNCHING:
            return launch.moved_at
        case State.IN_DOUBT:
            return launch.moved_at + SHORTEST_WAIT
        case State.UNREACHED if launch.is_taken_not_to_have_run:
            # A word is no proof: the log is read on.
            return launch.moved_at + SHORTEST_WAIT
        case State.UNREACHED if launch.copy and launch.copy.step == CopyStep.IN_DOUBT:
            return launch.moved_at + SHORTEST_WAIT
        case State.LAUNCHED | State.RUNNING if launch.request.run_now and launch.followed:
            return launch.moved_at + SHORTEST_WAIT
        case State.LAUNCHED if not launch.request.run_now and launch.schedule is None:
            return launch.moved_at
        case _:
            return None


def stop_due_at(launch: Launch) -> datetime | None:
    """When something must be done for the launch's stop; None where there is none, or only a person can go on.

    A test's copy is switched off by the same lane.
    """
    off, stop = off_due_at(launch), launch.stop
    if off or stop is None:
        return off
    match stop.step:
        case StopStep.ASKED:
            return _next_stop(launch, stop)
        case StopStep.CALLING:
            return stop.called_at
        case StopStep.IN_DOUBT if stop.doubted_at:
            return stop.doubted_at + SHORTEST_WAIT
        case _:
            return None


def judge_due_at(launch: Launch, now: datetime) -> datetime | None:
    """When a run is held against the brakes because it has come to where they may act just now; None otherwise.

    From there on, whoever counts makes it due, and it stays due until it was judged.
    """
    return now + JUDGED_AFTER if may_be_braked(launch) and launch.moved_at == now else None


def report_due_at(launch: Launch) -> datetime | None:
    """When it is to be looked whether numbers of its run are due; None where none are counted, or it was not sent.

    When they are due is the policy's to say.
    """
    if not launch.was_sent or not launch.is_counted or launch.started_at is None:
        return None
    return launch.started_at + (launch.results[-1].after if launch.results else FIRST_REPORT)


def put_off_until(launch: Launch, now: datetime) -> datetime:
    """Until when its next step can have been put off by now at the latest, after a look or after trouble."""
    if launch.state != State.IN_DOUBT:
        return now + LONGEST_WAIT
    # Until the next reminder: one of the launch's own, or one that comes a day after the last, or a day after that
    # where more were told than had come by now.
    return max(now, launch.moved_at + max(launch.demands.reminders, default=timedelta())) + 2 * DOUBT_AGAIN


def tell_at(launch: Launch, now: datetime) -> datetime:
    """When Slack is told what has happened just now: at once, unless more happens any moment.

    Sending an approved launch comes before telling that it is approved.
    """
    approved = launch.state == State.APPROVED and not launch.awaits_canary
    goes_out = approved and launch.outcome is None and _next_try(launch) <= now
    return now + SENDING_FIRST if goes_out else now


def wait_after(
    since: datetime, now: datetime, least: timedelta = SHORTEST_WAIT, most: timedelta = LONGEST_WAIT
) -> timedelta:
    """The backoff before the next try or look at something that began at `since`: half its age, within bounds."""
    return min(max((now - since) / 2, least), most)


def reminder_due(launch: Launch, now: datetime) -> bool:
    return any(moment <= now for moment in _reminders(launch)[:1])


def last_call(launch: Launch) -> datetime | None:
    """When the second line is called; None where nobody is, or everybody has been."""
    if not launch.demands.second_line or launch.called_second_line:
        return None
    return launch.expires_at - min(LAST_CALL, (launch.expires_at - launch.moved_at) / 4)


def doubt_reminders(launch: Launch, until: datetime) -> tuple[datetime, ...]:
    """The moments at which people are reminded of a doubt, those long past among them, and one after `until` at least.

    As for a request, and then once a day.
    """
    moments = [launch.moved_at + span for span in sorted(launch.demands.reminders)]
    last = moments[-1] if moments else launch.moved_at
    days = max(0, (until - last) // DOUBT_AGAIN) + 1
    return (*moments, *(last + DOUBT_AGAIN * nth for nth in range(1, days + 1)))


def next_doubt_reminder(launch: Launch, now: datetime) -> datetime:
    """When people are to be reminded of the doubt next; in the past where that is due."""
    later = doubt_reminders(launch, max(now, launch.moved_at))
    return later[launch.doubt_reminders] if launch.doubt_reminders < len(later) else later[-1] + DOUBT_AGAIN


def _reminders(launch: Launch) -> tuple[datetime, ...]:
    """The moments that are still to come, first the next one."""
    spans = sorted(launch.demands.reminders)[launch.reminders :]
    moments = [moment for span in spans if (moment := launch.moved_at + span) < launch.expires_at]
    called = last_call(launch)
    return tuple(sorted([*moments, called] if called else moments))


def held_until(launch: Launch, now: datetime) -> datetime | None:
    """Until when an approved launch waits for its moment; None where that has come."""
    return launch.not_before if launch.not_before and launch.not_before > now else None


def next_tick(launch: Launch, now: datetime) -> datetime | None:
    """When the card's countdown is to be shown anew; None where none runs. The nearer the start, the more often."""
    until = held_until(launch, now)
    if until is None or launch.state != State.APPROVED or launch.waits_for or until == launch.request.at:
        return None
    tick = min(max((until - now) / 4, SHORTEST_TICK), LONGEST_TICK)
    return min(now + tick, until)


def _next_try(launch: Launch) -> datetime:
    moment = launch.not_before or launch.moved_at
    if not isinstance(launch.outcome, NotSent) or launch.first_miss_at is None or launch.last_miss_at is None:
        return moment
    wait = wait_after(launch.first_miss_at, launch.last_miss_at) * _spread(launch)
    return max(moment, launch.last_miss_at + wait)


def _next_stop(launch: Launch, stop: Stopping) -> datetime:
    if stop.first_miss_at is None or stop.last_miss_at is None:
        return stop.at
    wait = wait_after(stop.first_miss_at, stop.last_miss_at, most=LONGEST_STOP_WAIT)
    return stop.last_miss_at + wait * _spread(launch)


def _spread(launch: Launch) -> float:
    """Between 0.75 and 1.25, another for each launch and try: those that missed together do not come back together."""
    chance = zlib.crc32(f"{launch.id}:{launch.version}".encode()) / 2**32
    return 0.75 + chance / 2
