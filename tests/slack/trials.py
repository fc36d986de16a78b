"""Tests to reviewers, as the tests of all views want them: each standing, each event, and each refusal."""

from dataclasses import replace

from bot.campaign.request import Purpose, RequestId, Source, SourceKind
from bot.launch.copying import Copied, CopyNotFound, CopyRefused, CopyStarted, CopyUnknown
from bot.launch.events import HeldBack
from bot.launch.outcome import Accepted, NotSent, Unknown
from bot.launch.run import RunEnded, RunStarted
from bot.launch.stop import StopAsked, StopNotSeen, Stopped, StopRefused, StopStarted, StopUnknown
from bot.policy.refusals import NotOfTests, TooManyTests
from tests.builders import DAN, NOON, asked, by_bot, launch, started

S1 = RequestId("S1")
TEST = {"purpose": Purpose.TEST, "source": Source(SourceKind.SEGMENT, 5), "limit": 25}
AT_ONCE = replace(asked(approvals=0, **TEST), belongs_to="L0")
COPYING = by_bot(CopyStarted(RequestId("C1"), "[test by campaign-bot] 82 <!here>", "c" * 64))
COPIED = by_bot(Copied(900))
LOST = by_bot(CopyUnknown("no <!here>", (DAN,)))
RUNNING = (COPYING, COPIED, by_bot(started()), by_bot(Accepted()), by_bot(RunStarted(NOON)))
OFF = by_bot(StopAsked(S1, keep_queue=True, after_test=True))
CALL = by_bot(StopStarted(1, S1, "d" * 64))


def made(*happened):
    return launch(*happened, requested=AT_ONCE)


STANDINGS = {
    "test waits for approval": launch(requested=replace(AT_ONCE, demands=asked().demands)),
    "test asked": made(),
    "test not sent yet": made(by_bot(NotSent("no <!here>"))),
    "test being copied": made(COPYING),
    "test copied": made(COPYING, COPIED),
    "test held back": made(COPYING, COPIED, by_bot(HeldBack(("No <!here>.",)))),
    "test not copied": made(COPYING, by_bot(CopyRefused(402, "no <!here>"))),
    "test copy lost": made(COPYING, LOST),
    "test copy not found": made(COPYING, LOST, by_bot(CopyNotFound())),
    "test copy not looked for": made(COPYING, LOST, by_bot(CopyNotFound("No <!here>."))),
    "test copy found": made(COPYING, LOST, by_bot(Copied(900, found=True))),
    "test in doubt": made(COPYING, COPIED, by_bot(started()), by_bot(Unknown("no <!here>"))),
    "test runs": made(*RUNNING),
    "test copy being switched off": made(*RUNNING, OFF, CALL),
    "test copy still on": made(*RUNNING, OFF, CALL, by_bot(StopUnknown("no <!here>")), by_bot(StopNotSeen("Active"))),
    "test copy not switched off": made(*RUNNING, OFF, CALL, by_bot(StopRefused(403, "no <!here>"))),
    "test copy off": made(*RUNNING, OFF, CALL, by_bot(Stopped())),
    "test copy seen off": made(*RUNNING, OFF, by_bot(Stopped(seen=True, status="no <!here>"))),
    "test over": made(*RUNNING, OFF, CALL, by_bot(Stopped()), by_bot(RunEnded(NOON))),
}

EVENTS = {
    "test asked": (DAN, AT_ONCE),
    "copying": COPYING,
    "copied": COPIED,
    "copy found": by_bot(Copied(900, found=True)),
    "copy refused": by_bot(CopyRefused(402, "no <!here>")),
    "copy lost": LOST,
    "copy not found": by_bot(CopyNotFound()),
    "copy not looked for": by_bot(CopyNotFound("No <!here>.")),
    "copy to be off": OFF,
}

REASONS = [NotOfTests(), TooManyTests(1), TooManyTests(20)]
