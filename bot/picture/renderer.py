"""Pictures made once for the same content, one at a time."""

import hashlib
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from cachetools import LRUCache

from bot.picture.failures import Failure
from bot.picture.picture import NARROW, WIDE, Pictures
from bot.picture.reasons import NoPicture, no_picture
from bot.picture.rendering import render

MOST_WAITING = 16
"""Pictures that are asked for at once, the one that is being made among them."""

MOST_KEPT = 2 * 1024 * 1024
"""Bytes of pictures kept in memory."""

_LOOK = "1"
"""Another one wherever the same mail would be shown otherwise than before."""


class PictureStore(Protocol):
    """Where pictures are kept, under the digest of what they show."""

    def get(self, digest: str) -> Pictures | None: ...

    def put(self, digest: str, pictures: Pictures) -> None: ...


class Recent:
    """Keeps the pictures that were asked for last, up to so many bytes. For one thread at a time."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._kept: LRUCache[str, Pictures] = LRUCache(most, lambda pictures: pictures.size)

    def get(self, digest: str) -> Pictures | None:
        return self._kept.get(digest)

    def put(self, digest: str, pictures: Pictures) -> None:
        # What is larger than all the room there is raises ValueError, and is not kept.
        with suppress(ValueError):
            self._kept[digest] = pictures


class Renderer:
    """Gives the pictures of mails. Any thread may ask; the store is asked by one at a time."""

    def __init__(self, store: PictureStore | None = None, make: Callable[[str], Pictures | NoPicture] = render) -> None:
        self._store = store or Recent()
        self._make = make
        self._places = threading.BoundedSemaphore(MOST_WAITING)
        self._one = threading.Lock()

    def pictures(self, html: str) -> Pictures | NoPicture:
        """The pictures of a mail, made now where the store has none. A failure is not kept: the next who asks tries.

        Waits for pictures that were asked for before, so nothing that a person waits for may ask.
        """
        if not self._places.acquire(blocking=False):
            return no_picture(Failure.BUSY)
        try:
            with self._one:
                return self._kept_or_made(html)
        finally:
            self._places.release()

    def _kept_or_made(self, html: str) -> Pictures | NoPicture:
        digest = digest_of(html)
        kept = self._store.get(digest)
        if kept:
            return kept
        made = self._make(html)
        if isinstance(made, Pictures):
            self._store.put(digest, made)
        return made


def digest_of(html: str) -> str:
    """What a mail's pictures are kept under: SHA-256, in hex, of the mail and of how it is shown."""
    shown = f"{_LOOK} {WIDE} {NARROW}\n{html}"
    return hashlib.sha256(shown.encode(errors="replace")).hexdigest()
