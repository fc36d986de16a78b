"""What an unknown word was probably meant for, and the sentences that ask."""

import difflib
from collections.abc import Iterable

from bot.phrase import Phrase
from bot.slash.words import Word, clip

PERHAPS = 0.6
SURELY = 0.75
"""How much of a known word an unknown one must share, from 0 to 1. Surely, where it may belong to a text: `runnow`
does, `more` does not."""


def nearest(word: str, known: Iterable[str], least: float = PERHAPS) -> str | None:
    """The known word, in lower case, that is most like this one in any case; None where none is like it enough."""
    near = difflib.get_close_matches(word.lower(), list(known), 1, least)
    return near[0] if near else None


def did_you_mean(instead: str) -> Phrase:
    return Phrase("Did you mean {instead}?", instead=instead)


def unknown(word: Word, instead: str) -> Phrase:
    return Phrase("I don't know the word {word}. Did you mean {instead}?", word=word.shown, instead=clip(instead))
