"""Long texts in a window, page by page: whatever stands there can be read whole, and of people's nothing is parsed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.slack.views.blocks import Block, actions, button, context, plain_section, section
from bot.slack.views.fitting import parts, sections
from bot.texts import _, number

LONGEST_PIECE = 2800
LONGEST_PAGE = 8000
MOST_ON_PAGE = 30
"""Pieces on one page; each takes up to three of a window's hundred blocks."""


class Sentence(str):
    """A text of the bot's own in Slack's notation, in which what people wrote is harmless already."""

    __slots__ = ()


@dataclass(frozen=True)
class Piece:
    """A part of a text as it is shown, and whether the text goes on behind it."""

    title: str
    text: str
    goes_on: bool


@dataclass(frozen=True)
class Turns:
    """The buttons that turn pages: their action ids, and what their values begin with."""

    back: str
    next: str
    value: str


def pages(texts: Iterable[tuple[str, str]]) -> list[list[Piece]]:
    """Titles with texts in order; a text that is longer than a page goes on on the next. There is always a page."""
    found: list[list[Piece]] = [[]]
    for piece in _pieces(texts):
        room = LONGEST_PAGE - sum(len(one.text) for one in found[-1])
        if found[-1] and (len(piece.text) > room or len(found[-1]) == MOST_ON_PAGE):
            found.append([])
        found[-1].append(piece)
    return found


def page(found: list[list[Piece]], wanted: int, turns: Turns) -> list[Block]:
    """The blocks of that page, or of the nearest that there is, with the buttons to turn it."""
    at = min(max(wanted, 0), len(found) - 1)
    return [*_shown(found[at]), *_turning(turns, at, len(found))]


def _pieces(texts: Iterable[tuple[str, str]]) -> Iterator[Piece]:
    for title, text in texts:
        for part, goes_on in _parts(text):
            yield Piece(title, part, goes_on)


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """The text in order, each part with whether it goes on. A token of Slack's is never parted."""
    if isinstance(text, Sentence):
        cut: list[str] = [Sentence(part) for part in parts(text, LONGEST_PIECE)]
    else:
        cut = [text[start : start + LONGEST_PIECE] for start in range(0, len(text), LONGEST_PIECE)]
    return ((part, nth < len(cut)) for nth, part in enumerate(cut, start=1))


def _shown(pieces: list[Piece]) -> Iterator[Block]:
    title = ""
    for nth, piece in enumerate(pieces):
        if piece.title != title:
            title = piece.title
            yield from sections([f"*{title}*"], f"title-{nth}")
        # Nothing is parsed in plain text, so that what is read is what there is.
        shown = section if isinstance(piece.text, Sentence) else plain_section
        yield shown(piece.text, f"piece-{nth}")
        if piece.goes_on:
            yield context(_("It goes on."), f"more-{nth}")


def _turning(turns: Turns, at: int, of: int) -> list[Block]:
    if of == 1:
        return []
    buttons = [
        *([button(_("Back"), turns.back, f"{turns.value}:{at - 1}")] if at else []),
        *([button(_("Next"), turns.next, f"{turns.value}:{at + 1}")] if at < of - 1 else []),
    ]
    where = _("Page {page} of {all}.").format(page=number(at + 1), all=number(of))
    return [context(where, "page"), actions(buttons, "turn")]
