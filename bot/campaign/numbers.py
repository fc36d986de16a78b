"""Numbers of the content as people typed them: in a mail, 19.90 is another text than 19.9."""

import json
from collections.abc import Iterable
from typing import Self

from bot.campaign.request import Json


class Literal(float):
    """A number that Python would write otherwise than it was typed. Two are the same only if they are written alike."""

    __slots__ = ("text",)

    text: str

    def __new__(cls, text: str) -> Self:
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Literal) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return self.text

    def __getnewargs__(self) -> tuple[str]:  # type: ignore[override]  # made of its text, not of its value
        return (self.text,)


def number(text: str) -> int | float:
    """The number that a JSON text spells, in its own spelling. May be infinite. Raises ValueError."""
    whole = text.removeprefix("-").isdigit()
    plain: int | float = int(text) if whole else float(text)
    return plain if json.dumps(plain) == text else Literal(text)


def is_spelled_otherwise(value: Json) -> bool:
    """Whether any number in the value is written otherwise than Python would."""
    if isinstance(value, dict):
        return any(map(is_spelled_otherwise, value.values()))
    if isinstance(value, list):
        return any(map(is_spelled_otherwise, value))
    return isinstance(value, Literal)


def written(value: Json, *, readable: bool = False, ordered: bool = False) -> str:
    """The value as JSON text in which numbers stand as they were typed.

    Over several lines if `readable`, with keys in order if `ordered`. Raises ValueError for what JSON has no form for,
    and RecursionError for what is nested too deeply.
    """
    return _written(value, "\n" if readable else "", ordered=ordered)


def _written(value: Json, line: str, *, ordered: bool) -> str:
    further = f"{line}  " if line else ""
    if isinstance(value, dict):
        colon = ": " if line else ":"
        members = sorted(value.items()) if ordered else value.items()
        parts = (f"{_leaf(key)}{colon}{_written(one, further, ordered=ordered)}" for key, one in members)
        return _enclosed("{", parts, "}", line, further)
    if isinstance(value, list):
        return _enclosed("[", (_written(one, further, ordered=ordered) for one in value), "]", line, further)
    return value.text if isinstance(value, Literal) else _leaf(value)


def _enclosed(begin: str, parts: Iterable[str], end: str, line: str, further: str) -> str:
    inside = f",{further}".join(parts)
    return f"{begin}{further}{inside}{line}{end}" if inside else f"{begin}{end}"


def _leaf(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
