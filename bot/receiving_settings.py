"""The settings of a process that only receives the platform's hooks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.events_settings import RANDOM, EventsSettings, events_settings
from bot.journal.engine import passwords
from bot.ports import bind, health_port, port
from bot.recipients_key import recipients_key
from bot.settings import database_url, no_problems
from bot.variables import Reader


@dataclass(frozen=True)
class Receiving:
    """What a process needs that only receives hooks."""

    events: EventsSettings
    database_url: str = field(repr=False)
    bind: str
    port: int
    health_port: int | None
    log_format: str
    recipients_keys: tuple[str, ...] = field(repr=False)
    """What profile ids are kept under; none where nobody's is."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown to anybody."""
        return (self.events.secret, *passwords(self.database_url), *self.recipients_keys)


def read_receiving(environment: Mapping[str, str]) -> Receiving:
    """Only what receiving the platform's hooks takes, in a process of its own. Raises SettingsError."""
    reader = Reader(environment)
    events = events_settings(reader)
    if events is None and not reader.problems:
        reader.problems.append(f"ALTCRAFT_EVENTS_SECRET is not set. It takes {RANDOM}.")
    receiving = Receiving(
        events=events or EventsSettings("", None, ()),
        database_url=database_url(reader),
        bind=bind(reader),
        port=port(reader),
        health_port=health_port(reader),
        log_format=reader.choice("LOG_FORMAT", "text", "json"),
        recipients_keys=recipients_key(reader),
    )
    no_problems(reader)
    return receiving
