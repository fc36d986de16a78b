"""Whatever becomes due in this process is taken up without waiting for the next look around."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from queue import Empty, SimpleQueue

import pytest
from sqlalchemy import select

from bot.campaign.request import LaunchId
from bot.journal.journal import Journal
from bot.journal.queue import STEPS, Queue
from bot.journal.tables import launches
from bot.launch.commands import Approve, Cancel, Request
from bot.worker import runner
from bot.worker.alarm import Alarm
from bot.worker.runner import Runner
from tests.builders import ANA, BEN, Clock, asked, instance, journal_at
from tests.waiting import until

PATIENCE = 20


class Sleeper(Alarm):
    """Says when it sleeps for the first time."""

    asleep = threading.Event()

    def sleep(self, seconds):
        self.asleep.set()
        super().sleep(seconds)


class Lane:
    """A runner of the steps' lane whose work is what a test says, and what it has worked on so far."""

    def __init__(self, path, size=4):
        self.journal = journal_at(path)
        self.queue = Queue(self.journal, STEPS, instance())
        self.worked = SimpleQueue()
        self.work = lambda launch: self.queue.postpone(launch.id, launch.version, None)
        self.runner = Runner("steps", self.journal, self.queue, self._one, ThreadPoolExecutor(size), size)
        self.runner.start()
        assert Sleeper.asleep.wait(PATIENCE)

    def _one(self, launch_id):
        self.work(self.journal.load(launch_id))
        self.worked.put(launch_id)

    def approved(self, name):
        launch_id = LaunchId(name)
        requested = replace(asked(campaign_id=len(name)), expires_at=self.journal.now() + timedelta(hours=4))
        self.journal.execute(launch_id, Request(ANA, requested))
        self.journal.execute(launch_id, Approve(BEN))
        return launch_id

    def next_worked(self):
        try:
            return self.worked.get(timeout=PATIENCE)
        except Empty:
            pytest.fail("nothing was worked on")


@pytest.fixture
def lane(tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "LONGEST_NAP", timedelta(hours=1))
    monkeypatch.setattr(runner, "Alarm", Sleeper)
    Sleeper.asleep.clear()
    lanes = []

    def made(**settings):
        lanes.append(Lane(tmp_path, **settings))
        return lanes[-1]

    yield made
    for one in lanes:
        one.runner.stop()


def test_what_is_appended_and_due_is_taken_up_at_once(lane):
    steps = lane()
    assert steps.approved("L1") == steps.next_worked()


def test_what_is_due_later_is_taken_up_then(lane):
    steps = lane()
    moment = []

    def later(launch):
        until = None if moment else steps.journal.now() + timedelta(seconds=0.2)
        moment.append(steps.journal.now())
        steps.queue.postpone(launch.id, launch.version, until)

    steps.work = later
    launch_id = steps.approved("L1")
    assert [steps.next_worked(), steps.next_worked()] == [launch_id] * 2
    assert moment[1] - moment[0] >= timedelta(seconds=0.2)


def test_more_than_there_are_threads_for_is_taken_up_as_they_get_free(lane):
    steps = lane(size=1)
    go_on = threading.Semaphore(0)

    def slow(launch):
        go_on.acquire(timeout=PATIENCE)
        steps.queue.postpone(launch.id, launch.version, None)

    steps.work = slow
    asked_for = {steps.approved(name) for name in ("L1", "L22", "L333")}
    go_on.release(3)
    assert {steps.next_worked() for _ in asked_for} == asked_for


def test_what_is_still_due_when_it_is_given_back_is_taken_up_again(lane):
    steps = lane()
    taken = []

    def halfway(launch):
        if taken:
            steps.queue.postpone(launch.id, launch.version, None)
        taken.append(launch.id)

    steps.work = halfway
    launch_id = steps.approved("L1")
    assert [steps.next_worked(), steps.next_worked()] == [launch_id] * 2


def test_what_cannot_be_claimed_in_the_moment_it_is_due_is_taken_up_all_the_same(lane, monkeypatch):
    steps = lane()
    failed = []

    def fails(launch_id):
        failed.append(launch_id)
        raise ValueError

    monkeypatch.setattr(steps.queue, "claim_one", fails)
    launch_id = steps.approved("L1")
    assert steps.next_worked() == launch_id
    assert failed == [launch_id]


def test_what_another_instance_has_claimed_is_left_to_it(lane, monkeypatch):
    steps = lane()
    claim_one, answers = steps.queue.claim_one, SimpleQueue()
    theirs = Queue(steps.journal, STEPS, instance("theirs"))

    def late(launch_id):
        assert theirs.claim(1) == (launch_id,)
        answers.put(claim_one(launch_id))
        return False

    monkeypatch.setattr(steps.queue, "claim_one", late)
    steps.approved("L1")
    assert answers.get(timeout=PATIENCE) is False
    steps.runner.stop()
    assert steps.worked.empty()


def due_of(steps, launch_id):
    with steps.journal.reading() as connection:
        return connection.execute(select(launches.c.due_at).where(launches.c.id == launch_id)).scalar_one()


def test_what_has_ended_in_a_step_that_failed_afterwards_is_not_made_due_again(lane):
    """As where the commit arrived, and its answer did not."""
    steps = lane()

    def ends_and_fails(launch):
        steps.journal.execute(launch.id, Cancel(ANA))
        steps.worked.put(launch.id)
        raise ConnectionError

    steps.work = ends_and_fails
    launch_id = steps.approved("L1")
    assert steps.next_worked() == launch_id
    until(lambda: steps.queue.next_due() is None and not steps.runner._held)
    assert due_of(steps, launch_id) is None


def test_what_cannot_be_read_is_put_off_like_anything_that_fails(lane, monkeypatch):
    monkeypatch.setattr(runner, "AFTER_TROUBLE", timedelta(seconds=0.2))
    steps = lane()
    load, tried = steps.journal.load, []

    def unreadable(launch_id):
        tried.append(steps.journal.now())
        if len(tried) <= 2:
            raise ValueError("no such kind of event")
        return load(launch_id)

    long_ago = Journal(steps.journal._engine, Clock())
    long_ago.execute(LaunchId("L1"), Request(ANA, asked()))
    monkeypatch.setattr(steps.journal, "load", unreadable)
    steps.runner.wake()
    assert steps.next_worked() == "L1"
    assert tried[1] - tried[0] >= runner.AFTER_TROUBLE
