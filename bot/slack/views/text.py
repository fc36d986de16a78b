"""Small pieces of text for people: escaped, bounded, in Slack's own notation."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from bot.phrase import in_utc, told
from bot.policy.roles import Role, is_group
from bot.slack.views.bounds import clip, whole
from bot.slack.views.plaintext import LOOKALIKES, harmless
from bot.texts import _, mark

SECTION_LIMIT = 3000
MOST_SAID = 2400
"""Characters of several sentences in a row, so that what is said around them fits into a section, too."""

LONGEST_SAID = 1500
"""Characters of one phrase: a platform's error may be a page long."""

LONGEST_ROLE = 80

_ROLES: Mapping[str, str] = {
    Role.REQUESTER: mark("requester"),
    Role.APPROVER: mark("approver"),
    Role.ADMIN: mark("admin"),
}


# An underscore within a word does nothing, and keys are full of them.
_MARK = re.compile(r"[*~`]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?=[^\s:]+:)")

_SPACE = re.compile(r"\s+")
NO_BREAK = frozenset("\u00a0\u202f")
"""What the bot puts between a number's digits, and before its unit: they stay on one line."""


def escape(text: str) -> str:
    """People's text on one line, made harmless in mrkdwn: it pings nobody, formats nothing, and forges no line.

    The marks that format are changed for ones that look like them: nothing is documented that would switch them off.
    """
    return inert(harmless(one_line(text)))


def inert(part: str) -> str:
    """A part of such a line, escaped; the spaces around it stay."""
    return ampersands(_MARK.sub(lambda found: LOOKALIKES[found[0]], part))


def ampersands(text: str) -> str:
    """Slack's own three characters written as entities, as in an address."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def one_line(text: str) -> str:
    """The text with a space for whatever space it has, line feeds among them.

    A single no-break space stays, such as the one within a number. Several of them would be as good as a line feed.
    """
    if NO_BREAK.isdisjoint(text):
        return " ".join(text.split())
    return _SPACE.sub(lambda found: found[0] if found[0] in NO_BREAK else " ", text.strip())


def words_alone(text: str, limit: int) -> str:
    """People's text where Slack parses nothing, as in an option or a table's cell: one line, of no more than that."""
    return clip(harmless(one_line(text)), limit)


def shown(text: str, limit: int) -> str:
    """People's text as `escape` makes it, of no more than that when it is escaped."""
    return clip(escape(text), limit)


def quoted(text: str, limit: int = 200) -> str:
    """People's text on one line, escaped, in quotes."""
    return _("“{text}”").format(text=shown(text, limit))


def said(phrase: str, limit: int = LONGEST_SAID) -> str:
    """A phrase in the reader's language, with the people's text in it made harmless, and moments on their clocks."""
    return clip(told(phrase, escape, ampersands, exactly), limit)


def all_said(phrases: Iterable[str], limit: int = MOST_SAID) -> str:
    """Several whole sentences, as `said`; as many as fit, and how many more there are."""
    return whole([said(one) for one in phrases], limit)


def person(user_id: str) -> str:
    return f"<@{user_id}>" if user_id else _("the bot")


def holder(user_or_group: str) -> str:
    """A person or a user group, as a mention."""
    return f"<!subteam^{user_or_group}>" if is_group(user_or_group) else person(user_or_group)


def role_name(role: str) -> str:
    """A role as people call it; those that a team has made up are their own words."""
    return shown(_(_ROLES[role]) if role in _ROLES else role, LONGEST_ROLE)


def when(moment: datetime) -> str:
    """A moment in the reader's own time zone, by Slack's date format."""
    return _date(moment, "{time}", f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC")


def exactly(moment: datetime) -> str:
    """The same with the seconds, where it has any: for moments that are held against each other."""
    second = moment.replace(microsecond=0)
    return _date(second, "{time_secs}" if second.second else "{time}", in_utc(second))


def day(moment: datetime) -> str:
    """The day of a moment, in full."""
    return f"<!date^{int(moment.timestamp())}^{{date}}|{moment.astimezone(UTC):%Y-%m-%d}>"


def _date(moment: datetime, clock: str, fallback: str) -> str:
    # Slack keeps what stands between its words, so that a sentence has its preposition.
    words = _("{day} at {clock}").format(day="{date_short_pretty}", clock=clock)
    return f"<!date^{int(moment.timestamp())}^{words}|{fallback}>"
