"""Holds the journal against what Slack's threads say: the witness that whoever can edit the database cannot edit.

Cards are looked for in Slack, wherever the bot is, and only then in the journal: whoever can write to the journal could
otherwise say where not to look.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bot.campaign.request import LaunchId
from bot.journal.finding import Finding, Kind
from bot.journal.journal import Journal
from bot.journal.published import Published, Remains, channels, known, with_cards
from bot.slack.api.thread_reader import Card, NotRead, Root, Thread, ThreadGone, ThreadReader
from bot.terminal.comparison import compare, compare_remains

_GONE = "Its card, and the thread with it, is not in the channel any more: somebody deleted it."
_ROOTS = {
    Root.DELETED: "Its card is not in the channel any more: somebody deleted it.",
    Root.UNMARKED: "Its card stands in the channel, and bears no metadata: only the journal says that it is its.",
    Root.OTHER: "The message that the launch's row names as its card is another one.",
}


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
    """Where Slack and the journal tell different stories, about cards posted and launches asked for since then, or all.

    `looked` grows on the way, and `thread_read` is called after each thread.
    Slack is read first and the journal after it, but for how far a thread was told, which is read before: so a bot at
    work in between raises no false alarm.
    """
    holding = _Holding(journal, reader, looked, thread_read)
    for channel in _everywhere(journal, reader, looked):
        yield from holding.channel(channel, since)
    yield from holding.rows(since)


def _everywhere(journal: Journal, reader: ThreadReader, looked: Looked) -> list[str]:
    """The channels that the bot is in, and those of the journal besides, which it may have left."""
    found: set[str] = set()
    try:
        found.update(reader.channels())
    except NotRead as trouble:
        looked.unread.append(f"The list of the channels that the bot is in: {trouble.cause}.")
    with journal.reading() as connection:
        return sorted(found.union(channels(connection)))


class _Holding:
    """Remembers which cards were held against the journal, and which launches' cards the channels have shown."""

    def __init__(self, journal: Journal, reader: ThreadReader, looked: Looked, thread_read: Callable[[], None]) -> None:
        self._journal = journal
        self._reader = reader
        self._looked = looked
        self._thread_read = thread_read
        self._seen: set[tuple[LaunchId, str]] = set()
        self._shown: set[LaunchId] = set()

    def channel(self, channel: str, since: datetime | None) -> Iterator[Finding]:
        """What is wrong with the launches whose cards stand in the channel."""
        try:
            # All of them first: a place in a long history is not kept for as long as its threads take to be read.
            cards = list(self._reader.cards(channel, since))
        except NotRead as trouble:
            self._looked.unread.append(f"The cards in {channel}: {trouble.cause}.")
            return
        self._shown.update(card.launch_id for card in cards)
        for card in reversed(cards):
            yield from self._card(channel, card)

    def rows(self, since: datetime | None) -> Iterator[Finding]:
        """What is wrong with launches that have a card by their rows, where no channel has shown it."""
        for launch_id, channel, message_ts in with_cards(self._journal, since):
            if (launch_id, message_ts) not in self._seen:
                yield from self._row(channel, Card(launch_id, message_ts))

    def _card(self, channel: str, card: Card) -> Iterator[Finding]:
        before = self._known(card.launch_id)
        try:
            thread = self._read(channel, card)
        except ThreadGone:
            return  # between two looks; where its row still names it, that is told with the rows
        if thread is None:
            return
        match self._known(card.launch_id):
            case None:
                text = f"{channel} has a card of it, and the journal does not know it: the whole of it was removed."
                yield Finding(kind=Kind.MISSING, launch_id=card.launch_id, seq=1, text=text)
            case Remains() as remains:
                yield from compare_remains(remains, card, thread)
            case Published() as stored:
                yield from compare(stored.as_told(before), card, thread)

    def _row(self, channel: str, card: Card) -> Iterator[Finding]:
        before = self._known(card.launch_id)
        try:
            thread = self._read(channel, card)
        except ThreadGone:
            thread = Thread(Root.DELETED, ())
            text = _GONE
        else:
            text = _ROOTS.get(self._root(card, thread), "") if thread else ""
        stored = self._known(card.launch_id)
        if thread is None or not isinstance(stored, Published) or stored.message_ts != card.message_ts:
            return
        if text:
            yield Finding(kind=Kind.THREAD, launch_id=card.launch_id, seq=1, text=text)
        if text not in (_GONE, _ROOTS[Root.OTHER]):
            yield from compare(stored.as_told(before), card, thread)

    def _root(self, card: Card, thread: Thread) -> Root:
        is_elsewhere = thread.root == Root.UNMARKED and card.launch_id in self._shown
        return Root.OTHER if is_elsewhere else thread.root

    def _read(self, channel: str, card: Card) -> Thread | None:
        """None where Slack did not let it be read. Raises ThreadGone."""
        try:
            thread = self._reader.thread(channel, card.message_ts, card.launch_id)
        except ThreadGone:
            raise
        except NotRead as trouble:
            self._seen.add((card.launch_id, card.message_ts))
            self._looked.unread.append(f"The thread of launch {card.launch_id} in {channel}: {trouble.cause}.")
            return None
        self._seen.add((card.launch_id, card.message_ts))
        self._looked.threads += 1
        self._looked.replies += len(thread.told)
        self._thread_read()
        return thread

    def _known(self, launch_id: LaunchId) -> Published | Remains | None:
        with self._journal.reading() as connection:
            return known(connection, launch_id)
