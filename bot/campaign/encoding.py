"""Requests, previews and what they are made of as JSON values, by way of cattrs, and back, by way of msgspec."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

import msgspec
from cattrs import Converter
from cattrs.gen import make_dict_unstructure_fn, override

from bot.campaign.campaign import Audience, Campaign, MessageRef, Preview
from bot.campaign.numbers import is_spelled_otherwise, number, written
from bot.campaign.request import ActivationRequest, Json
from bot.phrase import Phrase, Value

SPELLED = "content_text"
"""Under this stands the content as it was typed, where a number of it would be written otherwise."""
_MOMENT = "moment"
"""Under this stands a moment in a phrase, which readers see on their own clocks."""

_T = TypeVar("_T")

_HALF_OF_PAIR = re.compile("[\ud800-\udfff]")

# Made once: json.dumps makes one for each call, which takes as long as writing a small event.
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_DECODER = json.JSONDecoder()
_AS_TYPED = json.JSONDecoder(parse_float=number, parse_int=number)
_SORTED = msgspec.json.Encoder(order="sorted")


def encode_request(request: ActivationRequest) -> dict[str, Json]:
    fields: dict[str, Json] = _CONVERTER.unstructure(request)
    return fields


def encode_preview(preview: Preview) -> dict[str, Json]:
    fields: dict[str, Json] = _CONVERTER.unstructure(preview)
    return fields


def decode_preview(fields: Mapping[str, Json]) -> Preview:
    return read(fields, Preview)


def read(fields: Mapping[str, Json], kind: type[_T]) -> _T:
    """What is stored as these fields. Raises ValueError for what cannot be one of those."""
    return msgspec.convert(fields, kind, strict=False, dec_hook=_read_other)


def reader(kind: type[_T]) -> Callable[[str], _T]:
    """Reads the fields' JSON text: without the fields in between, which takes half of the time."""
    # Not strict, for a span is stored as its seconds.
    return msgspec.json.Decoder(kind, strict=False, dec_hook=_read_other).decode


def _read_other(kind: type, stored: Any) -> Phrase:  # noqa: ANN401 -- whatever JSON holds
    if kind is Phrase:
        return _phrase(stored)
    raise NotImplementedError(kind)


def as_spelled(request: Json) -> Json:
    """A stored request's fields, with the numbers of its content as they were typed."""
    text = request.get(SPELLED) if isinstance(request, dict) else None
    if not isinstance(request, dict) or not isinstance(text, str):
        return request
    return {**request, "content": parsed(text, _AS_TYPED)}


def canonical(value: Json) -> str:
    """One spelling for equal JSON values: sorted keys, no spaces, UTF-8 kept as it is."""
    return _CANONICAL.encode(value)


def parsed(text: str, decoder: json.JSONDecoder = _DECODER) -> Json:
    """What a JSON text says, halves of surrogate pairs too.

    Raises ValueError for what is no JSON, numbers that JSON has no form for among it, and RecursionError.
    """
    value: Json = decoder.decode(text)
    # Python reads NaN, and numbers too large for it as infinite; nothing could be given out again with those in it.
    canonical(value)
    return value


def sorted_json(value: Json) -> str:
    """As `canonical` in a fifth of the time, but for very large and very small numbers, which it spells otherwise."""
    try:
        return _SORTED.encode(value).decode()
    except UnicodeError:
        return canonical(value)  # Python's own writer knows halves of surrogate pairs as well


def storable(value: Json) -> str:
    """Its canonical JSON, over which digests are made, where that can be stored and keeps all that people see.

    Else it is other JSON of the same value: no database's text has halves of surrogate pairs, which the platform's JSON
    can spell; and the fields of a content are shown in the order in which they were typed.
    """
    text = canonical(value)
    return json.dumps(value) if _HALF_OF_PAIR.search(text) or _is_ordered_otherwise(value) else text


def _is_ordered_otherwise(value: Json) -> bool:
    """Whether a content in it has an order of its own."""
    asked = value.get("asked", value) if isinstance(value, dict) else None
    request = asked.get("request") if isinstance(asked, dict) else None
    content = request.get("content") if isinstance(request, dict) else None
    return bool(content) and json.dumps(content) != json.dumps(content, sort_keys=True)


def sha256_of(value: Json) -> str:
    """The SHA-256, in hex, of the value's canonical JSON. Raises TypeError for what is no JSON."""
    # A text may hold half of a surrogate pair: the platform's JSON can spell one.
    return hashlib.sha256(canonical(value).encode(errors="surrogatepass")).hexdigest()


def instant(at: datetime) -> str:
    """A moment as text: UTC, microseconds always written, so that equal moments are equal texts and sort as texts."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def new_converter() -> Converter:
    """A converter that writes what requests and previews are made of. Who stores more teaches it the rest."""
    converter = Converter()
    converter.register_unstructure_hook(datetime, instant)
    for kind in (date, time):
        converter.register_unstructure_hook(kind, lambda value: value.isoformat())
    converter.register_unstructure_hook(timedelta, lambda span: span.total_seconds())
    converter.register_unstructure_hook(Phrase, _phrase_fields)
    # `content` is the caller's free-form JSON: it passes through untouched.
    as_it_is = override(unstruct_hook=lambda value: value)
    later = override(omit_if_default=True)
    store = make_dict_unstructure_fn(ActivationRequest, converter, content=as_it_is, purpose=later, canary=later)
    converter.register_unstructure_hook(ActivationRequest, lambda request: _with_spelling(request, store(request)))
    written_when_set(
        converter,
        {
            Audience: ("definition",),
            Campaign: ("content",),
            MessageRef: ("digest", "cause", "sentence"),
            Preview: ("missing", "messages"),
        },
    )
    return converter


def _with_spelling(request: ActivationRequest, fields: dict[str, Json]) -> dict[str, Json]:
    """With the content's own text beside it, where a number in it is spelled otherwise than JSON's writers would."""
    content = dict(request.content or {})
    if not is_spelled_otherwise(content):
        return fields
    return {**fields, "content": json.loads(json.dumps(content)), SPELLED: written(content, ordered=True)}


def written_when_set(converter: Converter, later: Mapping[type, tuple[str, ...]]) -> None:
    """Fields that came later are written only where there is something in them.

    What was stored before there were any is then written alike, and so is its digest. What stands in another's fields
    comes before it.
    """
    for stored, names in later.items():
        omitted: Any = {name: override(omit_if_default=True) for name in names}
        converter.register_unstructure_hook(stored, make_dict_unstructure_fn(stored, converter, **omitted))


def _phrase_fields(phrase: str) -> Json:
    """A phrase without values is its text: so were all of them stored before there were phrases."""
    return _parts(phrase) if isinstance(phrase, Phrase) and phrase.values else str(phrase)


def _parts(phrase: Phrase) -> Json:
    return {"text": phrase.template, "values": {name: _part(value) for name, value in phrase.values.items()}}


def _part(value: Value) -> Json:
    if isinstance(value, Phrase):
        return _parts(value)
    return {_MOMENT: instant(value)} if isinstance(value, datetime) else value


def _phrase(stored: Any) -> Phrase:  # noqa: ANN401 -- whatever JSON holds
    if not isinstance(stored, dict):
        return Phrase(stored)
    template: str = stored["text"]
    values: dict[str, Value] = {name: _value(value) for name, value in stored["values"].items()}
    return Phrase(template, **values)


def _value(stored: Any) -> Value:  # noqa: ANN401 -- whatever JSON holds
    if not isinstance(stored, dict):
        value: str | int | float = stored
        return value
    return datetime.fromisoformat(stored[_MOMENT]) if _MOMENT in stored else _phrase(stored)


_CONVERTER = new_converter()
