"""Fits texts into what Slack takes: lines over as many sections as they need, and the sum of a message's texts."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.slack.views.blocks import Block, section
from bot.slack.views.bounds import clip
from bot.slack.views.text import SECTION_LIMIT

MOST_IN_MESSAGE = 10_800
"""Characters in all of a message's blocks: Slack was seen to refuse 11,341 of them, and documents no number."""

_WORD = re.compile(r"(?:<[^>]*>|&[a-z]+;|\S)+\s*|\s+")
"""A word with the space behind it; a token of Slack's is never parted, although a date has spaces."""


def sections(lines: Iterable[str], name: str) -> list[Block]:
    """The lines, whole and in order, in sections `name`, `name-2` and so on. No lines make no section."""
    packed: list[str] = []
    for line in lines:
        for part in parts(line):
            if packed and len(packed[-1]) + 1 + len(part) <= SECTION_LIMIT:
                packed[-1] = f"{packed[-1]}\n{part}"
            else:
                packed.append(part)
    return [section(text, name if nth == 1 else f"{name}-{nth}") for nth, text in enumerate(packed, start=1)]


def shortened(lines: Sequence[str], room: int) -> list[str]:
    """All the lines, in no more than `room` characters: where they have more, the longest end with an ellipsis."""
    left, longest = room, 0
    for nth, length in enumerate(sorted(map(len, lines))):
        longest = left // (len(lines) - nth)
        if length > longest:
            return [clip(line, longest) for line in lines]
        left -= length
    return list(lines)


def weight(blocks: Sequence[Block]) -> int:
    """The characters of all texts in the blocks, those of buttons and of their questions among them."""
    return sum(map(len, _texts(list(blocks))))


def parts(line: str, limit: int = SECTION_LIMIT) -> Iterator[str]:
    """The line in parts of no more characters, parted between words, and in a word only where it must be."""
    part = ""
    for word in _pieces(line, limit):
        if part and len(part) + len(word) > limit:
            yield part
            part = ""
        part += word
    if part.strip():
        yield part


def _pieces(line: str, limit: int) -> Iterator[str]:
    for word in _WORD.findall(line):
        if len(word) <= limit:
            yield word
        else:
            yield from re.findall(r"<[^>]*>|&[a-z]+;|.", word, re.DOTALL)


def _texts(part: Any) -> Iterator[str]:  # noqa: ANN401 -- whatever JSON holds
    if isinstance(part, dict):
        for name, value in part.items():
            if isinstance(value, str) and name == "text":
                yield value
            else:
                yield from _texts(value)
    elif isinstance(part, list):
        for one in part:
            yield from _texts(one)
