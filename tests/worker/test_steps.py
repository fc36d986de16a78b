"""What the worker does with a due launch: checks, commits, calls once, looks, follows."""

import pytest

from bot.altcraft.client import LogEntry, Prepared
from bot.campaign.request import LaunchId
from bot.campaign.schedule import Schedule
from bot.launch.commands import Approve, AskLook, Cancel, Observe, Request
from bot.launch.delivery import DeliveryRules
from bot.launch.events import Withheld
from bot.launch.outcome import Accepted, NotSent, RefusedByPlatform, Unknown
from bot.launch.run import Trouble
from bot.launch.state import State
from bot.policy.roles import Role
from bot.worker.runs import read_run
from tests.builders import ANA, BEN, NOON, asked, started
from tests.worker.world import L1, LOST, World, after, doubt


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def test_the_start_is_committed_before_the_call(world):
    world.approve().step()
    assert [state for _, _, state in world.platform.calls] == [State.LAUNCHING]


def test_an_accepted_launch_is_launched(world):
    assert world.approve().step().state == State.LAUNCHED


def test_a_refused_launch_is_refused_for_good(world):
    world.platform.outcomes = [RefusedByPlatform(402, "limit")]
    assert world.approve().step().state == State.REFUSED
    world.clock.pass_by(hours=1)
    world.step()
    assert len(world.platform.calls) == 1


def test_nothing_is_sent_before_approval(world):
    world.step()
    assert world.platform.calls == []


def test_a_request_expires_when_nobody_decides(world):
    world.clock.pass_by(hours=4)
    assert world.step().state == State.EXPIRED


@pytest.mark.parametrize(("person", "role"), [(ANA, Role.REQUESTER), (BEN, Role.APPROVER)])
def test_a_person_removed_meanwhile_stops_the_launch(world, person, role):
    world.approve()
    world.roles.taken.add((person, role))
    launch = world.step()
    assert (launch.state, launch.withheld) == (State.CANCELLED, Withheld(person, role))
    assert world.platform.calls == []


def test_a_person_removed_while_the_log_was_read_stops_the_launch(world):
    world.approve()
    world.platform.while_reading = lambda: world.roles.taken.add((BEN, Role.APPROVER))
    assert world.step().state == State.CANCELLED
    assert world.platform.calls == []


def test_a_cancel_while_the_log_was_read_wins(world):
    world.approve()
    world.platform.while_reading = lambda: world.journal.execute(L1, Cancel(ANA))
    assert world.step().state == State.CANCELLED
    assert world.platform.calls == []


def test_roles_that_cannot_be_checked_send_nothing_and_are_tried_again(world):
    world.approve()
    world.roles.trouble = "Slack did not answer"
    assert isinstance(world.step().outcome, NotSent)
    assert world.platform.calls == []
    world.roles.trouble = ""
    world.clock.pass_by(minutes=1)
    assert world.step().state == State.LAUNCHED


def test_a_request_that_never_left_is_sent_again_with_the_same_id_and_body(world):
    world.platform.outcomes = [NotSent("refused"), NotSent("refused"), Accepted()]
    world.approve()
    for _ in range(3):
        launch = world.step()
        world.clock.pass_by(minutes=10)
    assert launch.state == State.LAUNCHED
    assert len({(body, request_id) for body, request_id, _ in world.platform.calls}) == 1


def test_a_platform_that_stays_out_of_reach_ends_as_unreached(world):
    world.platform.outcomes = [NotSent("refused")]
    world.approve()
    for _ in range(20):
        world.step()
        world.clock.pass_by(minutes=6)
    assert world.step().state == State.UNREACHED


def test_a_launch_found_launching_is_in_doubt_and_not_called_again(world):
    world.platform.outcomes = [RuntimeError("the process died here")]
    world.approve()
    with pytest.raises(RuntimeError):
        world.step()
    world.goes_on_elsewhere()
    assert world.step().state == State.IN_DOUBT
    for _ in range(5):
        world.clock.pass_by(minutes=5)
        world.step()
    assert len(world.platform.calls) == 1


def test_a_start_in_the_log_after_the_call_settles_the_doubt(world):
    doubt(world)
    world.log_has("start", after(seconds=1))
    launch = world.step()
    assert (launch.state, launch.evidence.started_at) == (State.LAUNCHED, after(seconds=1))


def test_a_start_that_stood_in_the_log_before_the_call_proves_nothing(world):
    world.log_has("start", after(seconds=-10))
    doubt(world)
    launch = world.step()
    assert launch.state == State.IN_DOUBT
    assert launch.looked is not None


def test_where_the_log_was_not_readable_before_the_call_no_start_settles_the_doubt(world):
    world.platform.readable = False
    doubt(world)
    world.platform.readable = True
    world.log_has("start", after(seconds=1))
    launch = world.step()
    assert launch.state == State.IN_DOUBT
    assert "would prove nothing" in launch.looked.cause


def test_the_log_is_looked_at_again_later_and_tells_the_thread_once(world):
    doubt(world)
    world.step()
    version = world.step().version
    world.clock.pass_by(minutes=5)
    assert world.step().version == version
    world.log_has("start", after(minutes=2))
    world.clock.pass_by(minutes=5)
    assert world.step().state == State.LAUNCHED


def test_a_person_who_asks_gets_an_answer_in_the_thread(world):
    doubt(world)
    world.step()
    world.journal.execute(L1, AskLook(BEN))
    launch = world.step()
    assert launch.looked is not None


def test_a_doubt_is_sent_again_once_where_the_platform_deduplicates(tmp_path):
    world = World(tmp_path, DeliveryRules(resend_when_in_doubt=True))
    doubt(world)
    world.platform.outcomes = [Accepted(duplicate=True)]
    launch = world.step()
    assert (launch.state, launch.outcome) == (State.LAUNCHED, Accepted(duplicate=True))
    assert len({(body, request_id) for body, request_id, _ in world.platform.calls}) == 1
    assert len(world.platform.calls) == 2


def test_a_resend_that_is_lost_too_is_not_sent_a_third_time(tmp_path):
    world = World(tmp_path, DeliveryRules(resend_when_in_doubt=True))
    doubt(world)
    for _ in range(6):
        world.step()
        world.clock.pass_by(minutes=5)
    assert world.step().state == State.IN_DOUBT
    assert len(world.platform.calls) == 2


def test_a_body_that_is_no_longer_the_same_is_not_sent_again_and_looked_at_later(tmp_path):
    world = World(tmp_path, DeliveryRules(resend_when_in_doubt=True))
    doubt(world)
    world.platform.prepare_activation = lambda request, files: Prepared(b"other", "application/json", "e" * 64)
    world.step()
    assert len(world.platform.calls) == 1
    assert world.queue.claim(1) == ()


def test_without_that_setting_a_doubt_is_never_sent_again(world):
    doubt(world)
    for _ in range(6):
        world.step()
        world.clock.pass_by(minutes=5)
    assert len(world.platform.calls) == 1


def test_a_run_is_followed_to_its_end_with_its_troubles(world):
    world.approve().step()
    world.clock.pass_by(seconds=3)
    world.log_has("start", after(seconds=1))
    assert world.step().state == State.RUNNING
    world.log_has("", after(seconds=5), "ERROR", "no sender")
    world.log_has("", after(seconds=6), "WARNING", "slow")
    world.log_has("end", after(seconds=9))
    world.clock.pass_by(seconds=9)
    end = world.step().run_end
    assert world.journal.load(L1).state == State.FINISHED
    assert (end.errors, end.warnings) == (1, 1)
    assert end.troubles == (
        Trouble("no sender", "ERROR", after(seconds=5)),
        Trouble("slow", "WARNING", after(seconds=6)),
    )


def test_following_goes_on_while_the_log_cannot_be_read_and_stops_after_a_day(world):
    world.approve().step()
    world.platform.readable = False
    for _ in range(3):
        world.clock.pass_by(minutes=5)
        assert world.step().state == State.LAUNCHED
    world.clock.pass_by(hours=25)
    assert not world.step().followed
    world.clock.pass_by(hours=25)
    assert world.queue.claim(1) == ()


def test_of_a_campaign_that_was_only_activated_the_schedule_is_noted_and_no_run_followed(tmp_path):
    world = World(tmp_path)
    other = LaunchId("L2")
    world.journal.execute(other, Request(ANA, asked(run_now=False, source=None)))
    world.journal.execute(other, Approve(BEN))
    world.step()
    assert world.journal.load(other).state == State.LAUNCHED
    world.step()
    assert world.journal.load(other).schedule.schedule == Schedule(minutes=(38,), hours=(16,))
    world.clock.pass_by(hours=1)
    assert other not in world.queue.claim(5)


def test_a_run_that_began_before_is_not_taken_for_this_one():
    earlier = [LogEntry("INFO", "start", NOON, "b", ""), LogEntry("INFO", "end", after(seconds=1), "e", "")]
    assert read_run(earlier, after(seconds=2)) == (None, None)


def test_a_late_answer_heals_the_doubt_that_a_takeover_raised(world):
    """The call took so long that another worker raised the doubt; then the answer came."""

    def taken_over():
        world.journal.execute(L1, Observe(Unknown("taken over")))
        return Accepted()

    world.platform.activate = lambda prepared, request_id: taken_over()
    assert world.approve().step().state == State.LAUNCHED


def test_a_launch_approved_before_the_doubt_arose_waits_until_it_is_settled(world):
    world.journal.execute(other := LaunchId("L2"), Request(ANA, asked()))
    world.journal.execute(other, Approve(BEN))
    world.journal.execute(other, Observe(started("L2")))
    world.journal.execute(other, Observe(LOST))
    assert isinstance(world.approve().step().outcome, NotSent)
    assert world.platform.calls == []
