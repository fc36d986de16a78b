"""Values of the content, written as they are sent."""

import re

from bot.campaign.numbers import written
from bot.campaign.request import Json
from bot.slack.views.plaintext import CONTROL

_HIDDEN = re.compile(rf"{CONTROL.pattern}|[^\S ]|[\u00ad\u115f\u1160\u180e\u200c\u3164\ufe00-\ufe0e\uffa0]")
"""What nobody sees, but for what joins emoji."""


def told_value(value: Json) -> str:
    """A text as it is, anything else as JSON."""
    return value if isinstance(value, str) else written(value, ordered=True)


def spelled(value: Json) -> str:
    """The value as JSON in one line, in which nothing is hidden: what nobody would see is written as its code."""
    return _HIDDEN.sub(lambda found: _escaped(found[0]), written(value, ordered=True))


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
