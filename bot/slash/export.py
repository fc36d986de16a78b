"""The text after /campaign-history export, and the days in it."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.campaign.request import number_in
from bot.launch.record import FILES, Format, Wish
from bot.phrase import Phrase
from bot.slash.moment import Clocks, NoMoment, moment_in
from bot.texts import _

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


_OFFSET = re.compile(r".*([Zz]|[+-][0-9]{2}:[0-9]{2})")


LONGEST_ECHO = 80


class NoWish(ValueError):
    """The text is no wish for an export; the exception's own text is a sentence for the person."""


def export_wish(text: str, zone: Clocks) -> Wish:
    """Reads `[csv|jsonl] [82] [since=2026-11-01] [until=…]`, the words in any order.

    `zone` gives the clocks on which a day is meant, and is asked only where one stands there. Raises NoWish.
    """
    wish = Wish()
    seen: set[str] = set()
    for word in text.split():
        name, part = _read(word, zone)
        if name in seen:
            raise NoWish(_("{word} says a second time what stands there already. Take one away.").format(word=word))
        seen.add(name)
        wish = replace(wish, **part)
    if wish.since and wish.until and wish.since >= wish.until:
        raise NoWish(_("until= has to be later than since=: there is nothing in between."))
    return wish


def day_or_moment(text: str, clocks: Clocks | None = None) -> datetime:
    """The beginning of the day, or the moment, in UTC; on this machine's clocks where no others are given.

    Raises NoMoment.
    """
    written = f"{text}T00:00" if _DAY.fullmatch(text) else text
    if clocks:
        return moment_in(written, clocks)
    found = moment_in(written, lambda: UTC)
    if _OFFSET.fullmatch(written[len("2026-11-01") :]):
        return found
    try:
        return found.replace(tzinfo=None).astimezone(UTC)
    except (OverflowError, ValueError, OSError) as wrong:
        raise NoMoment(Phrase("that day lies beyond this machine's clocks.")) from wrong


def _read(word: str, zone: Clocks) -> tuple[str, dict[str, Any]]:
    key, equals, value = word.partition("=")
    key = key.lower()
    shown = f"“{word[:LONGEST_ECHO]}”"
    if key in FILES and not equals:
        return "format", {"format": Format(key)}
    if key in {"since", "until"} and equals:
        try:
            return key, {key: day_or_moment(value, zone)}
        except NoMoment as wrong:
            text = _("{word} cannot be read: write a day such as {key}=2026-11-01, or {key}=2026-11-01T09:00.")
            raise NoWish(text.format(word=shown, key=key)) from wrong
    campaign = number_in(key)
    if campaign is not None and not equals:
        return "campaign_id", {"campaign_id": campaign}
    text = _("I don't know the word {word}. An export takes csv or jsonl, a campaign's id, since= and until=.")
    raise NoWish(text.format(word=shown))
