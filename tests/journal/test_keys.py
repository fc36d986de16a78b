"""Under a key, whoever can write to the database can add nothing that counts, and what came before is sealed."""

import pytest
from sqlalchemy import insert, select, update

from bot.campaign.request import LaunchId
from bot.journal.audit import Counts, verify
from bot.journal.engine import JournalUnusable, open_engine
from bot.journal.finding import Kind
from bot.journal.journal import Journal
from bot.journal.keys import NO_KEYS, keys_of
from bot.journal.pruning import prune
from bot.journal.rekeying import NotSealed, check_keys, rekey
from bot.journal.tables import events, launches, pruned, seals
from bot.launch.codec import encode
from bot.launch.commands import Approve, Cancel, Observe, Request
from bot.launch.events import Approved, Denied
from bot.launch.outcome import Accepted
from bot.policy.roles import Action
from tests.builders import ANA, BEN, CLEO, NOON, OTTO, asked, journal_on, started
from tests.conftest import ENGINES
from tests.journal.tampering import CANCELLED, LONE, SENT, STREAMS, WAITING, digest_of_stored, filled, tamper

OLD, NEW, OTHER = (f"{name}-key-of-thirty-two-bytes-at-least".encode() for name in ("the-old", "the-new", "another"))
OURS = keys_of([NEW])
FRESH = LaunchId("L-fresh")


@pytest.fixture(params=ENGINES)
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'journal.db'}"
    return request.getfixturevalue("postgres").new_journal()


def under(url, *secrets):
    """The journal, as an instance with these keys has it."""
    return Journal(open_engine(url), lambda: NOON, keys_of(secrets))


def found(url, *secrets):
    with under(url, *secrets).reading() as connection:
        return list(verify(connection, Counts(), keys_of(secrets)))


def named(url, *secrets):
    return {(finding.kind, finding.launch_id, finding.seq) for finding in found(url, *secrets)}


def live(journal, launch_id, campaign_id=90):
    """A launch from its request to the platform's answer."""
    journal.execute(launch_id, Request(ANA, asked(campaign_id=campaign_id)))
    journal.execute(launch_id, Approve(BEN))
    journal.execute(launch_id, Observe(started(launch_id)))
    journal.execute(launch_id, Observe(Accepted()))


def changed(url, *statements, **values):
    with under(url).writing() as connection:
        tamper(connection, *statements, **values)


def forge(url, launch_id, seq, event, kind, actor):
    """What somebody can do who has the database and no key: an event with a plain digest, and the row mended."""
    with under(url).writing() as connection:
        previous = connection.execute(select(launches.c.head).where(launches.c.id == launch_id)).scalar_one()
        digest = digest_of_stored(previous, launch_id, seq, NOON, kind, actor, encode(event))
        row = {"launch_id": launch_id, "seq": seq, "at": NOON, "kind": kind, "actor": actor, "data": encode(event)}
        connection.execute(insert(events).values(**row, previous=previous, digest=digest))
        connection.execute(
            update(launches).where(launches.c.id == launch_id).values(version=seq, head=digest, state="approved")
        )


def test_a_record_under_a_key_is_whole_for_whoever_has_the_key(url):
    live(keyed(url, NEW), FRESH)
    assert found(url, NEW) == []


def keyed(url, *secrets):
    """A new journal under these keys."""
    journal_on(url)
    return under(url, *secrets)


def test_for_whoever_has_another_key_or_none_it_is_not(url):
    live(keyed(url, NEW), FRESH)
    assert named(url, OTHER) == {(Kind.KEY, FRESH, 1)}
    assert named(url) == {(Kind.KEY, FRESH, 1)}


def test_a_forged_approval_is_found_though_every_digest_and_the_row_fit(url):
    journal = keyed(url, NEW)
    journal.execute(FRESH, Request(ANA, asked()))
    forge(url, FRESH, 2, Approved(("approver",)), "launch:approve", BEN)
    assert named(url, NEW) == {(Kind.KEY, FRESH, 2)}


def test_a_launch_that_is_forged_whole_is_found(url):
    live(keyed(url, NEW), FRESH)
    live(under(url), LaunchId("L-forged"), 91)
    assert named(url, NEW) == {(Kind.KEY, "L-forged", 1)}


def test_a_key_id_that_was_taken_off_or_exchanged_is_found(url):
    live(keyed(url, NEW, OLD), FRESH)
    for other in ("", keys_of([OLD]).writing_id, "0123456789abcdef"):
        changed(url, f"update events set key_id = '{other}' where seq = 2")
        assert (Kind.EDITED, FRESH, 2) in named(url, NEW, OLD) or (Kind.KEY, FRESH, 2) in named(url, NEW, OLD)


def test_an_edited_approver_cannot_be_given_a_digest(url):
    live(keyed(url, NEW), FRESH)
    changed(url, f"update events set actor = '{CLEO}' where seq = 2")
    assert named(url, NEW) == {(Kind.EDITED, FRESH, 2)}


def test_what_came_before_a_key_verifies_as_before_without_one(url):
    filled(url)
    assert found(url) == []


def test_a_bot_with_a_new_key_does_not_start_on_a_record_that_was_not_sealed(url):
    filled(url)
    with under(url, NEW).reading() as connection, pytest.raises(JournalUnusable, match="audit rekey"):
        check_keys(connection, OURS)
    list(rekey(under(url, NEW), "ops@bot-1"))
    with under(url, NEW).reading() as connection:
        check_keys(connection, OURS)


def test_nor_does_one_without_the_key_that_is_in_use(url):
    live(keyed(url, NEW), FRESH)
    for keys in (NO_KEYS, keys_of([OTHER])):
        with under(url).reading() as connection, pytest.raises(JournalUnusable, match=OURS.writing_id):
            check_keys(connection, keys)


def test_a_new_journal_needs_no_seal(url):
    with keyed(url, NEW).reading() as connection:
        check_keys(connection, OURS)


def test_what_came_before_a_key_is_whole_once_it_is_sealed_and_goes_on_under_the_key(url):
    filled(url)
    assert {kind for kind, _, _ in named(url, NEW)} == {Kind.KEY}
    sealed = list(rekey(under(url, NEW), "ops@bot-1"))
    assert sum(batch.streams for batch in sealed) == len(STREAMS)
    assert found(url, NEW) == []
    under(url, NEW).execute(WAITING, Cancel(ANA))
    live(under(url, NEW), FRESH)
    assert found(url, NEW) == []
    assert list(rekey(under(url, NEW), "ops@bot-1"))
    assert found(url, NEW) == []


def test_who_sealed_it_is_on_record(url):
    filled(url)
    list(rekey(under(url, NEW), "ops@bot-1"))
    with under(url).reading() as connection:
        (data,) = connection.execute(select(events.c.data).where(events.c.kind == "record:rekey")).scalars()
    assert data == {"by": "ops@bot-1", "key_id": OURS.writing_id, "streams": len(STREAMS), "pruned": 0, "lost": []}


@pytest.mark.parametrize(
    "deed",
    [
        f"update events set actor = '{OTTO}' where launch_id = '{SENT}' and seq = 3",
        f"delete from events where launch_id = '{SENT}' and seq = 7",
        f"update seals set seq = 6 where launch_id = '{SENT}'",
        f"update seals set digest = '{'0' * 64}' where launch_id = '{SENT}'",
        f"update seals set key_id = '' where launch_id = '{SENT}'",
        f"delete from seals where launch_id = '{SENT}'",
    ],
)
def test_whatever_is_done_to_what_was_sealed_or_to_its_seal_is_found(url, deed):
    filled(url)
    list(rekey(under(url, NEW), "ops@bot-1"))
    changed(url, deed)
    assert SENT in {launch_id for _, launch_id, _ in named(url, NEW)}


def test_a_plain_event_behind_a_seal_is_found(url):
    filled(url)
    list(rekey(under(url, NEW), "ops@bot-1"))
    forge(url, WAITING, 3, Approved(("approver",)), "launch:approve", CLEO)
    assert named(url, NEW) == {(Kind.KEY, WAITING, 3)}


def test_a_record_that_was_tampered_with_is_not_sealed_over(url):
    filled(url)
    changed(url, f"update events set actor = '{OTTO}' where launch_id = '{SENT}' and seq = 3")
    with pytest.raises(NotSealed, match=SENT):
        list(rekey(under(url, NEW), "ops@bot-1"))


def test_what_was_put_in_beside_a_key_is_not_sealed_when_the_key_is_changed(url):
    live(keyed(url, OLD), FRESH)
    live(under(url), LaunchId("L-forged"), 91)
    with pytest.raises(NotSealed, match="L-forged"):
        list(rekey(under(url, NEW, OLD), "ops@bot-1"))


def test_while_a_key_is_changed_instances_with_either_first_write_one_record(url):
    old, new = keyed(url, OLD, NEW), under(url, NEW, OLD)
    old.execute(FRESH, Request(ANA, asked()))
    new.execute(FRESH, Approve(BEN))
    old.execute(FRESH, Observe(started(FRESH)))
    new.execute(FRESH, Observe(Accepted()))
    assert found(url, OLD, NEW) == found(url, NEW, OLD) == []


def test_once_it_is_sealed_again_the_old_key_is_needed_no_more(url):
    live(keyed(url, OLD), FRESH)
    under(url, OLD).record_alone(LONE, OTTO, Denied(Action.REQUEST, "MissingRole"))
    list(rekey(under(url, NEW, OLD), "ops@bot-1"))
    assert found(url, NEW) == []
    # Its digest is under a key that nobody has any more; what it says is sealed all the same.
    changed(url, f"update events set actor = '{CLEO}' where launch_id = '{FRESH}' and seq = 2")
    assert (Kind.KEY, FRESH, 4) in named(url, NEW)


def test_a_lost_key_is_given_up_only_by_its_id_and_that_is_on_record(url):
    live(keyed(url, OLD), FRESH)
    with pytest.raises(NotSealed, match=FRESH):
        list(rekey(under(url, NEW), "ops@bot-1"))
    lost = keys_of([OLD]).writing_id
    list(rekey(under(url, NEW), "ops@bot-1", [lost]))
    assert found(url, NEW) == []
    with under(url).reading() as connection:
        (data,) = connection.execute(select(events.c.data).where(events.c.kind == "record:rekey")).scalars()
    assert data["lost"] == [lost]


def test_what_is_kept_of_a_pruned_launch_is_under_the_key(url):
    live(keyed(url, NEW), FRESH)
    under(url, NEW).execute(LaunchId("L-over"), Request(ANA, asked(campaign_id=83)))
    under(url, NEW).execute(LaunchId("L-over"), Cancel(ANA))
    assert [batch.streams for batch in prune(under(url, NEW), NOON.replace(year=2027))] == [1]
    assert found(url, NEW) == []
    with under(url).reading() as connection:
        assert connection.execute(select(pruned.c.key_id)).scalar_one() == OURS.writing_id
    changed(url, "update pruned set state = 'finished'")
    assert named(url, NEW) == {(Kind.PRUNED, "L-over", 1)}
    changed(url, "update pruned set key_id = ''")
    assert named(url, NEW) == {(Kind.PRUNED, "L-over", 1)}


def test_what_was_pruned_before_a_key_is_sealed_under_it(url):
    filled(url)
    list(prune(under(url), NOON.replace(year=2027)))
    (batch, *rest) = [one for one in rekey(under(url, NEW), "ops@bot-1") if one.pruned]
    assert batch.pruned == 4
    assert not rest
    assert found(url, NEW) == []


def test_a_forged_launch_is_not_pruned_over(url):
    live(keyed(url, NEW), FRESH)
    forged = under(url)
    forged.execute(CANCELLED, Request(ANA, asked(campaign_id=83)))
    forged.execute(CANCELLED, Cancel(ANA))
    with pytest.raises(Exception, match=CANCELLED):
        list(prune(under(url, NEW), NOON.replace(year=2027)))


def test_a_key_shows_in_no_repr_and_its_id_tells_nothing_of_it(url):
    keys = keys_of([NEW, OLD])
    for told in (repr(keys), repr(keys.writing), repr(under(url, NEW))):
        assert NEW.decode() not in told
        assert NEW.hex() not in told
    assert keys.writing.id not in NEW.decode()


def test_no_key_stands_in_the_database(url):
    filled(url)
    list(rekey(under(url, NEW, OLD), "ops@bot-1"))
    with under(url).reading() as connection:
        for table in (events, seals, pruned, launches):
            rows = connection.execute(select(table)).all()
            assert NEW.decode() not in repr(rows)
            assert NEW.hex() not in repr(rows)
