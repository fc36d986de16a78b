"""Texts for people that are made in one place and read in another, perhaps years later and in another language.

A phrase is its English text, a `str` like any other: logs, terminals and comparisons take it as it is. It also knows
how it was made, so that `told` can say the same in the language of whoever reads it.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Self, TypeAlias

from bot.texts import ENGLISH, _, is_known, number, speaking

Value: TypeAlias = str | int | float | datetime
"""What is put into a phrase: a phrase is told as well, a number is written as the language does, a text as it is.

A moment is told on the clocks of whoever reads it; where nobody's are known, in UTC and as finely as it is given.

An id or a code is no count: it goes in as text.
"""

_AS_IT_IS = "{text}"


class Phrase(str):
    """A text with its template, which is a msgid of the catalogues, and the values that were put into it."""

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, Value]

    def __new__(cls, template: str = "", /, **values: Value) -> Self:
        """The template with the values in place. Without values it stands as it is, braces and all."""
        phrase = super().__new__(cls, _in_english(template, values) if values else template)
        phrase.template = template
        phrase.values = values
        return phrase

    @classmethod
    def as_it_is(cls, value: Value) -> Self:
        """A text that is somebody's own, such as a name, or a number: it reads the same in every language."""
        return cls(_AS_IT_IS, text=value)

    def with_values(self, **values: Value) -> Self:
        """The same text with those values in place of its own, and in place of those of the phrases in it."""
        changed = {
            name: values.get(name, value.with_values(**values) if isinstance(value, Phrase) else value)
            for name, value in self.values.items()
        }
        return type(self)(self.template, **changed)


Shown: TypeAlias = Callable[[str], str]
"""Makes a text fit for where it is shown."""

Clocks: TypeAlias = Callable[[datetime], str]
"""Writes a moment for whoever reads it."""


def in_utc(moment: datetime) -> str:
    """`2026-11-23 12:00 UTC`, with seconds and their fraction where there are any: other moments are other texts."""
    at = moment.astimezone(UTC)
    fraction = f".{at.microsecond:06}".rstrip("0.")
    seconds = f":{at:%S}{fraction}" if at.second or fraction else ""
    return f"{at:%Y-%m-%d %H:%M}{seconds} UTC"


def told(text: str, theirs: Shown = str, ours: Shown = str, clocks: Clocks = in_utc) -> str:
    """The text in the spoken language, with what people and platforms wrote as `theirs` shows it.

    A text without values that no catalogue knows is somebody's own: so are old records of what a platform said.
    """
    phrase = text if isinstance(text, Phrase) else Phrase(text)
    if not phrase.template:
        # The catalogues keep their own description under the empty text.
        return ""
    if not phrase.values and not is_known(phrase.template):
        return theirs(phrase.template)
    return _filled(ours(_(phrase.template)), phrase.values, theirs, ours, clocks)


def joined(separator: str, phrases: tuple[Phrase, ...] | list[Phrase]) -> Phrase:
    """Several phrases as one, with that between them."""
    names = [f"part{place}" for place in range(len(phrases))]
    template = separator.join(f"{{{name}}}" for name in names)
    return Phrase(template, **dict(zip(names, phrases, strict=True)))


def _in_english(template: str, values: Mapping[str, Value]) -> str:
    with speaking(ENGLISH):
        return _filled(template, values)


def _filled(
    template: str, values: Mapping[str, Value], theirs: Shown = str, ours: Shown = str, clocks: Clocks = in_utc
) -> str:
    if not values:
        return template
    return template.format(**{name: _value(value, theirs, ours, clocks) for name, value in values.items()})


def _value(value: Value, theirs: Shown, ours: Shown, clocks: Clocks) -> str:
    if isinstance(value, Phrase):
        return told(value, theirs, ours, clocks)
    if isinstance(value, datetime):
        return clocks(value)
    return theirs(value) if isinstance(value, str) else number(value)


NO_CAUSE = Phrase()
"""Where nothing hinders, and nothing is to be said."""
