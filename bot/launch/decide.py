"""What a command does to a launch: the events it brings about, or why it is refused."""

from typing import TypeAlias

from bot.campaign.request import UserId
from bot.campaign.schedule import ScheduleRead
from bot.launch import canary as canaries
from bot.launch import canarying, commands, copying, events, outcome, received, run
from bot.launch.approval import approve, ask_changes, break_glass, edit, too_late
from bot.launch.commands import Command
from bot.launch.correcting import ask_received
from bot.launch.events import Event
from bot.launch.state import SENT, Launch, State
from bot.launch.stop import may_happen
from bot.launch.stoppable import ask_brake, ask_stop, is_stopping
from bot.launch.testing import off_due_at
from bot.policy.refusals import BeingSent, NoSuchLaunch, OwnDoubt, Refused

_MAY_FOLLOW: dict[type[Event], frozenset[State]] = {
    events.Expired: frozenset({State.REQUESTED, State.APPROVED}),
    events.Reminded: frozenset({State.REQUESTED, State.APPROVED, State.IN_DOUBT}),
    events.Tightened: frozenset({State.REQUESTED, State.APPROVED}),
    events.Voided: frozenset({State.REQUESTED, State.APPROVED}),
    events.Postponed: frozenset({State.APPROVED}),
    events.HeldBack: frozenset({State.APPROVED}),
    events.Practised: frozenset({State.APPROVED}),
    events.Withheld: frozenset({State.APPROVED}),
    events.LaunchStarted: frozenset({State.APPROVED}),
    outcome.NotSent: frozenset({State.APPROVED, State.LAUNCHING}),
    outcome.Unknown: frozenset({State.LAUNCHING}),
    # A late answer heals a doubt, even one that a person settled the other way.
    outcome.Accepted: frozenset({State.LAUNCHING, State.IN_DOUBT, State.UNREACHED}),
    outcome.RefusedByPlatform: frozenset({State.LAUNCHING, State.IN_DOUBT}),
    events.GaveUp: frozenset({State.APPROVED}),
    events.NothingFound: frozenset({State.IN_DOUBT}),
    # The log weighs more than what somebody has said.
    events.EvidenceFound: frozenset({State.IN_DOUBT, State.UNREACHED}),
    run.RunStarted: frozenset({State.LAUNCHED}),
    run.RunEnded: frozenset({State.LAUNCHED, State.RUNNING}),
    run.RunHalted: frozenset({State.LAUNCHED, State.RUNNING}),
    run.RunCompleted: frozenset({State.LAUNCHED, State.RUNNING}),
    run.LogUnread: frozenset({State.LAUNCHED, State.RUNNING}),
    run.FollowingStopped: frozenset({State.LAUNCHED, State.RUNNING}),
    ScheduleRead: frozenset({State.LAUNCHED}),
    run.ResultsReported: SENT,
    copying.CopyStarted: frozenset({State.APPROVED}),
    copying.Copied: frozenset({State.APPROVED, State.UNREACHED}),
    copying.CopyRefused: frozenset({State.APPROVED}),
    copying.CopyUnknown: frozenset({State.APPROVED}),
    copying.CopyNotFound: frozenset({State.UNREACHED}),
    canaries.CanaryBegun: frozenset({State.APPROVED}),
    canaries.CanaryRan: frozenset({State.APPROVED}),
    canaries.CanaryJudged: frozenset({State.APPROVED}),
    canaries.CanaryFailed: frozenset({State.APPROVED}),
    canaries.CanaryReleased: frozenset({State.APPROVED}),
}

Decision: TypeAlias = tuple[Event, ...] | Refused


def decide(launch: Launch | None, command: Command) -> Decision:  # noqa: C901 -- one arm a command is the plainest
    """The events a command brings about, or why it brings none. Roles are checked before, by the desk."""
    match command:
        case commands.Request(_, requested):
            return (requested,) if launch is None else too_late(launch)
        case commands.Adopt(_, adopted, asked):
            return (adopted, asked) if launch is None else ask_stop(launch, asked)
        case _ if launch is None:
            return Refused(NoSuchLaunch())
        case commands.Deny(_, denied):
            return (denied,)
        case commands.Edit():
            return edit(launch, command)
        case commands.AskChanges():
            return ask_changes(launch, command)
        case commands.Approve():
            return approve(launch, command)
        case commands.BreakGlass():
            return break_glass(launch, command)
        case commands.Reject(_, reason):
            return (events.Rejected(reason),) if launch.state == State.REQUESTED else too_late(launch)
        case commands.Cancel():
            return _cancel(launch)
        case commands.AskLook():
            return (events.LookAsked(),) if launch.state == State.IN_DOUBT else too_late(launch)
        case commands.Vouch(by, ran):
            return _vouch(launch, by, ran=ran)
        case commands.Release():
            return canarying.release(launch, command)
        case commands.StopHere():
            return canarying.stop_here(launch)
        case commands.Stop(_, asked):
            return ask_stop(launch, asked)
        case commands.AskReceived():
            return ask_received(launch)
        case commands.SwitchOff(asked):
            return (asked,) if off_due_at(launch) else too_late(launch)
        case commands.Brake(asked):
            return ask_brake(launch, asked)
        case commands.ObserveStop(news, stop):
            return (news,) if may_happen(launch.stop, news, stop) else too_late(launch)
        case commands.Observe(event, of):
            fits = _may_happen(launch, event) and of in {"", launch.fingerprint}
            return (event,) if fits else too_late(launch)
        case commands.Resend(started):
            return (started,) if _may_resend(launch) else too_late(launch)


def _cancel(launch: Launch) -> tuple[events.Cancelled] | Refused:
    if launch.copy and launch.copy.step == copying.CopyStep.CALLING:
        # Its answer has to find the test where it is.
        return Refused(BeingSent())
    return (events.Cancelled(),) if launch.state in {State.REQUESTED, State.APPROVED} else too_late(launch)


def _vouch(launch: Launch, by: UserId, *, ran: bool) -> tuple[events.Vouched] | Refused:
    if launch.state != State.IN_DOUBT:
        return too_late(launch)
    # "It did not run" makes way for a second run, so it takes two people. "It ran" makes way for nothing.
    return (events.Vouched(ran),) if ran or by != launch.requester else Refused(OwnDoubt())


def _may_happen(launch: Launch, event: Event) -> bool:
    if isinstance(event, events.LaunchStarted) and not _may_call(launch):
        return False
    if isinstance(event, received.ReceivedNews):
        return received.may_happen(launch.received, event)
    if isinstance(event, copying.CopyNews) and not (launch.is_on_copy and copying.may_happen(launch.copy, event)):
        return False
    if isinstance(event, canaries.CanaryNews) and not _may_happen_to_canary(launch, event):
        return False
    if isinstance(event, run.RunHalted) and is_stopping(launch):
        return False
    if isinstance(event, events.Reminded) and not _fits(launch, event):
        return False
    if isinstance(event, events.Expired) and launch.state == State.APPROVED:
        return _waits_for_release(launch)
    if isinstance(event, run.ResultsReported) and not launch.is_counted:
        return False
    if isinstance(event, events.EvidenceFound) and launch.state == State.UNREACHED:
        return launch.is_taken_not_to_have_run
    return launch.state in _MAY_FOLLOW[type(event)]


def _fits(launch: Launch, reminded: events.Reminded) -> bool:
    if reminded.rest or launch.state == State.APPROVED:
        return reminded.rest and _waits_for_release(launch)
    return reminded.doubt == (launch.state == State.IN_DOUBT)


def _waits_for_release(launch: Launch) -> bool:
    return launch.canary is not None and launch.canary.waits_for_a_person


def _may_happen_to_canary(launch: Launch, news: canaries.CanaryNews) -> bool:
    if isinstance(news, canaries.CanaryBegun) and not launch.awaits_canary:
        return False
    if isinstance(news, canaries.CanaryReleased) and not (news.by_rule and launch.plan and launch.plan.auto):
        # A person's release is a command of its own.
        return False
    return canaries.may_happen(launch.canary, news)


def _may_call(launch: Launch) -> bool:
    """A practice launch calls nothing, a test nothing but its own copy; and nothing goes before its canary."""
    if launch.is_on_copy:
        return launch.copy is not None and launch.copy.campaign_id is not None
    return not (launch.request.practice or launch.awaits_canary)


def _may_resend(launch: Launch) -> bool:
    # Whoever has stopped the campaign does not want it activated again.
    if launch.is_on_copy:
        return False
    return launch.state == State.IN_DOUBT and len(launch.attempts) == 1 and launch.stop is None


def actor_of(command: Command) -> UserId:
    """Who stands behind the command's events."""
    unasked = commands.Observe | commands.ObserveStop | commands.Resend | commands.SwitchOff | commands.Brake
    return events.BOT if isinstance(command, unasked) else command.by
