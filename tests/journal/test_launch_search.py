"""What people look for is found on both databases: in order, page by page, and by an index."""

import itertools
from datetime import timedelta

import pytest
from sqlalchemy import event, inspect, text

from bot.campaign.request import LaunchId, Purpose, RequestId, Source, SourceKind
from bot.campaign.schedule import ScheduleRead
from bot.journal.engine import open_engine
from bot.journal.launch_search import Looking
from bot.journal.publish_progress import PublishProgress
from bot.journal.schema import upgrade
from bot.launch.commands import Approve, Cancel, Observe, Request
from bot.launch.copying import Copied, CopyStarted
from bot.launch.events import Practised
from bot.launch.outcome import Accepted, Unknown
from bot.launch.run import FollowingStopped, RunEnded, RunStarted
from bot.launch.search import PENDING_PHASES, Mark, Phase, Wanted, home_lists, phase_of
from bot.launch.state import State
from bot.policy.demands import Demands
from bot.policy.refusals import Refused
from tests.builders import ANA, BEN, CLEO, NOON, Clock, asked, journal_on, started
from tests.journal.earlier import before_looking
from tests.slack.test_views import STANDINGS


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def journal(database_url, clock):
    return journal_on(database_url, clock)


@pytest.fixture
def looking(journal):
    return Looking(journal)


@pytest.fixture
def asks(journal, clock):
    """Opens launches, one minute after the other, under the names L1, L2, …"""
    numbers = itertools.count(1)

    def asked_for(*commands, by=ANA, **parameters):
        launch_id = LaunchId(f"L{next(numbers)}")
        clock.pass_by(minutes=1)
        journal.execute(launch_id, Request(by, asked(**parameters)))
        for command in commands:
            assert not isinstance(journal.execute(launch_id, command), Refused)
        return launch_id

    return asked_for


SENT = (Approve(CLEO), Observe(started()), Observe(Accepted()))


def ids(found):
    return [one.launch.id for one in found]


def test_the_newest_come_first_and_pages_lead_to_the_end_and_back(looking, asks):
    for _ in range(7):
        asks()
    first = looking.page(Wanted(), size=3)
    second = looking.page(Wanted(), first.older, size=3)
    last = looking.page(Wanted(), second.older, size=3)
    assert [ids(page.found) for page in (first, second, last)] == [["L7", "L6", "L5"], ["L4", "L3", "L2"], ["L1"]]
    assert first.newer is None
    assert last.older is None
    assert ids(looking.page(Wanted(), last.newer, size=3).found) == ["L4", "L3", "L2"]
    assert looking.page(Wanted(), second.newer, size=3) == first


def test_launches_asked_for_at_the_same_moment_are_each_on_one_page(looking, journal):
    for number in range(5):
        journal.execute(LaunchId(f"L{number}"), Request(ANA, asked()))
    first = looking.page(Wanted(), size=3)
    assert sorted(ids(first.found) + ids(looking.page(Wanted(), first.older, size=3).found)) == [
        f"L{number}" for number in range(5)
    ]


def test_what_is_asked_for_meanwhile_does_not_shift_the_next_page(looking, asks):
    for _ in range(4):
        asks()
    first = looking.page(Wanted(), size=2)
    asks()
    assert ids(looking.page(Wanted(), first.older, size=2).found) == ["L2", "L1"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), ["L4", "L3", "L2", "L1"]),
        (Wanted(campaign_id=83), ["L2"]),
        (Wanted(campaign_id=84), []),
        (Wanted(requester=BEN), ["L3"]),
        (Wanted(phases=PENDING_PHASES), ["L2", "L1"]),
        (Wanted(phases=(Phase.IN_DOUBT,)), ["L3"]),
        (Wanted(phases=(Phase.RUNNING,)), ["L4"]),
        (Wanted(states=(State.LAUNCHED, State.IN_DOUBT)), ["L4", "L3"]),
        (Wanted(states=(State.LAUNCHED, State.IN_DOUBT), requester=BEN), ["L3"]),
        (Wanted(states=(State.REQUESTED,), campaign_id=83), []),
        (Wanted(since=NOON + timedelta(minutes=2)), ["L4", "L3", "L2"]),
        (Wanted(until=NOON + timedelta(minutes=3), phases=PENDING_PHASES), ["L2", "L1"]),
        (Wanted(since=NOON + timedelta(minutes=2), until=NOON + timedelta(minutes=3)), ["L2"]),
    ],
    ids=str,
)
def test_each_question_finds_what_it_asks_for(looking, asks, wanted, found):
    asks()
    asks(Approve(BEN), campaign_id=83, demands=Demands(hold=timedelta(minutes=2)))
    asks(Approve(CLEO), Observe(started()), Observe(Unknown("the connection broke")), by=BEN)
    asks(*SENT)
    assert ids(looking.page(wanted).found) == found


TEST = {"purpose": Purpose.TEST, "source": Source(SourceKind.SEGMENT, 21), "limit": 25}
COPIED = (Observe(CopyStarted(RequestId("C1"), "a copy", "c" * 64)), Observe(Copied(900)))


def test_a_campaigns_tests_stand_beside_its_launches_and_not_under_their_copies(looking, asks):
    """One whose copy is there, one whose copy is not, and launches before, between and behind them."""
    asks()
    asks(*COPIED, approvals=0, **TEST)
    asks()
    asks(approvals=0, **TEST)
    asks(campaign_id=83)
    of_it = Wanted(campaign_id=82)

    first = looking.page(of_it, size=3)
    assert ids(first.found) == ["L4", "L3", "L2"]
    last = looking.page(of_it, first.older, size=3)
    assert ids(last.found) == ["L1"]
    assert looking.page(of_it, last.newer, size=3) == first
    assert ids(looking.page(Wanted(campaign_id=900)).found) == []
    assert ids(looking.page(Wanted(campaign_id=82, tests=False)).found) == ["L3", "L1"]
    assert ids(looking.page(Wanted(campaign_id=82, states=(State.APPROVED,))).found) == ["L4", "L2"]


PRACTISED = (Approve(ANA), Observe(Practised()))


def test_what_was_only_practised_is_not_among_what_reached_people(looking, asks):
    asks(*SENT)
    asks(*PRACTISED, practice=True)
    everything, sent = (State.LAUNCHED, State.FINISHED), Wanted(states=(State.LAUNCHED, State.FINISHED), reached=True)
    assert ids(looking.page(Wanted(states=everything)).found) == ["L2", "L1"]
    assert ids(looking.page(sent).found) == ["L1"]


def test_the_last_launch_to_reach_people_is_found_below_whatever_did_not(looking, asks):
    assert looking.last_to_reach(82) is None
    asks(*SENT)
    asks(*SENT)
    asks(*SENT, campaign_id=83)
    for _ in range(3):
        asks(*PRACTISED, practice=True)
        asks(Cancel(ANA))
    assert looking.last_to_reach(82).launch.id == "L2"
    asks()
    assert looking.last_to_reach(82).launch.id == "L10"


def test_a_found_launch_is_whole_and_knows_its_card(looking, journal, asks):
    launch_id = asks(*SENT)
    PublishProgress(journal).card_posted(launch_id, "1.2")
    (found,) = looking.page(Wanted()).found
    assert (found.launch, found.message_ts) == (journal.load(launch_id), "1.2")


@pytest.mark.parametrize("name", STANDINGS)
def test_a_launch_lies_on_the_shelf_of_its_standing(name):
    live = {
        "launched",
        "duplicate",
        "evidence",
        "vouched ran",
        "vouched wrongly",
        "log unread",
        "canary released and sent",
    }
    expected = {
        "requested": Phase.WAITING,
        "approved": Phase.COMING,
        "launching": Phase.RUNNING,
        "launched": Phase.RUNNING if name in live else Phase.OVER,
        "running": Phase.OVER if "lost sight" in name else Phase.RUNNING,
        "adopted": Phase.RUNNING,
        "in_doubt": Phase.IN_DOUBT,
    }
    assert phase_of(STANDINGS[name]) is expected.get(STANDINGS[name].state, Phase.OVER)


def test_home_shows_each_launch_once_in_the_first_list_it_belongs_to(looking, journal, clock, asks):
    to_decide = asks(by=BEN)
    own = asks()
    own_running = asks(*SENT)
    running = asks(*SENT, by=BEN)
    over = asks(Cancel(BEN), by=BEN)
    lists = home_lists(looking.board(ANA), ANA, clock(), approves=True)
    shown = [ids(one) for one in (lists.waiting, lists.own, lists.running, lists.over)]
    assert shown == [[to_decide], [own_running, own], [running], [over]]


def test_what_expires_soonest_waits_first(looking, journal, clock):
    for number, hours in enumerate((4, 1, 2)):
        requested = asked(demands=Demands(expires_after=timedelta(hours=hours)))
        expires = NOON + timedelta(hours=hours)
        journal.execute(LaunchId(f"L{number}"), Request(BEN, _expiring(requested, expires)))
    assert ids(home_lists(looking.board(ANA), ANA, clock(), approves=True).waiting) == ["L1", "L2", "L0"]


def _expiring(requested, expires):
    return type(requested)(**{**vars(requested), "expires_at": expires})


@pytest.mark.parametrize(("person", "approves", "waits"), [(BEN, True, True), (BEN, False, False), (ANA, True, False)])
def test_only_what_a_person_may_approve_waits_for_them(looking, clock, asks, person, approves, waits):
    asks()
    assert bool(home_lists(looking.board(person), person, clock(), approves=approves).waiting) is waits


def test_what_was_approved_already_or_has_expired_waits_for_nobody(looking, journal, clock, asks):
    asks(Approve(BEN), approvals=2)
    board = looking.board(BEN)
    assert home_lists(board, BEN, clock(), approves=True).waiting == ()
    assert ids(home_lists(board, CLEO, clock(), approves=True).waiting) == ["L1"]
    assert home_lists(board, CLEO, NOON + timedelta(hours=5), approves=True).waiting == ()


def test_an_own_launch_that_ended_long_ago_is_not_among_ones_own(looking, clock, asks):
    asks(Cancel(ANA))
    lists = home_lists(looking.board(ANA), ANA, clock() + timedelta(days=8), approves=False)
    assert (ids(lists.own), ids(lists.over)) == ([], ["L1"])


def test_looking_costs_the_same_statements_however_much_there_is(looking, journal, asks):
    counted = []
    event.listen(journal._engine, "before_cursor_execute", lambda *given: counted.append(given[2]))
    asks()
    costs = []
    for _ in range(2):
        counted.clear()
        looking.page(Wanted())
        looking.board(ANA)
        costs.append(len(counted))
        for _ in range(40):
            asks()
    assert costs[0] == costs[1]


def test_every_index_of_the_tables_is_made_by_a_migration(journal):
    there = {index["name"] for index in inspect(journal._engine).get_indexes("launches")}
    assert {"launches_asked", "launches_shelf_asked", "launches_requester_shelf", "launches_shelf_expiry"} <= there


def test_launches_from_before_are_found_as_if_they_had_been_asked_for_now(database_url, clock, asks, looking):
    asks()
    asks(Approve(BEN), demands=Demands(hold=timedelta(minutes=2)))
    asks(Approve(CLEO), Observe(started()), Observe(Unknown("lost")), by=BEN)
    asks(*SENT, Observe(RunStarted(NOON)))
    asks(*SENT, Observe(RunStarted(NOON)), Observe(RunEnded(NOON)))
    asks(Approve(BEN), Observe(started()), Observe(Accepted()), Observe(ScheduleRead(None)), run_now=False, source=None)
    asks(*SENT, Observe(FollowingStopped()))
    asks(Cancel(ANA))
    columns = "id, requester, asked_at, shelf"
    engine = open_engine(database_url)
    with engine.begin() as connection:
        before = connection.execute(text(f"SELECT {columns} FROM launches ORDER BY id")).all()
        before_looking(connection)
    upgrade(engine)
    with engine.begin() as connection:
        assert connection.execute(text(f"SELECT {columns} FROM launches ORDER BY id")).all() == before
    assert ids(looking.board(CLEO).waiting) == ["L1"]


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(campaign_id=82),
        Wanted(requester=ANA),
        Wanted(phases=PENDING_PHASES),
        Wanted(states=(State.REJECTED,)),
        Wanted(states=(State.LAUNCHED, State.FINISHED), reached=True),
        Wanted(campaign_id=82, states=(State.REJECTED,), since=NOON, until=NOON + timedelta(days=1)),
    ],
    ids=str,
)
@pytest.mark.parametrize("beside", [None, Mark(NOON, LaunchId("L1")), Mark(NOON, LaunchId("L1"), newer=True)], ids=str)
def test_every_page_is_read_in_the_order_of_an_index(tmp_path, wanted, beside):
    journal = journal_on(f"sqlite:///{tmp_path / 'journal.db'}")
    plans = _plans_of(journal, lambda: Looking(journal).page(wanted, beside))
    assert plans
    for step in plans:
        assert "SCAN launches" not in step or "USING INDEX" in step or "USING COVERING INDEX" in step, step
        merged = wanted.phases or len(wanted.states) > 1 or wanted.campaign_id
        assert "TEMP B-TREE" not in step or merged, step


def test_every_list_of_home_is_read_by_an_index(tmp_path):
    journal = journal_on(f"sqlite:///{tmp_path / 'journal.db'}")
    plans = _plans_of(journal, lambda: Looking(journal).board(ANA))
    assert [step for step in plans if "SCAN launches" in step or "SCAN events" in step] == []


def _plans_of(journal, look):
    """How SQLite goes about every statement of a look, step by step."""
    asked_for = []
    event.listen(journal._engine, "before_cursor_execute", lambda *given: asked_for.append((given[2], given[3])))
    look()
    with journal._engine.connect() as connection:
        selects = [one for one in asked_for if one[0].lstrip().startswith("SELECT")]
        return [
            row[3]
            for query, values in selects
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values)
        ]
