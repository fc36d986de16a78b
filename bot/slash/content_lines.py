"""Values for the template as people type them into a form, one a line: `name=value`, and back."""

import re
from collections.abc import Mapping

from bot.campaign.request import Json
from bot.phrase import Phrase
from bot.slash.words import DOUBLE, CommandError, check_writable, clip, quoted, without_invisible

LINE_EXAMPLE = "promo=SPRING"

_NAME = re.compile(rf"[^\s=\"{re.escape(DOUBLE)}]+")
_PLAIN_NAME = re.compile(r"[^\W\d][\w.-]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_TYPED = "content."
"""How a typed command begins the same: in a form it would be a part of the name."""


def is_lines(text: str) -> bool:
    """Whether a person has begun with a name, and not with the brace of an object, or a quote around it."""
    return not re.match(r"\W*[{\[]", text)


def values_in(text: str) -> dict[str, Json]:
    """The values, all of them texts. Raises CommandError, which names the line."""
    values: dict[str, Json] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        name, value = _pair(str(number), line.strip())
        if name in values:
            raise CommandError(
                "content",
                Phrase(
                    "Line {number}: “{name}” stands above already. Keep the one you mean.",
                    number=str(number),
                    name=clip(name),
                ),
            )
        values[name] = value
    return values


def as_lines(content: Mapping[str, Json]) -> str | None:
    """Lines that `values_in` reads as that; None where only an object can hold it."""
    if not content:
        return None
    lines = [_line(name, value) for name, value in content.items()]
    return "\n".join(line for line in lines if line) if all(lines) else None


def _pair(number: str, line: str) -> tuple[str, str]:
    name, equals, rest = line.partition("=")
    name, rest = without_invisible(name).strip(), rest.strip()
    if not equals or not _NAME.fullmatch(name) or name.startswith(_TYPED):
        raise CommandError(
            "content",
            Phrase(
                "Line {number} is “{line}”. Write a name, an equals sign and the value, such as {pair}, and each "
                "value on a line of its own.",
                number=number,
                line=clip(line),
                pair=LINE_EXAMPLE,
            ),
        )
    check_writable(name, line)
    if rest[:1] and rest[0] in DOUBLE:
        return name, _in_quotes(number, name, rest)
    if not without_invisible(rest):
        raise CommandError(
            "content",
            Phrase(
                "Line {number}: “{name}” has no value. Write one behind the equals sign; {empty} sends an empty one.",
                number=number,
                name=clip(name),
                empty=f'{clip(name)}=""',
            ),
        )
    return name, without_invisible(rest)


def _in_quotes(number: str, name: str, rest: str) -> str:
    try:
        value, end = quoted(name, rest, 0)
    except CommandError:
        end = -1
    if end != len(rest):
        raise CommandError(
            "content",
            Phrase(
                "Line {number}: the quotes of “{name}” have to stand around the whole value. "
                'Write \\" for a quote in it.',
                number=number,
                name=clip(name),
            ),
        )
    return value


def _line(name: str, value: Json) -> str:
    """The line; "" where there is none that is read as that."""
    if not isinstance(value, str) or not _PLAIN_NAME.fullmatch(name) or name.startswith(_TYPED):
        return ""
    if _CONTROL.search(value):
        return ""
    plain = value and value == value.strip() and value[0] not in DOUBLE and value == without_invisible(value)
    if plain:
        return f"{name}={value}"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{name}="{escaped}"'
