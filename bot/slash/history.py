"""The text after /campaign-history, and the launches that it asks for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.campaign.request import UserId, number_in
from bot.launch.search import PENDING_PHASES, Phase, Wanted
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

_DAYS = {"today": 0, "yesterday": 1, "сегодня": 0, "вчера": 1}
"""How many days ago."""

_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T.*)?")
_TAKES = Phrase(
    "I know a campaign's id such as 82, a person such as @ben, yesterday, since=2026-11-01, until=2026-12-01, {words} "
    "and export.",
    words=", ".join(WORDS),
)


@dataclass(frozen=True)
class _Part:
    """One word, read: what it looks for, and what no other word may look for as well."""

    kinds: frozenset[str]
    wanted: Mapping[str, Any]


def parse_history(text: str, clocks: Clocks = lambda: UTC, now: datetime | None = None) -> Wanted | Help:
    """What is asked for, by words in any order. `clocks` gives those on which a day without an offset is meant.

    Without `now`, no day is called by its distance, such as yesterday.

    Raises CommandError, and what `clocks` raises.
    """
    if asks_for_help(text):
        return Help()
    wanted, seen = Wanted(), set[str]()
    for word in question(text).split():
        part = _read(word, clocks, now)
        if part.kinds & seen:
            raise CommandError(word, Phrase("One at a time: take “{word}” away.", word=clip(word)))
        seen |= part.kinds
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


def _read(word: str, clocks: Clocks, now: datetime | None) -> _Part:
    campaign_id = number_in(word.lstrip("#"))
    if campaign_id is not None:
        return _part("campaign", {"campaign_id": campaign_id})
    person = _PERSON.fullmatch(word)
    if person:
        return _part("person", {"requester": UserId(person[1])})
    standing = WORDS.get(word.lower().replace("_", "-"))
    if standing:
        found = {"phases": standing.phases, "states": standing.states, "reached": standing.reached}
        return _part("standing", found)
    if now and word.lower() in _DAYS:
        ago = _DAYS[word.lower()]
        begin, end = (_moment(word, SINCE, _day(days, clocks, now), clocks) for days in (ago, ago - 1))
        return _Part(frozenset({SINCE, UNTIL}), {SINCE: begin, UNTIL: end})
    key, equals, value = word.partition("=")
    if key.lower() in (SINCE, UNTIL) and equals:
        if now and value.lower() in _DAYS:
            value = _day(_DAYS[value.lower()], clocks, now)
        return _part(key.lower(), {key.lower(): _moment(word, key.lower(), value, clocks)})
    if word.startswith(("@", "<!subteam")):
        raise CommandError(word, _nobody(word))
    raise _unknown(word, key, value)


def _part(kind: str, wanted: Mapping[str, Any]) -> _Part:
    return _Part(frozenset({kind}), wanted)


def _day(ago: int, clocks: Clocks, now: datetime) -> str:
    return f"{now.astimezone(clocks()) - timedelta(days=ago):%Y-%m-%d}"


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
