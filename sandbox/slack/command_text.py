"""What Slack makes of the text after a slash command before the app gets it."""

import re

from sandbox.slack.state import State

_NAMED = re.compile(
    r"(?<![\w&;])([@#])([\w.\-]+)"
    r"|\bhttps?://[^\s<>]+"
    r"|(?P<mail>\b[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)*\.[a-z]{2,})"
    r"|(?P<domain>(?<![\w@./:\-])(?:[a-z0-9\-]+\.)+(?:example|com|org|net|ru|de)\b)"
)
"""What Slack takes for a name, a link, a mail address or a bare domain. A link takes along whatever touches its end."""


def as_sent(state: State, text: str, *, should_escape: bool) -> str:
    """Return the text with `& < >` as entities, and with `should_escape` also people, channels and links marked up.

    A name that nobody and no channel has stays as it was typed.
    """
    entities = text.strip().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if not should_escape:
        return entities

    def marked(match: re.Match[str]) -> str:
        sign, name = match.group(1), match.group(2)
        if match["mail"]:
            return f"<mailto:{match['mail']}|{match['mail']}>"
        if match["domain"]:
            return f"<http://{match['domain']}|{match['domain']}>"
        if sign is None:
            return f"<{match.group(0)}>"
        return (_person(state, name) if sign == "@" else _channel(state, name)) or match.group(0)

    return _NAMED.sub(marked, entities)


def mentioned_people(state: State, text: str) -> str:
    """Return a message's text with the handles of people in it marked up; the client sends no names with them."""

    def marked(match: re.Match[str]) -> str:
        found = _person(state, match.group(2)) if match.group(1) == "@" else None
        return re.sub(r"\|[^>]*", "", found) if found else match.group(0)

    return _NAMED.sub(marked, text)


def _person(state: State, name: str) -> str | None:
    for person in state.people.values():
        if name.lower() == person.handle.lower():
            return f"<@{person.id}|{person.handle}>"
    for group in state.groups.values():
        if name.lower() == group.handle.lower():
            return f"<!subteam^{group.id}|@{group.handle}>"
    return None


def _channel(state: State, name: str) -> str | None:
    for channel in state.channels.values():
        if name == channel.name and not channel.is_dm:
            return f"<#{channel.id}|{channel.name}>"
    return None
