"""Whatever is done to the journal behind the bot's back is found, and the event is named."""

import json

import pytest
from sqlalchemy import JSON, Text, cast, literal, update

from bot.campaign.encoding import canonical
from bot.journal.audit import Counts, verify
from bot.journal.finding import Kind
from bot.journal.stored import moment, streams
from bot.journal.tables import events
from bot.launch.codec import encode
from bot.launch.commands import Request
from bot.launch.events import Approved, Cancelled, Denied
from bot.policy.roles import Action
from tests.builders import ANA, NOON, asked, journal_on
from tests.conftest import ENGINES
from tests.journal.tampering import (
    CANCELLED,
    LONE,
    LONE_LAST,
    SENT,
    STREAMS,
    WAITING,
    digest_of_stored,
    filled,
    found_in,
    named,
    tamper,
)


@pytest.fixture(scope="module", params=ENGINES)
def filled_journal(request, tmp_path_factory):
    if request.param == "postgresql":
        return filled(request.getfixturevalue("postgres").new_database())
    return filled(f"sqlite:///{tmp_path_factory.mktemp('audit') / 'journal.db'}")


@pytest.fixture
def journal(filled_journal):
    """A connection to the journal; what is done over it is taken back afterwards."""
    with filled_journal.writing() as connection:
        yield connection
        connection.rollback()


def test_what_nobody_touched_is_whole_and_counted(journal):
    counts = Counts()
    assert list(verify(journal, counts)) == []
    assert (counts.launches, counts.alone, counts.events) == (3, 2, sum(STREAMS.values()))
    assert (counts.pruned, counts.unfolded) == (0, 0)


def test_what_writers_of_json_spell_in_several_ways_is_whole(journal_url):
    journal = journal_on(journal_url)
    content = {"large": 1e16, "small": 2.5e-05, "long": 10**30, "half": "\ud83d", "line": "\u2028\x7f\x00"}
    asked_for = journal.execute(SENT, Request(ANA, asked(content=content)))
    with journal.reading() as connection:
        assert found_in(connection) == []
    assert journal.doubts(asked_for) == ()
    assert journal_on(journal_url).load(SENT) == asked_for


def test_the_text_that_is_stored_is_the_one_that_the_digest_covers(journal):
    for stream in streams(journal, events.c.launch_id):
        for event in stream.events:
            text = event.row[-1]
            assert text == canonical(event.data)


def spaced(journal, data):
    """JSON's column would spell it anew."""
    text = literal(json.dumps(data), Text)
    return text if journal.dialect.name == "sqlite" else cast(text, JSON)


def test_what_earlier_versions_stored_with_spaces_and_escapes_is_whole(journal):
    for stream in list(streams(journal, events.c.launch_id)):
        for event in stream.events:
            place = (events.c.launch_id == event.launch_id) & (events.c.seq == event.seq)
            journal.execute(update(events).where(place).values(data=spaced(journal, event.data)))
    assert found_in(journal) == []
    assert any('": ' in event.row[-1] for stream in streams(journal, events.c.launch_id) for event in stream.events)


def test_a_second_row_beside_a_launch_does_not_hide_behind_the_first(journal):
    tamper(
        journal,
        "drop index openings_launch",
        f"insert into openings (number, launch_id, digest) select 100, launch_id, digest from openings "
        f"where launch_id = '{CANCELLED}'",
    )
    assert {(Kind.INSERTED, CANCELLED, 1), (Kind.INSERTED, CANCELLED, 2)} <= named(journal)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "'2026-11-01 09:00:00'"),
        ("kind", "'launch:reject'"),
        ("actor", "'U0OTTO'"),
        ("data", """'{"roles": ["lead"], "size": null}'"""),
        ("previous", f"'{'0' * 64}'"),
        ("digest", f"'{'0' * 64}'"),
    ],
)
@pytest.mark.parametrize("seq", [3, 7])
def test_an_edited_event_is_named_whatever_was_edited(journal, column, value, seq):
    tamper(journal, f"update events set {column} = {value} where launch_id = '{SENT}' and seq = {seq}")
    assert (Kind.EDITED, SENT, seq) in named(journal)


@pytest.mark.parametrize("stream", [SENT, CANCELLED, LONE, LONE_LAST])
def test_an_edited_opening_is_named(journal, stream):
    tamper(journal, f"update events set actor = 'U0BEN' where launch_id = '{stream}' and seq = 1")
    assert named(journal) == {(Kind.EDITED, stream, 1)}


@pytest.mark.parametrize("seq", [1, 4, 7])
def test_a_removed_event_is_named_be_it_the_first_one_within_or_the_last(journal, seq):
    tamper(journal, f"delete from events where launch_id = '{SENT}' and seq = {seq}")
    assert named(journal) == {(Kind.MISSING, SENT, seq)}


def test_two_edits_are_two_findings(journal):
    tamper(journal, f"update events set actor = 'U0X' where launch_id = '{SENT}' and seq in (2, 5)")
    assert named(journal) == {(Kind.EDITED, SENT, 2), (Kind.EDITED, SENT, 5)}


def test_events_in_another_order_are_named(journal):
    tamper(
        journal,
        f"update events set seq = 100 where launch_id = '{SENT}' and seq = 3",
        f"update events set seq = 3 where launch_id = '{SENT}' and seq = 4",
        f"update events set seq = 4 where launch_id = '{SENT}' and seq = 100",
    )
    assert named(journal) == {(Kind.MOVED, SENT, 3), (Kind.MOVED, SENT, 4)}


def rows_of(journal, stream):
    return next(streams(journal, events.c.launch_id, where=[events.c.launch_id == stream])).events


def put(journal, stream, seq, event, previous, kind, at=NOON, actor="U0BEN"):
    """Puts an event in whose digest is right; gives the digest."""
    digest = digest_of_stored(previous, stream, seq, at, kind, actor, encode(event))
    row = {"launch_id": stream, "seq": seq, "at": at, "kind": kind, "actor": actor, "data": encode(event)}
    journal.execute(events.insert().values(**row, previous=previous, digest=digest))
    return digest


def test_an_event_put_in_at_the_end_is_named_though_it_fits_the_chain(journal):
    put(journal, WAITING, 3, Approved(), rows_of(journal, WAITING)[-1].digest, "launch:approve")
    assert named(journal) == {(Kind.INSERTED, WAITING, 3)}


def test_an_event_put_in_before_the_first_is_named(journal):
    put(journal, WAITING, 0, Cancelled(), "", "launch:cancel")
    assert (Kind.INSERTED, WAITING, 0) in named(journal)


def test_an_event_put_in_between_moves_the_others_and_is_named(journal):
    tamper(
        journal,
        f"update events set seq = 3 where launch_id = '{WAITING}' and seq = 2",
        f"update launches set version = 3 where id = '{WAITING}'",
    )
    put(journal, WAITING, 2, Approved(), rows_of(journal, WAITING)[0].digest, "launch:approve")
    assert named(journal) == {(Kind.MOVED, WAITING, 3)}


def rehashed(journal, stream, from_seq, **edited):
    """Edits an event and gives it and all after it digests that are right; gives the last one."""
    previous = None
    for row in rows_of(journal, stream):
        if row.seq < from_seq:
            continue
        previous = row.previous if previous is None else previous
        actor = edited["actor"] if row.seq == from_seq else row.actor
        digest = digest_of_stored(previous, stream, row.seq, moment(row.at), row.kind, actor, row.data)
        tamper(
            journal,
            "update events set actor = :actor, previous = :previous, digest = :digest "
            "where launch_id = :stream and seq = :seq",
            actor=actor,
            previous=previous,
            digest=digest,
            stream=stream,
            seq=row.seq,
        )
        previous = digest
    return previous


def test_a_tail_with_new_digests_is_found_at_its_end(journal):
    rehashed(journal, SENT, 3, actor="U0OTTO")
    assert named(journal) == {(Kind.PROJECTION, SENT, 7)}


def test_one_event_with_a_new_digest_is_found_by_the_event_after_it(journal):
    row = rows_of(journal, SENT)[3]
    digest = digest_of_stored(row.previous, SENT, row.seq, row.at, row.kind, "U0OTTO", row.data)
    tamper(
        journal,
        f"update events set actor = 'U0OTTO', digest = '{digest}' where launch_id = '{SENT}' and seq = {row.seq}",
    )
    assert named(journal) == {(Kind.REPLACED, SENT, row.seq)}


@pytest.mark.parametrize("stream", [LONE, LONE_LAST, CANCELLED])
def test_a_whole_stream_with_new_digests_is_found_by_its_opening(journal, stream):
    head = rehashed(journal, stream, 1, actor="U0BEN")
    tamper(journal, f"update launches set head = '{head}' where id = '{stream}'")
    assert (Kind.OPENING, stream, 1) in named(journal)


@pytest.mark.parametrize("stream", STREAMS)
def test_a_removed_stream_is_named(journal, stream):
    tamper(
        journal,
        f"delete from events where launch_id = '{stream}'",
        f"delete from launches where id = '{stream}'",
    )
    assert named(journal) == {(Kind.MISSING, stream, 1)}


@pytest.mark.parametrize("stream", STREAMS)
def test_a_stream_that_is_removed_with_every_trace_leaves_a_gap(journal, stream):
    """Nothing names it any more; its neighbours say where it was."""
    tamper(
        journal,
        f"delete from events where launch_id = '{stream}'",
        f"delete from launches where id = '{stream}'",
        f"delete from openings where launch_id = '{stream}'",
    )
    number = list(STREAMS).index(stream) + 1
    gap = next(finding for finding in found_in(journal) if finding.launch_id == "")
    assert gap.text.startswith(f"Opening {number} is missing")
    find_collisions = [one for place, one in enumerate(STREAMS, start=1) if abs(place - number) == 1]
    assert all(one in gap.text for one in find_collisions)


@pytest.mark.parametrize("previous", ["", "the newest opening"])
def test_a_stream_that_was_put_in_is_named(journal, previous):
    last = rows_of(journal, LONE_LAST)[0].digest if previous else ""
    put(journal, "D-forged", 1, Denied(Action.REQUEST, "MissingRole"), last, "launch:deny")
    assert named(journal) == {(Kind.INSERTED, "D-forged", 1)}


def test_a_stream_that_was_put_in_with_an_opening_is_found_all_the_same(journal):
    """Its maker has not moved the journal's head."""
    last = rows_of(journal, LONE_LAST)[0].digest
    digest = put(journal, "D-forged", 1, Denied(Action.REQUEST, "MissingRole"), last, "launch:deny")
    tamper(journal, f"insert into openings values (6, 'D-forged', '{digest}')")
    assert named(journal) == {(Kind.OPENING, "D-forged", 1)}


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [
        ("head", f"'{'0' * 64}'", Kind.PROJECTION),
        ("version", "9", Kind.MISSING),
        ("version", "5", Kind.INSERTED),
        ("state", "'in_doubt'", Kind.PROJECTION),
        ("campaign_id", "83", Kind.PROJECTION),
        ("channel", "'C0RANDOM'", Kind.PROJECTION),
        ("audience", "'list:1'", Kind.PROJECTION),
        ("reaches_at", "null", Kind.PROJECTION),
    ],
)
def test_an_edited_row_of_launches_is_found(journal, column, value, kind):
    tamper(journal, f"update launches set {column} = {value} where id = '{SENT}'")
    ((found, launch_id, _),) = named(journal)
    assert (found, launch_id) == (kind, SENT)


def test_a_removed_row_of_launches_is_found(journal):
    tamper(journal, f"delete from launches where id = '{WAITING}'")
    assert named(journal) == {(Kind.PROJECTION, WAITING, 1)}


@pytest.mark.parametrize("launch_id", ["L-forged", LONE])
def test_a_row_of_launches_that_was_put_in_is_found(journal, launch_id):
    columns = "state, campaign_id, channel, version, head"
    tamper(
        journal,
        f"insert into launches (id, {columns}) select '{launch_id}', {columns} from launches where id = '{WAITING}'",
    )
    assert launch_id in {where for _, where, _ in named(journal)}


@pytest.mark.parametrize(
    "statement",
    [
        f"update openings set digest = '{'0' * 64}' where number = 2",
        f"update openings set digest = '{'0' * 64}' where number = 5",
        "update openings set number = 9 where number = 2",
        "update openings set launch_id = 'L-other' where number = 2",
        "delete from openings where number = 2",
        "delete from openings where number = 5",
        "delete from openings_head",
        "update openings_head set number = 4",
        "update openings_head set number = 6",
        f"update openings_head set digest = '{'0' * 64}'",
        "update openings_head set unchained = 1",
        f"update openings_head set unchained_digest = '{'0' * 64}'",
    ],
)
def test_whatever_is_done_to_the_openings_is_found(journal, statement):
    tamper(journal, statement)
    assert named(journal)


@pytest.mark.parametrize(
    "statement",
    [
        f"update events set at = 'yesterday' where launch_id = '{SENT}' and seq = 2",
        f"update events set data = 'no JSON' where launch_id = '{SENT}' and seq = 2",
        f"update events set data = 'NaN' where launch_id = '{SENT}' and seq = 2",
        f"update events set actor = x'00ff' where launch_id = '{SENT}' and seq = 2",
        f"update events set seq = 'two' where launch_id = '{SENT}' and seq = 2",
        f"update launches set version = 'nine' where id = '{SENT}'",
        f"update launches set reaches_at = 'never' where id = '{SENT}'",
        "update openings_head set number = 'none', unchained = 'none'",
    ],
)
def test_values_that_are_of_no_sense_stop_nothing(tmp_path, statement):
    """SQLite holds any text in any column."""
    with filled(f"sqlite:///{tmp_path / 'journal.db'}").writing() as connection:
        tamper(connection, statement)
        assert named(connection)


def test_an_event_of_a_newer_version_is_verified_though_it_is_not_understood(journal):
    """Its digest covers what is stored; only what it comes to is not known, and that is counted."""
    kind, data = "launch:teleport", {"where": "elsewhere"}
    last = rows_of(journal, WAITING)[-1]
    digest = digest_of_stored(last.digest, WAITING, 3, NOON, kind, "", data)
    row = {"launch_id": WAITING, "seq": 3, "at": NOON, "kind": kind, "actor": "", "data": data}
    journal.execute(events.insert().values(**row, previous=last.digest, digest=digest))
    tamper(journal, f"update launches set version = 3, head = '{digest}' where id = '{WAITING}'")
    counts = Counts()
    assert list(verify(journal, counts)) == []
    assert counts.unfolded == 1
