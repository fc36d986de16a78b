"""What was anchored cannot be taken back: each anchor covers the heads of all chains."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.campaign.request import LaunchId
from bot.journal.anchored_heads import list_of
from bot.journal.anchors import Anchors
from bot.journal.finding import Kind
from bot.journal.pruning import prune
from bot.launch.commands import Approve, Reject, Request
from tests.builders import ANA, BEN, NOON, OTTO, Clock, asked
from tests.journal.tampering import LONE, LONE_LAST, SENT, STREAMS, WAITING, filled, found_in, tamper

DAY, NEXT, THIRD = "2026-11-22", "2026-11-23", "2026-11-24"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def journal(journal_url, clock):
    return filled(journal_url, clock)


def heads_of(journal, number):
    with journal.reading() as connection:
        return {launch_id: seq for launch_id, seq, _digest in list_of(connection, number)}


def found(journal):
    with journal.reading() as connection:
        return [one for one in found_in(connection) if one.kind is Kind.ANCHOR]


def change(journal, *statements, **values):
    with journal.writing() as connection:
        tamper(connection, *statements, **values)


def cut(journal, launch_id, seq):
    """Removes the launch's events from that one on, and mends all that counts them, as somebody would."""
    change(
        journal,
        "DELETE FROM events WHERE launch_id = :launch AND seq >= :seq",
        "UPDATE launches SET version = :seq - 1, head = (SELECT digest FROM events WHERE launch_id = :launch "
        "AND seq = :seq - 1), state = 'requested' WHERE id = :launch",
        launch=launch_id,
        seq=seq,
    )


def test_the_first_anchor_covers_the_head_of_every_chain_refused_attempts_too(journal):
    anchor = Anchors(journal).begin(DAY)
    assert (anchor.number, anchor.chains, anchor.heads) == (1, len(STREAMS), len(STREAMS))
    assert heads_of(journal, 1) == STREAMS


def test_the_next_one_covers_what_has_moved_and_goes_by_way_of_the_one_before(journal):
    first = Anchors(journal).begin(DAY)
    journal.execute(WAITING, Reject(BEN, "no"))
    second = Anchors(journal).begin(NEXT)
    assert heads_of(journal, second.number) == {WAITING: 3}
    assert second.digest != first.digest
    assert not found(journal)


def test_a_day_on_which_nothing_happened_is_not_anchored(journal):
    assert Anchors(journal).begin(DAY)
    assert Anchors(journal).begin(NEXT) is None


def test_of_all_who_would_anchor_a_day_one_does(journal):
    with ThreadPoolExecutor(8) as pool:
        begun = list(pool.map(lambda _: Anchors(journal).begin(DAY), range(8)))
    assert len([one for one in begun if one]) == 1


def test_what_was_taken_back_is_covered_by_the_next(journal):
    anchors = Anchors(journal)
    anchors.take_back(anchors.begin(DAY))
    assert anchors.begin(DAY).heads == len(STREAMS)


def test_a_tail_that_was_cut_with_everything_that_counts_it_is_found(journal):
    Anchors(journal).begin(DAY)
    cut(journal, WAITING, 2)
    assert [(one.launch_id, one.seq) for one in found(journal)] == [(WAITING, 2)]


def test_without_an_anchor_it_would_not_be(journal):
    cut(journal, WAITING, 2)
    with journal.reading() as connection:
        assert not found_in(connection)


def test_the_newest_launch_removed_whole_and_the_openings_mended_is_found(journal):
    Anchors(journal).begin(DAY)
    change(
        journal,
        "DELETE FROM events WHERE launch_id = :launch",
        "DELETE FROM openings WHERE launch_id = :launch",
        "UPDATE openings_head SET number = number - 1, digest = (SELECT digest FROM openings WHERE number = "
        "(SELECT max(number) FROM openings))",
        launch=LONE_LAST,
    )
    assert [(one.launch_id, one.seq) for one in found(journal)] == [(LONE_LAST, 1)]


def test_a_head_that_was_exchanged_is_found(journal):
    Anchors(journal).begin(DAY)
    change(journal, "UPDATE events SET digest = :other WHERE launch_id = :launch", other="0" * 64, launch=LONE)
    assert [(one.launch_id, one.seq) for one in found(journal)] == [(LONE, 1)]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM anchored WHERE launch_id = 'L-waiting'",
        "DELETE FROM anchors WHERE number = 1",
        "UPDATE anchors SET chains = chains - 1 WHERE number = 1",
        "UPDATE anchors SET day = '2026-11-21' WHERE number = 1",
        "UPDATE anchors SET digest = 'f' WHERE number = 1",
    ],
)
def test_a_list_or_an_anchor_that_was_changed_does_not_give_its_digest(journal, statement):
    Anchors(journal).begin(DAY)
    journal.execute(WAITING, Reject(BEN, "no"))
    Anchors(journal).begin(NEXT)
    change(journal, statement)
    assert "does not give its digest" in " ".join(one.text for one in found(journal))


def test_what_is_pruned_stays_anchored(journal, clock):
    Anchors(journal).begin(DAY)
    clock.pass_by(days=2)
    assert list(prune(journal, NOON.replace(day=24)))
    assert not found(journal)
    assert Anchors(journal).begin(NEXT) is None


def test_a_launch_that_was_exchanged_for_what_looks_pruned_is_found(journal, clock):
    Anchors(journal).begin(DAY)
    clock.pass_by(days=2)
    assert list(prune(journal, NOON.replace(day=24)))
    change(journal, "UPDATE pruned SET head = :other WHERE launch_id = :launch", other="0" * 64, launch=SENT)
    assert [one.launch_id for one in found(journal)] == [SENT]


def test_what_goes_on_after_an_anchor_is_no_finding(journal):
    Anchors(journal).begin(DAY)
    journal.execute(WAITING, Approve(OTTO))
    journal.execute(LaunchId("L-new"), Request(ANA, asked(campaign_id=85)))
    assert not found(journal)
    assert heads_of(journal, Anchors(journal).begin(THIRD).number).keys() == {WAITING, "L-new"}
