"""What waits in the journal is counted by indexes, for each lane, on both engines."""

import pytest
from sqlalchemy import event, text

from bot.campaign.request import LaunchId, RequestId
from bot.journal import backlog as module
from bot.journal import queue
from bot.journal.backlog import LaneBacklog, backlog
from bot.journal.queue import LANES, PICTURES, Lane, Queue
from bot.journal.workflow_steps import WorkflowSteps
from bot.launch.commands import Approve, Observe, Request, Stop
from bot.launch.outcome import Unknown
from bot.launch.stop import StopAsked
from bot.launch.workflow import WorkflowStep
from tests.builders import ANA, BEN, Clock, asked, instance, journal_on, started

INDEXES = (
    *(f"launches_{one}" for one in ("due", "publish", "shelf", "stop", "picture", "report")),
    "workflow_steps_answer",
    "fillings_due",
)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def journal(database_url, clock):
    return journal_on(database_url, clock)


def test_an_empty_journal_waits_for_nothing(journal):
    found = backlog(journal)
    assert set(found.lanes.values()) == {LaneBacklog(0, 0.0)}
    assert found.in_doubt == 0


def test_what_is_due_in_each_lane_and_what_is_in_doubt_is_told(journal, clock):
    for name in ("L1", "L2", "L3"):
        journal.execute(LaunchId(name), Request(ANA, asked()))
    journal.execute(LaunchId("L1"), Approve(BEN))
    for command in (Approve(BEN), Observe(started()), Observe(Unknown("no answer"))):
        journal.execute(LaunchId("L2"), command)
    journal.execute(LaunchId("L2"), Stop(BEN, StopAsked(RequestId("S1"))))
    Queue(journal, PICTURES, instance()).make_due(LaunchId("L3"))
    WorkflowSteps(journal).take_on(WorkflowStep(execution="E1", person=ANA, inputs={}))
    clock.pass_by(seconds=30)
    found = backlog(journal)
    assert found.lanes["steps"] == LaneBacklog(
        2, 30.0
    )  # the approved one, and the look into the doubt two seconds later
    assert found.lanes["stops"] == LaneBacklog(1, 30.0)
    assert found.lanes["pictures"] == LaneBacklog(1, 30.0)
    assert found.lanes["workflows"] == LaneBacklog(1, 30.0)
    assert (found.lanes["publishing"].due, found.in_doubt) == (3, 1)


def test_no_lane_is_missing_from_what_is_told():
    lanes = {id(one) for one in vars(queue).values() if isinstance(one, Lane)}
    assert {id(one) for one in LANES.values()} == lanes


def test_counting_ends_at_a_bound(journal, clock, monkeypatch):
    monkeypatch.setattr(module, "MOST_COUNTED", 2)
    for number in range(4):
        journal.execute(LaunchId(f"L{number}"), Request(ANA, asked()))
    statement = module._counted(module.select(module.launches.c.id))
    with journal.reading() as connection:
        assert connection.execute(statement).scalar_one() == 2


def test_no_launch_is_read_that_is_not_counted(journal):
    """Each query goes by an index of its own, as the engine itself tells."""
    told = []

    def explained(connection, cursor, statement, parameters, *_):
        if statement.startswith("SELECT") and any(
            table in statement for table in ("launches", "workflow_steps", "fillings")
        ):
            told.append((statement, parameters))

    event.listen(journal._engine, "before_cursor_execute", explained)
    backlog(journal)
    event.remove(journal._engine, "before_cursor_execute", explained)
    assert len(told) == 2 * len(LANES) + 1
    with journal._engine.connect() as connection:
        postgres = connection.dialect.name == "postgresql"
        if postgres:
            connection.execute(text("SET enable_seqscan = off"))
        for statement, parameters in told:
            explain = "EXPLAIN" if postgres else "EXPLAIN QUERY PLAN"
            plan = str(connection.exec_driver_sql(f"{explain} {statement}", parameters).all())
            assert any(index in plan for index in INDEXES), plan
