"""The journal: one of two wins, nothing is lost, the chain covers all."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.campaign.request import LaunchId, Source, SourceKind
from bot.journal.appending import Conflict
from bot.journal.chain import digest
from bot.journal.file_store import FileStore
from bot.journal.publish_progress import PublishProgress
from bot.journal.queue import PUBLISHING, STEPS, Queue
from bot.launch.commands import Approve, Cancel, Deny, Observe, Request
from bot.launch.events import Cancelled, Denied
from bot.launch.outcome import Accepted, Unknown
from bot.launch.state import Launch, State
from bot.policy.refusals import Refused, TooLate
from bot.policy.roles import Action
from tests.builders import ANA, BEN, CLEO, OTTO, Clock, asked, instance, journal_on, started

L1 = LaunchId("L1")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def journal(journal_url, clock):
    return journal_on(journal_url, clock)


def open_launch(journal, launch_id=L1, approvals_required=1):
    return journal.execute(launch_id, Request(ANA, asked(approvals=approvals_required)))


def test_a_launch_is_read_back_as_it_was_appended(journal):
    opened = open_launch(journal)
    approved = journal.execute(L1, Approve(BEN))
    assert (opened.state, journal.load(L1)) == (State.REQUESTED, approved)


def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(journal):
    wrong = []
    for round_number in range(30):
        launch_id = LaunchId(f"L{round_number}")
        open_launch(journal, launch_id)
        gate = threading.Barrier(2)

        def decide(command, launch_id=launch_id, gate=gate):
            gate.wait()
            return journal.execute(launch_id, command)

        with ThreadPoolExecutor(2) as pool:
            results = list(pool.map(decide, [Approve(BEN), Cancel(ANA)]))
        final = journal.load(launch_id)
        refused = [result for result in results if isinstance(result, Refused)]
        # An approval before the cancel is no loss: both then stand, in that order.
        if final.state == State.APPROVED and not (len(refused) == 1 and refused[0].reason.by == BEN):
            wrong.append(results)
        if final.state == State.CANCELLED and refused and refused[0].reason.by != ANA:
            wrong.append(results)
    assert wrong == []


def test_two_approvals_at_once_are_both_counted(journal):
    for round_number in range(30):
        launch_id = LaunchId(f"L{round_number}")
        open_launch(journal, launch_id, approvals_required=2)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda who, launch_id=launch_id: journal.execute(launch_id, Approve(who)), [BEN, CLEO]))
        assert journal.load(launch_id).state == State.APPROVED


@pytest.fixture
def stale(journal):
    """A launch as it was read before somebody else approved it."""
    launch = open_launch(journal)
    journal.execute(L1, Approve(BEN))
    return launch


def test_the_version_alone_refuses_a_second_append(journal, stale):
    """The events' primary key, which would refuse it too, is taken away."""
    with journal.writing() as connection:
        connection.execute(text("alter table events rename to keyed"))
        connection.execute(text("create table events as select * from keyed"))
    with pytest.raises(Conflict):
        journal._append(L1, stale, (Cancelled(),), ANA)
    assert journal.load(L1).state == State.APPROVED


def test_the_events_key_alone_refuses_a_second_append(journal, stale):
    """The version is put back to where the stale reader saw it."""
    with journal.writing() as connection:
        connection.execute(text("update launches set version = 1"))
    with pytest.raises(Conflict):
        journal._append(L1, stale, (Cancelled(),), ANA)
    assert journal.load(L1).state == State.APPROVED


def test_a_started_launch_starts_in_one_place_only(journal):
    open_launch(journal)
    journal.execute(L1, Approve(BEN))
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: journal.execute(L1, Observe(started())), range(8)))
    assert sum(isinstance(result, Launch) for result in results) == 1


def test_each_digest_covers_the_event_and_the_digest_before_it(journal):
    open_launch(journal)
    journal.execute(L1, Approve(BEN))
    previous = ""
    for line in journal.story(L1).untold:
        assert line.digest == digest(line.entry, previous)
        previous = line.digest


def test_a_refused_attempt_stands_in_the_record_and_moves_nothing(journal):
    before = open_launch(journal)
    after = journal.execute(L1, Deny(OTTO, Denied(Action.APPROVE, "MissingRole")))
    assert (after.state, after.approvals) == (before.state, before.approvals)
    assert [line.entry.actor for line in journal.story(L1).untold] == [ANA, OTTO]


def test_a_refused_attempt_at_no_launch_is_recorded_and_opens_none(journal):
    journal.record_alone(LaunchId("D1"), OTTO, Denied(Action.REQUEST, "MissingRole"))
    with journal.reading() as connection:
        kinds = connection.execute(text("select kind, actor from events")).all()
    assert [tuple(row) for row in kinds] == [("launch:deny", OTTO)]
    assert journal.load(LaunchId("D1")) is None


def test_an_attachment_is_kept_once_and_read_back(journal):
    sha256 = FileStore(journal).keep(b"pdf")
    assert FileStore(journal).keep(b"pdf") == sha256
    assert FileStore(journal).read(sha256) == b"pdf"
    with pytest.raises(LookupError):
        FileStore(journal).read("0" * 64)


def test_what_is_due_is_claimed_by_one_owner_until_given_back(journal):
    open_launch(journal)
    journal.execute(L1, Approve(BEN))
    ours, theirs = Queue(journal, STEPS, instance("ours")), Queue(journal, STEPS, instance("theirs"))
    assert ours.claim(5) == (L1,)
    assert theirs.claim(5) == ()
    ours.give_back(L1)
    assert theirs.claim(5) == (L1,)


def test_a_claim_takes_only_what_nobody_holds(journal):
    other = LaunchId("L2")
    for launch_id in (L1, other):
        open_launch(journal, launch_id)
        journal.execute(launch_id, Approve(BEN))
    first = Queue(journal, STEPS, instance("ours")).claim(1)
    second = Queue(journal, STEPS, instance("theirs")).claim(5)
    assert {*first, *second} == {L1, other}
    assert len(second) == 1


def test_the_lanes_do_not_wait_for_each_other(journal, clock):
    open_launch(journal)
    journal.execute(L1, Approve(BEN))
    clock.pass_by(seconds=1)
    Queue(journal, STEPS, instance("ours")).claim(1)
    assert Queue(journal, PUBLISHING, instance("ours")).claim(1) == (L1,)


def test_sending_a_launch_comes_before_telling_that_it_is_approved(journal, clock):
    open_launch(journal)
    publishing = Queue(journal, PUBLISHING, instance("ours"))
    journal.execute(L1, Approve(BEN))
    assert (publishing.claim(1), Queue(journal, STEPS, instance("ours")).claim(1)) == ((), (L1,))
    journal.execute(L1, Observe(started()))
    assert publishing.claim(1) == (L1,)


def test_what_another_instance_appended_counts_whatever_this_one_remembers(journal, journal_url, clock):
    open_launch(journal)
    other = journal_on(journal_url, clock)
    other.execute(L1, Cancel(ANA))
    assert isinstance(journal.execute(L1, Approve(BEN)), Refused)
    assert journal.load(L1).state == State.CANCELLED


def test_what_this_instance_remembers_refuses_nothing(journal, journal_url, clock):
    open_launch(journal)
    other = journal_on(journal_url, clock)
    other.execute(L1, Approve(BEN))
    other.execute(L1, Observe(started()))
    assert journal.execute(L1, Observe(Unknown("the connection broke"))).state == State.IN_DOUBT


def test_a_request_is_due_when_it_expires(journal, clock):
    open_launch(journal)
    queue = Queue(journal, STEPS, instance("ours"))
    assert queue.claim(1) == ()
    clock.pass_by(hours=4)
    assert queue.claim(1) == (L1,)


def test_a_launch_is_taken_over_when_its_holder_is_gone_and_not_before(journal):
    open_launch(journal)
    journal.execute(L1, Approve(BEN))
    Queue(journal, STEPS, instance("holder")).claim(1)
    for one, taken in ((instance("neighbour"), ()), (instance("heir", "holder"), (L1,))):
        queue = Queue(journal, STEPS, one)
        queue.take_over()
        assert queue.claim(1) == taken


def test_a_launch_is_taken_over_when_the_lease_ends(journal, clock):
    open_launch(journal)
    journal.execute(L1, Approve(BEN))
    Queue(journal, STEPS, instance("hung")).claim(1)
    clock.pass_by(minutes=14)
    assert Queue(journal, STEPS, instance("heir")).claim(1) == ()
    clock.pass_by(minutes=2)
    assert Queue(journal, STEPS, instance("heir")).claim(1) == (L1,)


def test_postponing_yields_to_what_happened_meanwhile(journal, clock):
    launch = open_launch(journal)
    queue = Queue(journal, PUBLISHING, instance("ours"))
    queue.claim(1)
    journal.execute(L1, Cancel(ANA))
    queue.postpone(L1, launch.version, None)
    queue.give_back(L1)
    assert queue.claim(1) == (L1,)


def test_what_slack_was_told_is_remembered(journal):
    open_launch(journal)
    places = PublishProgress(journal)
    places.posting(L1, 0, 0)
    places.card_posted(L1, "1.2")
    places.published(L1, 1)
    place = journal.story(L1).place
    assert (place.message_ts, place.posting_seq, place.published_seq) == ("1.2", 0, 1)


def test_everything_is_there_after_a_restart(journal_url, clock):
    open_launch(journal_on(journal_url, clock))
    again = journal_on(journal_url, clock)
    assert again.load(L1).state == State.REQUESTED


def test_a_late_answer_after_a_takeover_heals_the_doubt(journal):
    open_launch(journal)
    journal.execute(L1, Approve(BEN))
    journal.execute(L1, Observe(started()))
    doubt = journal.execute(L1, Observe(Unknown("the process was gone")))
    assert doubt.state == State.IN_DOUBT
    assert isinstance(journal.execute(L1, Approve(CLEO)).reason, TooLate)


def colliding(journal, window_hours=24, **parameters):
    asks = asked(**parameters)
    found = journal.collisions(LaunchId("L0"), asks.request, asks.preview, timedelta(hours=window_hours))
    return [(one.launch_id, one.state, one.same_campaign) for one in found]


def test_an_open_launch_of_the_campaign_or_to_its_audience_collides(journal):
    open_launch(journal)
    assert colliding(journal) == [(L1, "requested", True)]
    assert colliding(journal, campaign_id=83) == [(L1, "requested", False)]
    assert colliding(journal, campaign_id=83, source=Source(SourceKind.LIST, 1)) == []


def test_what_was_sent_collides_for_as_long_as_is_asked_for(journal, clock):
    open_launch(journal)
    journal.execute(L1, Approve(BEN))
    for event in (started(), Accepted()):
        journal.execute(L1, Observe(event))
    clock.pass_by(hours=3)
    assert colliding(journal, window_hours=4) == [(L1, "launched", True)]
    assert colliding(journal, window_hours=2) == []


def test_what_will_never_be_sent_does_not_collide(journal):
    journal.execute(L1, Request(ANA, asked(practice=True)))
    journal.execute(LaunchId("L2"), Request(ANA, asked()))
    journal.execute(LaunchId("L2"), Cancel(ANA))
    assert colliding(journal) == []


def test_of_many_collisions_some_are_told(journal):
    for number in range(8):
        open_launch(journal, LaunchId(f"M{number}"))
    assert len(colliding(journal)) == 5
