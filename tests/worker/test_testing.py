"""A test: its copy is asked for once, nothing but it is activated, and it does not stay switched on unseen."""

from contextlib import suppress
from dataclasses import replace

import pytest

from bot.altcraft.client import PlatformUnreachable, Prepared, Status
from bot.campaign.campaign import Audience, Campaign, Preview, SizeBasis
from bot.campaign.request import LaunchId, Purpose, Source, SourceKind
from bot.campaign.schedule import Schedule
from bot.launch.commands import Cancel, Request
from bot.launch.copying import Copied, CopyStep
from bot.launch.outcome import Accepted, NotSent, RefusedByPlatform, Unknown
from bot.launch.state import State
from bot.launch.stop import StopStep
from bot.policy.policy import Policy, RoleList
from bot.policy.refusals import BeingSent, Refused
from bot.policy.roles import Role
from bot.policy.testing import TestRules
from tests.builders import ANA, DAN, PREVIEW, asked
from tests.worker.world import World, after

T1 = LaunchId("T1")
COPY = 900
REVIEWERS = Source(SourceKind.SEGMENT, 21)
TEST = {"purpose": Purpose.TEST, "source": REVIEWERS, "limit": 25}
SEEN = replace(PREVIEW, audience=Audience(source=REVIEWERS, size=12, basis=SizeBasis.SENDABLE))
OFF = Status(is_active=False, is_completed=False, status="Inactive")
ON = Status(is_active=True, is_completed=False, status="Active")


class Trial(World):
    """The worker's world with a test that was asked for just now."""

    def __init__(self, path, approvals=0):
        super().__init__(path)
        self.policy = Policy(
            roles={Role.ADMIN: RoleList((DAN,))}, may_stop=(Role.ADMIN,), test=TestRules(segment=21, at_most=25)
        )
        self.directory.seen = SEEN
        self.directory.preview = self._seen
        self.copied = [Copied(COPY)]
        self.copies: list[tuple[str, State, CopyStep | None]] = []
        self.listed: list[Campaign] = []
        self.platform.state = ON
        self.platform.prepare_copy = lambda campaign_id, name: Prepared(name.encode(), "application/json", "c" * 64)
        self.platform.copy = self._copy
        self.platform.campaigns = lambda: iter(self.listed)
        self.platform.schedule_told = Schedule(minutes=(38,), hours=(16,), years=(2025,))
        self._ask(approvals)

    def _ask(self, approvals):
        self.journal.execute(T1, Request(ANA, replace(asked(approvals=approvals, **TEST), preview=SEEN)))

    def _seen(self, campaign_id, source):
        seen = self.directory.seen
        if campaign_id != COPY:
            return seen
        return replace(seen, campaign=replace(seen.campaign, name=self.test.copy.name))

    def _copy(self, prepared, request_id):
        launch = self.journal.load(T1)
        self.copies.append((request_id, launch.state, launch.copy and launch.copy.step))
        outcome = self.copied.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    @property
    def test(self):
        return self.journal.load(T1)

    def step(self):
        super().step()
        return self.test

    def step_stop(self):
        super().step_stop()
        return self.test

    def is_running(self):
        """Copied, activated, and its start seen."""
        self.step(), self.step()
        self.log_has("start", after(seconds=1))
        self.clock.pass_by(seconds=3)
        return self.step()


@pytest.fixture
def world(tmp_path, monkeypatch):
    trial = Trial(tmp_path)
    # The platform's stand-in notes where the launch of that name stands at each call.
    monkeypatch.setattr("tests.worker.world.L1", T1)
    return trial


def test_the_copy_is_on_record_before_it_is_asked_for_and_the_activation_is_its(world):
    world.step()
    assert world.copies[0][1:] == (State.APPROVED, CopyStep.CALLING)
    assert world.test.target == COPY
    world.step()
    assert [(body, state) for body, _, state in world.platform.calls] == [(b"900", State.LAUNCHING)]
    assert world.copies[0][0] != world.platform.calls[0][1]


def test_the_copy_is_off_as_soon_as_its_run_has_started_and_its_queue_is_kept(world):
    assert world.is_running().state == State.RUNNING
    world.platform.deactivate = lambda prepared, _: (world.platform.stops.append(prepared.body), set_off(world))[1]
    assert world.step_stop().stop.step == StopStep.DONE
    assert world.platform.stops == [b"900 False"]
    assert (world.test.state, world.test.stop.after_test) == (State.RUNNING, True)


def set_off(world):
    world.platform.state = OFF
    return Accepted()


def test_a_copy_that_is_off_already_is_not_called_for(world):
    world.is_running()
    world.platform.state = OFF
    assert world.step_stop().stop.step == StopStep.DONE
    assert world.platform.stops == []


def test_an_answer_is_not_enough_where_the_status_says_that_the_copy_is_on(world):
    world.is_running()
    stop = world.step_stop().stop
    assert (stop.step, stop.outcome.mention) == (StopStep.IN_DOUBT, (ANA, DAN))


@pytest.mark.parametrize("outcome", [Unknown("the connection broke"), RuntimeError("killed")], ids=["lost", "killed"])
def test_a_copy_whose_answer_is_lost_is_told_and_never_asked_for_again(world, outcome):
    world.copied = [outcome]
    with suppress(RuntimeError):
        world.step()
    if isinstance(outcome, RuntimeError):
        world.clock.pass_by(minutes=1)
        world.goes_on_elsewhere()
        world.step()
    assert (world.test.state, world.test.copy.step) == (State.UNREACHED, CopyStep.IN_DOUBT)
    assert world.test.copy.unknown.mention == (ANA, DAN)
    world.clock.pass_by(seconds=3)
    world.step()
    assert world.test.copy.looked
    world.listed = [Campaign(id=7, name="another"), Campaign(id=COPY, name=world.test.copy.name)]
    world.clock.pass_by(minutes=2)
    world.step()
    assert (world.test.state, world.test.target, len(world.copies)) == (State.UNREACHED, COPY, 1)
    world.step_stop()
    assert (world.platform.calls, world.platform.stops) == ([], [world.platform.stops[0]])


def test_a_copy_that_was_never_asked_for_is_asked_for_again(world):
    world.copied = [NotSent("no route"), Copied(COPY)]
    assert world.step().copy is None
    world.clock.pass_by(seconds=10)
    assert world.step().target == COPY


def test_a_refused_copy_ends_the_test(world):
    world.copied = [RefusedByPlatform(402, "limit")]
    assert world.step().state == State.REFUSED
    assert world.step_stop().stop is None


@pytest.mark.parametrize("size", [26, None], ids=["grown", "unknown"])
def test_the_segments_size_is_read_right_before_the_activation(world, size):
    world.step()
    world.directory.seen = replace(SEEN, audience=replace(SEEN.audience, size=size))
    world.step()
    assert (world.test.state, world.platform.calls) == (State.CANCELLED, [])
    world.platform.state = OFF
    assert world.step_stop().stop.step == StopStep.DONE


@pytest.mark.parametrize(
    "rules",
    [TestRules(segment=5, at_most=25), TestRules(segment=21, at_most=10**3), None],
    ids=["another segment", "another limit", "no segment"],
)
def test_a_policy_that_has_changed_since_lets_no_test_out(world, rules):
    world.policy = replace(world.policy, test=rules)
    assert world.step().state == State.CANCELLED
    assert world.copies == []


def test_a_schedule_that_cannot_be_read_lets_no_test_out(world):
    def unread(*_):
        raise PlatformUnreachable("away")

    world.platform.schedule = unread
    assert world.step().state == State.CANCELLED
    assert world.copies == []


@pytest.mark.parametrize(
    "schedule", [None, Schedule(), Schedule(minutes=(20,)), Schedule(hours=(12,), zone="UTC"), Schedule(hours=(3,))]
)
def test_nothing_is_switched_on_that_may_start_by_itself_within_the_hour(world, schedule):
    world.platform.schedule_told = schedule
    assert world.step().state == State.CANCELLED
    assert world.copies == []


def test_a_copy_that_sends_something_else_is_not_activated(world):
    world.step()
    read = world.directory.preview
    world.directory.preview = lambda campaign_id, source: (
        Preview() if campaign_id == COPY else read(campaign_id, source)
    )
    world.step()
    assert (world.test.state, world.platform.calls) == (State.CANCELLED, [])


def test_a_campaign_that_is_not_named_as_the_copy_is_not_activated(world):
    world.step()
    world.directory.preview = lambda *_: SEEN
    world.step()
    assert (world.test.state, world.platform.calls) == (State.CANCELLED, [])


def test_a_platform_that_names_the_campaign_itself_as_its_copy_is_not_believed(world):
    world.copied = [Copied(82)]
    assert world.step().copy.step == CopyStep.IN_DOUBT
    world.clock.pass_by(seconds=3)
    world.step()
    assert (world.test.copy.campaign_id, world.platform.calls) == (None, [])


def test_a_campaign_that_is_edited_between_copy_and_activation_is_not_tested(world):
    world.step()
    world.directory.seen = replace(SEEN, campaign=replace(SEEN.campaign, updated_user="mallory"))
    world.step()
    assert (world.test.state, world.platform.calls) == (State.CANCELLED, [])


def test_a_policy_that_asks_for_approvals_once_the_copy_is_there_leaves_none_waiting(world):
    world.step()
    world.policy = replace(world.policy, test=replace(world.policy.test, approvals=1))
    assert world.step().state == State.CANCELLED
    assert world.step_stop().stop is not None


def test_whoever_lost_the_role_tests_no_more(world):
    world.roles.taken.add((ANA, Role.REQUESTER))
    assert world.step().state == State.CANCELLED


def test_a_test_in_doubt_has_its_copy_switched_off_at_once_and_again_if_it_came_after(world):
    world.platform.outcomes = [Unknown("the connection broke")]
    world.step(), world.step()
    assert world.test.state == State.IN_DOUBT
    world.platform.stop_outcomes = [Accepted()]
    world.step_stop()
    assert len(world.platform.stops) == 1
    world.log_has("start", after(seconds=1))
    world.clock.pass_by(seconds=40)
    world.platform.state = OFF
    assert world.step_stop().stop.step == StopStep.DONE
    world.platform.state = ON
    assert world.step().state == State.LAUNCHED
    world.step_stop()
    assert len(world.platform.stops) == 2


def test_a_copy_is_off_within_minutes_even_where_its_start_is_not_seen(world):
    world.step(), world.step()
    assert world.step_stop().stop is None
    world.clock.pass_by(minutes=5)
    assert world.step_stop().stop is not None


def test_nobody_cancels_a_test_while_its_copy_is_being_made(world):
    refused = []
    world.copied = [Copied(COPY)]
    copy = world.platform.copy

    def meanwhile(prepared, request_id):
        refused.append(world.journal.execute(T1, Cancel(ANA)))
        return copy(prepared, request_id)

    world.platform.copy = meanwhile
    world.step()
    assert refused == [Refused(BeingSent())]


def test_a_test_that_waits_for_an_approval_makes_no_copy(tmp_path):
    world = Trial(tmp_path, approvals=1)
    world.step()
    assert (world.test.state, world.copies) == (State.REQUESTED, [])
