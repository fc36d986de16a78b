"""A test that the policy has run on the campaign itself: no copy, and nothing switched on that would start later."""

from dataclasses import replace

import pytest

from bot.campaign.schedule import Schedule
from bot.launch.commands import Request
from bot.launch.state import State
from bot.policy.policy import Policy
from bot.policy.testing import TestRules
from tests.builders import ANA, asked
from tests.worker.test_testing import SEEN, T1, TEST, Trial
from tests.worker.world import after

ON_ITSELF = TestRules(segment=21, at_most=25, on="original", no_schedule="never_starts")


class Itself(Trial):
    def __init__(self, path, *, active):
        self._active = active
        super().__init__(path)
        self.policy = Policy(roles=self.policy.roles, may_stop=self.policy.may_stop, test=ON_ITSELF)

    def _ask(self, approvals):
        seen = replace(SEEN, campaign=replace(SEEN.campaign, is_active=self._active))
        self.directory.seen = seen
        requested = replace(asked(approvals=approvals, **TEST), preview=seen, on_original=True)
        self.journal.execute(T1, Request(ANA, requested))


@pytest.fixture
def world(tmp_path, monkeypatch, request):
    itself = Itself(tmp_path, active=request.param)
    monkeypatch.setattr("tests.worker.world.L1", T1)
    return itself


@pytest.mark.parametrize("world", [True], indirect=True)
def test_a_campaign_that_is_on_runs_itself_once_and_is_not_switched_off(world):
    world.step()
    assert (world.copies, [body for body, *_ in world.platform.calls]) == ([], [b"82"])
    world.log_has("start", after(seconds=1))
    world.clock.pass_by(seconds=3)
    assert world.step().state == State.RUNNING
    world.step_stop()
    assert (world.test.stop, world.platform.stops) == (None, [])


@pytest.mark.parametrize("world", [False], indirect=True)
@pytest.mark.parametrize("schedule", [None, Schedule(minutes=(38,), hours=(16,), years=(2035,))])
def test_no_campaign_is_switched_on_that_could_start_some_day(world, schedule):
    world.platform.schedule_told = schedule
    assert world.step().state == State.CANCELLED
    assert world.platform.calls == []
    assert "later, to everybody" in str(world.test.held_back.reasons[0])


@pytest.mark.parametrize("world", [False], indirect=True)
def test_a_campaign_that_is_off_runs_itself_where_its_schedule_names_no_times(world):
    world.platform.schedule_told = Schedule()
    assert world.step().state == State.LAUNCHED
    assert len(world.platform.calls) == 1


@pytest.mark.parametrize("world", [True], indirect=True)
def test_no_test_runs_on_the_campaign_itself_once_the_policy_wants_a_copy_again(world):
    world.policy = replace(world.policy, test=replace(ON_ITSELF, on="copy"))
    assert world.step().state == State.CANCELLED
    assert world.platform.calls == []
