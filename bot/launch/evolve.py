"""What an event makes of a launch: where it stands after it."""

from dataclasses import replace
from datetime import datetime

from bot.campaign.schedule import ScheduleRead
from bot.launch import canary as canaries
from bot.launch import copying, events, outcome, received, run
from bot.launch import stop as stops
from bot.launch.approval import back_to_request, cleared, with_approval, with_demands, with_edit, with_wish
from bot.launch.given import Approval, Wish
from bot.launch.state import Launch, State
from bot.launch.stoppable import further, with_stop
from bot.launch.timing import doubt_reminders
from bot.launch.upkeep import UPKEEP
from bot.policy.demands import Demands

_MOVING = (events.Edited, events.Voided)
"""What moves a launch even where its state stays the same."""

_WITHOUT_LAUNCH = (events.Denied, *UPKEEP)
"""What may be on record without a launch."""


def evolve(launch: Launch | None, entry: events.Entry) -> Launch:
    """The launch after one more entry. Raises ValueError for an entry that has no launch to stand on."""
    if isinstance(entry.event, events.Requested):
        return _begin(entry, entry.event)
    if isinstance(entry.event, events.Adopted):
        return _adopt(entry, entry.event)
    if launch is None:
        raise ValueError(f"{entry.launch_id} opens with {type(entry.event).__name__}, not with a request")
    changed = _apply(launch, entry)
    if changed.state != launch.state or isinstance(entry.event, _MOVING):
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
        # First what most launches go through: a long record consists of it.
        case events.Approved(roles, size):
            return with_approval(launch, Approval(entry.actor, entry.at, roles, size))
        case events.LaunchStarted() as started:
            attempts = (*launch.attempts, started)
            return launch.but(state=State.LAUNCHING, attempts=attempts, started_at=launch.started_at or entry.at)
        case outcome.Accepted() as accepted:
            return launch.but(state=State.LAUNCHED, outcome=accepted)
        case run.RunStarted() as began:
            return launch.but(state=State.RUNNING, run=began)
        case run.RunEnded() as end:
            return launch.but(state=State.FINISHED, run_end=end)
        case events.Edited() as edited:
            return with_edit(launch, edited)
        case events.ChangesAsked(wish):
            return with_wish(launch, Wish(entry.actor, entry.at, wish))
        case events.BrokeGlass() as broke:
            return cleared(launch.but(glass=broke, glass_by=entry.actor, voided=None), entry.at)
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
        case outcome.RefusedByPlatform() as refused:
            return _refused(launch, refused)
        case outcome.NotSent() as missed:
            return _missed(launch, missed, entry.at)
        case outcome.Unknown() as unknown:
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
        case run.RunHalted() as halted:
            return launch.but(state=State.STOPPED, halted=halted)
        case run.RunCompleted() as completed:
            return launch.but(state=State.FINISHED, completed=completed)
        case run.LogUnread() as unread:
            return launch.but(log_unread=unread)
        case run.FollowingStopped():
            return launch.but(followed=False)
        case ScheduleRead() as read:
            return launch.but(schedule=read)
        case run.ResultsReported() as reported:
            return launch.but(results=(*launch.results, reported))
        case (
            copying.CopyStarted()
            | copying.Copied()
            | copying.CopyRefused()
            | copying.CopyUnknown()
            | copying.CopyNotFound()
        ):
            return _copied(launch, entry.event)
        case (
            canaries.CanaryBegun()
            | canaries.CanaryRan()
            | canaries.CanaryJudged()
            | canaries.CanaryFailed()
            | canaries.CanaryReleased() as news
        ):
            return _with_canary(launch, news, entry)
        case received.ReceivedAsked():
            return launch.but(received=received.asked(launch.received, entry.actor, entry.at))
        case (
            received.FillingStarted() | received.FillingProgressed() | received.FillingDone() | received.FillingFailed()
        ) as news:
            return launch.but(received=received.advance(launch.received, news))
        case stops.StopAsked() as asked:
            return with_stop(launch, entry, asked)
        case (
            stops.StopStarted()
            | stops.Stopped()
            | stops.StopRefused()
            | stops.StopNotSent()
            | stops.StopUnknown()
            | stops.StopGaveUp()
            | stops.StopNotSeen()
        ):
            return further(launch, entry, entry.event)
        case _:
            return launch


def _copied(launch: Launch, news: copying.CopyNews) -> Launch:
    changed = launch.but(copy=copying.advance(launch.copy, news))
    match news:
        case copying.CopyRefused(code, text):
            return changed.but(state=State.REFUSED, outcome=outcome.RefusedByPlatform(code, text))
        case copying.CopyUnknown():
            # Nothing of the test was sent, and nothing will be: whoever wants it asks again.
            return changed.but(state=State.UNREACHED, outcome=None)
        case _:
            return changed


def _with_canary(launch: Launch, news: canaries.CanaryNews, entry: events.Entry) -> Launch:
    # The time for trying again begins anew with each of the two steps.
    anew = {"outcome": None, "first_miss_at": None, "last_miss_at": None}
    tries_anew = isinstance(news, canaries.CanaryBegun | canaries.CanaryReleased)
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


def _refused(launch: Launch, refused: outcome.RefusedByPlatform) -> Launch:
    """Refused for good; but the refusal of a resend says nothing about the try before it."""
    if isinstance(launch.outcome, outcome.Unknown) and len(launch.attempts) > 1:
        return _in_doubt(launch)
    return launch.but(state=State.REFUSED, outcome=refused)


def _missed(launch: Launch, missed: outcome.NotSent, at: datetime) -> Launch:
    """Back to approved, for another try; but a resend that did not leave settles nothing about the try before it."""
    if isinstance(launch.outcome, outcome.Unknown):
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
