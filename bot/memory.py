"""Gives memory back to the system that was needed for a moment only, and looks for it no more often than it pays."""

import ctypes
import gc
from contextlib import suppress

LARGE = 64 * 1024
"""Bytes from which on a block is given back as soon as it is free."""

MOST_ARENAS = 2
"""Heaps that threads share; each keeps what it once needed."""

SELDOM = 200_000
"""Objects that are made beyond those that are gone until the collector looks."""

_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8
"""As malloc.h has them."""


def keep_little() -> None:
    """Keeps the process small after mails of megabytes. Only glibc knows this; elsewhere nothing changes.

    By itself glibc raises the first bound to the largest block that it has seen freed, and gives threads heaps of their
    own, so that what one mail needed stays for good, several times.
    """
    with suppress(AttributeError, OSError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_M_MMAP_THRESHOLD, LARGE)
        mallopt(_M_ARENA_MAX, MOST_ARENAS)


def collect_seldom() -> None:
    """Lets the collector look for garbage only after many objects: going through a record leaves hardly any behind.

    Looking each time that some hundred are made takes a sixth of a verification.
    """
    gc.freeze()
    gc.set_threshold(SELDOM)
