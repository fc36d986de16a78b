"""Each event counts once, whatever comes twice, out of order, in other batches or at several receivers."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from bot.campaign.request import LaunchId
from bot.journal import counting, hash_cache
from bot.journal.counting import Counting
from bot.journal.numbers import Numbers
from bot.journal.pruning import prune_runs
from bot.journal.runs import counts_of, first_day_of
from bot.journal.tables import runs, seen
from bot.launch.commands import Approve, Observe, Request
from bot.launch.outcome import Accepted, NotSent, Unknown
from bot.phrase import Phrase
from bot.results.counts import Counts, Kind
from bot.results.first_day import PARTS, FirstDay
from tests.builders import ANA, BEN, NOON, Clock, asked, journal_at, journal_on, started
from tests.results.hooks import body, event, launch_id

KEY = b"k" * 32
L1, L2 = LaunchId("L1"), LaunchId("L2")


def called(journal, name: LaunchId = L1, **parameters):
    """A launch whose call has just begun."""
    journal.execute(name, Request(ANA, asked(**parameters)))
    journal.execute(name, Approve(BEN))
    return journal.execute(name, Observe(started(name)))


def accepted(journal, name: LaunchId = L1, **parameters):
    called(journal, name, **parameters)
    return journal.execute(name, Observe(Accepted()))


def count(receiver: Counting, *events: dict) -> frozenset[LaunchId]:
    return receiver.count([receiver.prepare(body(*events))])


def counted(journal, name: LaunchId = L1) -> Counts:
    with journal.reading() as connection:
        return counts_of(connection, name)


def first_day(journal, name: LaunchId = L1) -> FirstDay:
    with journal.reading() as connection:
        return first_day_of(connection, name)


def shown(journal) -> set[str]:
    """The launches whose cards are to be brought up to date; from now on none is."""
    with journal.writing() as connection:
        due = set(connection.execute(text("SELECT id FROM launches WHERE publish_at IS NOT NULL")).scalars())
        connection.execute(text("UPDATE launches SET publish_at = NULL"))
    return due


def at(**span: float):
    return NOON + timedelta(**span)


@pytest.fixture
def journal(journal_url):
    made = journal_on(journal_url, Clock())
    yield made
    made._engine.dispose()


def test_what_comes_before_the_answer_to_the_call_counts(journal):
    called(journal)

    assert count(Counting(journal, KEY), event("send", at=at(seconds=1))) == {L1}
    assert counted(journal).by_kind == {Kind.SENT: 1}


def test_events_of_another_campaign_and_from_before_the_call_are_nobodys(journal):
    accepted(journal)

    assert not count(Counting(journal, KEY), event(campaign=83, at=at(seconds=1)), event(at=at(hours=-1)))
    assert not counted(journal).anything


def test_a_repeat_counts_once_in_a_batch_after_it_and_at_a_receiver_that_starts_anew(journal):
    accepted(journal)
    one, other = Counting(journal, KEY), Counting(journal, KEY)
    deliveries = [event(nth=n, at=at(seconds=n)) for n in range(5)]

    count(one, *deliveries, deliveries[0])
    assert not count(one, *deliveries)
    count(other, *deliveries, event("uopen", nth=1, at=at(minutes=1)))
    count(one, event("uopen", nth=1, at=at(minutes=1)), event("uopen", nth=2, at=at(minutes=1)))

    assert counted(journal).by_kind == {Kind.DELIVERED: 5, Kind.OPENED: 2}


def test_what_was_not_committed_is_counted_when_it_comes_again(journal, monkeypatch):
    accepted(journal)
    receiver = Counting(journal, KEY)
    count(receiver, event(nth=1, at=at(seconds=1)))

    def away(*_):
        raise SQLAlchemyError("away")

    monkeypatch.setattr(Counting, "_show", away)
    with pytest.raises(SQLAlchemyError):
        count(receiver, event(nth=1, at=at(seconds=1)), event(nth=2, at=at(seconds=2)))
    monkeypatch.undo()
    assert counted(journal).by_kind == {Kind.DELIVERED: 1}
    count(receiver, event(nth=1, at=at(seconds=1)), event(nth=2, at=at(seconds=2)))

    assert counted(journal).by_kind == {Kind.DELIVERED: 2}


def test_tests_other_starts_and_overlaps_are_counted_apart(journal):
    accepted(journal)
    journal._clock.pass_by(hours=2)
    accepted(journal, L2)
    receiver = Counting(journal, KEY)

    count(
        receiver,
        event(nth=1, at=at(hours=3)),
        event(nth=2, at=at(hours=3), is_test=True),
        event("uopen", nth=3, at=at(hours=3), data={"launch_id": launch_id(at(seconds=9))}),
        event("uopen", nth=4, at=at(hours=3), data={"launch_id": launch_id(at(days=-9))}),
    )

    assert counted(journal) == Counts(by_kind={Kind.OPENED: 1}, newest=at(hours=3), overtaken=at(hours=2))
    assert counted(journal, L2) == Counts(
        by_kind={Kind.DELIVERED: 1}, tests=1, elsewhere=1, ambiguous=1, newest=at(hours=3)
    )


def test_a_call_that_never_left_leaves_its_campaigns_earlier_run_alone(journal):
    accepted(journal)
    journal._clock.pass_by(hours=2)
    called(journal, L2)
    receiver = Counting(journal, KEY)
    count(receiver, event(nth=1, at=at(hours=3)))
    journal.execute(L2, Observe(NotSent(Phrase("no way there"))))

    count(receiver, event(nth=1, at=at(hours=3)), event(nth=2, at=at(hours=3)))

    assert counted(journal).by_kind == {Kind.DELIVERED: 2}
    assert not counted(journal, L2).anything
    with journal.reading() as connection:
        assert connection.execute(select(func.count()).select_from(runs)).scalar_one() == 1


def test_the_earlier_run_is_told_when_the_next_one_began_and_that_it_never_did(journal):
    accepted(journal)
    accepted(journal, LaunchId("L3"), campaign_id=83)
    count(Counting(journal, KEY), event(nth=1, at=at(seconds=1)))
    shown(journal)
    journal._clock.pass_by(hours=2)

    called(journal, L2)
    assert (counted(journal).overtaken, counted(journal, L2).overtaken) == (at(hours=2), None)
    assert shown(journal) == {"L1", "L2"}
    journal.execute(L2, Observe(NotSent(Phrase("no way there"))))

    assert counted(journal) == Counts(by_kind={Kind.DELIVERED: 1}, newest=at(seconds=1))
    assert shown(journal) == {"L1", "L2"}
    called(journal, L2)
    journal._clock.pass_by(hours=2)
    journal.execute(L2, Observe(Accepted()))
    accepted(journal, LaunchId("L4"))
    overtaken = [counted(journal, LaunchId(one)).overtaken for one in ("L1", "L2", "L3", "L4")]
    assert overtaken == [at(hours=2), at(hours=4), None, None]


def test_a_run_that_begins_between_reading_and_counting_gets_its_events(journal):
    accepted(journal)
    receiver = Counting(journal, KEY)
    prepared = receiver.prepare(body(event(nth=1, at=at(hours=3))))
    journal._clock.pass_by(hours=2)
    accepted(journal, L2)

    receiver.count([prepared])

    assert (counted(journal).anything, counted(journal, L2)[Kind.DELIVERED]) == (False, 1)


def test_a_receiver_that_knows_a_campaigns_runs_notices_those_that_begin_and_end(journal):
    receiver = Counting(journal, KEY)
    count(receiver, event(nth=1, at=at(seconds=1)))
    accepted(journal)
    count(receiver, event(nth=1, at=at(seconds=1)))
    journal._clock.pass_by(hours=2)
    accepted(journal, L2)
    count(receiver, event(nth=2, at=at(hours=1)), event(nth=3, at=at(hours=3)))
    Numbers(journal).stop_counting(L2)
    count(receiver, event(nth=4, at=at(hours=3)))
    Numbers(journal).stop_counting(L1)
    count(receiver, event(nth=5, at=at(hours=3)))

    assert (counted(journal)[Kind.DELIVERED], counted(journal, L2)[Kind.DELIVERED]) == (3, 1)
    assert not receiver._followed


def test_of_more_campaigns_than_are_kept_in_mind_each_is_counted(journal, monkeypatch):
    monkeypatch.setattr(counting, "MOST_CAMPAIGNS", 1)
    names = [LaunchId(f"L{campaign}") for campaign in (82, 83, 84)]
    for campaign, name in zip((82, 83, 84), names, strict=True):
        accepted(journal, name, campaign_id=campaign)
    receiver = Counting(journal, KEY)
    for nth in range(2):
        count(receiver, *(event(nth=nth, at=at(seconds=1), campaign=campaign) for campaign in (82, 83, 84)))

    assert [counted(journal, name)[Kind.DELIVERED] for name in names] == [2, 2, 2]
    assert len(receiver._followed) == 1


def test_a_launch_in_doubt_and_its_answer_are_one_run(journal):
    called(journal)
    receiver = Counting(journal, KEY)
    count(receiver, event(nth=1, at=at(seconds=1)))
    journal.execute(L1, Observe(Unknown(Phrase("the connection broke"))))
    journal.execute(L1, Observe(Accepted()))

    count(receiver, event(nth=1, at=at(seconds=1)), event(nth=2, at=at(seconds=2)))

    assert counted(journal)[Kind.DELIVERED] == 2


def test_each_message_counts_once_in_its_quarter_of_the_first_day(journal):
    accepted(journal)
    receiver = Counting(journal, KEY)
    events = [
        event(nth=1, at=at(seconds=-1)),
        event(nth=2, at=at(minutes=14, seconds=59)),
        event("deliv_sms", nth=3, at=at(minutes=15)),
        event("uopen", nth=1, at=at(hours=23, minutes=59)),
        event("uclick_push", nth=1, at=at(hours=12)),
        event("open", nth=1, at=at(hours=1)),
        event("uopen", nth=2, at=at(hours=24)),
        event("uopen", nth=3, at=at(hours=1), is_test=True),
        event("uopen", nth=4, at=at(hours=1), data={"launch_id": launch_id(at(days=-9))}),
    ]
    for batch in (events, events[::-1], events[2:5]):
        count(receiver, *batch)

    def quarters(**found: int) -> tuple[int, ...]:
        return tuple(found.get(f"q{nth}", 0) for nth in range(PARTS))

    assert first_day(journal) == FirstDay(quarters(q0=2, q1=1), quarters(q95=1), quarters(q48=1))
    assert first_day(journal).summed()[0][-1] == 3
    assert not first_day(journal, L2).anything


def test_what_is_not_needed_any_more_leaves_memory_and_not_the_count(journal, monkeypatch):
    monkeypatch.setattr(hash_cache, "MOST_MEMORY", 0)
    accepted(journal)
    receiver = Counting(journal, KEY)
    events = [event(nth=n, at=at(hours=6 * n, seconds=1)) for n in range(5)]

    for _ in range(2):
        for one in events:
            count(receiver, one)
    assert len(receiver._known._sets) == 1

    assert counted(journal)[Kind.DELIVERED] == 5


def test_receivers_at_work_at_once_count_each_event_once(journal_url):
    journal = journal_on(journal_url, Clock())
    accepted(journal)
    journal._clock.pass_by(hours=1)
    accepted(journal, L2, campaign_id=83)
    kinds = ("deliv", "uopen", "uclick")
    events = [event(kinds[n % 3], nth=n, at=at(hours=1, minutes=n), campaign=82 + n % 2) for n in range(300)]

    def receive(which: int) -> None:
        own = journal_on(journal_url, Clock(at(hours=2)))
        receiver = Counting(own, KEY)
        batches = [events[first : first + 25] for first in range(0, 300, 25)]
        for batch in batches[which * 3 :] + batches[: which * 3]:
            count(receiver, *batch)
        own._engine.dispose()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(receive, range(4)))

    expected = [Counter(one["event_type"] for one in events[n::2]) for n in (0, 1)]
    assert [{kind.value: many for kind, many in counted(journal, one).by_kind.items()} for one in (L1, L2)] == expected
    journal._engine.dispose()


_EVENTS = st.builds(
    lambda kind, nth, minutes, campaign, named, is_test: event(
        kind,
        nth=nth,
        at=at(minutes=minutes),
        campaign=campaign,
        is_test=is_test,
        data={} if named is None else {"launch_id": launch_id(at(minutes=named), campaign=campaign)},
    ),
    st.sampled_from(["send", "deliv", "uopen", "uopen_push", "odd"]),
    st.integers(0, 3),
    st.integers(-5, 240),
    st.sampled_from([82, 83]),
    st.none() | st.sampled_from([0, 1, 121, 500]),
    st.booleans(),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_EVENTS, min_size=1, max_size=12), st.data())
def test_any_order_any_repetition_and_any_cut_into_batches_give_the_same_counts(tmp_path_factory, events, data):
    plain, shuffled = (journal_at(tmp_path_factory.mktemp(name), Clock()) for name in ("plain", "shuffled"))
    for journal in (plain, shuffled):
        accepted(journal)
        journal._clock.pass_by(hours=2)
        accepted(journal, L2)
    again = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events), max_size=12))))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(again)), max_size=4)) | {0, len(again)})
    receivers = [Counting(shuffled, KEY), Counting(shuffled, KEY)]

    count(Counting(plain, KEY), *events)
    for first, last in pairwise(cuts):
        count(data.draw(st.sampled_from(receivers)), *again[first:last])

    assert [counted(shuffled, one) for one in (L1, L2)] == [counted(plain, one) for one in (L1, L2)]
    assert [first_day(shuffled, one) for one in (L1, L2)] == [first_day(plain, one) for one in (L1, L2)]
    for journal in (plain, shuffled):
        journal._engine.dispose()


def test_what_is_kept_names_nobody(journal):
    accepted(journal)
    count(Counting(journal, KEY), event("uopen", nth=7, at=at(seconds=1), data={"ip": "203.0.113.9"}))

    with journal.reading() as connection:
        kept = repr(connection.execute(select(runs)).all()) + repr(connection.execute(select(seen)).all())

    assert len(kept) > 100
    assert not [word for word in ("profile-7", "0000000000000007", "person7", "203.0", "151") if word in kept]


def test_of_a_launch_that_is_pruned_nothing_is_left(journal):
    accepted(journal)
    accepted(journal, L2, campaign_id=83)
    receiver = Counting(journal, KEY)
    count(receiver, event(at=at(seconds=1)), event(campaign=83, at=at(seconds=1)))
    with journal.writing() as connection:
        connection.execute(text("DELETE FROM launches WHERE id = 'L1'"))
    prune_runs(journal)

    with journal.reading() as connection:
        assert connection.execute(select(func.count()).select_from(seen)).scalar_one() == 1
        assert connection.execute(select(runs.c.launch_id)).scalars().all() == ["L2"]


def test_a_shared_key_makes_receivers_know_each_others_repeats_and_another_key_does_not(journal):
    accepted(journal)
    count(Counting(journal, KEY), event(at=at(seconds=1)))
    count(Counting(journal, b"other"), event(at=at(seconds=1)))

    assert counted(journal)[Kind.DELIVERED] == 2
