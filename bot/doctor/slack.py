"""Whether Slack lets the bot do its work: tokens, scopes, the channel, and this machine's clock."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.doctor import people
from bot.doctor.finding import Finding
from bot.doctor.reachability import Unreachable, Way
from bot.policy.policy import Policy
from bot.slack.api.client import KeptConnection
from bot.slack.api.scopes import MEND_SCOPES, SCOPES, answered
from bot.slack.workspace import workspace_of
from bot.slack_settings import SlackSettings
from bot.texts import listed

PATIENCE = 5
"""Seconds for one answer."""

CLOCKS_APART = timedelta(seconds=30)
REFUSED_APART = timedelta(seconds=300)
"""From here on, Bolt takes Slack's signed requests for replayed ones."""

NOTHING_ELSE = "Nothing else about Slack could be checked."

REFUSED_TOKEN: Mapping[str, str] = {
    "invalid_auth": "it is wrong: copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions of your Slack app",
    "not_authed": "it is empty: copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions of your Slack app",
    "account_inactive": "the app was removed from the workspace, or its user is deactivated: install the app again",
    "token_revoked": "it was revoked: install the app again and copy the new token",
    "token_expired": "it has expired: switch token rotation off in the app, and install it again",
    "not_allowed_token_type": "it is another kind of token: it takes the bot token (xoxb-…)",
    "ekm_access_denied": "your organisation's key management keeps the app out: ask a Slack admin",
    "team_access_not_granted": "the app is not installed in this workspace: install it",
}

REFUSED_APP_TOKEN: Mapping[str, str] = {
    "invalid_auth": "it is wrong: copy it (xapp-…) from Basic Information > App-Level Tokens",
    "not_allowed_token_type": "it is another kind of token: it takes an app-level token (xapp-…)",
    "missing_scope": "it lacks the scope connections:write: make a new one with it",
    "forbidden_team": "the app is not installed in this workspace: install it",
}


class _Silent(Exception):
    """Slack did not say who the bot is; the text says why, and what to mend."""


def findings(settings: SlackSettings, policy: Policy | None, clock: Callable[[], datetime]) -> Iterator[Finding]:
    """All that is wrong at Slack. `clock` is this machine's."""
    try:
        client, answer = _introduced(settings)
    except _Silent as silent:
        yield Finding(f"{silent} {NOTHING_ELSE}")
        return
    yield from _clock(answer, clock(), over_http=not settings.socket_mode)
    yield from _identity(answer)
    yield from _scopes(answer)
    yield from transport(settings)
    yield from _channel(client, "LAUNCH_CHANNEL", settings.launch_channel)
    yield from _channel(client, "DIGEST_CHANNEL", settings.digest_channel, may_run=True)
    if settings.audit_channel != settings.launch_channel:
        yield from _channel(client, "AUDIT_CHANNEL", settings.audit_channel, may_run=True)
    if policy is not None:
        yield from _people(client, answer, policy)


def bot_token(settings: SlackSettings) -> Iterator[Finding]:
    """What is wrong with the bot's token alone."""
    try:
        _, answer = _introduced(settings)
    except _Silent as silent:
        yield Finding(str(silent))
        return
    yield from _identity(answer)
    yield from _scopes(answer)


def channel(settings: SlackSettings) -> Iterator[Finding]:
    """What is wrong with LAUNCH_CHANNEL alone."""
    yield from _channel(client_of(settings), "LAUNCH_CHANNEL", settings.launch_channel)


def roles(settings: SlackSettings, policy: Policy) -> Iterator[Finding]:
    """What is wrong with the ids of the roles alone."""
    try:
        client, answer = _introduced(settings)
    except _Silent as silent:
        yield Finding(str(silent))
        return
    yield from _people(client, answer, policy)


def _people(client: KeptConnection, answer: SlackResponse, policy: Policy) -> Iterator[Finding]:
    try:
        home = workspace_of(client, answer)
    except (SlackClientError, OSError, KeyError) as error:
        yield Finding(
            f"Slack did not tell where the app is installed ({_word(error)}), so no role was checked. Try again."
        )
        return
    if not home.teams:
        yield Finding(
            "The app is installed in an organisation, and in none of its workspaces: add it to those whose people are "
            "to use it, in the organisation's settings for apps."
        )
        return
    yield from people.findings(client, policy, home)


def _word(error: Exception) -> str:
    return answered(error) if isinstance(error, SlackApiError) else type(error).__name__


def _introduced(settings: SlackSettings) -> tuple[KeptConnection, SlackResponse]:
    """Asks Slack who the bot is. Raises _Silent."""
    try:
        Way("Slack", settings.api_url, "SLACK_API_URL", settings.route).walk()
        client = client_of(settings)
        return client, client.auth_test()
    except Unreachable as unreachable:
        raise _Silent(f"Slack cannot be reached. {unreachable}") from unreachable
    except SlackApiError as error:
        raise _Silent(_refused_token(error)) from error
    except (SlackClientError, OSError) as error:
        raise _Silent(
            f"Slack cannot be reached at {settings.api_url} ({str(error) or type(error).__name__}): check the network, "
            "the proxy and SLACK_API_URL."
        ) from error


def _identity(answer: SlackResponse) -> Iterator[Finding]:
    if not answer.get("bot_id"):
        yield Finding(
            "SLACK_BOT_TOKEN is a person's token, so that everything would be done in that person's name. Set the Bot "
            "User OAuth Token (xoxb-…)."
        )
    else:
        # A token can be right and of the wrong workspace.
        where = answer.get("team") or f"the organisation {answer.get('enterprise_id')}"
        yield Finding(f"Slack knows the bot as @{answer.get('user')} in {where} ({answer.get('url')}).", may_run=True)


def client_of(settings: SlackSettings) -> KeptConnection:
    """With the bot's own token."""
    return _client(settings, settings.bot_token)


def _client(settings: SlackSettings, token: str) -> KeptConnection:
    return KeptConnection(token, base_url=settings.api_url, timeout=PATIENCE, route=settings.route)


def _refused_token(error: SlackApiError) -> str:
    code = str(error.response.get("error"))
    if error.response.status_code != 200:  # noqa: PLR2004 -- how Slack says every refusal of its own
        return (
            f"Slack's API answered with HTTP {error.response.status_code}, so SLACK_BOT_TOKEN could not be checked. "
            "Check SLACK_API_URL, or try again later."
        )
    mend = REFUSED_TOKEN.get(code, "Slack's documentation of auth.test says what that means")
    return f"Slack refuses SLACK_BOT_TOKEN ({code}): {mend}."


def _clock(answer: SlackResponse, now: datetime, *, over_http: bool) -> Iterator[Finding]:
    try:
        apart = now - parsedate_to_datetime(_header(answer, "date"))
    except (ValueError, TypeError):
        yield Finding("This machine's clock could not be checked: Slack's answer bears no date.", may_run=True)
        return
    if abs(apart) <= CLOCKS_APART:
        return
    seconds = abs(apart).total_seconds()
    effect = (
        "Slack's requests are refused from 300 s on"
        if over_http
        else "holds, at= and expiries then end at the wrong time"
    )
    side = "ahead of" if apart > timedelta() else "behind"
    yield Finding(
        f"This machine's clock is about {seconds:.0f} s {side} Slack's: {effect}. "
        "Let it be set by NTP (timedatectl set-ntp true).",
        may_run=not over_http or abs(apart) < REFUSED_APART,
    )


def _scopes(answer: SlackResponse) -> Iterator[Finding]:
    header = _header(answer, "x-oauth-scopes")
    if not header:
        yield Finding(
            "The app's scopes could not be checked: Slack's answer does not tell them. Hold OAuth & Permissions of the "
            "app against manifest.yaml.",
            may_run=True,
        )
        return
    granted = {scope.strip() for scope in header.split(",")}
    missing = [f"{scope} ({use})" for scope, use in SCOPES.items() if scope not in granted]
    if missing:
        yield Finding(f"The Slack app was not given {listed(missing)}. {MEND_SCOPES[0].upper()}{MEND_SCOPES[1:]}.")
    beyond = sorted(granted - set(SCOPES))
    if beyond:
        yield Finding(
            f"The Slack app may do more than the bot needs ({', '.join(beyond)}). Whoever steals the token may do it "
            "as well: take it away by pasting manifest.yaml again.",
            may_run=True,
        )


def transport(settings: SlackSettings) -> Iterator[Finding]:
    """What is wrong with how Slack's requests come in."""
    if not settings.socket_mode:
        yield Finding(
            "SLACK_SIGNING_SECRET could not be checked: only a request of Slack's shows whether it is right. If "
            "commands fail with dispatch_failed, copy it again from Basic Information.",
            may_run=True,
        )
        return
    client = _client(settings, settings.app_token)
    try:
        # Gives the address of a connection, and makes none.
        client.apps_connections_open(app_token=settings.app_token)
    except SlackApiError as error:
        code = str(error.response.get("error"))
        mend = REFUSED_APP_TOKEN.get(code, "see that Socket Mode is switched on in the app")
        yield Finding(f"Slack refuses SLACK_APP_TOKEN ({code}): {mend}.")
    except (SlackClientError, OSError) as error:
        yield Finding(
            f"SLACK_APP_TOKEN could not be checked: Slack did not answer ({type(error).__name__}). Try again."
        )


def _channel(client: KeptConnection, name: str, channel: str, *, may_run: bool = False) -> Iterator[Finding]:
    """Whether the bot can post in the channel that the setting of that name gives."""
    if not channel:
        return
    try:
        room = client.conversations_info(channel=channel)["channel"]
    except SlackApiError as error:
        code = str(error.response.get("error"))
        if code == "channel_not_found":
            yield Finding(
                f"{name} {channel} does not exist, or is private without the bot in it, so that nothing can be posted "
                "there. Copy its id from the channel's details, and type /invite @campaign-bot there.",
                may_run=may_run,
            )
        else:
            told = f"{name} could not be checked: Slack answered {answered(error)}. Mend that first."
            yield Finding(told, may_run=may_run)
        return
    except (SlackClientError, OSError, KeyError) as error:
        yield Finding(f"{name} could not be checked: {type(error).__name__}. Try again.", may_run=may_run)
        return
    if room.get("is_archived"):
        archived = f"{name} {channel} is archived, so that nothing can be posted there. Name one that is in use."
        yield Finding(archived, may_run=may_run)
    elif not room.get("is_member"):
        yield Finding(
            f"The bot is not in {name} {channel}, so that nothing can be posted there. Type /invite @campaign-bot "
            "there.",
            may_run=may_run,
        )


def _header(answer: SlackResponse, name: str) -> str:
    found = {key.lower(): value for key, value in answer.headers.items()}.get(name, "")
    return str(found[0] if isinstance(found, list) else found)
