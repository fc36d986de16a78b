"""How Slack is reached and what is told where, out of the environment."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bot import stamps
from bot.route import Route
from bot.variables import Reader, is_address, is_exempt

ENVIRONMENTS_PROXY = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
"""Names under which machines tell how programs go out; the Slack SDK looks at them in this order."""
WITHOUT_PROXY = ("NO_PROXY", "no_proxy")
"""Names under which they tell what is reached without it."""


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


def slack_settings(reader: Reader) -> SlackSettings:
    api_url = _api_url(reader)
    slack = SlackSettings(
        bot_token=_bot_token(reader),
        app_token=reader.text("SLACK_APP_TOKEN"),
        signing_secret=reader.text("SLACK_SIGNING_SECRET"),
        api_url=api_url,
        launch_channel=reader.channel("LAUNCH_CHANNEL"),
        digest_channel=reader.channel("DIGEST_CHANNEL"),
        audit_channel=audit_channel(reader),
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


def audit_channel(reader: Reader) -> str:
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


def bot_access(reader: Reader) -> BotAccess:
    api_url = _api_url(reader)
    return BotAccess(_bot_token(reader), api_url, _slack_route(reader, api_url))


def _bot_token(reader: Reader) -> str:
    token = reader.required("SLACK_BOT_TOKEN", "the bot token (xoxb-…) from OAuth & Permissions of your Slack app")
    reader.no_other("SLACK_BOT_TOKEN")
    return token


def _api_url(reader: Reader) -> str:
    return reader.url("SLACK_API_URL", default="https://slack.com/api/").rstrip("/") + "/"


def _slack_route(reader: Reader, api_url: str) -> Route:
    """By SLACK_PROXY, or else by the environment's own proxy, as most programs go out."""
    exempt = [host for name in WITHOUT_PROXY for host in reader.listed(name)]
    direct = is_address(api_url) and is_exempt(urlsplit(api_url).hostname or "", exempt)
    proxy = reader.proxy("SLACK_PROXY", *(() if direct else ENVIRONMENTS_PROXY))
    return Route("SLACK", proxy, reader.text("SLACK_CA_BUNDLE"))
