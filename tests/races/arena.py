"""Where two decisions about one launch meet at the same moment: the real desk, worker and journal, all else at once."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count

from bot.altcraft.client import Prepared
from bot.campaign.request import Canary, LaunchId, Purpose, Source, SourceKind
from bot.desk import Asked, Decision, Desk
from bot.desk.canaries import CanaryDesk
from bot.desk.deciding import Deciding
from bot.journal.journal import Journal
from bot.journal.queue import STEPS, Queue
from bot.launch.canary import CanaryBegun, CanaryJudged, CanaryRan
from bot.launch.canarying import canary_id
from bot.launch.commands import Observe, Request
from bot.launch.delivery import DeliveryRules
from bot.launch.outcome import Accepted
from bot.launch.state import Launch
from bot.policy.context import PolicyContext
from bot.policy.demands import Demands
from bot.policy.policy import Policy, RoleList
from bot.results.counts import Counts
from bot.worker.activation import Activation
from bot.worker.gate import Gate
from bot.worker.mentions import Mentions
from bot.worker.record_check import RecordCheck
from bot.worker.rereading import Rereading
from bot.worker.steps import Steps
from tests.builders import ANA, BEN, CLEO, LAUNCHES, NOON, PREVIEW, AtOnce, Clock, asked, instance, journal_on
from tests.message.builders import unchecked

SMALLEST_STEP = 0.0005
LARGEST_STEP = 0.05
"""Seconds by which the side that keeps winning starts later the next time."""


class Everybody:
    """Ana, Ben and Cleo hold every role."""

    def holds(self, person, role):
        return True

    def held(self, person, among):
        return frozenset(among)

    def holders(self, role):
        return frozenset({ANA, BEN, CLEO})


class Platform:
    """Takes every launch, remembers which, and has an empty log."""

    def __init__(self):
        self.taken: Counter[str] = Counter()

    def preview(self, campaign_id, source):
        return PREVIEW

    def prepare_activation(self, request, files):
        return Prepared(body=b"{}", content_type="application/json", digest="d" * 64)

    def activate(self, prepared, request_id):
        self.taken[request_id] += 1
        return Accepted()

    def log(self, campaign_id, from_time=None, limit=1000):
        return []


class Arena:
    """One journal with a desk and a worker on it."""

    def __init__(self, url):
        self.clock = Clock()
        self.journal: Journal = journal_on(url, self.clock)
        self.platform = Platform()
        policy = Policy(roles={role: RoleList((ANA, BEN, CLEO)) for role in ("requester", "approver", "admin")})
        context = PolicyContext(lambda: policy, Everybody(), self.journal.collisions, unchecked())
        rereading = Rereading(self.journal, self.platform, self.platform, AtOnce())
        self.desk = Desk(self.journal, context, rereading.anew, lambda request: None)
        self.canaries = CanaryDesk(self.journal, context, Deciding(self.journal, context, rereading.anew))
        mentions = Mentions(lambda: policy)
        gate, record_check = Gate(self.journal, context, None), RecordCheck(self.journal, mentions)
        activation = Activation(self.journal, self.platform, rereading, gate, DeliveryRules(), mentions, record_check)
        queue = Queue(self.journal, STEPS, instance())
        self.steps = Steps(self.journal, queue, activation, None, None, None, None, mentions)
        self._numbers = count(1)

    def asks(self, **demands) -> Launch:
        """A new launch of Ana's, of a campaign and to an audience of its own."""
        number = next(self._numbers)
        self.clock.now = NOON
        own = {"campaign_id": number, "source": Source(SourceKind.SEGMENT, number), "demands": Demands(**demands)}
        opened = self.journal.execute(LaunchId(f"L{number}"), Request(ANA, asked(**own)))
        assert isinstance(opened, Launch)
        return opened

    def approved_and_held(self) -> Launch:
        """Approved, with a hold that is over just now."""
        launch = self.asks(hold=timedelta(minutes=1))
        self.approve(launch)
        self.clock.pass_by(minutes=1)
        return launch

    def after_its_canary(self) -> Launch:
        """Approved, its canary opened and judged: the rest waits to be released."""
        launch = self.asks(canary=Canary(10**6))
        self.approve(launch)
        launch = self.journal.load(launch.id)
        first = canary_id(launch)
        demands = replace(Demands(approvals=0), on_collision=launch.demands.on_collision)
        part = {"source": Source(SourceKind.SEGMENT, 10**6), "campaign_id": launch.request.campaign_id}
        of = asked(purpose=Purpose.CANARY, demands=demands, **part)
        self.journal.execute(first, Request(ANA, replace(of, belongs_to=launch.id)))
        for event in (CanaryBegun(first), CanaryRan(self.clock.now), CanaryJudged(counts=Counts())):
            launch = self.journal.execute(launch.id, Observe(event))
        return launch

    def release(self, launch, person=BEN):
        return self.canaries.release(Decision(launch_id=launch.id, person=person, shown=launch.fingerprint))

    def stop_here(self, launch):
        return self.canaries.stop_here(launch.id, CLEO)

    def about_to_expire(self) -> Launch:
        launch = self.asks()
        self.clock.now = launch.expires_at - timedelta(seconds=1)
        return launch

    def expires(self, launch):
        self.clock.now = launch.expires_at
        self.work(launch)

    def approve(self, launch, person=BEN, shown=None):
        shown = launch.fingerprint if shown is None else shown
        return self.desk.approve(Decision(launch_id=launch.id, person=person, shown=shown))

    def reject(self, launch):
        return self.desk.reject(launch.id, CLEO, "no")

    def cancel(self, launch):
        return self.desk.cancel(launch.id, ANA)

    def edit(self, launch):
        request = replace(launch.request, limit=5)
        return self.desk.edit(
            Asked(
                launch_id=launch.id,
                person=ANA,
                request=request,
                channel=LAUNCHES,
                preview=PREVIEW,
                edits=launch.fingerprint,
            )
        )

    def work(self, launch):
        self.steps.take(launch.id)


@dataclass
class Race:
    """What came of many rounds. A round's judge names the winner; any other word is a violation."""

    sides: tuple[str, str]
    winners: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def row(self, name: str, rounds: int) -> str:
        won = ", ".join(f"{side} {self.winners[side]}" for side in self.sides)
        return f"{name}: {rounds} rounds, {won}, violations {len(self.violations)}, {self.seconds:.1f} s"


def run(
    sides: tuple[str, str],
    rounds: int,
    begin: Callable[[], Launch],
    first: Callable[[Launch], object],
    second: Callable[[Launch], object],
    judge: Callable[[Launch, object, object], str],
) -> Race:
    """Lets two things happen to a launch at once, each time to a new one.

    Whoever wins starts a little later the next time, so that they keep meeting at the same moment on any machine.
    """
    race, behind, streak, last = Race(sides), 0.0, 0, ""
    began = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        for _ in range(rounds):
            launch, barrier = begin(), threading.Barrier(2)
            one = pool.submit(_released, barrier, max(0.0, behind), first, launch)
            other = pool.submit(_released, barrier, max(0.0, -behind), second, launch)
            found = judge(launch, one.result(), other.result())
            if found not in sides:
                race.violations.append(f"{launch.id}: {found}")
                continue
            race.winners[found] += 1
            streak = streak + 1 if found == last else 0
            last = found
            step = min(SMALLEST_STEP * 2**streak, LARGEST_STEP) * random.random()
            behind += step if found == sides[0] else -step
    race.seconds = time.monotonic() - began
    return race


def _released(barrier: threading.Barrier, later: float, act: Callable[[Launch], object], launch: Launch) -> object:
    barrier.wait()
    time.sleep(later)
    return act(launch)
