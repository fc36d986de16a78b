"""The environment and `.env`, read once; secrets are kept out of every repr."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

from bot import stamps
from bot.events_settings import EventsSettings, events_settings
from bot.journal.engine import JournalUnusable, parse, passwords
from bot.journal_keys import JournalKeys, journal_keys
from bot.ports import bind, health_port, port
from bot.recipients_key import recipients_key
from bot.route import Route
from bot.texts import ENGLISH, LANGUAGES, language_of
from bot.variables import Reader, is_address, is_exempt

ENVIRONMENTS_PROXY = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
"""Names under which machines tell how programs go out; the Slack SDK looks at them in this order."""
WITHOUT_PROXY = ("NO_PROXY", "no_proxy")
"""Names under which they tell what is reached without it."""

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
class SlackSettings:
    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    signing_secret: str = field(repr=False)
    api_url: str
    launch_channel: str
    """Where cards go; "" for the channel in which the command is typed."""
    digest_channel: str
    """Where a digest of the week goes; "" for none."""
    audit_channel: str
    """Where anchors of the record go; "" for none."""
    authority: str
    """The address of who stamps them; "" for nobody."""
    settling: float
    """Seconds after which what Slack has not answered is in the channel, or never will be."""
    route: Route

    @property
    def socket_mode(self) -> bool:
        return bool(self.app_token)


@dataclass(frozen=True)
class BotAccess:
    """How Slack is reached as the bot."""

    bot_token: str = field(repr=False)
    api_url: str
    route: Route


@dataclass(frozen=True)
class AltcraftSettings:
    url: str
    token: str = field(repr=False)
    format: str
    token_in: str
    timeout: float
    """Seconds that a whole answer may take."""
    deduplicates: bool
    database_key: str
    """`list_id` or `db_id`: the guide renamed it between editions."""
    attach_keys: tuple[str, str]
    """How an element of `attach` names the file's name and its data: the platform's guide does not say."""
    campaign_link: str
    """The address of a campaign's page with `{id}` for its id; "" where none is set, for the guide does not say it."""
    route: Route


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
        slack=_slack(reader),
        altcraft=_altcraft(reader),
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
    return _only(_audit_channel, environment)


def read_authority_certificate(environment: Mapping[str, str]) -> str:
    """Only the file with the certificate of whoever certifies the time-stamping authority; "" for none."""
    return Reader(environment).text("AUDIT_TSA_CERTIFICATE")


def read_bot_access(environment: Mapping[str, str]) -> BotAccess:
    """Only what reading in Slack takes. Raises SettingsError."""
    return _only(_bot_access, environment)


def _bot_access(reader: Reader) -> BotAccess:
    api_url = _api_url(reader)
    return BotAccess(_bot_token(reader), api_url, _slack_route(reader, api_url))


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


def _bot_token(reader: Reader) -> str:
    token = reader.required("SLACK_BOT_TOKEN", "the bot token (xoxb-…) from OAuth & Permissions of your Slack app")
    reader.no_other("SLACK_BOT_TOKEN")
    return token


def _api_url(reader: Reader) -> str:
    return reader.url("SLACK_API_URL", default="https://slack.com/api/").rstrip("/") + "/"


def _policy(reader: Reader) -> PolicySettings:
    return PolicySettings(
        roles=RoleSettings(reader.people("REQUESTERS"), reader.people("APPROVERS"), reader.people("ADMINS")),
        approvals_required=reader.number("APPROVALS_REQUIRED", default=1, least=1, most=20),
        file=reader.text("POLICY_FILE"),
    )


def _slack(reader: Reader) -> SlackSettings:
    api_url = _api_url(reader)
    slack = SlackSettings(
        bot_token=_bot_token(reader),
        app_token=reader.text("SLACK_APP_TOKEN"),
        signing_secret=reader.text("SLACK_SIGNING_SECRET"),
        api_url=api_url,
        launch_channel=reader.channel("LAUNCH_CHANNEL"),
        digest_channel=reader.channel("DIGEST_CHANNEL"),
        audit_channel=_audit_channel(reader),
        authority=_authority(reader),
        settling=reader.seconds("SLACK_SETTLING", default=20.0),
        route=_slack_route(reader, api_url),
    )
    reader.no_other("SLACK_APP_TOKEN", or_else="leave it empty and set SLACK_SIGNING_SECRET")
    reader.no_other("SLACK_SIGNING_SECRET")
    if not slack.app_token and not slack.signing_secret:
        reader.problems.append(
            "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set. Set SLACK_APP_TOKEN (xapp-…) for Socket Mode, "
            "or SLACK_SIGNING_SECRET to receive Slack's requests over HTTP."
        )
    return slack


def _audit_channel(reader: Reader) -> str:
    return reader.channel("AUDIT_CHANNEL") or reader.channel("LAUNCH_CHANNEL")


def _authority(reader: Reader) -> str:
    url = reader.text("AUDIT_TSA_URL")
    reader.text("AUDIT_TSA_CERTIFICATE")
    if url and not is_address(url):
        reader.problems.append(
            f"AUDIT_TSA_URL is “{url}”. It takes the address of a time-stamping authority, such as "
            "https://tsa.example.com/."
        )
    elif url and not stamps.installed():
        reader.problems.append(f"AUDIT_TSA_URL is set, and stamps cannot be asked for here: {stamps.INSTALL}.")
    return url


def _altcraft(reader: Reader) -> AltcraftSettings:
    keys = tuple(reader.listed("ALTCRAFT_ATTACH_KEYS")) or ("header", "data")
    if len(keys) != 2:  # noqa: PLR2004 -- a name and its data
        reader.problems.append("ALTCRAFT_ATTACH_KEYS takes two names with a comma between them, such as header,data.")
    return AltcraftSettings(
        url=reader.url(
            "ALTCRAFT_URL", needed="the address of your Altcraft Platform, such as https://cloud.example.com"
        ),
        token=reader.required("ALTCRAFT_TOKEN", "an API token from Settings > Tokens in Altcraft"),
        format=reader.choice("ALTCRAFT_FORMAT", "json", "xml"),
        token_in=reader.choice("ALTCRAFT_TOKEN_IN", "body", "header"),
        timeout=reader.seconds("ALTCRAFT_TIMEOUT", default=30.0),
        deduplicates=reader.choice("ALTCRAFT_DEDUPLICATES", "no", "yes") == "yes",
        database_key=reader.choice("ALTCRAFT_DATABASE_KEY", "list_id", "db_id"),
        attach_keys=(keys[0], keys[-1]),
        campaign_link=_campaign_link(reader),
        route=Route("ALTCRAFT", reader.proxy("ALTCRAFT_PROXY"), reader.text("ALTCRAFT_CA_BUNDLE")),
    )


def _slack_route(reader: Reader, api_url: str) -> Route:
    """By SLACK_PROXY, or else by the environment's own proxy, as most programs go out."""
    exempt = [host for name in WITHOUT_PROXY for host in reader.listed(name)]
    direct = is_address(api_url) and is_exempt(urlsplit(api_url).hostname or "", exempt)
    proxy = reader.proxy("SLACK_PROXY", *(() if direct else ENVIRONMENTS_PROXY))
    return Route("SLACK", proxy, reader.text("SLACK_CA_BUNDLE"))


def _campaign_link(reader: Reader) -> str:
    link = reader.text("ALTCRAFT_CAMPAIGN_LINK")
    readable = re.fullmatch(r"https?://[^\s<>|{}]*\{id\}[^\s<>|{}]*", link) and is_address(link.replace("{id}", "1"))
    if link and not readable:
        reader.problems.append(
            f"ALTCRAFT_CAMPAIGN_LINK is “{link}”. It takes the address of a campaign's page, as your browser shows it, "
            "with {id} in place of the campaign's id: https://altcraft.example.com/campaigns/{id}, say."
        )
        return ""
    return link


def _channel_language(reader: Reader) -> str:
    locale = reader.text("CHANNEL_LOCALE", default=ENGLISH)
    if re.fullmatch(r"[A-Za-z]{2}([-_][A-Za-z]{2})?", locale) and locale[:2].lower() in LANGUAGES:
        return language_of(locale)
    reader.problems.append(
        f"CHANNEL_LOCALE is “{locale}”. It takes {' or '.join(LANGUAGES)}, or a locale of one of them such as ru-RU."
    )
    return ENGLISH
