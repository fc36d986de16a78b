"""Those who received a launch get into the segment, each once, whatever fails or dies on the way."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.altcraft.client import PlatformRefused, PlatformUnreachable, Prepared, Segment
from bot.campaign.request import Invalid, LaunchId
from bot.journal.counting import Counting
from bot.journal.fillings import Fillings
from bot.journal.queue import FILLINGS, Queue
from bot.journal.vault import Vault
from bot.launch.commands import Approve, Observe, Request
from bot.launch.outcome import Accepted, NotSent, RefusedByPlatform, Unknown
from bot.launch.received import FillingProgressed, ReceivedStep
from bot.launch.run import RunEnded
from bot.phrase import Phrase
from bot.policy.policy import Policy, PolicyUnreadable
from bot.policy.received import ReceivedRules
from bot.worker.filling import PAUSE, SLICE, FillingSegments
from tests.builders import ANA, BEN, NOON, Clock, asked, instance, journal_at, started
from tests.results.hooks import body, event

L1 = LaunchId("L1")
VAULT = Vault([b"v" * 32])
RULES = ReceivedRules(segments=(400, 401), database=50, settle=timedelta(minutes=2))
CAUSE = Phrase("the connection broke")


class Killed(BaseException):
    """The process is gone."""


class Platform:
    """Static segments; `outcomes` are what the next calls come to, "taken" where only the answer was lost."""

    def __init__(self):
        self.counts = {400: 0, 401: 0}
        self.members: dict[int, list[str]] = {400: [], 401: []}
        self.ids: list[str] = []
        self.outcomes: list = []
        self.unwritable: set[str] = set()
        self.away = False

    def segment(self, segment_id):
        if self.away:
            raise PlatformUnreachable(CAUSE)
        if segment_id not in self.counts:
            raise PlatformRefused(400, "no such segment")
        return Segment(segment_id, "x", self.counts[segment_id], (50,))

    def prepare_addition(self, segment_id, database_id, profile_id):
        if profile_id in self.unwritable:
            raise Invalid("profile_id", CAUSE)
        return Prepared(f"{segment_id} {database_id} {profile_id}".encode(), "", "")

    def add(self, prepared, request_id):
        outcome = self.outcomes.pop(0) if self.outcomes else Accepted()
        segment, database, profile = prepared.body.decode().split(" ")
        assert database == "50"
        self.ids.append(request_id)
        if isinstance(outcome, Accepted) or outcome in ("taken", "killed after"):
            self.members[int(segment)].append(profile)
        if outcome in ("killed", "killed after"):
            raise Killed
        return Unknown(CAUSE) if outcome == "taken" else outcome


class World:
    def __init__(self, path, people=5, rules=RULES, vault=VAULT):
        self.clock = Clock()
        self.journal = journal_at(path, self.clock)
        self.platform, self.rules, self.unreadable = Platform(), rules, False
        self.queue = Queue(self.journal, FILLINGS, instance())
        self.fillings = Fillings(self.journal, vault)
        self.work = FillingSegments(self.journal, self.queue, self.fillings, self.platform, self.policy)
        for command in (Request(ANA, asked()), Approve(BEN), *map(Observe, (started(L1), Accepted(), RunEnded(NOON)))):
            self.journal.execute(L1, command)
        self.receive(*range(people))
        self.fillings.ask(L1, BEN)

    def policy(self) -> Policy:
        if self.unreadable:
            raise PolicyUnreadable(CAUSE)
        return Policy(roles={}, received=self.rules)

    def receive(self, *numbers: int) -> None:
        receiver = Counting(self.journal, b"k" * 32, VAULT)
        events = [event("send", nth=n, at=NOON + timedelta(seconds=1), profile_id=f"p{n:03}") for n in numbers]
        receiver.count([receiver.prepare(body(*events))])

    def step(self) -> None:
        """Does what is due once, the process ending where it is killed."""
        for launch_id in self.queue.claim(1):
            try:
                self.work.fill(launch_id)
            except Killed:
                pass
            finally:
                self.queue.give_back(launch_id)

    def finish(self, most=200):
        for _ in range(most):
            due = self.queue.next_due()
            if due is None:
                break
            self.clock.now = max(self.clock.now, due)
            self.step()
        return self.received

    @property
    def received(self):
        return self.journal.load(L1).received

    def kinds(self) -> list[str]:
        with self.journal.reading() as connection:
            rows = connection.exec_driver_sql("SELECT kind FROM events WHERE kind LIKE 'received:%' ORDER BY seq")
            return [kind for (kind,) in rows]

    def cause(self) -> str:
        return str(self.received.failed.cause)


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def test_everybody_is_put_into_the_first_empty_segment_and_nobody_is_kept_then(world):
    world.platform.counts[400] = 3

    received = world.finish()

    assert (received.step, received.done.added, received.filling.segment) == (ReceivedStep.DONE, 5, 401)
    assert world.platform.members == {400: [], 401: ["p000", "p001", "p002", "p003", "p004"]}
    assert world.fillings.find(L1).sealed is None
    assert world.kinds() == ["received:ask", "received:start", "received:done"]
    assert not world.journal.doubts(world.journal.load(L1))


def test_the_list_is_not_closed_while_events_still_come(world):
    world.step()
    assert world.fillings.find(L1).people == 0
    world.clock.pass_by(minutes=1)
    world.receive(7)
    world.clock.pass_by(minutes=1, seconds=30)
    world.step()
    assert world.fillings.find(L1).people == 0

    assert world.finish().done.added == 6


def test_the_list_is_closed_in_the_end_although_events_still_come(world):
    for minute in range(1, 16):
        world.clock.now = NOON + timedelta(minutes=minute)
        world.receive(100 + minute)
        world.step()
    world.receive(200)
    assert world.finish().done.unkept == 1


@pytest.mark.parametrize("lost", ["taken", "killed", "killed after", NotSent(CAUSE), Unknown(CAUSE)])
def test_whoever_was_being_added_is_added_once_more_under_the_same_id(world, lost):
    world.platform.outcomes = [Accepted(), Accepted(), lost]

    received = world.finish()

    assert received.done.added == 5
    assert sorted(set(world.platform.members[400])) == ["p000", "p001", "p002", "p003", "p004"]
    again = [one for one in world.platform.ids if world.platform.ids.count(one) > 1]
    assert (len(set(again)), len(again), len(set(world.platform.ids))) == (1, 2, 5)


def test_a_platform_that_is_away_is_tried_again_and_it_goes_on_by_itself(world):
    world.platform.away = True
    world.clock.pass_by(minutes=3)
    world.step()
    assert world.received.step is ReceivedStep.ASKED
    world.platform.away = False
    world.platform.outcomes = [NotSent(CAUSE)] * 4

    assert world.finish().done.added == 5


def test_a_profile_that_the_platform_refuses_is_left_out_and_told(world):
    world.platform.outcomes = [Accepted(), RefusedByPlatform(400, "profile p001 does not exist")]
    world.platform.unwritable = {"p003"}

    received = world.finish()

    assert (received.done.added, received.done.refused, received.done.code) == (3, 2, 400)
    assert "p001" not in repr(world.journal.load(L1))


def test_a_platform_that_takes_nobody_ends_it_and_nobody_is_left_out_when_it_is_asked_again(world):
    world.platform.outcomes = [Accepted()] + [RefusedByPlatform(403, "profile p001: no right")] * 5
    world.receive(5, 6, 7)

    received = world.finish()
    assert (received.step, received.added) == (ReceivedStep.FAILED, 1)
    assert "error 403" in world.cause()
    assert "p001" not in world.cause()
    world.fillings.ask(L1, ANA)
    received = world.finish()

    assert (received.step, received.done.added, received.done.refused) == (ReceivedStep.DONE, 8, 0)
    assert len(set(world.platform.members[400])) == 8
    # A refusal may be given again for a day to the same id.
    assert len(set(world.platform.ids)) == len(world.platform.ids)


def test_few_whom_the_platform_refuses_all_are_no_segment(tmp_path):
    world = World(tmp_path, people=2)
    world.platform.outcomes = [RefusedByPlatform(403, "")] * 2
    assert world.finish().step is ReceivedStep.FAILED
    assert world.fillings.anybody_kept(L1)


def test_nobody_is_put_into_a_segment_in_which_somebody_is_already(world):
    world.platform.counts = {400: 1, 401: None}
    assert world.finish().step is ReceivedStep.FAILED
    assert "(400, 401) is empty and unused" in world.cause()
    world.platform.counts = {400: 1, 401: 0}
    world.fillings.ask(L1, BEN)
    assert world.finish().done.added == 5


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        (None, "names no segment for it any more"),
        (ReceivedRules(segments=(400,), database=50, at_most=4), "at most 4"),
        (ReceivedRules(segments=(400,), database=51), "names a profile of the policy's database"),
    ],
)
def test_what_the_policy_does_not_allow_any_more_adds_nobody(world, rules, why):
    world.rules = rules
    assert world.finish().step is ReceivedStep.FAILED
    assert why in world.cause()
    assert world.platform.ids == []


def test_a_policy_that_names_another_segment_meanwhile_ends_it(world):
    world.platform.outcomes = [Accepted(), NotSent(CAUSE)]
    world.clock.pass_by(minutes=3)
    world.step()
    world.step()
    world.rules = ReceivedRules(segments=(401,), database=50)
    assert world.finish().step is ReceivedStep.FAILED
    assert (len(world.platform.members[400]), world.platform.members[401]) == (1, [])


def test_an_unreadable_policy_puts_it_off(world):
    world.unreadable = True
    world.clock.pass_by(minutes=3)
    world.step()
    assert (world.received.step, world.platform.ids) == (ReceivedStep.ASKED, [])
    world.unreadable = False
    assert world.finish().done.added == 5


def test_nobody_is_kept_longer_than_the_policy_says_although_the_platform_stays_away(world):
    world.platform.outcomes = [Accepted()] + [NotSent(CAUSE)] * 10_000
    world.finish(5)
    world.clock.pass_by(days=8)

    received = world.finish()
    assert (received.step, received.added) == (ReceivedStep.FAILED, 1)
    assert "that time is over" in world.cause()
    assert not world.fillings.anybody_kept(L1)


def test_with_another_key_it_is_said_and_nobody_is_added(tmp_path):
    world = World(tmp_path, vault=Vault([b"x" * 32]))
    assert world.finish().step is ReceivedStep.FAILED
    assert "RECIPIENTS_KEY is not the key" in world.cause()
    assert world.platform.ids == []


def test_a_record_that_somebody_has_changed_adds_nobody(world):
    with world.journal.writing() as connection:
        connection.exec_driver_sql("UPDATE events SET data = json_set(data, '$.size', 1) WHERE kind = 'launch:approve'")
    assert world.finish().step is ReceivedStep.FAILED
    assert world.platform.ids == []


def test_many_are_told_by_the_quarter_and_never_more_than_so_many_a_second(tmp_path):
    world = World(tmp_path, people=400)
    world.clock.pass_by(minutes=3)
    world.step()
    begun = world.clock.now
    assert world.finish().done.added == 400
    assert world.clock.now - begun >= (400 // SLICE - 1) * PAUSE
    assert world.kinds().count("received:progress") == 3
    assert FillingProgressed(100).added == 100


OUTCOMES = st.sampled_from(
    [Accepted(), "taken", "killed", "killed after", NotSent(CAUSE), Unknown(CAUSE), RefusedByPlatform(400, "")]
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(1, 30), st.lists(OUTCOMES, max_size=25))
def test_whatever_happens_on_the_way_nobody_is_lost_unless_it_is_told(tmp_path_factory, people, outcomes):
    world = World(tmp_path_factory.mktemp("filling"), people)
    world.platform.outcomes = outcomes

    received = world.finish(400)

    added = set(world.platform.members[400])
    if received.step is ReceivedStep.DONE:
        assert len(added) >= received.done.added == people - received.done.refused
        assert world.fillings.find(L1).sealed is None
    else:
        assert received.step is ReceivedStep.FAILED
        assert world.fillings.anybody_kept(L1)
    world.journal._engine.dispose()
