"""What is kept of a mail for the parser, and the signs in it for how words look."""

import re
from dataclasses import dataclass

MOST_KEPT = 256 * 2**10
"""Characters that are kept for the parser."""

USUAL_SIZE = 16.0
"""Pixels of letters, where nothing is told of them."""

_SMALLER = 0.85
"""Digits that are smaller by this than those before them are no more of their number."""
_AMOUNT = re.compile(r"\s*[\d{&]")
"""Begins what would be taken for more digits of the number before it."""
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_LOWERED = "₀₁₂₃₄₅₆₇₈₉"


@dataclass(frozen=True)
class Look:
    """How words look at one place. `size` is that of letters, in pixels. What is `gone` takes with it all it holds."""

    gone: bool = False
    invisible: bool = False
    struck: bool = False
    raised: bool = False
    lowered: bool = False
    lifted: bool = False
    size: float = USUAL_SIZE

    @property
    def hidden(self) -> bool:
        return self.gone or self.invisible


class Kept:
    """What is kept for the parser, piece by piece."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._size = 0
        self._is_striking = False
        self._last = ""
        """The last character of the line so far."""
        self._last_look = Look()

    @property
    def room(self) -> int:
        """Characters that it may still take."""
        return max(0, MOST_KEPT - self._size)

    @property
    def html(self) -> str:
        return "".join(self._pieces)

    def tag(self, tag: str, *, ends_line: bool) -> None:
        if ends_line:
            self.end_striking()
            self._last = ""
        self._add(tag)

    def say(self, text: str, look: Look) -> None:
        """Each piece of a line that is struck out has its own signs."""
        if not look.struck:
            self.end_striking()
        if look.struck and not self._is_striking and (words := text.lstrip()):
            self._add(text[: len(text) - len(words)] + "~")
            self._is_striking, text = True, words
        text = self._as_it_looks(text, look)
        self._add(text)
        self._last, self._last_look = text[-1:] or self._last, look

    def put(self, tag: str, look: Look) -> None:
        """A picture, which says something where it has a text."""
        if look.struck and not self._is_striking:
            self._add("~")
            self._is_striking = True
        self._add(tag)
        self._last = ""

    def end_striking(self) -> None:
        if self._is_striking:
            said = self._pieces[-1]
            words = said.rstrip()
            self._pieces[-1:] = [words, "~", said[len(words) :]]
            self._size += 1
        self._is_striking = False

    def _as_it_looks(self, text: str, look: Look) -> str:
        """With signs for digits that stand higher, lower or smaller than the number before them: 9⁹⁹ and no 999."""
        if look.raised:
            return _apart(text, _RAISED)
        if not self._last.isdigit() or text[:1].isspace():
            return text
        if look.lowered:
            return _apart(text, _LOWERED)
        goes_on = self._last in _RAISED and look == self._last_look
        is_smaller = look.size < _SMALLER * self._last_look.size
        return _apart(text, _RAISED) if look.lifted or is_smaller or goes_on else text

    def _add(self, piece: str) -> None:
        self._pieces.append(piece)
        self._size += len(piece)


def _apart(text: str, signs: str) -> str:
    if text.strip().isdecimal() and text.isascii():
        return text.translate(str.maketrans("0123456789", signs))
    return f"^{text}" if _AMOUNT.match(text) else text
