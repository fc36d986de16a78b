"""The messages that were read, each kept once: what was approved can be told for as long as there is a record of it."""

import hashlib
import logging
import threading
from dataclasses import dataclass
from datetime import datetime

from cachetools import LRUCache
from sqlalchemy import select

from bot.campaign.campaign import MessageRef
from bot.campaign.request import LaunchId, Source
from bot.journal.file_store import FileStore
from bot.journal.journal import Journal
from bot.journal.tables import launches
from bot.launch.state import SENT, Launch
from bot.message.checks import sent_digest
from bot.message.finding import Sent
from bot.message.message import MaybeMessage, Message, MessageUnread, Unread, decode, encode, ref_of, unread
from bot.phrase import Phrase

MOST_AT_HAND = 4 * 2**20
"""Bytes of messages, as they are stored, that stay in memory."""

MOST_SENT = 50

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _AtHand:
    message: Message
    size: int


class KeptMessages:
    """Keeps messages among the journal's files, by their digest. Implements bot.message.message.Messages."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._files = FileStore(journal)
        self._at_hand: LRUCache[str, _AtHand] = LRUCache(MOST_AT_HAND, getsizeof=lambda one: one.size)
        self._lock = threading.Lock()

    def keep(self, message: Message) -> None:
        """Stores it, unless it is stored already. Raises SQLAlchemyError where the database does not take it."""
        with self._lock:
            known = self._at_hand.get(message.digest)
        # What is at hand proves nothing: it may have been pruned since, with the last launch that referred to it.
        held = known is not None and self._files.hold(message.digest)
        # Always the newest: who has saved the template last is told by it, and not stored.
        self._put(message.digest, _AtHand(message, known.size if known and held else self._newly_stored(message)))

    def hold(self, ref: MessageRef) -> MessageRef:
        """As Messages has it. Raises SQLAlchemyError where the database does not answer."""
        if not ref.digest or self._files.hold(ref.digest):
            return ref
        with self._lock:
            known = self._at_hand.get(ref.digest)
        if known is None:
            return ref_of(_not_kept(ref))
        self._newly_stored(known.message)
        return ref

    def find(self, ref: MessageRef) -> MaybeMessage:
        """As Messages has it. Raises SQLAlchemyError where the database does not answer."""
        if not ref.digest:
            return unread(ref)
        with self._lock:
            known = self._at_hand.get(ref.digest)
        return known.message if known else self._stored(ref)

    def sent_to(self, but: LaunchId, audience: Source, since: datetime) -> tuple[Sent, ...]:
        """What went to the audience since then, the last first; at most MOST_SENT. Implements FindSent."""
        which = (
            select(launches.c.id)
            .where(
                launches.c.audience == str(audience),
                launches.c.reaches_at > since,
                launches.c.state.in_([state.value for state in SENT]),
                launches.c.id != but,
            )
            .order_by(launches.c.reaches_at.desc())
            .limit(MOST_SENT)
        )
        with self._journal.asking() as connection:
            ids = connection.execute(which).scalars().all()
        found = (self._journal.load(LaunchId(one)) for one in ids)
        return tuple(sent for launch in found if launch and (sent := _sent(launch, audience)))

    def _newly_stored(self, message: Message) -> int:
        """Its bytes."""
        content = encode(message)
        self._files.keep(content)
        return len(content)

    def _stored(self, ref: MessageRef) -> MaybeMessage:
        try:
            content = self._files.read(ref.digest)
            message = verified(content, ref.digest)
        except (LookupError, TypeError, ValueError):
            log.warning("message %s is not kept, or cannot be read", ref.digest)
            return _not_kept(ref)
        self._put(ref.digest, _AtHand(message, len(content)))
        return message

    def _put(self, digest: str, one: _AtHand) -> None:
        with self._lock:
            if one.size <= self._at_hand.maxsize:
                self._at_hand[digest] = one


def _sent(launch: Launch, audience: Source) -> Sent | None:
    """None where it is not known what was sent."""
    messages = launch.preview.messages
    if launch.reaches_at is None or not messages or not all(one.digest for one in messages):
        return None
    digest = sent_digest(messages, launch.request.content or {})
    return Sent(digest=digest, audience=audience, at=launch.reaches_at, launch_id=launch.id)


def _not_kept(ref: MessageRef) -> MessageUnread:
    lost = Phrase("What was read of template {id} is not kept any more.", id=str(ref.message_id))
    return MessageUnread(Unread.NOT_KEPT, lost, ref.message_id)


def verified(content: bytes, digest: str) -> Message:
    """A kept file's message. Raises ValueError, KeyError or TypeError for what was not stored under that digest."""
    if hashlib.sha256(content).hexdigest() != digest:
        raise ValueError("it is not what was stored")
    return decode(content)
