"""The environment and `.env`, read once; secrets are kept out of every repr."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from bot.altcraft_settings import AltcraftSettings, altcraft_settings
from bot.events_settings import EventsSettings, events_settings
from bot.journal.engine import JournalUnusable, parse, passwords
from bot.journal_keys import JournalKeys, journal_keys
from bot.ports import bind, health_port, port
from bot.recipients_key import recipients_key
from bot.slack_settings import BotAccess, SlackSettings, audit_channel, bot_access, slack_settings
from bot.texts import ENGLISH, LANGUAGES, language_of
from bot.variables import Reader

KEYLESS = (
    "JOURNAL_KEY is not set: whoever can write to the database can forge an approval, and neither the bot nor "
    "campaign-bot audit verify would see it. Make a key with openssl rand -hex 32."
)

_Part = TypeVar("_Part")


class SettingsError(Exception):
    """The environment cannot be used; `problems` are sentences, one for each thing to mend."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class RoleSettings:
    """User ids (`U…`, `W…`) and user-group ids (`S…`); an empty list means nobody."""

    requesters: tuple[str, ...]
    approvers: tuple[str, ...]
    admins: tuple[str, ...]


@dataclass(frozen=True)
class PolicySettings:
    """What guards launches. `file` is where the policy is written down; "" where the rest is all there is."""

    roles: RoleSettings
    approvals_required: int
    file: str


@dataclass(frozen=True)
class Settings:
    slack: SlackSettings
    altcraft: AltcraftSettings
    policy: PolicySettings
    database_url: str = field(repr=False)
    journal_keys: JournalKeys = field(repr=False)
    bind: str
    """The address of this machine at which both ports are served; "" for each port's own default."""
    port: int
    health_port: int | None
    log_format: str
    channel_language: str
    """Of cards and threads: one of bot.texts.LANGUAGES."""
    pictures: bool
    """Whether pictures of e-mails are put into the threads, where a browser can make them."""
    image_hosts: tuple[str, ...]
    """Where images in those pictures may come from; none are fetched from anywhere else."""
    events: EventsSettings | None
    """None where the platform's hooks are not received."""
    recipients_keys: tuple[str, ...] = field(repr=False)
    """What profile ids are kept under; none where nobody's is."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown to anybody."""
        tokens = (self.slack.bot_token, self.slack.app_token, self.slack.signing_secret, self.altcraft.token)
        events = self.events.secret if self.events else ""
        routes = (*self.slack.route.secrets, *self.altcraft.route.secrets)
        return (
            *filter(None, (*tokens, events)),
            *routes,
            *passwords(self.database_url),
            *self.journal_keys.secrets,
            *self.recipients_keys,
        )

    @property
    def remarks(self) -> tuple[str, ...]:
        """What these settings leave open, as sentences."""
        return () if self.journal_keys.keys.writing else (KEYLESS,)


def read(environment: Mapping[str, str]) -> Settings:
    """The settings in the environment. Raises SettingsError with everything that is wrong at once."""
    reader = Reader(environment)
    settings = Settings(
        slack=slack_settings(reader),
        altcraft=altcraft_settings(reader),
        policy=_policy(reader),
        database_url=database_url(reader),
        journal_keys=journal_keys(reader),
        bind=bind(reader),
        port=port(reader),
        health_port=health_port(reader),
        log_format=reader.choice("LOG_FORMAT", "text", "json"),
        channel_language=_channel_language(reader),
        pictures=reader.choice("MESSAGE_PICTURES", "yes", "no") == "yes",
        image_hosts=reader.hosts("PICTURE_IMAGE_HOSTS"),
        events=events_settings(reader),
        recipients_keys=recipients_key(reader),
    )
    no_problems(reader)
    return settings


def read_policy_settings(environment: Mapping[str, str]) -> PolicySettings:
    """Only what guards launches, for whoever has no tokens at hand. Raises SettingsError."""
    return _only(_policy, environment)


def read_database_url(environment: Mapping[str, str]) -> str:
    """Only where the journal is. Raises SettingsError."""
    return _only(database_url, environment)


def read_journal_keys(environment: Mapping[str, str]) -> JournalKeys:
    """Only what the record is kept under. Raises SettingsError."""
    return _only(journal_keys, environment)


def read_audit_channel(environment: Mapping[str, str]) -> str:
    """Only where anchors of the record go; "" for nowhere. Raises SettingsError."""
    return _only(audit_channel, environment)


def read_authority_certificate(environment: Mapping[str, str]) -> str:
    """Only the file with the certificate of whoever certifies the time-stamping authority; "" for none."""
    return Reader(environment).text("AUDIT_TSA_CERTIFICATE")


def read_bot_access(environment: Mapping[str, str]) -> BotAccess:
    """Only what reading in Slack takes. Raises SettingsError."""
    return _only(bot_access, environment)


def _only(part: Callable[[Reader], _Part], environment: Mapping[str, str]) -> _Part:
    """That part of the settings, whatever is wrong with the others. Raises SettingsError."""
    reader = Reader(environment)
    read_part = part(reader)
    no_problems(reader)
    return read_part


def no_problems(reader: Reader) -> None:
    """Raises SettingsError for whatever was wrong so far."""
    problems = (*reader.misspelt(), *reader.garbled(), *reader.problems)
    if problems:
        raise SettingsError(problems)


def database_url(reader: Reader) -> str:
    """Where the journal is."""
    url = reader.text("DATABASE_URL", default="sqlite:///campaign-bot.db")
    try:
        parse(url)
    except JournalUnusable as unusable:
        reader.problems.append(str(unusable))
    return url


def _policy(reader: Reader) -> PolicySettings:
    return PolicySettings(
        roles=RoleSettings(reader.people("REQUESTERS"), reader.people("APPROVERS"), reader.people("ADMINS")),
        approvals_required=reader.number("APPROVALS_REQUIRED", default=1, least=1, most=20),
        file=reader.text("POLICY_FILE"),
    )


def _channel_language(reader: Reader) -> str:
    locale = reader.text("CHANNEL_LOCALE", default=ENGLISH)
    if re.fullmatch(r"[A-Za-z]{2}([-_][A-Za-z]{2})?", locale) and locale[:2].lower() in LANGUAGES:
        return language_of(locale)
    reader.problems.append(
        f"CHANNEL_LOCALE is “{locale}”. It takes {' or '.join(LANGUAGES)}, or a locale of one of them such as ru-RU."
    )
    return ENGLISH
