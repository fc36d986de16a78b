"""What the Slack app must be allowed to do; manifest.yaml asks for exactly this."""

from collections.abc import Mapping

from slack_sdk.errors import SlackApiError

SCOPES: Mapping[str, str] = {
    "app_mentions:read": "it answers with its help whoever names it in a channel",
    "channels:history": "it finds its own messages again after a restart, so that none is posted twice",
    "channels:read": "it knows whether it is in the channel before a form is filled in",
    "chat:write": "it posts the card and the thread",
    "commands": "people can type /campaign-activate",
    "files:read": "it fetches what is attached in the form",
    "files:write": "it sends an admin the record as a file, and pictures of e-mails into the threads",
    "groups:history": "it finds its own messages again in private channels",
    "groups:read": "it knows whether it is in a private channel",
    "im:write": "it opens the direct message that the record is sent in",
    "usergroups:read": "it knows who is in the user groups of the role lists",
    "users:read": "it knows on whose clock at=… is read",
}
"""Each scope of the bot token, and what the bot does with it, as a clause."""

MEND_SCOPES = "paste manifest.yaml at api.slack.com/apps > your app > App Manifest, and install the app again"


def lacking(error: SlackApiError) -> str:
    """The scope for whose lack Slack refused a call; "" where that was not why."""
    if error.response.get("error") != "missing_scope":
        return ""
    return str(error.response.get("needed") or "that Slack does not name")


def answered(error: SlackApiError) -> str:
    """Slack's word for why it refused a call, with the scope where it was one."""
    scope, word = lacking(error), str(error.response.get("error"))
    return f"{word}: {scope}" if scope else word
