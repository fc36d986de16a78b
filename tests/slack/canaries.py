"""First to a few, as the tests of all views want it: each standing, each event, and each refusal."""

from dataclasses import replace
from datetime import timedelta

from bot.campaign.request import Canary, LaunchId, Purpose, Source, SourceKind
from bot.launch.canary import (
    DISTRUSTED,
    IN_DOUBT,
    CanaryBegun,
    CanaryFailed,
    CanaryJudged,
    CanaryRan,
    CanaryReleased,
)
from bot.launch.copying import CopyUnknown
from bot.launch.events import Approved, Cancelled, Expired, Practised, Reminded
from bot.launch.outcome import Accepted
from bot.launch.run import RunStarted
from bot.policy.demands import Demands
from bot.policy.refusals import BrakesOn, CanaryInDoubt, CanaryStopped, CanaryUnderWay, RecordDoubted, ReleasedAlready
from bot.results.brakes import Brakes, judge
from bot.results.counts import Counts, Kind
from tests.builders import ANA, BEN, DAN, NOON, asked, by_bot, launch, started

FIRST = Canary(318, timedelta(minutes=30))
ASKED = asked(canary=FIRST)
ALONE = asked(demands=Demands(canary=replace(FIRST, auto=True)))
PART = replace(
    asked(approvals=0, purpose=Purpose.CANARY, source=Source(SourceKind.SEGMENT, 318)), belongs_to=LaunchId("L0")
)

BEGUN = by_bot(CanaryBegun(LaunchId("C1")))
RAN = by_bot(CanaryRan(NOON))
OVER = (BEN, Approved()), BEGUN, RAN


def judged(sent=500, bounced=2, mention=(BEN,)):
    counts = Counts(by_kind={Kind.SENT: sent, Kind.HARD_BOUNCE: bounced, Kind.COMPLAINED: 1}, newest=NOON)
    verdict = judge(Brakes(hard_bounces=20_000, complaints=0, undelivered=0), counts)
    return by_bot(CanaryJudged(counts=counts, verdict=verdict, mention=mention))


def failed(how):
    return by_bot(CanaryFailed(how, (BEN,)))


def made(*happened, of=ASKED):
    return launch(*happened, requested=of)


UNJUDGED = by_bot(CanaryJudged(counts=Counts()))
RELEASED = (BEN, CanaryReleased())
BY_RULE = by_bot(CanaryReleased(by_rule=True, rules=("no <!here>",)))

STANDINGS = {
    "canary asked": made(),
    "canary of the policy": made(of=ALONE),
    "canary begun": made((BEN, Approved()), BEGUN),
    "canary waits": made(*OVER),
    "canary waits to go by itself": made(*OVER, of=ALONE),
    "canary judged": made(*OVER, judged(bounced=0)),
    "canary braked": made(*OVER, judged(bounced=20)),
    "canary too small": made(*OVER, judged(sent=3)),
    "canary without brakes": made(*OVER, UNJUDGED),
    **{f"canary {how}": made((BEN, Approved()), BEGUN, failed(how)) for how in (IN_DOUBT, DISTRUSTED)},
    **{f"canary {how}": made((BEN, Approved()), BEGUN, failed(how)) for how in ("refused", "launched", "stopped")},
    "canary released": made(*OVER, judged(), RELEASED),
    "canary released by the policy": made(*OVER, judged(bounced=0), BY_RULE, of=ALONE),
    "canary released and sent": made(*OVER, judged(), RELEASED, by_bot(started()), by_bot(Accepted())),
    "canary ended": made(*OVER, judged(), (BEN, Cancelled())),
    "canary expired": made(*OVER, judged(), by_bot(Expired())),
    "canary rehearsed": made((BEN, Approved()), by_bot(Practised()), of=asked(canary=FIRST, practice=True)),
    "a canary": made(of=PART),
    "a canary not copied": made(by_bot(CopyUnknown("no <!here>", (DAN,))), of=PART),
    "a canary runs": made(by_bot(started()), by_bot(Accepted()), by_bot(RunStarted(NOON)), of=PART),
}

EVENTS = {
    "canary asked": (ANA, PART),
    "canary begun": BEGUN,
    "canary ran": RAN,
    "canary judged": judged(),
    "canary braked": judged(bounced=20),
    "canary too small": judged(sent=3),
    "canary without brakes": UNJUDGED,
    "canary failed": failed("refused"),
    "canary in doubt": failed(IN_DOUBT),
    "canary not seen": failed("launched"),
    "canary called again": by_bot(Reminded((BEN,), last=True, rest=True)),
    "canary released": RELEASED,
    "canary released by the policy": BY_RULE,
    "canary released by the whole policy": by_bot(CanaryReleased(by_rule=True)),
}

REASONS = [
    ReleasedAlready(BEN, NOON),
    ReleasedAlready("", NOON),
    CanaryUnderWay(None),
    CanaryUnderWay(NOON),
    CanaryInDoubt(),
    CanaryStopped(DAN, NOON),
    CanaryStopped("", NOON),
    BrakesOn(judged(bounced=20)[1].verdict.on),
    RecordDoubted(),
]
