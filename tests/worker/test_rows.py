"""The launches' rows: whatever happens lawfully leaves one that follows from the events, and nothing else does."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.altcraft.client import LogEntry, Status
from bot.journal.audit import Counts, verify
from bot.journal.counting import Counting
from bot.journal.finding import Kind
from bot.journal.publish_progress import PublishProgress
from bot.launch.commands import Approve, Cancel, Deny, Reject, Stop, Vouch
from bot.launch.events import Denied
from bot.launch.outcome import Accepted, NotSent, RefusedByPlatform, Unknown
from bot.launch.state import State
from bot.launch.stop import StopAsked
from bot.policy.roles import Action
from tests.builders import ANA, BEN, CLEO, DAN, NOON, OTTO
from tests.journal.test_counting import count
from tests.results.hooks import event
from tests.worker.world import L1, LOST, World, doubt

OUTCOMES = st.sampled_from([Accepted(), NotSent("no route"), RefusedByPlatform(3, "no"), Unknown("it broke off")])
COMMANDS = st.sampled_from(
    [
        Approve(BEN),
        Approve(BEN),
        Reject(BEN, "The subject is wrong"),
        Cancel(ANA),
        Deny(OTTO, Denied(Action.APPROVE, "MissingRole")),
        Stop(DAN, StopAsked("S1")),
        Vouch(CLEO, ran=False),
        Vouch(CLEO, ran=True),
    ]
)
DEEDS = st.sampled_from(
    ["command", "step", "step", "stop", "trouble", "outcome", "log", "status", "hook", "wait", "wait"]
)
SPANS = st.sampled_from([1, 3, 40, 400, 4_000, 90_000])


def found(world):
    with world.journal.reading() as connection:
        return [finding.text for finding in verify(connection, Counts(), world.journal.keys, world.journal.now())]


def fails_in_a_step(world):
    """As a runner does where a step raises."""
    for launch_id in world.queue.claim(1):
        world.queue.put_off(launch_id, world.journal.now() + timedelta(seconds=2))
        world.queue.give_back(launch_id)


def does(world, deed, data):
    match deed:
        case "command":
            world.journal.execute(L1, data.draw(COMMANDS))
        case "step":
            world.step()
        case "stop":
            world.step_stop()
        case "trouble":
            fails_in_a_step(world)
        case "outcome":
            world.platform.outcomes, world.platform.stop_outcomes = [data.draw(OUTCOMES)], [data.draw(OUTCOMES)]
        case "log":
            world.platform.readable = data.draw(st.booleans())
            state = data.draw(st.sampled_from(["start", "end"]))
            world.platform.entries.append(LogEntry("INFO", state, world.clock.now, "x", ""))
        case "status":
            world.platform.state = Status(data.draw(st.sampled_from([True, False, None])), False, "Active")
        case "hook":
            sent = event("send", nth=data.draw(st.integers(0, 9)), at=world.clock.now)
            count(Counting(world.journal, b"key"), sent)
        case "wait":
            world.clock.pass_by(seconds=data.draw(SPANS))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_row_that_the_bot_has_left_is_doubted(tmp_path_factory, data):
    world = World(tmp_path_factory.mktemp("world"))
    for deed in data.draw(st.lists(DEEDS, min_size=4, max_size=18)):
        does(world, deed, data)
        assert found(world) == []
        assert world.journal.doubts(world.journal.load(L1)) == ()


def test_a_word_behind_which_nobody_looks_any_more_is_not_doubted(tmp_path):
    world = World(tmp_path)
    doubt(world)
    world.journal.execute(L1, Vouch(CLEO, ran=False))
    world.clock.pass_by(hours=2)
    world.step()
    assert world.queue.next_due() is None
    assert found(world) == []


def test_a_doubt_that_the_platforms_hooks_have_brought_forward_is_not_doubted(tmp_path):
    world = World(tmp_path)
    world.platform.outcomes = [LOST]
    world.approve().step()
    world.clock.pass_by(seconds=1)
    assert world.queue.next_due() > world.clock.now
    count(Counting(world.journal, b"key"), event("send", at=world.clock.now))
    assert world.queue.next_due() == world.clock.now
    assert found(world) == []
    assert world.journal.doubts(world.journal.load(L1)) == ()


def waiting(world):
    """The launch waits for an approval."""


def scheduled(world):
    world.approve()


def sent(world):
    world.approve().step()


def rejected(world):
    world.journal.execute(L1, Reject(BEN, "no"))


def being_stopped(world):
    sent(world)
    world.journal.execute(L1, Stop(DAN, StopAsked("S1")))


LATER, EARLIER = NOON + timedelta(days=3), NOON - timedelta(days=3)

FORGED = (
    (waiting, "due_at", LATER),
    (waiting, "due_at", EARLIER),
    (waiting, "due_at", None),
    (waiting, "expires_at", LATER),
    (waiting, "shelf", "over"),
    (waiting, "requester", OTTO),
    (waiting, "asked_at", EARLIER),
    (waiting, "stop_at", NOON),
    (waiting, "publish_at", LATER),
    (waiting, "publish_at", None),
    (scheduled, "due_at", LATER),
    (scheduled, "due_at", None),
    (scheduled, "shelf", "over"),
    (sent, "due_at", LATER),
    (sent, "shelf", "over"),
    (rejected, "due_at", NOON),
    (rejected, "shelf", "in_doubt"),
    (doubt, "shelf", "over"),
    (doubt, "due_at", LATER),
    (being_stopped, "stop_at", None),
    (being_stopped, "stop_at", LATER),
    (being_stopped, "stop_at", EARLIER),
)


@pytest.mark.parametrize(("stands", "column", "value"), FORGED)
def test_what_a_decision_or_an_alert_reads_and_does_not_follow_is_found(tmp_path, stands, column, value):
    world = World(tmp_path)
    stands(world)
    assert found(world) == []
    forge(world, column, value)
    assert any(column in one for one in found(world))


@pytest.mark.parametrize(
    ("column", "value"), [("due_at", EARLIER), ("shelf", "over"), ("requester", OTTO), ("asked_at", EARLIER)]
)
def test_a_launch_whose_row_was_moved_is_not_sent(tmp_path, column, value):
    world = World(tmp_path)
    world.approve()
    forge(world, column, value)
    launch = world.step()
    assert (world.platform.calls, launch.state, launch.held_back.distrusted) == ([], State.CANCELLED, True)


def test_what_is_due_by_its_row_alone_is_put_right_and_not_claimed_without_end(tmp_path):
    world = World(tmp_path)
    world.journal.execute(L1, Cancel(ANA))
    forge(world, "due_at", EARLIER)
    world.step()
    assert world.queue.next_due() is None
    assert found(world) == []


def test_a_stop_whose_moment_was_moved_is_told_and_not_sent(tmp_path):
    world = World(tmp_path)
    being_stopped(world)
    forge(world, "stop_at", EARLIER)
    world.step_stop()
    assert world.platform.stops == []


def test_a_card_that_the_row_was_made_to_forget_is_found(tmp_path):
    world = World(tmp_path)
    PublishProgress(world.journal).card_posted(L1, "1.0")
    PublishProgress(world.journal).published(L1, 1)
    forge(world, "publish_at", None)
    assert found(world) == []
    forge(world, "message_ts", None)
    assert ["names no card" in one for one in found(world)] == [True]


def forge(world, column, value):
    moment = value.strftime("%Y-%m-%d %H:%M:%S.%f") if hasattr(value, "strftime") else value
    with world.journal.writing() as connection:
        connection.execute(text(f"UPDATE launches SET {column} = :value"), {"value": moment})


def test_what_is_verified_says_which_column_it_is(tmp_path):
    world = World(tmp_path)
    forge(world, "shelf", "over")
    with world.journal.reading() as connection:
        [finding] = verify(connection, Counts(), now=NOON)
    assert (finding.kind, finding.seq) == (Kind.PROJECTION, 1)
    assert finding.text == "The launch's row says shelf = over; its events come to waiting."
