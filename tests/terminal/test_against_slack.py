"""The threads are held against the journal: whoever changes one of the two is found by the other."""

from datetime import timedelta

import pytest

from bot.journal.queue import PublishProgress
from bot.launch.commands import Observe
from bot.launch.events import Reminded
from bot.slack.api.languages import Languages
from bot.slack.api.thread_reader import NotRead, ThreadReader
from bot.slack.channel import Channel
from bot.slack.profiles import Profiles
from bot.terminal.against_slack import Looked, hold_against
from bot.texts import ENGLISH
from sandbox.slack.records import Limits
from tests.builders import LAUNCHES, NOON, AtOnce
from tests.journal.tampering import CANCELLED, SENT, WAITING, filled, tamper
from tests.sandbox.slack.rig import running


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

    def found(self, since=None):
        reader = ThreadReader(self.rig.client, self.pause)
        findings = hold_against(self.journal, reader, self.looked, lambda: None, since)
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
    told.tamper(
        f"delete from launches where id = '{SENT}'",
        f"delete from events where launch_id = '{SENT}'",
        "insert into pruned "
        "(launch_id, state, opened_at, ended_at, previous, opening, head, version, pruned_at, digest) "
        f"values ('{SENT}', 'finished', '2026-11-23', '2026-11-23', '', '', '', 7, '2026-11-24', '')",
    )
    assert told.found() == {}


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
    assert told.looked.unread == [f"The thread of launch {CANCELLED} in {LAUNCHES}: Slack answered “internal_error”."]


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
    assert told.found(since=NOON + timedelta(seconds=1)) == {}
    assert told.looked.threads == 2
