"""Texts for people in their own language: the code holds the English ones, the catalogues in `locale` the others.

Which language is spoken belongs to whoever a text is for, as the precision of a sum belongs to whoever reckons: it is
set at the edge, for the block in which texts for that person or channel are made, and reaches no other thread.
"""

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent, get_group_symbol

ENGLISH = "en"
LANGUAGES = (ENGLISH, "ru")

CATALOGUES = Path(__file__).parent / "locale"

_spoken: ContextVar[str] = ContextVar("spoken", default=ENGLISH)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within the block, texts are in that language, one of LANGUAGES."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def speak(language: str) -> None:
    """From here on, texts are in that language: for whoever has a context of its own."""
    _spoken.set(language)


def spoken() -> str:
    """The language that is spoken here and now."""
    return _spoken.get()


def language_of(locale: str) -> str:
    """The language for one of Slack's locales, such as `ru-RU`; English for those that have no catalogue."""
    language = locale.replace("_", "-").partition("-")[0].lower()
    return language if language in LANGUAGES else ENGLISH


def _(text: str) -> str:
    """The text in the spoken language. Values are put in afterwards: `_("{who} approved it").format(who=…)`."""
    return _catalogue(spoken()).gettext(text)


def is_known(text: str) -> bool:
    """Whether a catalogue has the text, which is then the bot's own and nobody else's."""
    return any(_catalogue(language).gettext(text) != text for language in LANGUAGES if language != ENGLISH)


def plural(one: str, many: str, n: int, **values: object) -> str:
    """The form of the text that fits the number, with `{n}` and the values put in."""
    return _catalogue(spoken()).ngettext(one, many, n).format(n=number(n), **values)


def mark(text: str) -> str:
    """Marks a text for the catalogues that is put into the spoken language only where it is used, by `_`."""
    return text


def number(value: float) -> str:
    """A number written as the language does, with its thousands set apart."""
    if isinstance(value, int):
        # By hand: Babel takes no numbers of thirty digits, and a platform may tell one.
        return f"{value:,}".replace(",", _between_thousands(spoken()))
    return format_decimal(value, locale=spoken())


def percent(share: float) -> str:
    """`6%`, `0.12%`, `6 %`: by the language's own pattern, with as much as tells a small share from a smaller one."""
    whole = Locale.parse(spoken()).percent_formats[None].pattern
    return format_percent(share, format=whole.replace("0", "0.###" if share < 0.01 else "0.##"), locale=spoken())  # noqa: PLR2004


@cache
def _between_thousands(language: str) -> str:
    return get_group_symbol(language)


def calendar_day(day: date) -> str:
    """A day of the calendar, whatever the clocks: `Dec 24, 2026`, `24 дек. 2026 г.`"""
    return format_date(day, "medium", locale=spoken())


def listed(words: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return _joined(words, _("and"))


def either(words: list[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    return _joined(words, _("or"))


def _joined(words: list[str], joint: str) -> str:
    if len(words) < 2:  # noqa: PLR2004 -- nothing to join
        return "".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """Read from the text form at its first use, so that nothing compiled has to be kept in step with it."""
    if language == ENGLISH:
        return gettext.NullTranslations()
    compiled = BytesIO()
    with (CATALOGUES / language / "LC_MESSAGES" / "campaign-bot.po").open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
