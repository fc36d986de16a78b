"""The text after /campaign-history, and the launches that it asks for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.campaign.request import UserId, number_in
from bot.launch.looking import PENDING_PHASES, Phase, Wanted
from bot.launch.state import SENT, State
from bot.phrase import Phrase, joined
from bot.slash import suggest
from bot.slash.activate import Help
from bot.slash.export import day_or_moment
from bot.slash.moment import Clocks, NoMoment
from bot.slash.queries import asks_for_help, question
from bot.slash.words import CommandError, clip, from_slack

IN_DOUBT = "in-doubt"
PENDING = "pending"
EXPORT = "export"
SINCE = "since"
UNTIL = "until"

WORDS: Mapping[str, Wanted] = {
    PENDING: Wanted(phases=PENDING_PHASES),
    "running": Wanted(phases=(Phase.RUNNING,)),
    IN_DOUBT: Wanted(phases=(Phase.IN_DOUBT,)),
    "launched": Wanted(states=tuple(state for state in State if state in SENT), reached=True),
    "stopped": Wanted(states=(State.STOPPED,)),
    "rejected": Wanted(states=(State.REJECTED,)),
    "cancelled": Wanted(states=(State.CANCELLED,)),
    "expired": Wanted(states=(State.EXPIRED,)),
    "refused": Wanted(states=(State.REFUSED,)),
    "not-launched": Wanted(states=(State.UNREACHED,)),
}
"""Each word for where a launch stands or how it ended, and what it looks for."""

_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T.*)?")
_TAKES = Phrase(
    "I know a campaign's id such as 82, a person such as @ben, since=2026-11-01, until=2026-12-01, {words} and export.",
    words=", ".join(WORDS),
)


@dataclass(frozen=True)
class _Part:
    """One word, read: what kind of filter it is, and what it looks for."""

    kind: str
    wanted: Mapping[str, Any]


def parse_history(text: str, clocks: Clocks = lambda: UTC) -> Wanted | Help:
    """What is asked for, by words in any order. `clocks` gives those on which a day without an offset is meant.

    Raises CommandError, and what `clocks` raises.
    """
    if asks_for_help(text):
        return Help()
    wanted, seen = Wanted(), set[str]()
    for word in question(text).split():
        part = _read(word, clocks)
        if part.kind in seen:
            raise CommandError(word, Phrase("One at a time: take “{word}” away.", word=clip(word)))
        seen.add(part.kind)
        wanted = replace(wanted, **part.wanted)
    if wanted.since and wanted.until and wanted.since >= wanted.until:
        raise CommandError(UNTIL, Phrase("until= has to be later than since=: there is nothing in between."))
    return wanted


def history_text(wanted: Wanted) -> str:
    """A text that asks the same when it is typed, on whatever clocks; "" for all launches."""
    return " ".join(
        [
            *([] if wanted.campaign_id is None else [str(wanted.campaign_id)]),
            *([] if wanted.requester is None else [f"<@{wanted.requester}>"]),
            *([standing] if (standing := standing_of(wanted)) else []),
            *(f"{key}={_written(at)}" for key, at in ((SINCE, wanted.since), (UNTIL, wanted.until)) if at),
        ]
    )


def standing_of(wanted: Wanted) -> str:
    """The word that asks for these phases or states; "" where none is asked for."""
    asked = (wanted.phases, wanted.states)
    return next((word for word, one in WORDS.items() if (one.phases, one.states) == asked), "")


def export_text(text: str) -> str | None:
    """What stands behind the word `export` in the text after /campaign-history; None where that is not its first."""
    first, *rest = from_slack(text, keep_people=True).split(maxsplit=1) or [""]
    return "".join(rest).strip() if first.lower() == EXPORT else None


def _read(word: str, clocks: Clocks) -> _Part:
    campaign_id = number_in(word.lstrip("#"))
    if campaign_id is not None:
        return _Part("campaign", {"campaign_id": campaign_id})
    person = _PERSON.fullmatch(word)
    if person:
        return _Part("person", {"requester": UserId(person[1])})
    standing = WORDS.get(word.lower().replace("_", "-"))
    if standing:
        found = {"phases": standing.phases, "states": standing.states, "reached": standing.reached}
        return _Part("standing", found)
    key, equals, value = word.partition("=")
    if key.lower() in (SINCE, UNTIL) and equals:
        return _Part(key.lower(), {key.lower(): _moment(word, key.lower(), value, clocks)})
    if word.startswith(("@", "<!subteam")):
        raise CommandError(word, _nobody(word))
    raise _unknown(word, key, value)


def _moment(word: str, key: str, value: str, clocks: Clocks) -> datetime:
    try:
        return day_or_moment(value, clocks)
    except NoMoment as wrong:
        sentence = Phrase(
            "{word} cannot be read: write a day such as {key}=2026-11-01, or {key}=2026-11-01T09:00.",
            word=Phrase("“{text}”", text=clip(word)),
            key=key,
        )
        raise CommandError(word, sentence) from wrong


def _unknown(word: str, key: str, value: str) -> CommandError:
    near = suggest.nearest(key, [*WORDS, EXPORT, "help", SINCE, UNTIL])
    if near in (SINCE, UNTIL):
        near = f"{near}={value or '2026-11-01'}"
    elif _DAY.fullmatch(word):
        near = f"{SINCE}={word}"
    unknown = Phrase("I don't know the word “{word}”.", word=clip(word))
    help_out = suggest.did_you_mean(near) if near else _TAKES
    return CommandError(word, joined(" ", [unknown, help_out]), near)


def _written(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(timespec="minutes") + "Z"


def _nobody(word: str) -> Phrase:
    return Phrase(
        "Slack knows no single person by the name “{word}”. Choose the person from the list that Slack offers after @.",
        word=clip(word),
    )
