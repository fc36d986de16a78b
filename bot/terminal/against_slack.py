"""Holds the journal against what Slack's threads say: the witness that whoever can edit the database cannot edit."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bot.journal.finding import Finding, Kind
from bot.journal.journal import Journal
from bot.journal.published import Published, channels, is_known, published, with_cards
from bot.slack.api.thread_reader import NotRead, ThreadGone, ThreadReader, Told


@dataclass
class Looked:
    """What was read in Slack, and what could not be: sentences."""

    threads: int = 0
    replies: int = 0
    unread: list[str] = field(default_factory=list)


def hold_against(
    journal: Journal,
    reader: ThreadReader,
    looked: Looked,
    thread_read: Callable[[], None],
    since: datetime | None = None,
) -> Iterator[Finding]:
    """Where Slack and the journal tell different stories, about launches asked for since then or about all.

    `looked` grows on the way, and `thread_read` is called after each thread.
    Slack is read first and the journal after it, so that a bot at work in between raises no false alarm.
    """
    for launch_id, channel, message_ts in with_cards(journal, since):
        try:
            told = reader.thread(channel, message_ts)
        except ThreadGone:
            text = "Its card, and the thread with it, is not in the channel any more: somebody deleted it."
            yield Finding(kind=Kind.THREAD, launch_id=launch_id, seq=1, text=text)
            continue
        except NotRead as trouble:
            looked.unread.append(f"The thread of launch {launch_id} in {channel}: {trouble.cause}.")
            continue
        looked.threads += 1
        looked.replies += len(told)
        thread_read()
        with journal.reading() as connection:
            now = published(connection, launch_id)
        if now and now.message_ts == message_ts:
            yield from compare(now, told)
    yield from _cards(journal, reader, looked, since)


def compare(stored: Published, told: tuple[Told, ...]) -> Iterator[Finding]:
    """Where a launch's events and the replies in its thread differ."""
    replies = [reply for reply in told if reply.launch_id == stored.launch_id]
    for reply in sorted(replies, key=lambda one: (one.seq, one.part)):
        text = _wrong(stored, reply)
        if text:
            kind = Kind.THREAD if reply.seq in stored.digests else Kind.MISSING
            yield Finding(kind=kind, launch_id=stored.launch_id, seq=reply.seq, text=text)
    there = {reply.seq for reply in replies}
    for seq in sorted(set(stored.digests) - stored.untold - there):
        text = "Its reply is not in the thread any more: somebody deleted it."
        yield Finding(kind=Kind.THREAD, launch_id=stored.launch_id, seq=seq, text=text)
    for seq in sorted(there & set(stored.digests) - stored.untold):
        parts = [reply for reply in replies if reply.seq == seq]
        if not set(range(max(one.parts for one in parts))) <= {one.part for one in parts}:
            text = "A part of its reply is not in the thread any more: somebody deleted it."
            yield Finding(kind=Kind.THREAD, launch_id=stored.launch_id, seq=seq, text=text)


def _wrong(stored: Published, reply: Told) -> str:
    digest = stored.digests.get(reply.seq)
    if digest is None:
        return "The thread tells of it, and the journal does not have it: it was removed from the journal."
    if reply.edited:
        return "Its reply was edited in Slack; the bot never edits one."
    if not reply.digests:
        return "Its reply bears no digest any more: it was changed."
    other = next((one for one in reply.digests if not digest.startswith(one)), None)
    if other is None:
        return ""
    return f"The thread bears the digest {other[:12]} for it, the journal {digest[:12]}: one of them was changed."


def _cards(journal: Journal, reader: ThreadReader, looked: Looked, since: datetime | None) -> Iterator[Finding]:
    """Cards of launches that the journal does not know."""
    with journal.reading() as connection:
        known = channels(connection)
    for channel in known:
        try:
            for card in reader.cards(channel, since):
                with journal.reading() as connection:
                    there = is_known(connection, card.launch_id)
                if not there:
                    text = f"{channel} has a card of it, and the journal does not know it: the whole of it was removed."
                    yield Finding(kind=Kind.MISSING, launch_id=card.launch_id, seq=1, text=text)
        except NotRead as trouble:
            looked.unread.append(f"The cards in {channel}: {trouble.cause}.")
