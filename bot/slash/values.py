"""What stands behind an equals sign in the text after /campaign-activate; CommandError where it cannot be read."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import takewhile

from bot.campaign.request import LONGEST_CANARY_WAIT, SHORTEST_CANARY_WAIT, Canary, Invalid, Source, SourceKind
from bot.phrase import Phrase, joined
from bot.slash import suggest, typed_time
from bot.slash.moment import EXAMPLE, Clocks, NoMoment
from bot.slash.words import CommandError, Word, clip

FIRST_PICKABLE = datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)
LAST_PICKABLE = datetime(2286, 11, 20, 17, 46, 39, tzinfo=UTC)
"""Between these lies what Slack's picker of a moment takes: Unix times of ten digits."""

_GROUP = 3
_LONGEST_NUMBER = 19
"""Digits: no id has more, and Python refuses to read a number of some thousand digits."""


def boolean_in(word: Word) -> bool:
    value = "true" if word.value is None else word.value.lower()
    if value in ("true", "false"):
        return value == "true"
    near = suggest.nearest(value, ["true", "false"])
    suggestion = f"run_now={near}" if near else None
    takes = Phrase("run_now takes true or false, not “{value}”; alone, it means true.", value=clip(value))
    raise CommandError(str(word), _suggesting(takes, suggestion) if suggestion else takes, suggestion)


def source_in(word: Word) -> Source:
    text = value_of(word, "source=segment:5").lower()
    kind, _, number = text.partition(":")
    if kind in list(SourceKind) and is_number(number):
        try:
            return Source(SourceKind(kind), whole(word, number))
        except Invalid as invalid:
            raise CommandError(str(word), _about(word, invalid.text)) from invalid
    digits = re.fullmatch(r"[a-z]*[^a-z0-9]?([0-9]{1,19})\W?", text)
    wanted = digits[1] if digits else "<id>"
    near = suggest.nearest(kind, [*SourceKind, "database"])
    takes = _about(word, Phrase("source= takes list:<id> or segment:<id>."))
    if not near:  # segment 5 and list 5 are different people: no guess
        either = Phrase("Write source=segment:{id} or source=list:{id}.", id=wanted)
        raise CommandError(str(word), joined(" ", [takes, either]))
    suggestion = f"source={'list' if near == 'database' else near}:{wanted}"
    raise CommandError(str(word), _suggesting(takes, suggestion), suggestion)


def limit_in(word: Word) -> int:
    text = value_of(word, "limit=1000")
    if is_number(text):
        return whole(word, text)
    takes = Phrase("limit= takes a whole number from 1 up, in digits, not “{value}”", value=clip(text))
    if re.fullmatch(r"[0-9]{1,3}([_.,'’][0-9]{3}){1,5}", text):
        suggestion = f"limit={''.join(re.findall('[0-9]', text))}"
        raise CommandError(str(word), _suggesting(Phrase("{said}.", said=takes), suggestion), suggestion)
    raise CommandError(str(word), Phrase("{said}; for example limit=1000.", said=takes))


_UNITS = {"s": "seconds", "m": "minutes", "h": "hours"}
_SPAN = re.compile(r"([0-9]{1,6})([smh])")


def canary_in(word: Word) -> Canary:
    """The canary with the usual wait."""
    text = value_of(word, "canary=segment:318").lower()
    kind, _, number = text.partition(":")
    if kind == SourceKind.SEGMENT and is_number(number):
        try:
            return Canary(whole(word, number))
        except Invalid as invalid:
            raise CommandError(str(word), _about(word, invalid.text)) from invalid
    digits = re.fullmatch(r"[a-z]*[^a-z0-9]?([0-9]{1,19})\W?", text)
    takes = _about(word, Phrase("canary= takes segment:<id>, for a database is no small part of anything."))
    suggestion = f"canary=segment:{digits[1]}" if digits and "list" not in text else None
    raise CommandError(str(word), _suggesting(takes, suggestion) if suggestion else takes, suggestion)


def wait_in(word: Word) -> timedelta:
    text = value_of(word, "wait=30m").lower()
    span = span_in(text)
    if span is not None and SHORTEST_CANARY_WAIT <= span <= LONGEST_CANARY_WAIT:
        return span
    takes = Phrase("wait= takes a time from 1s to 24h, for example wait=30m, not “{value}”.", value=clip(text))
    raise CommandError(str(word), takes)


def span_in(text: str) -> timedelta | None:
    """The time that `90s`, `30m` or `2h` is; None for any other text."""
    found = _SPAN.fullmatch(text.strip().lower())
    return timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else None


def span_text(span: timedelta) -> str:
    """The time as `span_in` reads it."""
    seconds = int(span.total_seconds())
    return f"{seconds}s" if seconds % 60 else f"{seconds // 60}m"


def start_in(word: Word, clocks: Clocks, now: datetime | None) -> datetime:
    text = value_of(word, f"at={EXAMPLE}")
    try:
        return _pickable(typed_time.start_in(text, clocks, now))
    except NoMoment as wrong:
        raise CommandError(str(word), _about(word, wrong.text), wrong.instead) from wrong


def with_whole_starts(words: Iterable[Word]) -> Iterator[Word]:
    """The words, those of a start that was typed without quotes put together: `at=tomorrow 9:00`."""
    start: Word | None = None
    for word in words:
        if start and start.value and word.value is None and typed_time.goes_on(start.value, word.key):
            start = Word(start.key, f"{start.value} {word.key}")
            continue
        if start:
            yield start
        start = word if word.key.lower() == "at" and word.bare and word.value else None
        if start is None:
            yield word
    if start:
        yield start


def _pickable(moment: datetime) -> datetime:
    """The moment, if the form can show it: Slack's picker takes ten digits of seconds. Raises NoMoment."""
    if FIRST_PICKABLE <= moment <= LAST_PICKABLE:
        return moment
    raise NoMoment(Phrase("at= takes a day within the next year, such as {example}.", example=EXAMPLE))


def value_of(word: Word, example: str) -> str:
    if not word.value:
        raise CommandError(
            str(word),
            Phrase(
                "{word} needs a value right after the equals sign, for example {example}.",
                word=word.key,
                example=example,
            ),
            example,
        )
    return word.value


def check_unspaced(word: str, following: Sequence[str]) -> None:
    """Raises CommandError for a number that was typed with spaces in it, as pages write one: `limit=1 000`."""
    digits = re.search(r"[0-9]+\Z", word)
    groups = [*takewhile(lambda one: re.fullmatch(r"[0-9]{3}", one), following)]
    if not digits or not groups or len(digits[0]) > _GROUP:
        return
    typed, whole_number = " ".join([word, *groups]), "".join([word, *groups])
    said = Phrase(
        "“{typed}” has a space in it. If that is one number, write {whole}.",
        typed=clip(typed),
        whole=clip(whole_number),
    )
    raise CommandError(typed, said, whole_number)


def is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def whole(word: Word, digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise CommandError(str(word), _about(word, Phrase("the number is too large.")))
    return int(digits)


def _about(word: Word, wrong: Phrase) -> Phrase:
    return Phrase("{word}: {wrong}", word=word.shown, wrong=wrong)


def _suggesting(wrong: Phrase, suggestion: str) -> Phrase:
    return joined(" ", [wrong, suggest.did_you_mean(suggestion)])
