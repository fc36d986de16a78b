"""The texts after /campaign-status and /campaign-list, and the questions they ask."""

import re
from dataclasses import dataclass

from bot.campaign.overview import Listing
from bot.campaign.request import number_in
from bot.phrase import Phrase, joined
from bot.slash import suggest
from bot.slash.activate import Help
from bot.slash.values import check_unspaced
from bot.slash.words import DOUBLE, CommandError, check_writable, clip, from_slack

ACTIVE = "active"
LONGEST_QUESTION = 300

_NARROWS = 0.8
"""How much like `active` a word of a name must be to be taken for it: `actve` is, `action` is not."""

_WORDS = re.compile(rf"[{DOUBLE}]([^{DOUBLE}]*)[{DOUBLE}]|(\S+)")


@dataclass(frozen=True)
class StatusOf:
    campaign_id: int


def parse_status(text: str) -> StatusOf | Help:
    """Raises CommandError."""
    words = _split(text)
    if asks_for_help(text) or not words:
        return Help()
    check_unspaced(words[0], words[1:])
    campaign_id = number_in(words[0].lstrip("#"))
    if campaign_id is None:
        raise CommandError(words[0], _sentences(_no_campaign(words[0]), _did_you_mean(words[0], ["help"])))
    if len(words) > 1:
        raise CommandError(words[1], _one_at_a_time(words[1]))
    return StatusOf(campaign_id)


def parse_list(text: str) -> Listing | Help:
    """Raises CommandError. The word `active` narrows; in quotes, it is a word of the name like any other."""
    text = question(text)
    if asks_for_help(text):
        return Help()
    found = [(quoted or bare, bool(bare)) for quoted, bare in _WORDS.findall(text)]
    narrowing = [bare and word.lower() == ACTIVE for word, bare in found]
    kept = [word for (word, _bare), narrows in zip(found, narrowing, strict=True) if word and not narrows]
    bare_words = [word for word, bare in found if bare]
    near = [word for word in bare_words if suggest.nearest(word, [ACTIVE], _NARROWS)]
    meant = next((word for word in near if word.lower() != ACTIVE), "")
    # A quote within a word would not survive being written in quotes.
    return Listing(" ".join(kept).translate(dict.fromkeys(map(ord, DOUBLE))).strip(), any(narrowing), meant)


def asks_for_help(text: str) -> bool:
    return text.strip().lower() == "help"


def list_text(listing: Listing) -> str:
    """A text that asks the same when it is typed."""
    words = [f'"{listing.text}"'] if listing.text else []
    return " ".join([*words, *([ACTIVE] if listing.only_active else [])])


def _split(text: str) -> list[str]:
    return question(text).split()


def question(text: str) -> str:
    """The text as it was typed, with Slack's marks of people in it. Raises CommandError."""
    check_writable("command", text)
    if len(text) > LONGEST_QUESTION:
        too_long = Phrase("That is longer than {limit} characters. Ask with fewer words.", limit=LONGEST_QUESTION)
        raise CommandError("command", too_long)
    return from_slack(text, keep_people=True).strip()


def _did_you_mean(word: str, known: list[str]) -> Phrase | None:
    near = suggest.nearest(word, known)
    return suggest.did_you_mean(near) if near else None


def _sentences(*said: Phrase | None) -> Phrase:
    return joined(" ", [one for one in said if one])


def _no_campaign(word: str) -> Phrase:
    return Phrase("“{word}” is no campaign id: an id is a whole number, such as 82.", word=clip(word))


def _one_at_a_time(word: str) -> Phrase:
    return Phrase("One at a time: take “{word}” away.", word=clip(word))
