"""The threads are held against the journal: whoever changes one of the two is found by the other."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update

from bot.campaign.request import LaunchId
from bot.journal.keys import NO_KEYS
from bot.journal.pruning import prune
from bot.journal.publish_progress import PublishProgress
from bot.journal.sealing import pruned_seal
from bot.journal.tables import events, launches, pruned
from bot.launch.commands import Deny, Observe, Request
from bot.launch.events import Denied, Reminded
from bot.policy.roles import Action
from bot.slack.api.languages import Languages
from bot.slack.api.thread_reader import NotRead, ThreadReader
from bot.slack.channel import Channel
from bot.slack.profiles import Profiles
from bot.terminal.against_slack import Looked, hold_against
from bot.texts import ENGLISH
from sandbox.slack.records import Limits, Organisation
from tests.builders import ANA, CLEO, LAUNCHES, OTTO, AtOnce, asked
from tests.journal.tampering import CANCELLED, SENT, WAITING, digest_of_stored, filled, found_in, tamper
from tests.sandbox.slack.rig import running

AT = "2026-11-23 12:00:00.000000"
EVENTS_OF = ("events", "launch_id")


@pytest.fixture(scope="module")
def rig():
    yield from running(Limits(post_burst=1000))


class Told:
    """A journal whose launches were told in the stand-in Slack, and what is found when the two are compared."""

    def __init__(self, rig, folder):
        self.rig = rig.reset()
        self.journal = filled(f"sqlite:///{folder / 'journal.db'}")
        self.pauses = []
        self.looked = Looked()
        self.channel = Channel(rig.client, frozenset, Languages(Profiles(rig.client), AtOnce(), ENGLISH))
        self.places = PublishProgress(self.journal)
        for launch_id in (SENT, CANCELLED, WAITING):
            self.tell(self.journal.story(launch_id))

    def tell(self, story):
        launch_id, message_ts = story.launch.id, story.place.message_ts
        if message_ts is None:
            message_ts = self.channel.post_card(story, look_first=False)
            self.places.card_posted(launch_id, message_ts)
        for line in story.untold:
            if line.told:
                self.channel.post_reply(story, line, message_ts, look_first=False)
        self.places.published(launch_id, story.launch.version)
        self.channel.update_card(story, message_ts)

    def found(self, since=None, meanwhile=lambda: None):
        """`meanwhile` happens after each thread that is read, before the journal is."""
        reader = ThreadReader(self.rig.client, self.pause)
        findings = hold_against(self.journal, reader, self.looked, meanwhile, since)
        return {(finding.launch_id, finding.seq): finding.text for finding in findings}

    def pause(self, seconds):
        self.pauses.append(seconds)
        self.rig.do(self.rig.workspace.faults.clear)

    def tamper(self, *statements):
        with self.journal.writing() as connection:
            tamper(connection, *statements)

    @property
    def messages(self):
        return self.rig.workspace.state.channels[LAUNCHES].messages

    def digest(self, launch_id, seq, *, whole=False):
        """As the thread shows it, or the whole of it."""
        found = self.reply(launch_id, seq).metadata["event_payload"]["digest"]
        return found if whole else found[:12]

    def reply(self, launch_id, seq, **more):
        """The message that tells of that event; 0 is the card."""
        payload = {"launch_id": launch_id, "seq": seq, **more}
        return next(one for one in self.messages.values() if payload.items() <= one.metadata["event_payload"].items())


@pytest.fixture
def told(rig, tmp_path):
    return Told(rig, tmp_path)


def test_what_nobody_touched_agrees(told):
    assert told.found() == {}
    assert (told.looked.threads, told.looked.replies, told.looked.unread) == (3, 10, [])


def test_of_an_organisation_the_channels_of_each_workspace_are_walked(told, monkeypatch):
    workspace = told.rig.workspace
    organisation = replace(workspace.identity, organisation=Organisation("E0ACME", "Acme", ("T0OTHER",)))
    theirs = replace(workspace.state.channels[LAUNCHES], id="C0OTHER", name="theirs", team_id="T0OTHER")
    monkeypatch.setattr(workspace, "identity", organisation)
    monkeypatch.setitem(workspace.state.channels, theirs.id, theirs)
    assert {LAUNCHES, theirs.id} <= set(ThreadReader(told.rig.client, told.pause).channels())


def test_what_the_bot_tells_while_it_is_read_raises_no_false_alarm(told):
    def goes_on():
        for launch_id in (SENT, WAITING):
            told.journal.execute(launch_id, Deny(OTTO, Denied(Action.APPROVE, "MissingRole")))
        told.journal.execute(WAITING, Observe(Reminded(("U0BEN",))))
        for launch_id in (SENT, WAITING):
            told.tell(told.journal.story(launch_id))

    assert told.found(meanwhile=goes_on) == {}
    assert told.found() == {}


def test_a_tail_that_was_cut_clean_from_the_journal_is_told_by_the_thread(told):
    """Journal and projection agree with each other: only the thread still tells of the cancellation."""
    told.tamper(
        f"delete from events where launch_id = '{CANCELLED}' and seq = 2",
        "update launches set version = 1, state = 'requested', "
        f"head = (select digest from events where launch_id = '{CANCELLED}') where id = '{CANCELLED}'",
    )
    assert "the journal does not have it" in told.found()[(CANCELLED, 2)]


def test_a_history_with_new_digests_is_told_by_the_thread(told):
    told.tamper(f"update events set actor = 'U0X', digest = '{'a' * 64}' where launch_id = '{WAITING}' and seq = 2")
    assert told.found()[(WAITING, 2)].endswith("the journal aaaaaaaaaaaa: one of them was changed.")


def test_a_launch_that_was_removed_with_every_trace_is_told_by_its_card(told):
    told.tamper(
        *(f"delete from {table} where launch_id = '{SENT}'" for table in ("events", "openings")),
        f"delete from launches where id = '{SENT}'",
    )
    assert set(told.found()) == {(SENT, 1)}


def test_a_pruned_launch_is_not_taken_for_a_removed_one(told):
    list(prune(told.journal, told.journal.now() + timedelta(seconds=1)))
    assert told.found() == {}
    assert told.looked.threads == 3


def test_a_launch_that_a_self_made_pruned_row_stands_for_is_told_by_its_thread(told):
    """It says that the launch was cancelled before anything was sent, and every digest in the journal fits."""
    with told.journal.reading() as connection:
        first, second = connection.execute(
            text(f"select digest from events where launch_id = '{SENT}' and seq < 3 order by seq")
        ).scalars()
    told.tamper(
        *(f"delete from {table} where {column} = '{SENT}'" for table, column in (("launches", "id"), EVENTS_OF)),
        "insert into pruned "
        "(launch_id, campaign_id, state, opened_at, ended_at, previous, opening, head, version, pruned_at, digest) "
        f"values ('{SENT}', 82, 'cancelled', '{AT}', '{AT}', '', '{first}', '{second}', 2, '{AT}', '')",
    )
    with told.journal.writing() as connection:
        row = dict(connection.execute(select(pruned)).mappings().one())
        connection.execute(update(pruned).values(digest=pruned_seal(row, NO_KEYS, "")))
    assert found_in_journal(told) == []
    assert set(told.found()) == {(SENT, seq) for seq in (3, 4, 5, 6, 7)}
    told.tamper(f"update pruned set version = 7, head = '{'a' * 64}'")
    assert told.found() == {
        (SENT, 7): f"Slack bears the digest {told.digest(SENT, 7)} for it, what is kept in pruned aaaaaaaaaaaa: "
        "one of them was changed."
    }


def test_an_exchanged_approver_is_told_by_the_thread_of_which_the_row_knows_no_more(told):
    """Every digest after it is written anew, the head too, and the row is made to forget its card."""
    with told.journal.writing() as connection:
        previous = ""
        for row in connection.execute(
            select(events).where(events.c.launch_id == SENT).order_by(events.c.seq)
        ).mappings():
            actor = CLEO if row["seq"] == 3 else row["actor"]
            digest = digest_of_stored(
                previous or row["previous"], SENT, row["seq"], row["at"], row["kind"], actor, row["data"]
            )
            own = (events.c.launch_id == SENT) & (events.c.seq == row["seq"])
            new = {"actor": actor, "previous": previous or row["previous"], "digest": digest}
            connection.execute(update(events).where(own).values(**new))
            previous = digest
        connection.execute(update(launches).where(launches.c.id == SENT).values(head=previous, message_ts=None))
    assert found_in_journal(told) == []
    assert set(told.found()) == {(SENT, seq) for seq in (3, 4, 5, 6, 7)}


def test_the_only_launch_of_a_channel_that_was_removed_is_told_by_the_channel(told):
    told.rig.workspace.state.channels["C0RANDOM"].members.append("U0BOT")
    elsewhere = LaunchId("L-elsewhere")
    told.journal.execute(elsewhere, Request(ANA, replace(asked(campaign_id=85), channel="C0RANDOM")))
    told.tell(told.journal.story(elsewhere))
    told.tamper(
        *(f"delete from {table} where launch_id = '{elsewhere}'" for table in ("events", "openings")),
        f"delete from launches where id = '{elsewhere}'",
    )
    assert told.found() == {
        (elsewhere, 1): "C0RANDOM has a card of it, and the journal does not know it: the whole of it was removed."
    }


def test_the_newest_refused_attempts_that_were_removed_are_told_by_the_card(told):
    head = told.digest(WAITING, 2, whole=True)
    for _ in range(2):
        told.journal.execute(WAITING, Deny(OTTO, Denied(Action.APPROVE, "MissingRole")))
    told.tell(told.journal.story(WAITING))
    assert told.found() == {}
    told.tamper(
        f"delete from events where launch_id = '{WAITING}' and seq > 2",
        f"update launches set version = 2, head = '{head}' where id = '{WAITING}'",
    )
    assert found_in_journal(told) == []
    assert told.found() == {
        (WAITING, 4): "Its card counts 4 events, and the journal does not have this one: it was removed."
    }


def test_a_refused_attempt_that_was_written_anew_is_told_by_the_card(told):
    told.journal.execute(WAITING, Deny(OTTO, Denied(Action.APPROVE, "MissingRole")))
    told.tell(told.journal.story(WAITING))
    told.tamper(f"update events set digest = '{'a' * 64}' where launch_id = '{WAITING}' and seq = 3")
    assert told.found()[(WAITING, 3)].endswith("the journal aaaaaaaaaaaa: one of them was changed.")


def test_a_row_that_names_another_message_as_its_card_is_named(told):
    other = told.rig.client.chat_postMessage(channel=LAUNCHES, text="Hello")["ts"]
    written = told.rig.do(
        told.rig.workspace.messages.post_by_person,
        told.rig.workspace.state.channels[LAUNCHES],
        "U0OTTO",
        "Hello",
        None,
        [],
    )
    for one in (other, written.ts, told.reply(SENT, 0).ts, told.reply(SENT, 3).ts):
        told.tamper(f"update launches set message_ts = '{one}' where id = '{WAITING}'")
        assert told.found() == {(WAITING, 1): "The message that the launch's row names as its card is another one."}


def test_replies_that_stand_without_metadata_are_not_said_to_have_been_deleted(told):
    told.reply(SENT, 3).metadata = None
    assert told.found() == {
        (SENT, 3): "Its reply stands in the thread, and bears no metadata: only the digest that it shows fits."
    }


def test_replies_without_metadata_that_show_no_digest_of_the_journals_may_be_those_that_are_missing(told):
    reply = told.reply(SENT, 3)
    reply.metadata = None
    for element in reply.blocks[-1]["elements"]:
        element["text"] = element["text"][:-13] + "0" * 12 + "`"
    assert told.found() == {(SENT, 3): "Its reply is not in the thread, or it is one of 1 there that bear no metadata."}


def test_a_whole_thread_without_metadata_is_told_as_that(told):
    thread = told.reply(WAITING, 0).ts
    for message in [one for one in told.messages.values() if thread in (one.ts, one.thread_ts)]:
        message.metadata = None
    texts = told.found()
    assert set(texts) == {(WAITING, 1), (WAITING, 2)}
    assert all("bears no metadata" in text for text in texts.values())


def test_the_journals_channels_are_read_where_slack_does_not_list_the_bots(told):
    told.rig.do(told.rig.workspace.faults.fail, "users.conversations", "missing_scope")
    assert told.found() == {}
    assert told.looked.threads == 3
    [unread] = told.looked.unread
    assert unread.startswith("The list of the channels that the bot is in: Slack answered “missing_scope”")


def test_a_channel_that_the_bot_has_left_could_not_be_read(told):
    told.rig.workspace.state.channels[LAUNCHES].members.remove("U0BOT")
    try:
        assert told.found() == {}
    finally:
        told.rig.workspace.state.channels[LAUNCHES].members.append("U0BOT")
    assert len(told.looked.unread) == 4


def test_a_reply_that_was_edited_is_named(told):
    reply = told.reply(SENT, 3)
    told.rig.client.chat_update(channel=LAUNCHES, ts=reply.ts, text="Nobody approved anything.")
    assert told.found() == {(SENT, 3): "Its reply was edited in Slack; the bot never edits one."}


def test_a_reply_that_was_deleted_is_named(told):
    told.rig.client.chat_delete(channel=LAUNCHES, ts=told.reply(SENT, 3).ts)
    assert told.found() == {(SENT, 3): "Its reply is not in the thread any more: somebody deleted it."}


def test_a_part_of_a_reply_that_was_deleted_is_named_and_whole_ones_agree(told):
    many = tuple(f"U{number:010}" for number in range(300))
    told.journal.execute(WAITING, Observe(Reminded(many)))
    story = told.journal.story(WAITING)
    told.tell(story)
    assert told.found() == {}
    further = told.reply(WAITING, story.launch.version, part=1)
    told.rig.client.chat_delete(channel=LAUNCHES, ts=further.ts)
    text = "A part of its reply is not in the thread any more: somebody deleted it."
    assert told.found() == {(WAITING, story.launch.version): text}


def test_a_card_that_was_deleted_with_its_thread_is_named(told):
    for reply in [one for one in told.messages.values() if one.thread_ts == told.reply(WAITING, 0).ts]:
        if reply.ts != reply.thread_ts:
            told.rig.client.chat_delete(channel=LAUNCHES, ts=reply.ts)
    told.rig.client.chat_delete(channel=LAUNCHES, ts=told.reply(WAITING, 0).ts)
    assert "somebody deleted it" in told.found()[(WAITING, 1)]


def test_replies_from_before_the_whole_digest_was_noted_are_held_against_its_beginning(told):
    for message in told.messages.values():
        message.metadata["event_payload"].pop("digest", None)
    assert told.found() == {}
    told.tamper(f"update events set digest = '{'a' * 64}' where launch_id = '{WAITING}' and seq = 2")
    assert set(told.found()) == {(WAITING, 2)}


def test_a_digest_that_was_changed_in_the_text_alone_is_named(told):
    reply = told.reply(SENT, 3)
    for element in reply.blocks[-1]["elements"]:
        element["text"] = element["text"][:-13] + "0" * 12 + "`"
    assert "one of them was changed" in told.found()[(SENT, 3)]


def test_a_reply_that_bears_no_digest_any_more_is_named(told):
    reply = told.reply(SENT, 3)
    reply.blocks.pop()
    del reply.metadata["event_payload"]["digest"]
    assert "bears no digest any more" in told.found()[(SENT, 3)]


def test_what_others_write_with_the_bots_marks_counts_for_nothing(told):
    forged = told.reply(SENT, 3)
    copied = told.rig.do(
        told.rig.workspace.messages.post_by_person,
        told.rig.workspace.state.channels[LAUNCHES],
        "U0OTTO",
        "approved",
        forged.thread_ts,
        [],
    )
    copied.metadata = {**forged.metadata, "event_payload": {"launch_id": SENT, "seq": 99, "digest": "f" * 64}}
    assert told.found() == {}


def test_what_slack_does_not_let_be_read_is_said_and_no_finding(told):
    told.rig.do(told.rig.workspace.faults.fail, "conversations.replies", "internal_error")
    assert told.found() == {}
    assert told.looked.threads == 2
    assert told.looked.unread == [f"The thread of launch {SENT} in {LAUNCHES}: Slack answered “internal_error”."]


def test_a_pause_that_slack_asks_for_is_kept(told):
    told.rig.do(told.rig.workspace.faults.rate_limit, "conversations.replies", 7)
    assert told.found() == {}
    assert told.pauses == [7.0]
    assert told.looked.threads == 3


def test_a_token_that_slack_refuses_is_told(rig):
    with pytest.raises(NotRead, match="invalid_auth"):
        ThreadReader(rig.client_with("xoxb-wrong"), lambda seconds: None)


def test_long_threads_and_channels_are_read_page_by_page(told, monkeypatch):
    monkeypatch.setattr("bot.slack.api.thread_reader.AT_ONCE", "2")
    assert told.found() == {}
    assert told.looked.replies == 10


def test_only_the_threads_of_late_are_read_where_that_is_asked_for(told):
    told.rig.client.chat_delete(channel=LAUNCHES, ts=told.reply(SENT, 3).ts)
    posted = datetime.fromtimestamp(float(told.reply(CANCELLED, 0).ts), UTC)
    assert told.found(since=posted) == {}
    assert told.looked.threads == 1


def found_in_journal(told):
    with told.journal.reading() as connection:
        return found_in(connection)
