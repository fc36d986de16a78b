"""Whether the tokens look like what they are to be, which can be told without asking anybody."""

from collections.abc import Iterator

from bot.doctor.finding import Finding
from bot.slack_settings import SlackSettings

_BOT = ("xoxb-", "xoxe.xoxb-")
"""The second is how a token begins that Slack rotates."""


def findings(settings: SlackSettings) -> Iterator[Finding]:
    """Tokens that begin as none of their kind does; nothing of them is shown."""
    if not settings.bot_token.startswith(_BOT):
        yield Finding(
            "SLACK_BOT_TOKEN does not begin with xoxb-, as bot tokens do. Copy the Bot User OAuth Token from OAuth & "
            "Permissions of your Slack app."
        )
    if settings.app_token and not settings.app_token.startswith("xapp-"):
        yield Finding(
            "SLACK_APP_TOKEN does not begin with xapp-, as app-level tokens do. Copy it from Basic Information > "
            "App-Level Tokens."
        )
