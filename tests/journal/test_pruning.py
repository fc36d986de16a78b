"""What ended long ago can be removed, and the rest still verifies; what has not ended is never touched."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.campaign.request import LaunchId
from bot.journal.finding import Kind
from bot.journal.journal import Journal
from bot.journal.pruning import NotWhole, prunable, prune
from bot.journal.queue import STEPS, Queue
from bot.launch.commands import Approve, Cancel, Observe, Request
from bot.launch.events import Denied
from bot.launch.outcome import Unknown
from bot.policy.roles import Action
from tests.builders import ANA, BEN, CLEO, NOON, OTTO, Clock, asked, instance, started
from tests.journal.tampering import CANCELLED, LONE, LONE_LAST, SENT, WAITING, filled, found_in, tamper

LATER = NOON + timedelta(days=1)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def journal(database_url, clock):
    return filled(database_url, clock)


def streams_of(journal: Journal) -> set[str]:
    with journal.reading() as connection:
        return set(connection.execute(text("select distinct launch_id from events")).scalars())


def findings(journal):
    with journal.reading() as connection:
        return found_in(connection)


def pruned(journal, before=LATER):
    return sum(batch.streams for batch in prune(journal, before))


def test_what_has_ended_goes_and_the_rest_still_verifies(journal):
    with journal.reading() as connection:
        would = prunable(connection, LATER)
    assert (would.launches, would.attempts, would.events) == (2, 2, 11)
    assert pruned(journal) == 4
    assert streams_of(journal) == {WAITING}
    assert findings(journal) == []
    assert pruned(journal) == 0


def test_what_is_opened_after_it_follows_what_was_pruned(journal):
    pruned(journal)
    journal.execute(LaunchId("L-new"), Request(ANA, asked()))
    journal.execute(LaunchId("L-new"), Cancel(ANA))
    journal.record_alone(LaunchId("D-new"), OTTO, Denied(Action.REQUEST, "MissingRole"))
    assert findings(journal) == []
    assert pruned(journal) == 2
    assert findings(journal) == []


def test_only_what_is_older_goes(journal):
    assert pruned(journal, NOON + timedelta(seconds=1)) == 1
    assert streams_of(journal) == {SENT, CANCELLED, WAITING, LONE_LAST}
    assert findings(journal) == []


def test_what_is_in_doubt_or_in_somebodys_hands_stays(journal):
    doubt = LaunchId("L-doubt")
    journal.execute(doubt, Request(ANA, asked(campaign_id=90)))
    journal.execute(doubt, Approve(BEN))
    Queue(journal, STEPS, instance()).claim(5)
    for event in (started(doubt), Unknown("the connection broke")):
        journal.execute(doubt, Observe(event))
    tampered = "update launches set claim = 'ours' where id = :launch"
    with journal.writing() as connection:
        connection.execute(text(tampered), {"launch": CANCELLED})
    pruned(journal)
    assert streams_of(journal) == {doubt, WAITING, CANCELLED}


def test_a_click_on_a_pruned_launch_is_refused_as_on_one_that_never_was(journal):
    pruned(journal)
    assert type(journal.execute(CANCELLED, Approve(CLEO)).reason).__name__ == "NoSuchLaunch"


def test_a_launch_that_was_tampered_with_is_not_pruned_over(journal):
    with journal.writing() as connection:
        tamper(connection, f"update events set actor = 'U0X' where launch_id = '{CANCELLED}' and seq = 2")
    with pytest.raises(NotWhole, match=CANCELLED):
        pruned(journal)
    assert CANCELLED in streams_of(journal)


@pytest.mark.parametrize(
    "statement",
    [
        f"update pruned set {column} where launch_id = '{SENT}'"
        for column in (
            "campaign_id = 83",
            "state = 'cancelled'",
            "opened_at = '2026-11-01 09:00:00'",
            "ended_at = '2026-11-01 09:00:00'",
            f"previous = '{'0' * 64}'",
            f"opening = '{'0' * 64}'",
            f"head = '{'0' * 64}'",
            "version = 3",
            "pruned_at = '2026-11-01 09:00:00'",
            f"digest = '{'0' * 64}'",
        )
    ]
    + [f"delete from pruned where launch_id = '{SENT}'", f"delete from pruned where launch_id = '{LONE}'"],
)
def test_whatever_is_done_to_what_is_kept_is_found(tmp_path, statement):
    journal = filled(f"sqlite:///{tmp_path / 'journal.db'}")
    pruned(journal)
    with journal.writing() as connection:
        tamper(connection, statement)
        ((kind, launch_id),) = {(finding.kind, finding.launch_id) for finding in found_in(connection)}
    assert kind == (Kind.MISSING if statement.startswith("delete") else Kind.PRUNED)
    assert launch_id in {SENT, LONE}


def test_events_put_in_again_for_a_pruned_launch_are_found(journal):
    pruned(journal)
    with journal.writing() as connection:
        tamper(
            connection,
            "insert into events (launch_id, seq, at, kind, actor, data, previous, digest) "
            f"select '{SENT}', seq, at, kind, actor, data, previous, digest from events where seq = 1",
        )
        assert (Kind.PRUNED, SENT) in {(finding.kind, finding.launch_id) for finding in found_in(connection)}
