"""The text after /campaign-activate, to a request and back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from itertools import pairwise
from typing import NoReturn, TypeAlias

from bot.campaign.request import ActivationRequest, Invalid, Json, Source
from bot.phrase import Phrase
from bot.slash import suggest
from bot.slash.moment import EXAMPLE, Clocks, moment_text
from bot.slash.values import (
    boolean_in,
    check_unspaced,
    is_number,
    limit_in,
    source_in,
    start_in,
    value_of,
    whole,
    with_whole_starts,
)
from bot.slash.words import (
    SINGLE,
    CommandError,
    Word,
    as_json,
    as_quoted,
    check_writable,
    clip,
    content_object,
    from_slack,
    json_object,
    split,
)
from bot.texts import _, mark

__all__ = ["WORDS", "Blank", "CommandError", "Help", "Parsed", "content_object", "parse", "to_text", "usage"]

LONGEST_TEXT = 8000

WORDS = {
    "run_now": ("run_now", mark("start one run at once; without it the campaign only becomes active")),
    "source": ("source=segment:5", mark("another audience for this run: segment:ID or list:ID (a database)")),
    "limit": ("limit=1000", mark("send at most so many messages")),
    "at": (
        f"at={EXAMPLE}",
        mark(
            "not before that moment, on your own clock; approved earlier, it waits. Also `18:55`, `tomorrow 9:00`, "
            "`monday 9:00`, `in 2h`"
        ),
    ),
    "content": ('content={"promo": "SPRING"}', mark("values for the template, as a JSON object")),
    "content.": ("content.promo=SPRING", mark("one such value, as text")),
    "reason": ('reason="Spring sale"', mark("why: whoever approves reads it")),
}
"""Each word of the grammar: how it is written, and what it does."""

_WHOLE_WORDS = [word for word in WORDS if not word.endswith(".")]


def usage() -> str:
    """What can be typed, with examples, in mrkdwn."""
    return "\n".join(
        [
            _("*Ask to launch a campaign* (a mailing, as newer editions of the platform say):"),
            _("`/campaign-activate ID [words in any order]`"),
            *(f"• `{written}` – {_(does)}" for written, does in WORDS.values()),
            _("For example:"),
            "`/campaign-activate 82 run_now source=segment:5`",
            '`/campaign-activate 82 run_now limit=1000 content.promo=SPRING reason="First wave"`',
            _("`/campaign-activate practice 82 run_now` walks the whole path, approvals and all, and sends nothing."),
            _("`/campaign-activate` alone opens the form, `/campaign-activate help` shows this."),
        ]
    )


@dataclass(frozen=True)
class Help:
    """The person asks what can be typed."""


@dataclass(frozen=True)
class Blank:
    """Nothing was typed: the form opens empty."""


Parsed: TypeAlias = Help | Blank | ActivationRequest


def parse(text: str, clocks: Clocks = lambda: UTC, now: datetime | None = None) -> Parsed:
    """What the text asks for; `clocks` gives the time zone of whoever typed it, where a moment without offset stands.

    A start that counts from now, such as `18:55`, takes `now`; without it, only a date and a time are a start. Raises
    CommandError for everything that is not wholly understood, and what `clocks` raises.
    """
    if len(text) > LONGEST_TEXT:
        most = str(LONGEST_TEXT)
        raise CommandError(
            "command", Phrase("The command is longer than {most} characters. Use the form instead.", most=most)
        )
    check_writable("command", text)
    words = list(with_whole_starts(split(from_slack(text))))
    for word in words:
        check_writable(word.key, word.value or "")
    if not words:
        return Blank()
    if _is_help(words[0]):
        if len(words) > 1:
            alone = Phrase("help stands alone; take {word} away.", word=words[1].shown)
            raise CommandError(str(words[1]), alone, "help")
        return Help()
    if _is_practice(words[0]):
        if len(words) == 1:
            lonely = Phrase("practice needs a campaign: /campaign-activate practice 82 run_now")
            raise CommandError("practice", lonely, None)
        return replace(_request(words[1:], _Said(clocks, now)), practice=True)
    return _request(words, _Said(clocks, now))


def to_text(request: ActivationRequest, zone: tzinfo = UTC) -> str:
    """A text that asks for the same when it is typed in that time zone, also after Slack has escaped it.

    Attachments cannot be typed, so they are left out. `parse` reads it back, unless it is longer than LONGEST_TEXT or
    its content is deeper than DEEPEST.
    """
    parts = ["practice", str(request.campaign_id)] if request.practice else [str(request.campaign_id)]
    if request.run_now:
        parts.append("run_now")
    if request.source is not None:
        parts.append(f"source={request.source}")
    if request.limit is not None:
        parts.append(f"limit={request.limit}")
    if request.at is not None:
        parts.append(f"at={moment_text(request.at, zone)}")
    if request.content is not None:
        parts.append(f"content={as_json(dict(request.content))}")
    if request.reason:
        parts.append(f"reason={as_quoted(request.reason)}")
    return " ".join(parts)


def _is_help(word: Word) -> bool:
    return word.value is None and word.key.lower() == "help"


def _is_practice(word: Word) -> bool:
    return word.value is None and word.key.lower() == "practice"


def _request(words: Sequence[Word], said: "_Said") -> ActivationRequest:
    for place, word in enumerate(words):
        if place == 0 or word.key.lower() in ("limit", "source"):
            check_unspaced(str(word), [str(one) for one in words[place + 1 :]])
    campaign_id = _campaign_id(words)
    for word in words[1:]:
        said.take(word)
    try:
        return ActivationRequest(
            campaign_id=campaign_id,
            run_now=said.run_now or False,
            source=said.source,
            limit=said.limit,
            at=said.at,
            content=said.content,
            reason=said.reason or "",
        )
    except Invalid as invalid:
        raise CommandError(invalid.part, invalid.text) from invalid


def _campaign_id(words: Sequence[Word]) -> int:
    first = words[0]
    if first.value is None and is_number(first.key):
        return whole(first, first.key)
    near = suggest.nearest(first.key.strip("-/"), ["help", "practice"])
    if first.value is None and near:
        raise CommandError(str(first), suggest.unknown(first, near), near)
    later = next((word.key for before, word in pairwise(words) if _may_be_the_id(before, word)), None)
    if later or first.key.lower() in WORDS:
        raise CommandError(
            str(first),
            Phrase(
                "{word} is no campaign id. Start with the campaign's id: /campaign-activate {id} run_now",
                word=first.shown,
                id=later or "82",
            ),
            later,
        )
    digits = re.fullmatch(r"\W*([0-9]{1,19})\W*", str(first))
    meant = digits[1] if digits else None
    no_number = Phrase(
        "{word} is no campaign id: it is a whole number. Start with it, for example /campaign-activate {id} run_now",
        word=first.shown,
        id=meant or "82",
    )
    raise CommandError(str(first), no_number, meant)


def _may_be_the_id(before: Word, word: Word) -> bool:
    return word.value is None and is_number(word.key) and before.key.lower() not in ("limit", "source")


class _Said:
    """Gathers the words after the id; each may stand once."""

    def __init__(self, clocks: Clocks, now: datetime | None) -> None:
        self._clocks = clocks
        self._now = now
        self.run_now: bool | None = None
        self.at: datetime | None = None
        self.source: Source | None = None
        self.limit: int | None = None
        self.content: dict[str, Json] | None = None
        self.reason: str | None = None
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
        if _is_practice(word):
            raise CommandError(str(word), Phrase("practice stands before the campaign's id."), "practice")
        if _is_help(word):
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
        known = ", ".join(_WHOLE_WORDS)
        raise CommandError(
            str(word), Phrase("I don't know the word {word}. I know {words}.", word=word.shown, words=known)
        )


def _nearest(word: Word, least: float) -> str | None:
    """The known word that is most like this one, with the value that was typed."""
    head, dot, name = word.key.partition(".")
    match suggest.nearest(head, _WHOLE_WORDS, least):
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
