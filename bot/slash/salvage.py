"""What of a mistyped command was understood all the same: it fills the form, and the rest is named there."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.campaign.request import ActivationRequest
from bot.slash.activate import Parsed
from bot.slash.parameters import is_test
from bot.slash.values import check_unspaced, is_number
from bot.slash.words import CommandError, Word, as_quoted, clip, from_slack, split

LONGEST = 2000
"""Characters of a text that is looked at: each of its words is tried on its own, and Slack waits for the answer."""

MOST_WORDS = 40

_SOME_ID = "1"
"""Stands for the campaign where no id was understood: without one, no other word can be tried."""

_MARKS = re.compile("[&<]")

_LONGEST_VALUE = 3
"""Words that may be one value together, as a day and a time are."""


@dataclass(frozen=True)
class Salvaged:
    """`request` holds what was understood, and a campaign only where `has_campaign`; `left_out` are all other words."""

    request: ActivationRequest
    has_campaign: bool
    left_out: tuple[str, ...] = ()


def salvage(text: str, understand: Callable[[str], Parsed]) -> Salvaged | None:
    """What `understand` takes of a text that it refused as a whole; None where that is nothing.

    `understand` raises CommandError for what it does not take.
    """
    words, broken = _words(text) if len(text) <= LONGEST else ([], ())
    if not 0 < len(words) <= MOST_WORDS:
        return None
    if is_test(words[0]):
        # A form asks for a launch, which is another thing.
        return None
    practice = words[0].value is None and words[0].key.lower() == "practice"
    words = words[1:] if practice else words
    campaign = _campaign(words)
    rest = [word for word in words if word is not campaign]
    begin = f"{'practice ' if practice else ''}{campaign.key if campaign else _SOME_ID}"
    kept, left_out = _kept(begin, rest, understand)
    request = _taken(" ".join([begin, *kept]), understand)
    if request is None or not (campaign or kept):
        return None
    return Salvaged(request, campaign is not None, (*left_out, *broken))


def _words(text: str) -> tuple[list[Word], tuple[str, ...]]:
    """The words up to the first that does not end, and that one."""
    words: list[Word] = []
    try:
        words.extend(split(from_slack(text)))
    except CommandError as error:
        return words, (error.word,)
    return words, ()


def _campaign(words: Sequence[Word]) -> Word | None:
    """The first number that can be the campaign's id; None where it may go on behind a space."""
    pairs = pairwise([Word(""), *words])
    found = next((word for before, word in pairs if _may_be_the_id(before, word)), None)
    if found is None:
        return None
    following = words[next(place for place, word in enumerate(words) if word is found) + 1 :]
    return None if _goes_on(found, following) else found


def _may_be_the_id(before: Word, word: Word) -> bool:
    return word.value is None and is_number(word.key) and before.key.lower() not in ("limit", "source", "canary")


def _goes_on(word: Word, following: Sequence[Word]) -> bool:
    """Whether the word ends in a number that what follows may belong to, as in `limit=1 000`."""
    try:
        check_unspaced(str(word), [str(one) for one in following])
    except CommandError:
        return True
    return False


def _kept(begin: str, words: Sequence[Word], understand: Callable[[str], Parsed]) -> tuple[list[str], list[str]]:
    """The words that are taken behind those before them, as they can be typed again; and the words that are not."""
    kept: list[str] = []
    left_out: list[str] = []
    while words:
        taken = _longest([begin, *kept], words, understand)
        kept += taken
        left_out += [] if taken else [clip(str(words[0]))]
        words = words[len(taken) or 1 :]
    return kept, left_out


def _longest(before: Sequence[str], words: Sequence[Word], understand: Callable[[str], Parsed]) -> list[str]:
    """As many of the first words as are taken together; none where not even the first one is."""
    for size in range(min(_LONGEST_VALUE, len(words)), 0, -1):
        typed = [_retyped(word) for word in words[:size]]
        if not _goes_on(words[size - 1], words[size:]) and _taken(" ".join([*before, *typed]), understand):
            return typed
    return []


def _taken(text: str, understand: Callable[[str], Parsed]) -> ActivationRequest | None:
    try:
        asked = understand(text)
    except CommandError:
        return None
    return asked if isinstance(asked, ActivationRequest) else None


def _retyped(word: Word) -> str:
    """The word as it can be typed again: nothing in it looks like one of Slack's own marks, which are turned back."""
    if word.value is None:
        return word.key
    if word.key.lower() == "content":
        return f"{word.key}={_MARKS.sub(_escaped, word.value)}"
    plain = word.bare and not _MARKS.search(word.value)
    return f"{word.key}={word.value if plain else as_quoted(word.value)}"


def _escaped(sign: re.Match[str]) -> str:
    return f"\\u{ord(sign[0]):04x}"
