"""Small pieces of text for people: escaped, bounded, in Slack's own notation."""

from datetime import datetime

SECTION_LIMIT = 3000


def escape(text: str) -> str:
    """People's text, made harmless in mrkdwn: nobody can ping a channel through a reason or a campaign's name."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clip(text: str, limit: int) -> str:
    """At most `limit` characters, with an ellipsis where something is cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def quoted(text: str, limit: int = 200) -> str:
    """People's text on one line, escaped, in quotes."""
    return f"“{escape(clip(' '.join(text.split()), limit))}”"


def person(user_id: str) -> str:
    return f"<@{user_id}>" if user_id else "the bot"


def holder(user_or_group: str) -> str:
    """A person or a user group, as a mention."""
    return f"<!subteam^{user_or_group}>" if user_or_group.startswith("S") else person(user_or_group)


def when(moment: datetime) -> str:
    """A moment in the reader's own time zone, by Slack's date format."""
    fallback = f"{moment:%Y-%m-%d %H:%M} UTC"
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} {{time}}|{fallback}>"


def number(value: int) -> str:
    return f"{value:,}"


def listed(words: list[str], joint: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(words) < 2:  # noqa: PLR2004 -- nothing to join
        return "".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"
