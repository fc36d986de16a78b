"""The texts after /campaign-status, /campaign-list and /campaign-history, and the questions they ask."""

import re
from dataclasses import dataclass

from bot.campaign.overview import Listing
from bot.campaign.request import UserId, number_in
from bot.launch.looking import PENDING_PHASES, Phase, Wanted
from bot.phrase import Phrase, joined
from bot.slash import suggest
from bot.slash.activate import Help
from bot.slash.values import check_unspaced
from bot.slash.words import DOUBLE, CommandError, check_writable, clip, from_slack

ACTIVE = "active"
IN_DOUBT = "in-doubt"
PENDING = "pending"
EXPORT = "export"

LONGEST_QUESTION = 300

_NARROWS = 0.8
"""How much like `active` a word of a name must be to be taken for it: `actve` is, `action` is not."""

_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_WORDS = re.compile(rf"[{DOUBLE}]([^{DOUBLE}]*)[{DOUBLE}]|(\S+)")
_PHASES = {IN_DOUBT: (Phase.IN_DOUBT,), PENDING: PENDING_PHASES}


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
    text = _checked(text)
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


def parse_history(text: str) -> Wanted | Help:
    """Raises CommandError."""
    words = _split(text)
    if not words:
        return Wanted()
    if asks_for_help(text):
        return Help()
    first = words[0]
    wanted = _wanted(first)
    if wanted is None:
        near = _did_you_mean(first, [IN_DOUBT, PENDING, EXPORT, "help"])
        raise CommandError(first, _sentences(_unknown(first), near or _TAKES))
    if len(words) > 1:
        raise CommandError(words[1], _one_at_a_time(words[1]))
    return wanted


def asks_for_help(text: str) -> bool:
    return text.strip().lower() == "help"


def export_text(text: str) -> str | None:
    """What stands behind the word `export` in the text after /campaign-history; None where that is not its first."""
    first, *rest = from_slack(text, keep_people=True).split(maxsplit=1) or [""]
    return "".join(rest).strip() if first.lower() == EXPORT else None


def history_text(wanted: Wanted) -> str:
    """A text that asks the same when it is typed; "" for all launches."""
    if wanted.campaign_id is not None:
        return str(wanted.campaign_id)
    if wanted.requester is not None:
        return f"<@{wanted.requester}>"
    return next((word for word, phases in _PHASES.items() if phases == wanted.phases), "")


def list_text(listing: Listing) -> str:
    """A text that asks the same when it is typed."""
    words = [f'"{listing.text}"'] if listing.text else []
    return " ".join([*words, *([ACTIVE] if listing.only_active else [])])


def _wanted(word: str) -> Wanted | None:
    campaign_id = number_in(word.lstrip("#"))
    if campaign_id is not None:
        return Wanted(campaign_id=campaign_id)
    person = _PERSON.fullmatch(word)
    if person:
        return Wanted(requester=UserId(person[1]))
    phases = _PHASES.get(word.lower().replace("_", "-"))
    if phases:
        return Wanted(phases=phases)
    if word.startswith(("@", "<!subteam")):
        raise CommandError(word, _nobody(word))
    return None


def _split(text: str) -> list[str]:
    return _checked(text).split()


def _checked(text: str) -> str:
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


def _unknown(word: str) -> Phrase:
    return Phrase("I don't know the word “{word}”.", word=clip(word))


_TAKES = Phrase("I know a campaign's id such as 82, a person such as @ben, in-doubt, pending and export.")


def _no_campaign(word: str) -> Phrase:
    return Phrase("“{word}” is no campaign id: it is a whole number such as 82.", word=clip(word))


def _one_at_a_time(word: str) -> Phrase:
    return Phrase("One at a time: take “{word}” away.", word=clip(word))


def _nobody(word: str) -> Phrase:
    return Phrase(
        "Slack knows no single person by the name “{word}”. Choose the person from the list that Slack offers after @.",
        word=clip(word),
    )
