"""The words that may stand after the campaign's id, and what each asks for."""

from datetime import datetime, timedelta
from typing import NoReturn

from bot.campaign.request import Canary, Json, Source
from bot.phrase import Phrase
from bot.slash import suggest
from bot.slash.json_object import json_object
from bot.slash.moment import EXAMPLE, Clocks
from bot.slash.values import boolean_in, canary_in, is_number, limit_in, source_in, start_in, value_of, wait_in
from bot.slash.words import SINGLE, CommandError, Word, clip
from bot.texts import mark

WORDS = {
    "run_now": ("run_now", mark("start one run at once; without it the campaign only becomes active")),
    "source": ("source=segment:5", mark("another audience for this run: segment:ID or list:ID (a database)")),
    "limit": ("limit=1000", mark("send at most so many messages")),
    "at": (
        f"at={EXAMPLE}",
        mark(
            "not before that moment, on your own clock; approved earlier, it waits. Also `at=18:55`, "
            "`at=tomorrow 9:00`, `at=monday 9:00`, `at=in 2h`"
        ),
    ),
    "canary": ("canary=segment:318", mark("first to these people alone; the rest goes once somebody releases it")),
    "wait": ("wait=30m", mark("the least time that the rest waits after the canary; 30 minutes without it")),
    "content": ('content={"promo": "SPRING"}', mark("values for the template, as a JSON object")),
    "content.": ("content.promo=SPRING", mark("one such value, as text")),
    "reason": ('reason="Spring sale"', mark("why: whoever approves reads it")),
}
"""Each word of the grammar: how it is written, and what it does."""

WHOLE_WORDS = [word for word in WORDS if not word.endswith(".")]


def is_help(word: Word) -> bool:
    return word.value is None and word.key.lower() == "help"


def is_practice(word: Word) -> bool:
    return word.value is None and word.key.lower() == "practice"


def is_test(word: Word) -> bool:
    return word.value is None and word.key.lower() == "test"


class Parameters:
    """Gathers the words after the campaign's id; each may stand once. Raises CommandError for what it cannot take."""

    def __init__(self, clocks: Clocks, now: datetime | None) -> None:
        self._clocks = clocks
        self._now = now
        self.run_now: bool | None = None
        self.at: datetime | None = None
        self.source: Source | None = None
        self.limit: int | None = None
        self.content: dict[str, Json] | None = None
        self.reason: str | None = None
        self.canary: Canary | None = None
        self.wait: timedelta | None = None
        self._whole_content = False
        self._before: Word | None = None

    def take(self, word: Word) -> None:
        match word.key.lower():
            case "run_now":
                self._once("run_now", self.run_now)
                self.run_now = boolean_in(word)
            case "source":
                self._once("source", self.source)
                self.source = source_in(word)
            case "limit":
                self._once("limit", self.limit)
                self.limit = limit_in(word)
            case "at":
                self._once("at", self.at)
                self.at = start_in(word, self._clocks, self._now)
            case "canary":
                self._once("canary", self.canary)
                self.canary = canary_in(word)
            case "wait":
                self._once("wait", self.wait)
                self.wait = wait_in(word)
            case "content":
                self._all_values(word)
            case "reason":
                self._once("reason", self.reason)
                self.reason = value_of(word, 'reason="Spring sale"')
            case key if key.startswith("content."):
                self._named_value(word)
            case _:
                self._unknown(word)
        self._before = word

    def _once(self, key: str, before: object) -> None:
        if before is not None:
            raise CommandError(key, Phrase("{word} stands twice. Keep the one you mean.", word=key))

    def _all_values(self, word: Word) -> None:
        if self._whole_content:
            raise CommandError("content", Phrase("content= stands twice. Put all values into one object."))
        self._whole_content = True
        value = value_of(word, 'content={"promo": "SPRING"}')
        for name, one in json_object(value).items():
            self._one_value(name, one)
        self.content = self.content or {}

    def _named_value(self, word: Word) -> None:
        name = word.key[len("content.") :]
        if not name:
            nameless = Phrase("content. needs a name, for example content.promo=SPRING.")
            raise CommandError("content.", nameless, "content.promo=")
        if not word.value and word.bare:
            example = f"content.{clip(name)}=SPRING"
            needs = Phrase(
                "{word} needs a value, for example {example}; {empty} sends an empty one.",
                word=word.shown,
                example=example,
                empty=f'content.{clip(name)}=""',
            )
            raise CommandError(str(word), needs, example)
        self._one_value(name, word.value)

    def _one_value(self, name: str, value: Json) -> None:
        self.content = {} if self.content is None else self.content
        if name in self.content:
            twice = Phrase("The content value “{name}” stands twice. Keep the one you mean.", name=clip(name))
            raise CommandError(f"content.{name}", twice)
        self.content[name] = value

    def _unknown(self, word: Word) -> NoReturn:
        if is_practice(word):
            raise CommandError(str(word), Phrase("practice stands before the campaign's id."), "practice")
        if is_test(word):
            raise CommandError(str(word), Phrase("test stands before the campaign's id."), "test")
        if is_help(word):
            raise CommandError(str(word), Phrase("help stands alone: /campaign-activate help"), "help")
        after_text = self._before and self._before.key.lower().startswith(("reason", "content."))
        instead = _nearest(word, suggest.SURELY if after_text else suggest.PERHAPS)
        if instead:
            raise CommandError(str(word), suggest.unknown(word, instead), instead)
        if self._before and after_text:
            raise CommandError(str(word), _belongs_to(self._before, word), self._before.key)
        if word.value is None and is_number(word.key):
            raise CommandError(
                word.key,
                Phrase(
                    "One campaign at a time: take {number} away, or write limit={number} if you mean a limit.",
                    number=clip(word.key),
                ),
            )
        known = ", ".join(WHOLE_WORDS)
        raise CommandError(
            str(word), Phrase("I don't know the word {word}. I know {words}.", word=word.shown, words=known)
        )


def _nearest(word: Word, least: float) -> str | None:
    """The known word that is most like this one, with the value that was typed."""
    head, dot, name = word.key.partition(".")
    match suggest.nearest(head, WHOLE_WORDS, least):
        case None:
            return None
        case "content":
            return str(Word(f"content.{name}", word.value or "SPRING", word.bare)) if dot else WORDS["content"][0]
        case "run_now":
            return "run_now" if word.value is None else f"run_now={word.value}"
        case near:
            return str(Word(near, word.value, word.bare)) if word.value else WORDS[near][0]


def _belongs_to(before: Word, word: Word) -> Phrase:
    key = clip(before.key)
    if not before.bare:
        return Phrase(
            "I don't know the word {word}. If it belongs to {key}=, put it inside the quotes, "
            'and write \\" for a quote in there.',
            word=word.shown,
            key=key,
        )
    both = f"{(before.value or '').lstrip(SINGLE)} {word.key.rstrip(SINGLE)}"
    return Phrase(
        "I don't know the word {word}. If it belongs to {key}=, put it all in double quotes: {whole}.",
        word=word.shown,
        key=key,
        whole=f'{key}="{clip(both)}"',
    )
