"""The state graphs of docs/architecture.md, drawn from what `decide` and `evolve` do: see `make graphs`."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from bot.campaign.request import ActivationRequest, Canary, LaunchId, Purpose, RequestId
from bot.campaign.schedule import ScheduleRead
from bot.launch import canary, commands, copying, events, outcome, received, run, stop
from bot.launch.decide import actor_of, decide
from bot.launch.evolve import evolve
from bot.launch.state import Launch, State
from bot.phrase import Phrase
from bot.policy.demands import Demands, Typed
from bot.policy.refusals import Refused
from bot.policy.roles import Action
from bot.results.brakes import Brakes, judge
from bot.results.counts import Counts
from tests.builders import ANA, BEN, CLEO, DAN, LAUNCHES, NOON, PREVIEW, SEGMENT_5, asked, started

PAGE = Path(__file__).parent.parent / "docs/architecture.md"
DRAWN = re.compile(r"(?<=```mermaid\n)stateDiagram-v2\n.*?(?=```)", re.DOTALL)
"""Where a graph stands in the page."""

START = "[*]"

NAMES = {kind: name for name, kind in events.KINDS.items()}
STOP = stop.StopAsked(RequestId("S1"))
CAUSE = Phrase.as_it_is("the connection broke")

COPY = {"purpose": Purpose.TEST, "source": SEGMENT_5, "limit": 25}
OPENINGS: tuple[commands.Command, ...] = (
    *(commands.Request(ANA, asked(approvals=needed, **COPY)) for needed in (0, 1)),
    commands.Request(ANA, asked(demands=Demands(break_glass=True))),
    commands.Request(ANA, asked(demands=Demands(canary=Canary(318, auto=True)))),
    commands.Request(ANA, asked(demands=Demands(approvals=0), purpose=Purpose.CANARY)),
    commands.Adopt(
        DAN, events.Adopted(request=ActivationRequest(campaign_id=82), channel=LAUNCHES, preview=PREVIEW), STOP
    ),
)
OBSERVED = (
    events.Expired(),
    events.Tightened(Demands(approvals=2), (), NOON),
    events.Voided((), PREVIEW, NOON),
    events.Reminded(),
    events.Reminded(doubt=True),
    events.Postponed(NOON, CAUSE),
    events.HeldBack((CAUSE,)),
    events.Practised(),
    events.Withheld(BEN, "approver"),
    started(),
    outcome.Accepted(),
    outcome.RefusedByPlatform(400, "bad"),
    outcome.NotSent(CAUSE),
    outcome.Unknown(CAUSE),
    events.GaveUp(),
    events.NothingFound(),
    events.EvidenceFound(NOON),
    run.RunStarted(NOON),
    run.RunEnded(NOON),
    run.RunHalted(),
    run.RunCompleted(),
    run.LogUnread(CAUSE),
    run.FollowingStopped(),
    run.ResultsReported(timedelta(hours=1), Counts()),
    ScheduleRead(None),
    copying.CopyStarted(RequestId("C1"), "a copy", "c" * 64),
    copying.Copied(900),
    copying.CopyRefused(400, "bad"),
    copying.CopyUnknown(CAUSE),
    copying.CopyNotFound(),
    events.Reminded(last=True, rest=True),
    canary.CanaryBegun(LaunchId("C1")),
    canary.CanaryRan(NOON),
    canary.CanaryJudged(counts=Counts(), verdict=judge(Brakes(after=0), Counts())),
    canary.CanaryFailed(State.REFUSED),
    canary.CanaryReleased(by_rule=True),
    received.FillingStarted(400, 50, 500),
    received.FillingProgressed(250),
    received.FillingDone(500),
    received.FillingFailed(CAUSE),
)
NEWS = (
    stop.StopStarted(1, STOP.request_id, "d" * 64),
    stop.Stopped(),
    stop.Stopped(seen=True),
    stop.StopRefused(400, "bad"),
    stop.StopNotSent(CAUSE),
    stop.StopUnknown(CAUSE),
    stop.StopGaveUp(),
    stop.StopNotSeen(),
)


@dataclass(frozen=True)
class Step:
    """One event, and the launch before and after it; `before` is None where it opens one."""

    before: Launch | None
    event: events.Event
    after: Launch

    @property
    def kind(self) -> str:
        return NAMES[type(self.event)]


def steps() -> list[Step]:
    """Every step that a launch can take, from every standing that it can come to."""
    taken, known, ahead = [], set(), [(None, command) for command in OPENINGS]
    while ahead:
        launch, command = ahead.pop()
        for step in _taken(launch, command):
            taken.append(step)
            standing = _standing(step.after)
            if standing not in known:
                known.add(standing)
                ahead += [(step.after, one) for one in _commands(step.after)]
    return taken


def _taken(launch: Launch | None, command: commands.Command) -> Iterator[Step]:
    decided = decide(launch, command)
    for event in () if isinstance(decided, Refused) else decided:
        entry = events.Entry(LaunchId("L1"), launch.version + 1 if launch else 1, NOON, actor_of(command), event)
        after = evolve(launch, entry)
        yield Step(launch, event, after)
        launch = after


def _standing(launch: Launch) -> tuple[object, ...]:
    """What of a launch decides on what may happen to it next; all else is left out, so that there are few of them."""
    return (
        launch.state,
        launch.missing.approvals,
        launch.demands.break_glass,
        len(launch.attempts) > 1,
        isinstance(launch.outcome, outcome.Unknown),
        launch.is_taken_not_to_have_run,
        launch.practised,
        launch.stop and (launch.stop.step, launch.stop.after_run, launch.stop.after_test),
        launch.request.purpose,
        launch.copy and launch.copy.step,
        launch.plan,
        launch.canary and launch.canary.step,
        launch.received and launch.received.step,
    )


def _commands(launch: Launch) -> Iterator[commands.Command]:
    shown = commands.Checked(shown=launch.fingerprint, typed={Typed.CAMPAIGN: "82"})
    changed = replace(asked(limit=5), demands=launch.demands)
    yield commands.Edit(ANA, changed, (), launch.fingerprint)
    yield from (commands.Approve(person, checked=shown) for person in (BEN, CLEO))
    yield commands.BreakGlass(DAN, events.BrokeGlass("fire", ()), shown)
    yield commands.Reject(BEN, "no")
    yield commands.AskChanges(BEN, "less")
    yield commands.Cancel(ANA)
    yield commands.AskLook(BEN)
    yield from (commands.Vouch(BEN, ran) for ran in (True, False))
    yield commands.Release(CLEO, launch.fingerprint)
    yield commands.StopHere(BEN)
    yield commands.Deny(BEN, events.Denied(Action.APPROVE, "MissingRole"))
    yield commands.Stop(DAN, STOP)
    yield commands.AskReceived(BEN)
    yield commands.SwitchOff(replace(STOP, keep_queue=True, after_test=True))
    yield commands.Brake(replace(STOP, brake=stop.Braked((), after=200)))
    yield commands.Resend(started(attempt=2))
    yield from map(commands.Observe, OBSERVED)
    yield from (commands.ObserveStop(news, STOP.request_id) for news in NEWS)


def graph_of_launches(taken: list[Step]) -> str:
    """The kinds of events that bring a launch from one state into another."""
    moves = ((step.before.state if step.before else START, step.after.state, step.kind) for step in taken)
    return _drawn(State, moves)


def graph_of_stops(taken: list[Step]) -> str:
    """The kinds of events that bring a stop from one step to another. One that is asked for again is another stop."""
    moves = (
        (START if isinstance(step.event, stop.StopAsked) else step.before.stop.step, step.after.stop.step, step.kind)
        for step in taken
        if step.kind.startswith("stop:")
    )
    return _drawn(stop.StopStep, moves)


def _drawn(places: Iterable[str], moves: Iterable[tuple[str, str, str]]) -> str:
    """One arrow from one place to another, with all that it stands for; what moves nothing is left out."""
    kinds = defaultdict(set)
    for here, there, kind in moves:
        if here != there:
            kinds[here, there].add(kind)
    nth = {place: number for number, place in enumerate([START, *places])}
    arrows = sorted(kinds, key=lambda arrow: (nth[arrow[0]], nth[arrow[1]]))
    drawn = [f"    {here} --> {there} : {', '.join(sorted(kinds[here, there]))}" for here, there in arrows]
    return "\n".join(["stateDiagram-v2", *drawn, ""])


def graphs() -> tuple[str, str]:
    """Both, in the order in which they stand in the page."""
    taken = steps()
    return graph_of_launches(taken), graph_of_stops(taken)


if __name__ == "__main__":
    left = iter(graphs())
    PAGE.write_text(DRAWN.sub(lambda _: next(left), PAGE.read_text()))
