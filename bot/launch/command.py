"""The text after /campaign-activate, to a request and back."""

import difflib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

from bot.launch.request import ActivationRequest, Invalid, Json, Source
from bot.launch.words import Unreadable, Word, from_slack, split, straight_json

LONGEST_TEXT = 8000

WORDS = {
    "run_now": ("run_now", "start one run at once; without it the campaign only becomes active"),
    "source": ("source=segment:5", "another audience for this run: segment:<id> or list:<id> (a database)"),
    "limit": ("limit=1000", "send at most so many messages"),
    "content": ('content={"promo": "SPRING"}', "values for the template, as a JSON object"),
    "content.": ("content.promo=SPRING", "one such value, as text"),
    "reason": ('reason="Spring sale"', "why: whoever approves reads it"),
}
"""Each word of the grammar: how it is written, and what it does."""

USAGE = "\n".join(
    [
        "*Ask to launch a campaign* (a mailing, as newer editions of the platform say):",
        "`/campaign-activate <id> [words in any order]`",
        *(f"• `{written}` – {does}" for written, does in WORDS.values()),
        "For example:",
        "`/campaign-activate 82 run_now source=segment:5`",
        '`/campaign-activate 82 run_now limit=1000 content.promo=SPRING reason="First wave"`',
        "`/campaign-activate` alone opens the form, `/campaign-activate help` shows this.",
    ]
)


class CommandError(ValueError):
    """A text that is no command: the word at fault, a sentence for the person, the nearest right word or None."""

    def __init__(self, word: str, text: str, suggestion: str | None = None) -> None:
        super().__init__(text)
        self.word = word
        self.text = text
        self.suggestion = suggestion


@dataclass(frozen=True)
class Help:
    """The person asks what can be typed."""


@dataclass(frozen=True)
class Blank:
    """Nothing was typed: the form opens empty."""


Parsed: TypeAlias = Help | Blank | ActivationRequest


def parse(text: str) -> Parsed:
    """What the text asks for. Raises CommandError for everything that is not wholly understood."""
    if len(text) > LONGEST_TEXT:
        raise CommandError("content", f"The command is longer than {LONGEST_TEXT} characters. Use the form instead.")
    try:
        words = list(split(from_slack(text)))
    except Unreadable as error:
        raise CommandError(error.word, error.text) from error
    if not words:
        return Blank()
    if words[0] == Word("help") or (words[0].value is None and words[0].key.lower() == "help"):
        if len(words) > 1:
            raise CommandError(str(words[1]), f"help stands alone; take “{words[1]}” away.", "help")
        return Help()
    return _request(words)


def to_text(request: ActivationRequest) -> str:
    """The shortest text that asks for the same. Attachments cannot be typed, so they are left out."""
    parts = [str(request.campaign_id)]
    if request.run_now:
        parts.append("run_now")
    if request.source is not None:
        parts.append(f"source={request.source}")
    if request.limit is not None:
        parts.append(f"limit={request.limit}")
    if request.content is not None:
        parts.append(f"content={_json(dict(request.content))}")
    if request.reason:
        parts.append(f"reason={_json(request.reason)}")
    return " ".join(parts)


def _json(value: Json) -> str:
    # Slack's entities are undone once in whatever is parsed, so an ampersand is written so that none can be seen in it.
    return json.dumps(value, ensure_ascii=False).replace("&", "\\u0026").replace("\x7f", "\\u007f")


def _request(words: Sequence[Word]) -> ActivationRequest:
    campaign_id = _campaign_id(words[0], words[1:])
    said = _Said()
    for word in words[1:]:
        said.take(word)
    try:
        return ActivationRequest(
            campaign_id=campaign_id,
            run_now=said.run_now or False,
            source=said.source,
            limit=said.limit,
            content=said.content,
            reason=said.reason or "",
        )
    except Invalid as invalid:
        raise CommandError(invalid.part, invalid.text) from invalid


def _campaign_id(first: Word, rest: Sequence[Word]) -> int:
    if first.value is None and _is_number(first.key):
        return int(first.key)
    later = next((word.key for word in rest if word.value is None and _is_number(word.key)), None)
    example = f"/campaign-activate {later or 82} run_now"
    if first.key.lower() in WORDS or later:
        raise CommandError(str(first), f"Start with the campaign's id: {example}", later)
    raise CommandError(
        str(first), f"“{first}” is no campaign id: it is a whole number. Start with it, for example {example}"
    )


class _Said:
    """Gathers the words after the id; each may stand once."""

    def __init__(self) -> None:
        self.run_now: bool | None = None
        self.source: Source | None = None
        self.limit: int | None = None
        self.content: dict[str, Json] | None = None
        self.reason: str | None = None
        self._whole_content = False

    def take(self, word: Word) -> None:
        key = word.key.lower()
        if key.startswith("content.") and word.value is not None:
            self._one_value(word.key[len("content.") :], word.value)
            return
        match key:
            case "run_now":
                self._once("run_now", self.run_now)
                self.run_now = _boolean(word)
            case "source":
                self._once("source", self.source)
                self.source = _source(word)
            case "limit":
                self._once("limit", self.limit)
                self.limit = _limit(word)
            case "content":
                self._all_values(word)
            case "reason":
                self._once("reason", self.reason)
                self.reason = _needs_value(word, 'reason="Spring sale"')
            case _:
                self._unknown(word)

    def _once(self, key: str, before: object) -> None:
        if before is not None:
            raise CommandError(key, f"{key} stands twice. Keep the one you mean.")

    def _all_values(self, word: Word) -> None:
        if self._whole_content:
            raise CommandError("content", "content= stands twice. Put all values into one object.")
        self._whole_content = True
        value = _needs_value(word, 'content={"promo": "SPRING"}')
        for name, one in _object(value).items():
            self._one_value(name, one)
        self.content = self.content or {}

    def _one_value(self, name: str, value: Json) -> None:
        if not name and self.content is None and not self._whole_content:
            raise CommandError("content.", "content. needs a name, for example content.promo=SPRING.", "content.promo=")
        if self.content and name in self.content:
            raise CommandError(f"content.{name}", f"The content value “{name}” stands twice. Keep the one you mean.")
        self.content = {**(self.content or {}), name: value}

    def _unknown(self, word: Word) -> NoReturn:
        if word.value is None and _is_number(word.key):
            raise CommandError(
                word.key,
                f"One campaign at a time: take {word.key} away, or write limit={word.key} if you mean a limit.",
            )
        near = difflib.get_close_matches(word.key.lower(), [*(key for key in WORDS if key[-1] != "."), "help"], 1, 0.6)
        if near:
            written = near[0] if near[0] == "help" else WORDS[near[0]][0]
            raise CommandError(str(word), f"I don't know the word “{word}”. Did you mean {written}?", near[0])
        if self.reason is not None:
            raise CommandError(
                str(word),
                f'I don\'t know the word “{word}”. If it belongs to the reason, put it all in quotes: reason="…".',
                "reason",
            )
        known = ", ".join(key for key in WORDS if key[-1] != ".")
        raise CommandError(str(word), f"I don't know the word “{word}”. I know {known}.")


def _boolean(word: Word) -> bool:
    match (word.value or "true").lower() if word.value != "" else "":
        case "true":
            return True
        case "false":
            return False
        case _:
            raise CommandError(
                str(word), f"run_now takes true or false, not “{word.value}”; alone, it means true.", "run_now"
            )


def _source(word: Word) -> Source:
    text = _needs_value(word, "source=segment:5").lower()
    try:
        return Source.parse(text)
    except Invalid as invalid:
        kind, colon, number = text.partition(":")
        near = difflib.get_close_matches(kind, ["list", "segment", "database"], 1, 0.5)
        best = {"database": "list"}.get(near[0], near[0]) if near else "segment"
        wanted = number if colon and _is_number(number) else kind if _is_number(kind) else "<id>"
        suggestion = f"source={best}:{wanted}"
        raise CommandError(str(word), f"“{word}”: {invalid.text} Did you mean {suggestion}?", suggestion) from invalid


def _limit(word: Word) -> int:
    text = _needs_value(word, "limit=1000")
    if not _is_number(text):
        raise CommandError(str(word), f"limit= takes a whole number from 1 up, in digits, not “{text}”.", "limit=1000")
    return int(text)


def content_object(text: str) -> dict[str, Json]:
    """The JSON object in a text typed by a person, with or without typographic quotes. Raises CommandError."""
    try:
        return _object(straight_json(text))
    except Unreadable as error:
        raise CommandError(error.word, error.text) from error


def _object(text: str) -> dict[str, Json]:
    example = 'for example content={"promo": "SPRING"}'
    try:
        value = json.loads(text, object_pairs_hook=_pairs, parse_constant=_no_constant, strict=False)
    except RecursionError as error:
        raise CommandError("content", "content= is nested too deeply. Make it flatter.") from error
    except json.JSONDecodeError as error:
        where = f"character {error.pos + 1}: {error.msg}"
        raise CommandError("content", f"content= is no JSON ({where}). It takes an object, {example}.") from error
    except ValueError as error:
        if isinstance(error, CommandError):
            raise
        raise CommandError(
            "content", f"content= holds a number that is too long. It takes an object, {example}."
        ) from error
    if not isinstance(value, dict):
        raise CommandError("content", f"content= takes a JSON object in braces, {example}.")
    return value


def _pairs(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise CommandError("content", f"The name “{name}” stands twice in content=. Keep the one you mean.")
    return dict(pairs)


def _no_constant(name: str) -> NoReturn:
    raise CommandError("content", f"content= holds {name}, which is no JSON value.")


def _needs_value(word: Word, example: str) -> str:
    if not word.value:
        raise CommandError(str(word), f"{word.key} needs a value, for example {example}.", example)
    return word.value


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 19  # noqa: PLR2004 -- no id is longer
