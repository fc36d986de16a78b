"""A run that passes a brake is stopped once, by the bot, where the policy says so; and no other run is."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.campaign.request import LaunchId, RequestId
from bot.journal.audit import verify_launch
from bot.journal.keys import NO_KEYS
from bot.journal.tables import events, launches
from bot.launch.commands import Approve, Observe, Request, Stop
from bot.launch.events import BOT
from bot.launch.outcome import RefusedByPlatform
from bot.launch.run import RunEnded, RunStarted
from bot.launch.state import State
from bot.launch.stop import Braked, StopAsked, StopStep
from bot.policy.policy import Policy, PolicyUnreadable, RoleList
from bot.policy.refusals import Refused
from bot.results.brakes import PERCENT, Brakes, Figure, Measure
from bot.results.rates import Base
from tests.builders import ANA, BEN, DAN, asked
from tests.results.hooks import event
from tests.worker.test_reporting import receive
from tests.worker.world import L1, LOST, World, after

BRAKES = Brakes(hard_bounces=2 * PERCENT, after=10, stop=True)


@pytest.fixture
def world(tmp_path):
    """A launch that the platform has accepted, under a policy whose brakes stop."""
    world = World(tmp_path)
    world.policy = Policy(roles={"admin": RoleList((DAN,))}, brakes=BRAKES)
    world.approve().step()
    return world


def told(world, sent=20, bounced=2, **more):
    """What the hooks tell; and the time that it takes until that is judged has passed."""
    at = world.clock.now + timedelta(milliseconds=10)
    receive(
        world,
        *(event("send", nth=nth, at=at, **more) for nth in range(sent)),
        *(event("hbounce", nth=nth, at=at, **more) for nth in range(bounced)),
    )
    world.clock.pass_by(seconds=3)


def due(world):
    with world.journal.reading() as connection:
        return connection.execute(select(launches.c.stop_at)).scalar_one()


def test_a_run_that_passes_a_brake_is_stopped_and_what_is_queued_dropped(world):
    told(world)

    launch = world.step_stop()

    assert (launch.state, launch.stop.by) == (State.STOPPED, BOT)
    assert [body for body, _ in world.platform.stops] == [b"82 True"]
    assert launch.stop.brake == Braked(
        (Figure(Measure.HARD_BOUNCES, 2, Base.SENT, 20, 20_000),), after=10, mention=(ANA, BEN, DAN)
    )


def test_a_run_that_keeps_below_its_brakes_is_let_be_and_nothing_stays_due(world):
    told(world, sent=200, bounced=4)

    assert world.step_stop().stop is None
    assert (world.platform.stops, due(world)) == ([], None)


def test_too_few_messages_stop_nothing(world):
    told(world, sent=9, bounced=9)

    assert world.step_stop().stop is None


def test_a_brake_stops_nothing_where_the_policy_leaves_that_to_people(world):
    world.policy = Policy(roles={}, brakes=Brakes(hard_bounces=2 * PERCENT, after=10))
    told(world)

    assert world.step_stop().stop is None


def test_each_further_batch_is_judged(world):
    told(world, sent=200, bounced=4)
    world.step_stop()
    receive(world, event("hbounce", nth=7, at=world.clock.now))
    world.clock.pass_by(seconds=3)

    assert world.step_stop().state == State.STOPPED


def test_what_is_counted_while_the_run_is_judged_is_judged_as_well(world):
    told(world, sent=200, bounced=4)
    late = iter([lambda: receive(world, event("hbounce", nth=7, at=world.clock.now))])

    def policy():
        next(late, lambda: None)()
        return Policy(roles={}, brakes=BRAKES)

    world.stops._braking._policy = policy
    world.stops._braking._numbers.counts = _as_it_was(world.stops._braking._numbers.counts(L1))
    assert world.step_stop().stop is None
    del world.stops._braking._numbers.counts
    world.clock.pass_by(seconds=3)

    assert world.step_stop().state == State.STOPPED


def _as_it_was(counts):
    return lambda _launch_id: counts


def test_news_that_came_before_the_answer_to_the_call_is_judged_once_the_run_is_known(tmp_path):
    world = World(tmp_path)
    world.policy = Policy(roles={}, brakes=BRAKES)
    world.approve()
    activate = world.platform.activate

    def answered_late(prepared, request_id):
        told(world)
        return activate(prepared, request_id)

    world.platform.activate = answered_late
    assert world.step().state == State.LAUNCHED
    world.clock.pass_by(seconds=3)

    assert world.step_stop().state == State.STOPPED


def test_what_the_log_shows_meanwhile_undoes_no_judgement(world):
    told(world)
    world.journal.execute(L1, Observe(RunStarted(after(seconds=1))))

    assert world.step_stop().state == State.STOPPED


def test_a_run_that_is_over_by_its_log_is_stopped_and_stays_finished(world):
    """The log's end means that messages are queued: most of them still go out."""
    world.journal.execute(L1, Observe(RunEnded(after(seconds=1))))
    told(world)

    launch = world.step_stop()

    assert (launch.state, launch.stop.step, launch.stop.after_run) == (State.FINISHED, StopStep.DONE, True)
    assert [body for body, _ in world.platform.stops] == [b"82 True"]


def test_what_comes_a_day_after_the_call_stops_nothing_that_was_started_since(world):
    world.journal.execute(L1, Observe(RunEnded(after(seconds=1))))
    world.clock.pass_by(hours=25)
    told(world)

    assert world.step_stop().stop is None


def test_a_brake_stops_a_run_once_whatever_becomes_of_that(world):
    world.platform.stop_outcomes = [RefusedByPlatform(403, "no")]
    told(world)
    assert world.step_stop().stop.step == StopStep.REFUSED
    for _ in range(3):
        told(world, sent=50, bounced=50)
        world.step_stop()

    assert len(world.platform.stops) == 1
    assert due(world) is None


def test_where_a_person_has_asked_to_stop_already_the_brake_asks_for_nothing(world):
    told(world)
    world.journal.execute(L1, Stop(DAN, StopAsked(RequestId("S1"))))

    launch = world.step_stop()

    assert (launch.stop.by, launch.stop.brake) == (DAN, None)
    assert [request for _, request in world.platform.stops] == ["S1"]


def test_a_person_who_presses_while_the_brake_stops_the_run_is_told_so_and_can_stop_it_where_that_fails(world):
    world.platform.stop_outcomes = [LOST]
    told(world)
    presses = []
    deactivate = world.platform.deactivate

    def pressed_meanwhile(prepared, request_id):
        presses.append(world.journal.execute(L1, Stop(DAN, StopAsked(RequestId("S1")))))
        return deactivate(prepared, request_id)

    world.platform.deactivate = pressed_meanwhile
    assert world.step_stop().stop.step == StopStep.IN_DOUBT
    assert isinstance(presses[0], Refused)
    assert world.journal.execute(L1, Stop(DAN, StopAsked(RequestId("S2")))).stop.by == DAN


@pytest.mark.parametrize(
    ("outcome", "step"), [(LOST, StopStep.IN_DOUBT), (RefusedByPlatform(403, "no"), StopStep.REFUSED)]
)
def test_whom_it_concerns_is_called_where_the_stop_is_refused_or_in_doubt(world, outcome, step):
    world.platform.stop_outcomes = [outcome]
    told(world)

    launch = world.step_stop()

    assert (launch.stop.step, launch.stop.outcome.mention) == (step, (ANA, BEN, DAN))


def test_a_call_that_was_interrupted_is_looked_into_and_not_made_again(world):
    world.platform.stop_outcomes = [RuntimeError("the process died here")]
    told(world)
    with pytest.raises(RuntimeError):
        world.step_stop()
    world.goes_on_elsewhere()

    assert world.step_stop().stop.step == StopStep.IN_DOUBT
    assert len(world.platform.stops) == 1


def test_a_policy_that_cannot_be_read_decides_nothing_and_is_read_again(world):
    readable = world.policy
    told(world)

    def unreadable():
        raise PolicyUnreadable("it is damaged")

    world.stops._braking._policy = unreadable
    assert world.step_stop().stop is None
    assert world.stop_queue.claim(1) == ()
    world.stops._braking._policy = lambda: readable
    world.clock.pass_by(seconds=31)

    assert world.step_stop().state == State.STOPPED


def launched_again(world):
    """The campaign is launched again while its first run is followed."""
    second = LaunchId("L2")
    world.journal.execute(second, Request(ANA, asked()))
    world.clock.pass_by(minutes=1)
    world.journal.execute(second, Approve(BEN))
    while world.journal.load(second).state != State.LAUNCHED:
        world.step()
        world.clock.pass_by(minutes=1)
    return second


def test_what_an_earlier_run_did_does_not_break_off_the_one_that_began_since(world):
    told(world)
    launched_again(world)

    for _ in range(4):
        world.step_stop()

    assert world.platform.stops == []


def test_events_that_may_be_another_runs_stop_neither(world):
    """What is sent names neither run."""
    second = launched_again(world)
    told(world)

    for _ in range(4):
        world.step_stop()
        world.clock.pass_by(seconds=3)

    assert (world.journal.load(L1).stop, world.journal.load(second).stop) == (None, None)


def test_the_record_with_a_judgement_that_is_due_or_done_is_as_the_bot_would_have_left_it(world):
    def found():
        with world.journal.reading() as connection:
            return list(verify_launch(connection, L1, NO_KEYS, world.clock.now))

    told(world)
    assert (due(world) is not None, found()) == (True, [])
    world.step_stop()
    assert found() == []
    with world.journal.reading() as connection:
        (stored,) = connection.execute(select(events.c.data).where(events.c.kind == "stop:ask")).scalars()
    assert stored["brake"]["figures"] == [
        {"measure": "hard_bounces", "count": 2, "base": "sent", "whole": 20, "limit": 20000}
    ]
