"""The messages that were read, each kept once: what was approved can be told for as long as there is a record of it."""

import hashlib
import logging
import threading
from dataclasses import dataclass

from cachetools import LRUCache

from bot.campaign.campaign import MessageRef
from bot.journal.journal import Journal
from bot.message.message import MaybeMessage, Message, MessageUnread, Unread, decode, encode, unread
from bot.phrase import Phrase

MOST_AT_HAND = 16 * 2**20
"""Bytes of messages, as they are stored, that stay in memory."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _AtHand:
    message: Message
    size: int


class KeptMessages:
    """Keeps messages among the journal's files, by their digest. Implements bot.message.message.Messages."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._at_hand: LRUCache[str, _AtHand] = LRUCache(MOST_AT_HAND, getsizeof=lambda one: one.size)
        self._lock = threading.Lock()

    def keep(self, message: Message) -> None:
        """Stores it, unless it is stored already. Raises SQLAlchemyError where the database does not take it."""
        content, digest = encode(message), message.digest
        with self._lock:
            is_stored = digest in self._at_hand
        if not is_stored:
            self._journal.keep_file(content)
        # Always the newest: who has saved the template last is told by it, and not stored.
        self._put(digest, _AtHand(message, len(content)))

    def find(self, ref: MessageRef) -> MaybeMessage:
        """As Messages has it. Raises SQLAlchemyError where the database does not answer."""
        if not ref.digest:
            return unread(ref)
        with self._lock:
            known = self._at_hand.get(ref.digest)
        return known.message if known else self._stored(ref)

    def _stored(self, ref: MessageRef) -> MaybeMessage:
        try:
            content = self._journal.file(ref.digest)
            message = _verified(content, ref.digest)
        except (LookupError, TypeError, ValueError):
            log.warning("message %s is not kept, or cannot be read", ref.digest)
            lost = Phrase("What was read of template {id} is not kept any more.", id=str(ref.message_id))
            return MessageUnread(Unread.NOT_KEPT, lost, ref.message_id)
        self._put(ref.digest, _AtHand(message, len(content)))
        return message

    def _put(self, digest: str, one: _AtHand) -> None:
        with self._lock:
            if one.size <= self._at_hand.maxsize:
                self._at_hand[digest] = one


def _verified(content: bytes, digest: str) -> Message:
    """Raises ValueError, KeyError or TypeError for what is not what was stored under that digest."""
    if hashlib.sha256(content).hexdigest() != digest:
        raise ValueError("it is not what was stored")
    return decode(content)
