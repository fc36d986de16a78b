"""A full list of the platform's, kept in memory and searched while somebody types."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from threading import Condition, Thread

from bot.campaign.campaign import Choice

FRESH = 60.0
"""Seconds after which a list is read again in the background."""
USABLE = 600.0
"""Seconds for which an old list is better than none."""
PAUSE_AFTER_FAILURE = 5.0
"""Seconds, so that each typed letter does not ask a platform that is down."""
MOST = 200_000
"""Entries that are kept, the first of the platform's list."""
LONGEST_NAME = 200

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Listing:
    """One reading of the list, the newest ids first: they are what people look for."""

    at: float
    entries: Sequence[tuple[str, str, Choice]]
    """Each with its id as text and its name made comparable."""
    by_number: Mapping[str, Choice]


class Catalogue:
    """One list. `read` yields it anew; `clock` counts seconds."""

    def __init__(self, what: str, read: Callable[[], Iterable[Choice]], clock: Callable[[], float]) -> None:
        self._what = what
        self._read = read
        self._clock = clock
        self._listing: _Listing | None = None
        self._reading = False
        self._failed_at: float | None = None
        self._closed = False
        self._changed = Condition()

    def search(self, text: str, limit: int, wait: float) -> Sequence[Choice]:
        """Entries whose id begins with the text or whose name contains it, that very id first.

        Waits up to `wait` seconds for a list that was never read, or too long ago.
        """
        listing = self._usable(wait)
        if listing is None or limit < 1:
            return ()
        wanted = text.strip().casefold()
        exact = listing.by_number.get(wanted)
        matches = (
            choice
            for number, name, choice in listing.entries
            if (wanted in name or number.startswith(wanted)) and choice is not exact
        )
        first = () if exact is None else (exact,)
        return (*first, *islice(matches, limit - len(first)))

    def matching(self, text: str, wait: float) -> tuple[Sequence[Choice], float] | None:
        """All entries that a search for the text would find, and the list's age in seconds; None where it is not read.

        Waits up to `wait` seconds as search does.
        """
        listing = self._usable(wait)
        if listing is None:
            return None
        wanted = text.strip().casefold()
        found = [one for number, name, one in listing.entries if wanted in name or number.startswith(wanted)]
        return found, self._clock() - listing.at

    def name_of(self, number: int, wait: float) -> str:
        """The name, or "" where it is not known within `wait` seconds."""
        listing = self._usable(wait)
        choice = listing.by_number.get(str(number)) if listing else None
        return choice.name if choice else ""

    def last_name_of(self, number: int) -> str:
        """The name as it was read last, however long ago: at once, and "" where it never was."""
        with self._changed:
            self._refresh_when_due()
            listing = self._listing
        choice = listing.by_number.get(str(number)) if listing else None
        return choice.name if choice else ""

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _usable(self, wait: float) -> _Listing | None:
        with self._changed:
            self._refresh_when_due()
            self._changed.wait_for(lambda: self._is_usable() or not self._reading or self._closed, timeout=wait)
            return self._listing if self._is_usable() else None

    def _is_usable(self) -> bool:
        return self._listing is not None and self._clock() - self._listing.at <= USABLE

    def _refresh_when_due(self) -> None:
        now = self._clock()
        fresh = self._listing is not None and now - self._listing.at <= FRESH
        pausing = self._failed_at is not None and now - self._failed_at < PAUSE_AFTER_FAILURE
        if fresh or pausing or self._reading or self._closed:
            return
        self._reading = True
        # A daemon, so that a slow platform does not hold up the end of the process.
        Thread(target=self._refresh, name=f"list of {self._what}", daemon=True).start()

    def _refresh(self) -> None:
        begun = self._clock()
        listing = None
        try:
            listing = _listing(islice(self._unless_closed(), MOST), begun)
        except Exception as problem:  # noqa: BLE001 -- nobody waits for this thread: what is wrong is logged, once
            log.warning("the list of %s was not readable: %s", self._what, problem)
        with self._changed:
            self._reading = False
            self._failed_at = None if listing else self._clock()
            self._listing = listing or self._listing
            self._changed.notify_all()

    def _unless_closed(self) -> Iterable[Choice]:
        for choice in self._read():
            if self._closed:
                return
            yield choice


def _listing(choices: Iterable[Choice], at: float) -> _Listing:
    by_id = {choice.id: replace(choice, name=choice.name[:LONGEST_NAME]) for choice in choices}
    newest_first = [by_id[number] for number in sorted(by_id, reverse=True)]
    entries = [(str(choice.id), choice.name.casefold(), choice) for choice in newest_first]
    return _Listing(at, entries, {number: choice for number, _, choice in entries})
