"""The call that stops a campaign: committed first, made once, and settled by the campaign's status where it is lost."""

import pytest

from bot.altcraft.client import Status
from bot.campaign.request import RequestId
from bot.launch.commands import Observe, Stop
from bot.launch.delivery import DeliveryRules
from bot.launch.outcome import Accepted, NotSent, RefusedByPlatform, Unknown
from bot.launch.state import State
from bot.launch.stop import StopAsked, StopStep
from tests.builders import DAN
from tests.worker.world import L1, LOST, World, after, doubt

OFF = Status(is_active=False, is_completed=False, status="Inactive")
SILENT = Status(is_active=None, is_completed=None, status="")


@pytest.fixture
def world(tmp_path):
    """A launch that the platform has accepted."""
    world = World(tmp_path)
    world.approve().step()
    return world


def stop(world, request_id="S1", *, keep_queue=False):
    return world.journal.execute(L1, Stop(DAN, StopAsked(RequestId(request_id), keep_queue)))


def looks(world, times=1, **span):
    for _ in range(times):
        world.clock.pass_by(**(span or {"seconds": 31}))
        launch = world.step_stop()
    return launch


@pytest.mark.parametrize(("keep_queue", "body"), [(False, b"82 True"), (True, b"82 False")])
def test_a_stop_says_what_becomes_of_the_queue_and_ends_the_launch(world, keep_queue, body):
    stop(world, keep_queue=keep_queue)
    assert world.step_stop().state == State.STOPPED
    assert world.platform.stops == [(body, "S1")]


def test_the_start_of_a_stop_is_committed_before_its_call(world):
    steps = []
    world.platform.deactivate = lambda prepared, request_id: (
        steps.append(world.journal.load(L1).stop.step) or Accepted()
    )
    stop(world)
    world.step_stop()
    assert steps == [StopStep.CALLING]


def test_a_stop_that_never_left_is_sent_again_with_the_same_id_and_body(world):
    world.platform.stop_outcomes = [NotSent("refused"), NotSent("refused"), Accepted()]
    stop(world)
    world.step_stop()
    assert looks(world, 2, minutes=1).state == State.STOPPED
    assert len(world.platform.stops) == 3
    assert len(set(world.platform.stops)) == 1


def test_a_stop_that_the_platform_is_out_of_reach_for_is_given_up_and_can_be_asked_for_again(world):
    world.platform.stop_outcomes = [NotSent("refused")]
    stop(world)
    world.step_stop()
    launch = looks(world, 3, minutes=20)
    assert (launch.state, launch.stop.step) == (State.LAUNCHED, StopStep.UNREACHED)
    assert stop(world, "S2").stop.step == StopStep.ASKED


def test_a_refused_stop_leaves_the_launch_as_it_is(world):
    world.platform.stop_outcomes = [RefusedByPlatform(403, "no")]
    stop(world)
    launch = world.step_stop()
    assert (launch.state, launch.stop.step) == (State.LAUNCHED, StopStep.REFUSED)
    assert looks(world, 3).stop.attempts == 1


def test_a_lost_answer_is_settled_by_a_campaign_that_is_switched_off(world):
    world.platform.stop_outcomes, world.platform.state = [LOST], OFF
    stop(world)
    world.step_stop()
    launch = looks(world)
    assert (launch.state, launch.stop.outcome.seen, launch.stop.outcome.status) == (State.STOPPED, True, "Inactive")
    assert len(world.platform.stops) == 1


@pytest.mark.parametrize("told", [Status(is_active=True, is_completed=False, status="Active"), SILENT])
def test_a_lost_answer_stays_in_doubt_while_the_status_does_not_settle_it_and_is_told_once(world, told):
    world.platform.stop_outcomes, world.platform.state = [LOST], told
    stop(world)
    world.step_stop()
    first = looks(world)
    assert (first.stop.step, first.stop.looked.status) == (StopStep.IN_DOUBT, told.status)
    assert looks(world, 5).version == first.version
    world.platform.state = OFF
    assert looks(world).state == State.STOPPED
    assert len(world.platform.stops) == 1


def test_a_doubt_is_not_looked_into_for_ever(world):
    world.platform.stop_outcomes = [LOST]
    stop(world)
    world.step_stop()
    looks(world, 2, minutes=31)
    world.clock.pass_by(hours=9)
    assert world.stop_queue.claim(1) == ()


def test_a_stop_out_of_a_doubt_takes_a_person_and_a_new_id(world):
    world.platform.stop_outcomes = [LOST, Accepted()]
    stop(world)
    world.step_stop()
    looks(world, 3)
    assert len(world.platform.stops) == 1
    stop(world, "S2")
    assert world.step_stop().state == State.STOPPED
    assert [request_id for _, request_id in world.platform.stops] == ["S1", "S2"]


def test_a_stop_whose_call_was_interrupted_is_looked_into_and_not_made_again(world):
    world.platform.stop_outcomes = [RuntimeError("the process died here")]
    stop(world)
    with pytest.raises(RuntimeError):
        world.step_stop()
    world.goes_on_elsewhere()
    assert world.step_stop().stop.step == StopStep.IN_DOUBT
    world.platform.state = OFF
    assert looks(world).state == State.STOPPED
    assert len(world.platform.stops) == 1


def test_a_late_answer_heals_the_doubt_that_a_takeover_raised(world):
    def taken_over(prepared, request_id):
        world.stops.take(L1)
        return Accepted()

    world.platform.deactivate = taken_over
    stop(world)
    assert world.step_stop().state == State.STOPPED


def test_a_stop_does_not_wait_for_a_log_that_hangs(world):
    """Somebody stops the campaign while its log is being read: the call is made before the log has answered."""
    stopped = []

    def hanging():
        stop(world)
        stopped.append(world.step_stop().state)

    world.clock.pass_by(seconds=3)
    world.platform.while_reading = hanging
    world.step()
    assert stopped == [State.STOPPED]


def test_what_was_stopped_in_a_doubt_is_not_sent_again_although_the_platform_deduplicates(tmp_path):
    world = World(tmp_path, DeliveryRules(resend_when_in_doubt=True))
    doubt(world)
    stop(world)
    world.step_stop()
    for _ in range(4):
        world.clock.pass_by(minutes=5)
        world.step()
    launch = world.journal.load(L1)
    assert (launch.state, launch.stop.step) == (State.IN_DOUBT, StopStep.DONE)
    assert len(world.platform.calls) == 1


def test_a_doubt_that_is_settled_after_the_stop_is_followed_and_can_be_stopped_again(tmp_path):
    """The activation may have come after the stop, so that the campaign runs all the same."""
    world = World(tmp_path)
    doubt(world)
    stop(world)
    world.step_stop()
    world.log_has("start", after(seconds=9))
    world.step()
    launch = world.journal.load(L1)
    assert (launch.state, launch.stop.step) == (State.LAUNCHED, StopStep.DONE)
    assert stop(world, "S2").stop.request_id == "S2"


def test_an_answer_to_the_activation_that_comes_late_does_not_undo_the_stop(tmp_path):
    world = World(tmp_path)
    doubt(world)
    stop(world)
    world.step_stop()
    world.journal.execute(L1, Observe(Accepted()))
    assert world.journal.load(L1).stop.step == StopStep.DONE


def test_a_refusal_that_comes_late_is_kept(world):
    def taken_over(prepared, request_id):
        world.stops.take(L1)
        return RefusedByPlatform(403, "no")

    world.platform.deactivate = taken_over
    stop(world)
    assert world.step_stop().stop.step == StopStep.REFUSED


def test_an_unknown_answer_says_why(world):
    world.platform.stop_outcomes = [Unknown("the connection broke")]
    stop(world)
    assert world.step_stop().stop.outcome.cause == "the connection broke"
