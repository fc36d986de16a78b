"""The life of one launch: decide what a command does to it, and what an event makes of it."""

from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from bot.campaign.request import UserId
from bot.campaign.schedule import ScheduleRead
from bot.launch import canary as canaries
from bot.launch import canarying, commands, copying, events, received
from bot.launch.approval import (
    approve,
    ask_changes,
    back_to_request,
    break_glass,
    cleared,
    edit,
    too_late,
    with_approval,
    with_demands,
    with_edit,
    with_wish,
)
from bot.launch.canary import CanaryBegun, CanaryFailed, CanaryJudged, CanaryRan, CanaryReleased
from bot.launch.commands import Command
from bot.launch.copying import Copied, CopyNotFound, CopyRefused, CopyStarted, CopyStep, CopyUnknown
from bot.launch.correcting import ask_received
from bot.launch.events import Event
from bot.launch.outcome import Accepted, NotSent, RefusedByPlatform, Unknown
from bot.launch.run import FollowingStopped, LogUnread, ResultsReported, RunCompleted, RunEnded, RunHalted, RunStarted
from bot.launch.state import SENT, Approval, Launch, State, Wish
from bot.launch.stop import (
    StopAsked,
    StopGaveUp,
    StopNotSeen,
    StopNotSent,
    Stopped,
    StopRefused,
    StopStarted,
    StopUnknown,
    may_happen,
)
from bot.launch.stoppable import ask_brake, ask_stop, further, is_stopping, with_stop
from bot.launch.testing import off_due_at
from bot.launch.timing import doubt_reminders
from bot.launch.upkeep import UPKEEP
from bot.policy.demands import Demands
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
    NotSent: frozenset({State.APPROVED, State.LAUNCHING}),
    Unknown: frozenset({State.LAUNCHING}),
    # A late answer heals a doubt, even one that a person settled the other way.
    Accepted: frozenset({State.LAUNCHING, State.IN_DOUBT, State.UNREACHED}),
    RefusedByPlatform: frozenset({State.LAUNCHING, State.IN_DOUBT}),
    events.GaveUp: frozenset({State.APPROVED}),
    events.NothingFound: frozenset({State.IN_DOUBT}),
    # The log weighs more than what somebody has said.
    events.EvidenceFound: frozenset({State.IN_DOUBT, State.UNREACHED}),
    RunStarted: frozenset({State.LAUNCHED}),
    RunEnded: frozenset({State.LAUNCHED, State.RUNNING}),
    RunHalted: frozenset({State.LAUNCHED, State.RUNNING}),
    RunCompleted: frozenset({State.LAUNCHED, State.RUNNING}),
    LogUnread: frozenset({State.LAUNCHED, State.RUNNING}),
    FollowingStopped: frozenset({State.LAUNCHED, State.RUNNING}),
    ScheduleRead: frozenset({State.LAUNCHED}),
    ResultsReported: SENT,
    CopyStarted: frozenset({State.APPROVED}),
    Copied: frozenset({State.APPROVED, State.UNREACHED}),
    CopyRefused: frozenset({State.APPROVED}),
    CopyUnknown: frozenset({State.APPROVED}),
    CopyNotFound: frozenset({State.UNREACHED}),
    CanaryBegun: frozenset({State.APPROVED}),
    CanaryRan: frozenset({State.APPROVED}),
    CanaryJudged: frozenset({State.APPROVED}),
    CanaryFailed: frozenset({State.APPROVED}),
    CanaryReleased: frozenset({State.APPROVED}),
}


_WITHOUT_LAUNCH = (events.Denied, *UPKEEP)
"""What may be on record without a launch."""

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
    if launch.copy and launch.copy.step == CopyStep.CALLING:
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
    if isinstance(event, RunHalted) and is_stopping(launch):
        return False
    if isinstance(event, events.Reminded) and not _fits(launch, event):
        return False
    if isinstance(event, events.Expired) and launch.state == State.APPROVED:
        return _waits_for_release(launch)
    if isinstance(event, ResultsReported) and not launch.is_counted:
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
    if isinstance(news, CanaryBegun) and not launch.awaits_canary:
        return False
    if isinstance(news, CanaryReleased) and not (news.by_rule and launch.plan and launch.plan.auto):
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


def evolve(launch: Launch | None, entry: events.Entry) -> Launch:
    """The launch after one more entry. Raises ValueError for an entry that has no launch to stand on."""
    if isinstance(entry.event, events.Requested):
        return _begin(entry, entry.event)
    if isinstance(entry.event, events.Adopted):
        return _adopt(entry, entry.event)
    if launch is None:
        raise ValueError(f"{entry.launch_id} opens with {type(entry.event).__name__}, not with a request")
    changed = _apply(launch, entry)
    if changed.state != launch.state or isinstance(entry.event, events.Edited | events.Voided):
        return changed.but(version=entry.seq, moved_by=entry.actor, moved_at=entry.at)
    return changed.but(version=entry.seq)


def _begin(entry: events.Entry, requested: events.Requested) -> Launch:
    launch = Launch(
        id=entry.launch_id,
        version=entry.seq,
        state=State.REQUESTED,
        request=requested.request,
        requester=entry.actor,
        channel=requested.channel,
        preview=requested.preview,
        requested_at=entry.at,
        expires_at=requested.expires_at,
        demands=requested.demands,
        rules=requested.rules,
        collisions=requested.collisions,
        report=requested.report,
        workflow=requested.workflow,
        moved_by=entry.actor,
        moved_at=entry.at,
        belongs_to=requested.belongs_to,
        on_original=requested.on_original,
    )
    return _at_once(launch, entry.at)


def _at_once(launch: Launch, at: datetime) -> Launch:
    """A test for which the policy wants no approval waits for none, and a canary rests on its launch's."""
    own = launch.request.is_test or launch.request.is_canary
    return cleared(launch, at) if own and not launch.missing.approvals else launch


def _adopt(entry: events.Entry, adopted: events.Adopted) -> Launch:
    return Launch(
        id=entry.launch_id,
        version=entry.seq,
        state=State.ADOPTED,
        request=adopted.request,
        requester=entry.actor,
        channel=adopted.channel,
        preview=adopted.preview,
        requested_at=entry.at,
        expires_at=entry.at,
        demands=Demands(),
        rules=(),
        moved_by=entry.actor,
        moved_at=entry.at,
        followed=False,
        adopted=True,
    )


def _apply(launch: Launch, entry: events.Entry) -> Launch:  # noqa: C901 -- one arm an event is the plainest shape
    match entry.event:
        case events.Edited() as edited:
            return with_edit(launch, edited)
        case events.ChangesAsked(wish):
            return with_wish(launch, Wish(entry.actor, entry.at, wish))
        case events.BrokeGlass() as broke:
            return cleared(launch.but(glass=broke, glass_by=entry.actor, voided=None), entry.at)
        case events.Approved(roles, size):
            return with_approval(launch, Approval(entry.actor, entry.at, roles, size))
        case events.Tightened() as tightened:
            return with_demands(launch, tightened)
        case events.Voided() as voided:
            return _at_once(back_to_request(launch, voided), entry.at)
        case events.Reminded() as reminded:
            return _reminded(launch, reminded, entry.at)
        case events.Postponed(until, why):
            # The time for trying again begins anew when it may start.
            return launch.but(not_before=until, waits_for=why, first_miss_at=None, outcome=None)
        case events.HeldBack() as held_back:
            return launch.but(state=State.CANCELLED, held_back=held_back)
        case events.Practised():
            return launch.but(state=State.FINISHED, practised=True)
        case events.Rejected(reason):
            return launch.but(state=State.REJECTED, rejection=reason)
        case events.Cancelled():
            return launch.but(state=State.CANCELLED)
        case events.Expired():
            return launch.but(state=State.EXPIRED)
        case events.Withheld() as withheld:
            return launch.but(state=State.CANCELLED, withheld=withheld)
        case events.LaunchStarted() as started:
            attempts = (*launch.attempts, started)
            return launch.but(state=State.LAUNCHING, attempts=attempts, started_at=launch.started_at or entry.at)
        case Accepted() as accepted:
            return launch.but(state=State.LAUNCHED, outcome=accepted)
        case RefusedByPlatform() as refused:
            return _refused(launch, refused)
        case NotSent() as missed:
            return _missed(launch, missed, entry.at)
        case Unknown() as unknown:
            return _in_doubt(launch).but(outcome=unknown)
        case events.GaveUp():
            return launch.but(state=State.UNREACHED)
        case events.NothingFound() as nothing:
            return launch.but(looked=nothing)
        case events.LookAsked():
            return launch.but(looked=None)
        case events.EvidenceFound() as evidence:
            return launch.but(state=State.LAUNCHED, evidence=evidence)
        case events.Vouched(ran) as vouched:
            return launch.but(state=State.LAUNCHED if ran else State.UNREACHED, vouched=vouched)
        case RunStarted() as run:
            return launch.but(state=State.RUNNING, run=run)
        case RunEnded() as end:
            return launch.but(state=State.FINISHED, run_end=end)
        case RunHalted() as halted:
            return launch.but(state=State.STOPPED, halted=halted)
        case RunCompleted() as completed:
            return launch.but(state=State.FINISHED, completed=completed)
        case LogUnread() as unread:
            return launch.but(log_unread=unread)
        case FollowingStopped():
            return launch.but(followed=False)
        case ScheduleRead() as read:
            return launch.but(schedule=read)
        case ResultsReported() as reported:
            return launch.but(results=(*launch.results, reported))
        case CopyStarted() | Copied() | CopyRefused() | CopyUnknown() | CopyNotFound():
            return _copied(launch, entry.event)
        case CanaryBegun() | CanaryRan() | CanaryJudged() | CanaryFailed() | CanaryReleased() as news:
            return _with_canary(launch, news, entry)
        case received.ReceivedAsked():
            return launch.but(received=received.asked(launch.received, entry.actor, entry.at))
        case (
            received.FillingStarted() | received.FillingProgressed() | received.FillingDone() | received.FillingFailed()
        ) as news:
            return launch.but(received=received.advance(launch.received, news))
        case StopAsked() as asked:
            return with_stop(launch, entry, asked)
        case StopStarted() | Stopped() | StopRefused() | StopNotSent() | StopUnknown() | StopGaveUp() | StopNotSeen():
            return further(launch, entry, entry.event)
        case _:
            return launch


def _copied(launch: Launch, news: copying.CopyNews) -> Launch:
    changed = launch.but(copy=copying.advance(launch.copy, news))
    match news:
        case CopyRefused(code, text):
            return changed.but(state=State.REFUSED, outcome=RefusedByPlatform(code, text))
        case CopyUnknown():
            # Nothing of the test was sent, and nothing will be: whoever wants it asks again.
            return changed.but(state=State.UNREACHED, outcome=None)
        case _:
            return changed


def _with_canary(launch: Launch, news: canaries.CanaryNews, entry: events.Entry) -> Launch:
    # The time for trying again begins anew with each of the two steps.
    anew = {"outcome": None, "first_miss_at": None, "last_miss_at": None}
    tries_anew = isinstance(news, CanaryBegun | CanaryReleased)
    standing = canaries.advance(launch.canary, news, entry.actor, entry.at)
    return launch.but(canary=standing, **(anew if tries_anew else {}))


def _reminded(launch: Launch, reminded: events.Reminded, at: datetime) -> Launch:
    """After a long pause, one reminder stands for all that were missed."""
    if reminded.rest and launch.canary:
        return launch.but(canary=replace(launch.canary, called_again=True))
    if reminded.last:
        return launch.but(called_second_line=True)
    if reminded.doubt:
        passed = sum(moment <= at for moment in doubt_reminders(launch, at))
        return launch.but(doubt_reminders=max(passed, launch.doubt_reminders + 1))
    passed = sum(launch.moved_at + span <= at for span in launch.demands.reminders)
    return launch.but(reminders=max(passed, launch.reminders + 1))


def _in_doubt(launch: Launch) -> Launch:
    return launch.but(state=State.IN_DOUBT, doubt_reminders=0)


def _refused(launch: Launch, refused: RefusedByPlatform) -> Launch:
    """Refused for good; but the refusal of a resend says nothing about the try before it."""
    if isinstance(launch.outcome, Unknown) and len(launch.attempts) > 1:
        return _in_doubt(launch)
    return launch.but(state=State.REFUSED, outcome=refused)


def _missed(launch: Launch, missed: NotSent, at: datetime) -> Launch:
    """Back to approved, for another try; but a resend that did not leave settles nothing about the try before it."""
    if isinstance(launch.outcome, Unknown):
        return _in_doubt(launch)
    first = launch.first_miss_at or at
    # A copy that the platform was never asked for is asked for again.
    copy = launch.copy if launch.copy and launch.copy.campaign_id else None
    return launch.but(state=State.APPROVED, outcome=missed, first_miss_at=first, last_miss_at=at, copy=copy)


def fold(entries: tuple[events.Entry, ...]) -> Launch | None:
    """The launch its entries tell; None where they hold no request, only what stands without one."""
    launch: Launch | None = None
    for entry in entries:
        if launch is None and isinstance(entry.event, _WITHOUT_LAUNCH):
            continue
        launch = evolve(launch, entry)
    return launch


def actor_of(command: Command) -> UserId:
    """Who stands behind the command's events."""
    unasked = commands.Observe | commands.ObserveStop | commands.Resend | commands.SwitchOff | commands.Brake
    return events.BOT if isinstance(command, unasked) else command.by
