"""Small pieces of text for people: escaped, bounded, in Slack's own notation."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.launch.phrase import told
from bot.launch.policy import Role
from bot.slack.views.bounds import whole
from bot.texts import _, mark

SECTION_LIMIT = 3000
MOST_SAID = 2400
"""Characters of several sentences in a row, so that what is said around them fits into a section, too."""

_ROLES: Mapping[str, str] = {
    Role.REQUESTER: mark("requester"),
    Role.APPROVER: mark("approver"),
    Role.ADMIN: mark("admin"),
}


def escape(text: str) -> str:
    """People's text, made harmless in mrkdwn: nobody can ping a channel through a reason or a campaign's name."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clip(text: str, limit: int) -> str:
    """At most `limit` characters, with an ellipsis where something is cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def quoted(text: str, limit: int = 200) -> str:
    """People's text on one line, escaped, in quotes."""
    return _("“{text}”").format(text=escape(clip(" ".join(text.split()), limit)))


def said(phrase: str) -> str:
    """A phrase in the reader's language, with the people's text in it made harmless."""
    return escape(told(phrase))


def all_said(phrases: Iterable[str]) -> str:
    """Several whole sentences, as `said`; as many as fit, and how many more there are."""
    return whole([said(one) for one in phrases], MOST_SAID)


def person(user_id: str) -> str:
    return f"<@{user_id}>" if user_id else _("the bot")


def holder(user_or_group: str) -> str:
    """A person or a user group, as a mention."""
    return f"<!subteam^{user_or_group}>" if user_or_group.startswith("S") else person(user_or_group)


def role_name(role: str) -> str:
    """A role as people call it; those that a team has made up are their own words."""
    return escape(_(_ROLES[role]) if role in _ROLES else role)


def when(moment: datetime) -> str:
    """A moment in the reader's own time zone, by Slack's date format."""
    fallback = f"{moment:%Y-%m-%d %H:%M} UTC"
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} {{time}}|{fallback}>"
