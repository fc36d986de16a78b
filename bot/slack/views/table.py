"""Tables, cell by cell. Their texts are no mrkdwn: nothing in them is escaped, and nothing in them can ping."""

import re
from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import (
    RawTextObject,
    RichTextBlock,
    RichTextElement,
    RichTextElementParts,
    RichTextSectionElement,
)
from slack_sdk.models.blocks.blocks import TableBlock

from bot.slack.views.bounds import clip
from bot.slack.views.text import words_alone

LONGEST_CELL = 300

_EMOJI = re.compile(r":([a-z_0-9]+):")

Cell = RawTextObject | RichTextBlock


def table(head: Sequence[str], rows: Sequence[Sequence[Cell]], block_id: str) -> TableBlock:
    """At most 100 rows with the head, and 20 columns."""
    wrapped = [{"is_wrapped": True} for _ in head]
    return TableBlock(rows=[[words(one) for one in head], *rows], column_settings=wrapped, block_id=block_id)


def words(text: str) -> Cell:
    """Text as it is. Slack takes no empty cell."""
    return RawTextObject(text=words_alone(text, LONGEST_CELL) or "–")


def someone(user_id: str, name: str) -> Cell:
    """A person by name; without one a mention, which calls the person where others can read it."""
    return words(name) if name else _rich(RichTextElementParts.User(user_id=user_id))


def moment(at: datetime) -> Cell:
    """A moment on the reader's own clock."""
    date = RichTextElementParts.Date(
        timestamp=int(at.timestamp()), format="{date_short_pretty} {time}", fallback=f"{at:%Y-%m-%d %H:%M} UTC"
    )
    return _rich(date)


def linked(text: str, url: str) -> Cell:
    """Text that leads somewhere, or plain text without an address."""
    return _rich(RichTextElementParts.Link(url=url, text=words_alone(text, LONGEST_CELL))) if url else words(text)


def with_emoji(text: str) -> Cell:
    """The bot's own text with emoji in Slack's notation, which plain cells would show as written."""
    parts = _EMOJI.split(clip(text, LONGEST_CELL))
    if len(parts) == 1:
        return words(text)
    # Split by a group, every second part is what the group found.
    found = enumerate(parts)
    return _rich(*(_sign(one) if nth % 2 else RichTextElementParts.Text(text=one) for nth, one in found if one))


def _sign(name: str) -> RichTextElement:
    return RichTextElementParts.Emoji(name=name)


def _rich(*parts: RichTextElement) -> RichTextBlock:
    return RichTextBlock(elements=[RichTextSectionElement(elements=list(parts))])
