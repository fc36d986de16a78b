"""Puts the receiving of the platform's hooks together: beside the bot, or in a process of its own."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from bot.bounded import Bounded, NoAnswer
from bot.events_settings import EventsSettings
from bot.journal.counting import Counting
from bot.journal.engine import open_engine
from bot.journal.group_commit import GroupCommit
from bot.journal.journal import Journal
from bot.journal.schema import upgrade
from bot.journal.sorting_apart import sorters
from bot.journal.vault import Vault
from bot.metrics import Metrics
from bot.receiver import PATH, Receiver, key_of
from bot.receiving_settings import Receiving
from bot.recipients_key import vault_of
from bot.web import EVERYWHERE, HOOK_THREADS, LOOPBACK, application, served

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Share:
    """How much of the machine receiving may take: batches at the same time, and processes that sort them.

    `ahead` has these before the first hook comes, which then need not wait for one.
    """

    at_once: int
    sorters: int
    ahead: bool


WHOLE = Share(8, 2, ahead=True)
"""While one process hands over what it has sorted, the other sorts; more would wait for whoever counts.

Two batches are sorted and one is counted: with as many more there is always one for whoever is through, and a commit
counts several.
"""

BESIDE_PEOPLE = Share(1, 1, ahead=False)
"""At the bot's own ports: one thread is busy with hooks at most, and people's requests wait for no other."""


@contextmanager
def receiver(
    events: EventsSettings, journal: Journal, metrics: Metrics, vault: Vault | None, share: Share
) -> Iterator[Receiver]:
    """The door for hooks, which counts into the journal; with `vault`, it keeps there whom runs were sent to."""
    key = key_of(events.secret)
    with sorters(share.sorters, key, with_recipients=vault is not None, ahead=share.ahead) as sort:
        count = GroupCommit(Counting(journal, key, vault, sort)).count
        yield Receiver(events.secret, events.networks, count, metrics.hook_came, share.at_once)


@contextmanager
def receiving(settings: Receiving) -> Iterator[None]:
    """Only receives, while the block lasts. Raises JournalUnusable, SQLAlchemyError or OSError where it cannot."""
    engine = open_engine(settings.database_url)
    try:
        upgrade(engine)
        journal, metrics = Journal(engine), Metrics()
        ping = Bounded(journal.ping)

        def missing() -> tuple[str, ...]:
            try:
                ping()
            except (SQLAlchemyError, NoAnswer):
                return ("the journal's database does not answer, or takes nothing",)
            return ()

        port = settings.port if settings.events.port is None else settings.events.port
        with ExitStack() as stack:
            vault = vault_of(settings.recipients_keys)
            hooks = stack.enter_context(receiver(settings.events, journal, metrics, vault, WHOLE))
            door = application(missing, taking={PATH: lambda: hooks})
            outside = settings.bind or EVERYWHERE
            stack.enter_context(served(door, port, outside, bounds={PATH: hooks.bound}, threads=HOOK_THREADS))
            if settings.health_port is not None:
                looked_at = application(missing, metrics=metrics.page)
                stack.enter_context(served(looked_at, settings.health_port, settings.bind or LOOPBACK))
            log.info("taking the platform's hooks on port %s", port)
            yield
    finally:
        engine.dispose()
