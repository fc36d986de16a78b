"""The worker's world: a journal, and a platform, roles and a directory that do as told."""

from datetime import datetime, timedelta
from itertools import count

from bot.altcraft.client import LogEntry, PlatformUnreachable, Prepared, Status
from bot.campaign.request import ActivationRequest, LaunchId, RequestId
from bot.campaign.schedule import Schedule
from bot.journal.keys import NO_KEYS
from bot.journal.queue import STEPS, STOPS, Queue
from bot.launch.commands import Adopt, Approve, Request
from bot.launch.delivery import DeliveryRules
from bot.launch.events import Adopted
from bot.launch.outcome import Accepted, Unknown
from bot.launch.state import Launch, State
from bot.launch.stop import StopAsked
from bot.policy.context import PolicyContext
from bot.policy.policy import Policy
from bot.policy.roles import Role, RolesUnknown
from bot.results.bounces import Bounce
from bot.worker.activation import Activation
from bot.worker.braking import Braking
from bot.worker.canaries import Canaries
from bot.worker.copy_check import CopyCheck
from bot.worker.copying import Copying
from bot.worker.doubts import Doubts
from bot.worker.following import Follow
from bot.worker.gate import Gate
from bot.worker.mentions import Mentions
from bot.worker.record_check import RecordCheck
from bot.worker.rereading import Rereading
from bot.worker.steps import Steps
from bot.worker.stopping import StopCalls
from tests.builders import ANA, BEN, DAN, LAUNCHES, NOON, PREVIEW, AtOnce, Clock, asked, instance, journal_at
from tests.message.builders import checking

L1 = LaunchId("L1")
LOST = Unknown("the connection broke")


class Roles:
    """Everybody holds every role, but for those taken away; with `trouble`, nobody knows."""

    def __init__(self):
        self.taken: set[tuple[str, Role]] = set()
        self.trouble = ""

    def holds(self, person, role):
        if self.trouble:
            raise RolesUnknown(self.trouble)
        return (person, role) not in self.taken

    def held(self, person, among):
        return frozenset(role for role in among if self.holds(person, role))


class Directory:
    """Tells what it is told to tell."""

    def __init__(self):
        self.seen = PREVIEW

    def preview(self, campaign_id, source):
        return self.seen


class Platform:
    """Answers as told, and notes what stood in the journal at the moment of each call."""

    def __init__(self, journal):
        self._journal = journal
        self.outcomes = [Accepted()]
        self.calls: list[tuple[bytes, str, State]] = []
        self.entries: list[LogEntry] = []
        self.readable = True
        self.while_reading = lambda: None
        self.state = Status(is_active=True, is_completed=False, status="Active")
        self.stop_outcomes = [Accepted()]
        self.stops: list[tuple[bytes, str]] = []
        self.bounces_told: list[Bounce] = []
        self.bounces_asked: list[tuple] = []
        self.schedule_told = Schedule(minutes=(38,), hours=(16,))

    def prepare_activation(self, request, files):
        return Prepared(body=f"{request.campaign_id}".encode(), content_type="application/json", digest="d" * 64)

    def activate(self, prepared, request_id):
        self.calls.append((prepared.body, request_id, self._journal.load(L1).state))
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def prepare_stop(self, campaign_id, *, abort_if_running):
        return Prepared(f"{campaign_id} {abort_if_running}".encode(), "application/json", "e" * 64)

    def deactivate(self, prepared, request_id):
        self.stops.append((prepared.body, request_id))
        outcome = self.stop_outcomes.pop(0) if len(self.stop_outcomes) > 1 else self.stop_outcomes[0]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def status(self, campaign_id):
        self._check_readable()
        return self.state

    def schedule(self, campaign_id, kind):
        self._check_readable()
        return self.schedule_told

    def bounces(self, campaign_id, first, last, most):
        self.bounces_asked.append((campaign_id, first, last, most))
        self._check_readable()
        return self.bounces_told

    def _check_readable(self):
        if not self.readable:
            raise PlatformUnreachable("The platform could not be reached.")

    def log(self, campaign_id, from_time=None, limit=1000):
        self.while_reading()
        self._check_readable()
        return [entry for entry in self.entries if from_time is None or entry.time >= from_time]


class World:
    """A journal with one launch in it, and the worker's steps over a platform that does as told."""

    def __init__(self, path, rules=None, keys=NO_KEYS):
        self.clock = Clock()
        self.journal = journal_at(path, self.clock, keys)
        self.platform = Platform(self.journal)
        self.roles = Roles()
        self.directory = Directory()
        self.policy = Policy(roles={})
        self.queue = Queue(self.journal, STEPS, instance())
        rules = rules or DeliveryRules()
        context = PolicyContext(lambda: self.policy, self.roles, self.journal.collisions, checking(self.journal))
        seconds = count(0, 10)  # what was read a moment ago is never fresh enough
        self.rereading = Rereading(self.journal, self.platform, self.directory, AtOnce(), lambda: next(seconds))
        copies = CopyCheck(self.journal, self.platform, self.directory)
        gate = Gate(self.journal, context, copies)
        mentions = Mentions(lambda: self.policy)
        record_check = RecordCheck(self.journal, mentions)
        activation = Activation(self.journal, self.platform, self.rereading, gate, rules, mentions, record_check)
        copying = Copying(self.journal, self.queue, self.platform, self.rereading, gate, rules, mentions, record_check)
        doubts = Doubts(self.journal, self.queue, self.platform, activation, rules, mentions)
        follow = Follow(self.journal, self.queue, self.platform, lambda: self.policy)
        canaries = Canaries(self.journal, self.queue, context, self.rereading, gate, rules, mentions, record_check)
        self.context = context
        self.steps = Steps(self.journal, self.queue, activation, copying, canaries, doubts, follow, mentions)
        self.stop_queue = Queue(self.journal, STOPS, instance())
        braking = Braking(self.journal, self.stop_queue, lambda: self.policy, mentions)
        self.stops = StopCalls(self.journal, self.stop_queue, self.platform, rules, mentions, record_check, braking)
        self.journal.execute(L1, Request(ANA, asked()))

    def approve(self):
        self.journal.execute(L1, Approve(BEN))
        return self

    def step(self) -> Launch:
        """Takes the launch's due step, as a runner would."""
        for launch_id in self.queue.claim(1):
            self.steps.take(launch_id)
            self.queue.give_back(launch_id)
        return self.journal.load(L1)

    def step_stop(self) -> Launch:
        """Takes the step that is due of the launch's stop."""
        for launch_id in self.stop_queue.claim(1):
            self.stops.take(launch_id)
            self.stop_queue.give_back(launch_id)
        return self.journal.load(L1)

    def campaign_is_stopped(self, campaign_id: int, own: str = "S", **how):
        """Somebody asks to stop a campaign of which no launch is running: under a card of its own."""
        adopted = Adopted(request=ActivationRequest(campaign_id=campaign_id), channel=LAUNCHES, preview=PREVIEW)
        self.journal.execute(LaunchId(own), Adopt(DAN, adopted, StopAsked(RequestId(own), **how)))

    def goes_on_elsewhere(self):
        """The instance that worked so far is gone, and another takes over."""
        self.queue = Queue(self.journal, STEPS, instance("heir", "ours"))
        self.queue.take_over()
        self.stop_queue = Queue(self.journal, STOPS, instance("heir", "ours"))
        self.stop_queue.take_over()

    def log_has(self, state: str, at: datetime, level: str = "INFO", message: str = "x"):
        self.platform.entries.append(LogEntry(level=level, state=state, time=at, message=message, value=""))


def after(**span) -> datetime:
    return NOON + timedelta(**span)


def doubt(world) -> Launch:
    world.platform.outcomes = [LOST]
    launch = world.approve().step()
    world.clock.pass_by(seconds=3)
    return launch
