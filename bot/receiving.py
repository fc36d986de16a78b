"""Puts the receiving of the platform's hooks together: beside the bot, or in a process of its own."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy.exc import SQLAlchemyError

from bot.bounded import Bounded, NoAnswer
from bot.events_settings import EventsSettings
from bot.journal.counting import Counting, Sort
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


def receiver(
    events: EventsSettings, journal: Journal, metrics: Metrics, vault: Vault | None, sort: Sort | None = None
) -> Receiver:
    """The door for hooks, which counts into the journal; with `vault`, it keeps there whom runs were sent to.

    `sort` is who sorts batches, with the same key; none for the threads in which they come.
    """
    counting = Counting(journal, key_of(events.secret), vault, sort)
    return Receiver(events.secret, events.networks, GroupCommit(counting).count, metrics.hook_came)


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
            sort = stack.enter_context(sorters(key_of(settings.events.secret), with_recipients=vault is not None))
            hooks = receiver(settings.events, journal, metrics, vault, sort)
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
