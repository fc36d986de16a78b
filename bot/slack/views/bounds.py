"""What is too long for a view, made to fit: whole sentences first, and a word about what is left out."""

import re
from collections.abc import Sequence

from bot.texts import plural

MOST_NAMED = 12
"""How many of a list's entries one sentence names."""

_TOKEN = re.compile(r"<[^<>]*>|&(?:amp|lt|gt);")
"""What Slack reads as one: a mention, a moment, a link, an escaped character."""


def clip(text: str, limit: int) -> str:
    """At most `limit` characters of what is escaped already, with an ellipsis, and never the half of a token."""
    if len(text) <= limit:
        return text
    end = limit - 1
    for token in _TOKEN.finditer(text):
        if token.start() < end < token.end():
            end = token.start()
    return text[:end] + "…"


def whole(parts: Sequence[str], limit: int, joint: str = " ") -> str:
    """As many of the parts, from the first on, as fit whole; the last one says how many more there are."""
    text = joint.join(parts)
    if len(text) <= limit:
        return text
    room = limit - len(joint) - len(_more(len(parts)))
    kept, length = 0, 0
    for part in parts:
        length += len(part) + len(joint)
        if length > room:
            break
        kept += 1
    if kept == 0:
        # Not even the first fits: its beginning says more than nothing.
        left = [_more(len(parts) - 1)] if len(parts) > 1 else []
        return joint.join([clip(parts[0], room - len(joint)), *left])
    return joint.join([*parts[:kept], _more(len(parts) - kept)])


def named(words: list[str], most: int | None = MOST_NAMED) -> list[str]:
    """The first of the words, and the number of the others as the last one; with None, all."""
    if most is None or len(words) <= most + 1:
        return words
    return [*words[:most], plural("{n} more", "{n} more", len(words) - most)]


def _more(n: int) -> str:
    return plural("… and {n} more.", "… and {n} more.", n)
