"""The JSON object that people type as content: what it holds, or what is wrong with it in a sentence."""

import json
import math
from collections import Counter
from typing import NoReturn

from bot.campaign.numbers import number, written
from bot.campaign.request import Json
from bot.phrase import Phrase, joined
from bot.slash.words import CONTENT, DOUBLE, CommandError, check_writable, clip, json_text

_EXAMPLE = 'content={"promo": "SPRING"}'


def content_object(text: str) -> dict[str, Json]:
    """The JSON object in a text typed by a person, with or without typographic quotes. Raises CommandError."""
    text = text.strip()
    value, end = json_text(text, 0)
    return json_object(value + text[end:])


def json_object(text: str) -> dict[str, Json]:
    """The JSON object in a text with straight quotes. Raises CommandError."""
    try:
        value = json.loads(
            text,
            object_pairs_hook=_pairs,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=number,
            strict=False,
        )
    except CommandError:
        raise
    except json.JSONDecodeError as error:
        raise CommandError("content", _no_json(text, error)) from error
    except ValueError as error:
        too_long = Phrase("{field} holds a number that is too long. Put it in quotes.", field=CONTENT)
        raise CommandError("content", too_long) from error
    if not isinstance(value, dict):
        braces = Phrase(
            "{field} takes a JSON object in braces, for example {example}.", field=CONTENT, example=_EXAMPLE
        )
        raise CommandError("content", braces)
    check_writable("content", as_json(value))
    return value


def as_json(value: Json) -> str:
    """JSON text that Slack's escapes leave as it is."""
    # Slack's entities and marks are undone in whatever is parsed, so what begins them is written otherwise.
    return written(value).replace("&", "\\u0026").replace("<", "\\u003c").replace("\x7f", "\\u007f")


def _no_json(text: str, error: json.JSONDecodeError) -> Phrase:
    """Where it stops being JSON; what stops it is the parser's own word, which is English."""
    found = Phrase(
        "{field} is no JSON (character {place}: {fault}). It takes an object, for example {example}.",
        field=CONTENT,
        place=str(error.pos + 1),
        fault=error.msg,
        example=_EXAMPLE,
    )
    quoted = text[:1] in DOUBLE and text[1:2] == "{"
    return joined(" ", [found, Phrase("Take the quotes around the braces away.")]) if quoted else found


def _pairs(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    for name, times in Counter(name for name, _ in pairs).items():
        if times > 1:
            twice = Phrase(
                "The name “{name}” stands twice in {field}. Keep the one you mean.", name=clip(name), field=CONTENT
            )
            raise CommandError("content", twice)
    return dict(pairs)


def _no_constant(name: str) -> NoReturn:
    raise CommandError("content", Phrase("{field} holds {value}, which is no JSON value.", field=CONTENT, value=name))


def _finite(digits: str) -> float:
    value = number(digits)
    if math.isinf(value):
        raise CommandError(
            "content",
            Phrase(
                "{field} holds {value}, a number that is too large. Put it in quotes.",
                field=CONTENT,
                value=clip(digits),
            ),
        )
    return value
