"""Tables, cell by cell. Their texts are no mrkdwn: nothing in them is escaped, and nothing in them can ping."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NewType

from bot.slack.views.blocks import Block
from bot.slack.views.bounds import clip
from bot.slack.views.text import words_alone

LONGEST_CELL = 300
LONGEST_NAME = 80
MOST_PEOPLE = 5

_EMOJI = re.compile(r":([a-z_0-9]+):")

Cell = NewType("Cell", dict[str, Any])
"""Raw text, or a whole rich text with a mention, a moment, a link or emoji in it."""


def table(head: Sequence[str], rows: Sequence[Sequence[Cell]], block_id: str) -> Block:
    """At most 100 rows with the head, and 20 columns."""
    return Block(
        {
            "type": "table",
            "block_id": block_id,
            "rows": [[words(one) for one in head], *rows],
            "column_settings": [{"is_wrapped": True} for _ in head],
        }
    )


def words(text: str, limit: int = LONGEST_CELL) -> Cell:
    """Text as it is, of no more characters than that. Slack takes no empty cell."""
    return Cell({"type": "raw_text", "text": words_alone(text, limit) or "–"})


def someone(user_id: str, name: str) -> Cell:
    """A person by name; without one a mention, which calls the person where others can read it."""
    return words(name) if name else _rich(_mention(user_id))


def people(said: Sequence[tuple[str, str, str]]) -> Cell:
    """Several people, each with a word before: `(word, user_id, name)`, as `someone` shows them. No more than five."""
    shown, more = said[:MOST_PEOPLE], f" +{len(said) - MOST_PEOPLE}" if len(said) > MOST_PEOPLE else ""
    if all(name for _word, _user_id, name in shown):
        return words(", ".join(f"{word}{words_alone(name, LONGEST_NAME)}" for word, _user_id, name in shown) + more)
    parts: list[dict[str, object]] = []
    for word, user_id, name in shown:
        before = f"{', ' if parts else ''}{word}{words_alone(name, LONGEST_NAME)}"
        parts += [{"type": "text", "text": before}] if before else []
        parts += [] if name else [_mention(user_id)]
    parts += [{"type": "text", "text": more}] if more else []
    return _rich(*parts)


def moment(at: datetime, *, seconds: bool = False, before: str = "") -> Cell:
    """A moment on the reader's own clock, with words before it."""
    clock, fallback = (
        ("{time_secs}", f"{at:%Y-%m-%d %H:%M:%S} UTC") if seconds else ("{time}", f"{at:%Y-%m-%d %H:%M} UTC")
    )
    return _rich(
        *([_text(before)] if before else []),
        {
            "type": "date",
            "timestamp": int(at.timestamp()),
            "format": f"{{date_short_pretty}} {clock}",
            "fallback": fallback,
        },
    )


def linked(text: str, url: str) -> Cell:
    """Text that leads somewhere, or plain text without an address."""
    return _rich({"type": "link", "url": url, "text": words_alone(text, LONGEST_CELL)}) if url else words(text)


def with_emoji(text: str) -> Cell:
    """The bot's own text with emoji in Slack's notation, which plain cells would show as written."""
    return _rich(*_parts(text)) if _EMOJI.search(text) else words(text)


def _parts(text: str) -> Iterator[dict[str, object]]:
    # Split by a group, every second part is what the group found.
    found = enumerate(_EMOJI.split(clip(text, LONGEST_CELL)))
    return (_sign(one) if nth % 2 else _text(one) for nth, one in found if one)


def _text(text: str) -> dict[str, object]:
    return {"type": "text", "text": text}


def _mention(user_id: str) -> dict[str, object]:
    return {"type": "user", "user_id": user_id}


def _sign(name: str) -> dict[str, object]:
    return {"type": "emoji", "name": name}


def _rich(*parts: dict[str, object]) -> Cell:
    return Cell({"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(parts)}]})
