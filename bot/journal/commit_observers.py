"""Tells whoever listens what was committed, so that logs and metrics need no place in the journal's own code."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.launch.events import Entry
from bot.launch.state import Launch

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Appended:
    """What one commit added. `before` is None for a new launch; both are None for a refusal that belongs to none.

    `moments` says when each kind of work on the launch is due now, by its column.
    """

    before: Launch | None
    after: Launch | None
    entries: tuple[Entry, ...]
    moments: Mapping[str, datetime | None] = field(default_factory=dict)


class CommitObservers:
    """Those who are told of every commit, in the thread that made it."""

    def __init__(self) -> None:
        self._observers: list[Callable[[Appended], None]] = []

    def join(self, observer: Callable[[Appended], None]) -> None:
        """From now on, tells the observer, which must be quick, of every commit."""
        self._observers.append(observer)

    def tell(self, appended: Appended) -> None:
        for observer in self._observers:
            try:
                observer(appended)
            except Exception:
                # It is committed: whoever appended must not take an observer's trouble for its own.
                log.exception("a witness of the journal failed")
