"""Whom a run was sent to is kept where that is wanted: sealed, each once, and no longer than it is needed."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from bot.campaign.request import LaunchId
from bot.journal.audit import verify_launch
from bot.journal.corrections import corrections_of
from bot.journal.counting import Counting
from bot.journal.fillings import Fillings, NobodyNamed, SegmentTaken, TooMany
from bot.journal.numbers import Numbers
from bot.journal.pruning import prune_runs
from bot.journal.recipient_tables import fillings as filling_rows
from bot.journal.recipient_tables import recipients
from bot.journal.vault import Locked, Vault
from bot.launch.commands import Approve, Observe, Request, Stop
from bot.launch.outcome import Accepted
from bot.launch.run import RunEnded
from bot.launch.state import Launch
from bot.launch.stop import StopAsked
from bot.policy.refusals import NoRecipients, Refused
from tests.builders import ANA, BEN, NOON, Clock, asked, journal_at, journal_on, started
from tests.results.hooks import body, event, launch_id

KEY, L1, L2 = b"k" * 32, LaunchId("L1"), LaunchId("L2")
VAULT = Vault([b"v" * 32])


def ran(journal, name: LaunchId = L1, **parameters) -> Launch:
    """A launch whose run is over."""
    journal.execute(name, Request(ANA, asked(**parameters)))
    journal.execute(name, Approve(BEN))
    journal.execute(name, Observe(started(name)))
    journal.execute(name, Observe(Accepted()))
    return journal.execute(name, Observe(RunEnded(NOON)))


def count(receiver: Counting, *events: dict) -> None:
    receiver.count([receiver.prepare(body(*events))])


def send(nth: int, **more) -> dict:
    return event("send", nth=nth, at=NOON + timedelta(seconds=1 + nth), **more)


def rows(journal, table=recipients) -> int:
    with journal.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def listed(journal, segment: int = 400, name: LaunchId = L1) -> tuple[str, ...]:
    """Those who received the launch, once somebody has asked and the list is closed."""
    fillings = Fillings(journal, VAULT)
    fillings.ask(name, BEN)
    return fillings.profiles(fillings.close(name, segment, 50, 1000))


@pytest.fixture
def journal(journal_url):
    made = journal_on(journal_url, Clock())
    yield made
    made._engine.dispose()


def test_whoever_it_was_sent_to_is_in_the_list_once_and_nobody_else_is(journal):
    ran(journal)
    receiver = Counting(journal, KEY, VAULT)
    count(receiver, send(1), send(2), send(2), event("deliv", nth=3, at=NOON + timedelta(minutes=1)))
    count(receiver, send(2), send(4, is_test=True), send(5, campaign=83), send(6, profile_id=None))
    count(receiver, send(7, data={"launch_id": launch_id(NOON - timedelta(days=9))}), send(8, list_id=7))
    count(receiver, event("send_sms", nth=1, at=NOON + timedelta(minutes=2)))

    assert listed(journal) == ("profile-1", "profile-2")
    filling = Fillings(journal, VAULT).find(L1)
    assert (filling.people, filling.named, filling.nameless, filling.elsewhere) == (2, 4, 1, 1)
    assert rows(journal) == 0


def test_what_comes_after_the_list_is_closed_is_kept_no_more_and_is_told(journal):
    ran(journal)
    receiver = Counting(journal, KEY, VAULT)
    count(receiver, send(1))
    assert listed(journal) == ("profile-1",)

    count(receiver, send(1), send(2), send(3))

    fillings = Fillings(journal, VAULT)
    assert rows(journal) == 0
    assert fillings.unkept(fillings.find(L1)) == 2


def test_events_that_may_be_an_earlier_runs_are_counted_as_such(journal):
    ran(journal)
    journal._clock.pass_by(hours=2)
    ran(journal, L2)
    count(Counting(journal, KEY, VAULT), event("send", nth=1, at=NOON + timedelta(hours=3)))

    listed(journal, name=L2)
    assert Fillings(journal, VAULT).find(L2).ambiguous == 1


def test_nobodys_id_stands_in_the_database_in_the_clear(journal):
    ran(journal)
    count(Counting(journal, KEY, VAULT), *(send(nth) for nth in range(100, 150)))
    kept = []

    def looked() -> None:
        with journal.reading() as connection:
            tables = ("recipients", "fillings", "runs", "seen", "events")
            kept.extend(repr(connection.execute(text(f"SELECT * FROM {table}")).all()) for table in tables)

    looked()
    listed(journal)
    looked()
    assert sum(map(len, kept)) > 1000
    assert not [one for one in kept if "profile-1" in one]


def test_without_the_key_nobody_is_kept_and_nothing_can_be_asked(journal):
    ran(journal)
    count(Counting(journal, KEY), send(1))

    assert rows(journal) == 0
    fillings = Fillings(journal, None)
    assert not fillings.keeps
    assert not fillings.anybody_kept(L1)
    with pytest.raises(Locked):
        fillings.close(L1, 400, 50, 1000)


def test_with_another_key_the_list_is_not_closed_and_nothing_is_lost(journal):
    ran(journal)
    count(Counting(journal, KEY, VAULT), send(1))
    Fillings(journal, VAULT).ask(L1, BEN)
    with pytest.raises(Locked):
        Fillings(journal, Vault([b"x" * 32])).close(L1, 400, 50, 1000)

    assert Fillings(journal, Vault([b"x" * 32, b"v" * 32])).close(L1, 400, 50, 1000).people == 1


def test_too_many_or_nobody_closes_no_list(journal):
    ran(journal)
    receiver, fillings = Counting(journal, KEY, VAULT), Fillings(journal, VAULT)
    fillings.ask(L1, BEN)
    with pytest.raises(NobodyNamed):
        fillings.close(L1, 400, 50, 1000)
    count(receiver, send(1), send(2))
    with pytest.raises(TooMany):
        fillings.close(L1, 400, 50, 1)
    with pytest.raises(NobodyNamed):
        fillings.close(L1, 400, 7, 1)
    count(receiver, send(3))

    assert fillings.profiles(fillings.close(L1, 400, 50, 3)) == ("profile-1", "profile-2", "profile-3")


def test_no_segment_is_for_two_launches(journal):
    for name, campaign in ((L1, 82), (L2, 83)):
        ran(journal, name, campaign_id=campaign)
        count(Counting(journal, KEY, VAULT), send(1, campaign=campaign))
    listed(journal)
    fillings = Fillings(journal, VAULT)
    fillings.ask(L2, BEN)

    assert fillings.taken(L2) == {400}
    with pytest.raises(SegmentTaken):
        fillings.close(L2, 400, 50, 1000)
    assert fillings.close(L2, 401, 50, 1000).people == 1


def test_it_can_be_asked_of_no_launch_that_may_still_send_and_of_none_twice(journal):
    fillings = Fillings(journal, VAULT)
    journal.execute(L1, Request(ANA, asked()))
    assert isinstance(fillings.ask(L1, BEN), Refused)
    journal.execute(L1, Approve(BEN))
    journal.execute(L1, Observe(started(L1)))
    journal.execute(L1, Observe(Accepted()))
    assert isinstance(fillings.ask(L1, BEN).reason, NoRecipients)
    assert rows(journal, filling_rows) == 0
    journal.execute(L1, Observe(RunEnded(NOON)))

    assert isinstance(fillings.ask(L1, BEN), Launch)
    assert isinstance(fillings.ask(L1, ANA).reason, NoRecipients)
    assert rows(journal, filling_rows) == 1
    # Switching it off after its run changes nothing of that.
    assert journal.execute(L1, Stop(BEN, StopAsked("S1"))).received.by == BEN


@pytest.mark.parametrize("rules", ["bound", "none"])
def test_nobody_is_kept_beyond_the_bound_or_where_the_policy_needs_nobody(journal, rules):
    ran(journal)
    count(Counting(journal, KEY, VAULT), send(1))
    fillings = Fillings(journal, VAULT)
    journal._clock.pass_by(days=6)
    fillings.sweep(timedelta(days=7))
    assert rows(journal) == 1
    journal._clock.pass_by(days=2)

    fillings.sweep(timedelta(days=7) if rules == "bound" else None)
    assert rows(journal) == 0


def test_a_closed_list_goes_with_the_bound_too(journal):
    ran(journal)
    count(Counting(journal, KEY, VAULT), send(1))
    listed(journal)
    journal._clock.pass_by(days=8)

    Fillings(journal, VAULT).sweep(timedelta(days=7))
    assert Fillings(journal, VAULT).find(L1).sealed is None


def test_with_the_end_of_the_counting_nobody_is_kept(journal):
    ran(journal)
    count(Counting(journal, KEY, VAULT), send(1))
    Numbers(journal).stop_counting(L1)
    assert rows(journal) == 0


def test_of_a_launch_that_is_pruned_nobody_is_kept(journal):
    ran(journal)
    count(Counting(journal, KEY, VAULT), send(1))
    Fillings(journal, VAULT).ask(L1, BEN)
    with journal.writing() as connection:
        connection.execute(text("DELETE FROM launches WHERE id = 'L1'"))
    prune_runs(journal)
    assert (rows(journal), rows(journal, filling_rows)) == (0, 0)


SENDINGS = st.lists(
    st.builds(
        lambda nth, profile, kind, database: event(
            kind, nth=nth, at=NOON + timedelta(seconds=1 + nth), profile_id=profile, list_id=database
        ),
        st.integers(0, 5),
        st.sampled_from(["a", "b", "c", None, 7]),
        st.sampled_from(["send", "send_sms", "deliv"]),
        st.sampled_from([50, "50", 7, None]),
    ),
    min_size=1,
    max_size=10,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SENDINGS, st.data())
def test_any_order_any_repetition_and_any_cut_into_batches_give_the_same_list(tmp_path_factory, events, data):
    plain, shuffled = (journal_at(tmp_path_factory.mktemp(name), Clock()) for name in ("plain", "shuffled"))
    for journal in (plain, shuffled):
        ran(journal)
        Fillings(journal, VAULT).ask(L1, BEN)
    again = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events), max_size=10))))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(again)), max_size=4)) | {0, len(again)})
    receivers = [Counting(shuffled, KEY, VAULT), Counting(shuffled, KEY, VAULT)]

    count(Counting(plain, KEY, VAULT), *events)
    for first, last in pairwise(cuts):
        count(data.draw(st.sampled_from(receivers)), *again[first:last])

    assert _closed(shuffled) == _closed(plain)
    for journal in (plain, shuffled):
        journal._engine.dispose()


def _closed(journal) -> object:
    fillings = Fillings(journal, VAULT)
    try:
        filling = fillings.close(L1, 400, 50, 1000)
    except NobodyNamed:
        return None
    return fillings.profiles(filling), filling.named, filling.nameless, filling.elsewhere


def test_a_correction_is_found_by_what_it_corrects_and_nobody_can_hide_that(journal):
    ran(journal)
    journal.execute(L2, Request(ANA, replace(asked(campaign_id=83), belongs_to=L1)))
    with journal.writing() as connection:
        assert corrections_of(connection, L1) == (L2,)
        assert verify_launch(connection, L2, now=journal.now()) == ()
        connection.execute(text("UPDATE launches SET corrects = NULL WHERE id = 'L2'"))
        (found,) = verify_launch(connection, L2, now=journal.now())
    assert "corrects" in found.text
