"""Launches that are followed or stopped, as the tests of all views want them: each standing, and each event."""

from dataclasses import replace

from bot.campaign.request import ActivationRequest, LaunchId, RequestId
from bot.campaign.schedule import Schedule, ScheduleRead
from bot.launch.events import BOT, Adopted, Approved, Entry
from bot.launch.evolve import fold
from bot.launch.outcome import Accepted, Unknown
from bot.launch.run import FollowingStopped, LogUnread, RunCompleted, RunEnded, RunHalted, RunStarted, Trouble
from bot.launch.stop import (
    Braked,
    StopAsked,
    StopGaveUp,
    StopNotSeen,
    StopNotSent,
    Stopped,
    StopRefused,
    StopStarted,
    StopUnknown,
)
from bot.policy.refusals import BeingSent, CancelInstead, NoRoomForCard, StopUnderWay
from bot.results.brakes import Figure, Measure
from bot.results.rates import Base
from tests.builders import ANA, BEN, DAN, LAUNCHES, NOON, PREVIEW, asked, by_bot, launch, started

S1 = RequestId("S1")
ASKED, CALL = (DAN, StopAsked(S1)), by_bot(StopStarted(1, S1, "d" * 64))
BEGUN = ((BEN, Approved(("lead",), 50_000)), by_bot(started()))
LAUNCHED = (*BEGUN, by_bot(Accepted()))
RUNNING = (*LAUNCHED, by_bot(RunStarted(NOON)))
OVER = (*RUNNING, by_bot(RunEnded(NOON)))
OFF = (DAN, StopAsked(S1, after_run=True))
BOUNCED = Figure(Measure.HARD_BOUNCES, 60, Base.SENT, 1000, 20_000)
COMPLAINED = Figure(Measure.COMPLAINTS, 2, Base.DELIVERED, 920, 1_000)
BRAKED = StopAsked(S1, brake=Braked((BOUNCED, COMPLAINED), after=200, mention=(ANA, BEN, "S0LEADS")))
BRAKE = by_bot(BRAKED)
BRAKE_AFTER = by_bot(replace(BRAKED, after_run=True))
DOUBT = (*BEGUN, by_bot(Unknown("the connection broke")))
REFUSED = by_bot(StopRefused(403, "no <!here>"))
LOST = by_bot(StopUnknown("the connection broke"))
ONLY_ACTIVATED = asked(run_now=False, source=None)
SCHEDULE = Schedule(minutes=(38,), hours=(16,), weekdays=(0, 3), zone="<!here>")
ENDED_BADLY = RunEnded(NOON, 3, 44, tuple(Trouble(f"no <!here> {n}" * 300, "ERROR", NOON) for n in range(10)))
ADOPTED = Adopted(request=ActivationRequest(campaign_id=82), channel=LAUNCHES, preview=PREVIEW)


def adopted(*happened):
    told = [(DAN, ADOPTED), ASKED, *happened]
    entries = [Entry(LaunchId("L1"), nth, NOON, who, event) for nth, (who, event) in enumerate(told, start=1)]
    return fold(tuple(entries))


STANDINGS = {
    "scheduled by the campaign": launch(*LAUNCHED, by_bot(ScheduleRead(SCHEDULE)), requested=ONLY_ACTIVATED),
    "without a schedule": launch(*LAUNCHED, by_bot(ScheduleRead(None)), requested=ONLY_ACTIVATED),
    "with an empty schedule": launch(*LAUNCHED, by_bot(ScheduleRead(Schedule())), requested=ONLY_ACTIVATED),
    "schedule unread": launch(*LAUNCHED, by_bot(ScheduleRead(None, "No <!here>.")), requested=ONLY_ACTIVATED),
    "log unread": launch(*LAUNCHED, by_bot(LogUnread("The platform did not answer."))),
    "halted": launch(*RUNNING, by_bot(RunHalted("Inactive"))),
    "halted without a word": launch(*RUNNING, by_bot(RunHalted())),
    "completed": launch(*RUNNING, by_bot(RunCompleted("Completed"))),
    "completed without a word": launch(*RUNNING, by_bot(RunCompleted())),
    "ended badly": launch(*RUNNING, by_bot(ENDED_BADLY)),
    "lost sight of, then stopped": launch(*RUNNING, by_bot(FollowingStopped()), ASKED, CALL, by_bot(Stopped())),
    "stop asked": launch(*RUNNING, ASKED),
    "stop called": launch(*RUNNING, ASKED, CALL),
    "stop not sent": launch(*RUNNING, ASKED, CALL, by_bot(StopNotSent("no <!here>"))),
    "stop given up": launch(*RUNNING, ASKED, CALL, by_bot(StopNotSent("no route")), by_bot(StopGaveUp())),
    "stop refused": launch(*RUNNING, ASKED, CALL, by_bot(StopRefused(403, "no <!here>"))),
    "stop refused, activated alone": launch(*LAUNCHED, ASKED, CALL, REFUSED, requested=ONLY_ACTIVATED),
    "stop refused, lost sight of": launch(*RUNNING, by_bot(FollowingStopped()), ASKED, CALL, REFUSED),
    "stop refused, then over": launch(*RUNNING, ASKED, CALL, REFUSED, by_bot(RunEnded(NOON))),
    "stop refused without a word": launch(*RUNNING, ASKED, CALL, by_bot(StopRefused(403, ""))),
    "stop lost": launch(*RUNNING, ASKED, CALL, LOST),
    "stop lost, still on": launch(*RUNNING, ASKED, CALL, LOST, by_bot(StopNotSeen("Active"))),
    "stop lost, unread": launch(*RUNNING, ASKED, CALL, LOST, by_bot(StopNotSeen(cause="No <!here>."))),
    "stopped": launch(*RUNNING, ASKED, CALL, by_bot(Stopped())),
    "stopped, queue kept": launch(*RUNNING, (DAN, StopAsked(S1, keep_queue=True)), CALL, by_bot(Stopped())),
    "stopped, as a repeat": launch(*RUNNING, ASKED, CALL, by_bot(Stopped(duplicate=True))),
    "seen stopped": launch(*RUNNING, ASKED, CALL, LOST, by_bot(Stopped(seen=True, status="Inactive"))),
    "switch-off asked": launch(*OVER, OFF),
    "switch-off not sent": launch(*OVER, OFF, CALL, by_bot(StopNotSent("no <!here>"))),
    "switch-off refused": launch(*OVER, OFF, CALL, by_bot(StopRefused(403, "no <!here>"))),
    "switch-off lost": launch(*OVER, OFF, CALL, LOST, by_bot(StopNotSeen("Active"))),
    "switched off after the run": launch(*OVER, OFF, CALL, by_bot(Stopped())),
    "stop asked in a doubt": launch(*DOUBT, ASKED),
    "stopped in a doubt": launch(*DOUBT, ASKED, CALL, by_bot(Stopped())),
    "both in doubt": launch(*DOUBT, ASKED, CALL, LOST),
    "stop refused in a doubt": launch(*DOUBT, ASKED, CALL, by_bot(StopRefused(403, "no"))),
    "brake asked": launch(*RUNNING, BRAKE),
    "braked": launch(*RUNNING, BRAKE, CALL, by_bot(Stopped())),
    "brake refused": launch(*RUNNING, BRAKE, CALL, by_bot(StopRefused(403, "no <!here>"))),
    "brake lost": launch(*RUNNING, BRAKE, CALL, LOST),
    "brake given up": launch(*RUNNING, BRAKE, CALL, by_bot(StopNotSent("no route")), by_bot(StopGaveUp())),
    "brake asked after the run": launch(*OVER, BRAKE_AFTER),
    "braked after the run": launch(*OVER, BRAKE_AFTER, CALL, by_bot(Stopped())),
    "taken on": adopted(),
    "taken on and stopped": adopted(CALL, by_bot(Stopped())),
    "taken on, refused": adopted(CALL, by_bot(StopRefused(400, "no such campaign"))),
    "taken on, out of reach": adopted(CALL, by_bot(StopNotSent("no route")), by_bot(StopGaveUp())),
    "taken on, in doubt": adopted(CALL, LOST),
}

EVENTS = {
    "adopted": (DAN, ADOPTED),
    "adopted unread": (DAN, replace(ADOPTED, preview=replace(PREVIEW, campaign=None))),
    "stop asked": ASKED,
    "stop asked, queue kept": (DAN, StopAsked(S1, keep_queue=True)),
    "switch-off asked": OFF,
    "brake asked": BRAKE,
    "brake asked after the run": BRAKE_AFTER,
    "stop called": CALL,
    "stop called again": by_bot(StopStarted(2, S1, "d" * 64)),
    "stopped": by_bot(Stopped()),
    "stopped, as a repeat": by_bot(Stopped(duplicate=True)),
    "seen stopped": by_bot(Stopped(seen=True, status="no <!here>")),
    "stop refused": by_bot(StopRefused(403, "no <!here>")),
    "stop not sent": by_bot(StopNotSent("no <!here>")),
    "stop lost": by_bot(StopUnknown("no <!here>")),
    "stop given up": by_bot(StopGaveUp()),
    "still on": by_bot(StopNotSeen("no <!here>")),
    "status unread": by_bot(StopNotSeen(cause="no <!here>")),
    "halted": by_bot(RunHalted("no <!here>")),
    "completed": by_bot(RunCompleted("no <!here>")),
    "log unread": by_bot(LogUnread("no <!here>")),
    "schedule": by_bot(ScheduleRead(SCHEDULE)),
    "ended badly": by_bot(ENDED_BADLY),
    "ended badly in an old record": by_bot(RunEnded(NOON, 0, 2, (Trouble("no <!here>"), Trouble("b")))),
}

REASONS = [CancelInstead(), BeingSent(), StopUnderWay(DAN, NOON), StopUnderWay(BOT, NOON), NoRoomForCard(82)]
