"""Steps of workflows on both databases: kept once, due again with their launch's end, and remembered when told."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.campaign.request import LaunchId
from bot.journal.queue import WORKFLOWS, Queue
from bot.journal.workflow_steps import KEPT_FOR, WorkflowSteps
from bot.launch.commands import Approve, Cancel, Observe, Reject, Request
from bot.launch.events import NothingFound
from bot.launch.outcome import Unknown
from bot.launch.workflow import WorkflowStep
from bot.phrase import Phrase
from tests.builders import ANA, BEN, Clock, asked, instance, journal_on, started

STEP = WorkflowStep(execution="Fx1", person=ANA, inputs={"campaign": "82"})
LAUNCH = STEP.launch_id


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def journal(database_url, clock):
    return journal_on(database_url, clock)


@pytest.fixture
def steps(journal):
    return WorkflowSteps(journal)


@pytest.fixture
def queue(journal):
    return Queue(journal, WORKFLOWS, instance())


def asks(journal, steps, queue, workflow="Fx1"):
    """The step is kept, its launch asked for, and nothing to be done until that is over."""
    steps.take_on(STEP)
    assert queue.claim(5) == (LAUNCH,)
    journal.execute(LAUNCH, Request(ANA, replace(asked(), workflow=workflow)))
    queue.postpone(LAUNCH, 0, None)
    assert queue.give_back(LAUNCH) is None


def test_a_step_that_comes_often_and_at_once_is_kept_once(journal, steps, queue):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: steps.take_on(STEP), range(8)))
    assert queue.claim(5) == (LAUNCH,)
    taken = steps.find(LAUNCH)
    assert (taken.step, taken.failure, taken.is_told) == (STEP, "", False)


@pytest.mark.parametrize("end", [(Reject(BEN, "no"),), (Cancel(ANA),)])
def test_the_end_of_its_launch_makes_a_step_due(journal, steps, queue, end):
    asks(journal, steps, queue)
    for command in end:
        journal.execute(LAUNCH, command)
    assert queue.claim(5) == (LAUNCH,)
    assert steps.find(LAUNCH).version == 1


def test_an_end_that_comes_while_the_step_is_worked_on_is_not_slept_through(journal, steps, queue):
    steps.take_on(STEP)
    queue.claim(5)
    journal.execute(LAUNCH, Request(ANA, replace(asked(), workflow="Fx1")))
    journal.execute(LAUNCH, Cancel(ANA))
    queue.postpone(LAUNCH, 0, None)
    assert queue.give_back(LAUNCH) is not None
    assert queue.claim(5) == (LAUNCH,)


def test_a_doubt_makes_a_step_due_once_the_log_has_settled_nothing(journal, steps, queue):
    asks(journal, steps, queue)
    for command in (Approve(BEN), Observe(started(LAUNCH)), Observe(Unknown(Phrase("reset")))):
        journal.execute(LAUNCH, command)
    assert queue.claim(5) == ()
    journal.execute(LAUNCH, Observe(NothingFound()))
    assert queue.claim(5) == (LAUNCH,)


def test_what_people_ask_for_themselves_makes_no_step_due(journal, steps, queue):
    asks(journal, steps, queue, workflow="")
    journal.execute(LAUNCH, Cancel(ANA))
    assert queue.claim(5) == ()


def test_a_step_that_was_told_stays_told_whatever_comes_later(journal, steps, queue, clock):
    asks(journal, steps, queue)
    journal.execute(LAUNCH, Cancel(ANA))
    steps.note_told(LAUNCH)
    steps.take_on(STEP)
    assert steps.find(LAUNCH).is_told
    assert queue.claim(5) == ()


def test_a_refused_step_is_remembered_for_a_month_with_its_reason(journal, steps, queue, clock):
    steps.take_on(STEP)
    steps.note_failure(LAUNCH, "no such campaign")
    steps.note_told(LAUNCH)
    other = replace(STEP, execution="Fx2")
    clock.now += KEPT_FOR - timedelta(hours=1)
    steps.take_on(other)
    assert steps.find(LAUNCH).failure == "no such campaign"
    clock.now += timedelta(hours=2)
    steps.take_on(replace(STEP, execution="Fx3"))
    assert steps.find(LAUNCH) is None
    assert steps.find(other.launch_id) is not None


def test_an_execution_has_one_launch_and_another_has_another():
    assert replace(STEP, inputs={}).launch_id == LAUNCH
    assert replace(STEP, execution="Fx2").launch_id != LAUNCH
    assert len(LaunchId(LAUNCH)) == 36


def test_whoever_answers_is_woken_for_each_step(steps):
    woken = []
    steps.wakes(lambda: woken.append(True))
    steps.take_on(STEP)
    assert woken
