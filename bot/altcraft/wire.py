"""The platform's two formats, JSON and XML: request bodies from values, and answers back into values. Pure.

The mapping between the two is the guide's: a list is its element repeated with no wrapper, a list of one carries
`array='true'`, and nothing (null, an empty list, an empty text) is an empty element.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NoReturn, TypeAlias
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape

from defusedxml.ElementTree import fromstring

from bot.campaign.numbers import written
from bot.campaign.request import Json
from bot.phrase import Phrase

DEEPEST = 64
"""How many elements may stand inside one another; the guide's own samples stay under ten."""

_SHAPE_OF_A_NAME = re.compile(r"[^\W\d][\w.\-]*")
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NUMBER = re.compile(r"-?[0-9]{1,18}")

_Parsed: TypeAlias = Any
"""What json.loads and expat give back, before anything is known about its shape."""


class WireFormat(StrEnum):
    """The body's format; the answer is asked for in the same one."""

    JSON = "json"
    XML = "xml"

    @property
    def content_type(self) -> str:
        return f"application/{self.value}"


class Unwritable(ValueError):
    """A value that the format cannot carry. `field` is the request's field it stands in, the text says what to do."""

    def __init__(self, field: str, text: Phrase) -> None:
        super().__init__(text)
        self.field = field
        self.text = text


class Malformed(ValueError):
    """An answer that is not the platform's envelope; `text` is a clause for people."""

    def __init__(self, text: Phrase) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True)
class Envelope:
    """A parsed answer. `error` is 0 for success, and the only field to decide on (guide, response envelope)."""

    error: int
    error_text: str = ""
    data: Json = None
    next_from_id: Json = None


def encode(wire: WireFormat, fields: Mapping[str, Json]) -> bytes:
    """A request body: the same bytes for the same fields in the same order. Raises Unwritable."""
    return _encode_json(fields) if wire is WireFormat.JSON else _encode_xml(fields)


def decode_envelope(body: bytes, *, quotes_are_marks: bool = True) -> Envelope:
    """Reads an answer in whichever of the two formats it is in: servers may fall back to JSON. Raises Malformed.

    With `quotes_are_marks`, one pair around a text of XML is the sample's, else the text's own.
    """
    if not body.strip():
        raise Malformed(Phrase("it is empty"))
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"<":
        return _envelope(decode_json(body))
    # The guide never prints quotes around error_text, so any that stand there belong to it.
    tree = decode_xml(body)
    if not quotes_are_marks:
        return _envelope(tree)
    return _envelope({key: value if key == "error_text" else _unquoted(value) for key, value in tree.items()})


def decode_json(body: bytes) -> dict[str, Json]:
    """A JSON object. Raises Malformed."""
    try:
        tree: _Parsed = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Malformed(Phrase("it is not complete JSON")) from None
    if not isinstance(tree, dict):
        raise Malformed(Phrase("it is JSON, but not an object"))
    return tree


def decode_xml(body: bytes) -> dict[str, Json]:
    """The children of the root `<xml>`; leaves are texts. Raises Malformed, also for any document type or entity."""
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, ValueError, LookupError):
        raise Malformed(Phrase("it is not complete, plain XML")) from None
    if root.tag != "xml":
        raise Malformed(Phrase("it is markup, but not the platform's"))
    tree = _tree(root, DEEPEST)
    return tree if isinstance(tree, dict) else {}


def is_xml_name(key: str) -> bool:
    """Whether the key can be an element's name, in the eyes of the parser that reads our own answers."""
    if not _SHAPE_OF_A_NAME.fullmatch(key):
        return False
    try:
        element: Element = fromstring(f"<{key}/>", forbid_dtd=True)
    except (ParseError, ValueError):
        return False
    return element.tag == key


def _encode_json(fields: Mapping[str, Json]) -> bytes:
    members = (f"{_json_text(field, field)}:{_json_text(field, value)}" for field, value in fields.items())
    return f"{{{','.join(members)}}}".encode()


def _json_text(field: str, value: Json) -> str:
    try:
        text = written(value)
        text.encode()  # half of a surrogate pair shows itself only here
        return text  # noqa: TRY300 -- both lines can raise
    except (ValueError, TypeError, RecursionError):
        carried = Phrase("{field} holds something that JSON cannot carry: take it out.", field=field)
        raise Unwritable(field, carried) from None


def _encode_xml(fields: Mapping[str, Json]) -> bytes:
    parts = [part for field, value in fields.items() for part in _elements(field, field, value, DEEPEST - 1)]
    return f"<xml>{''.join(parts)}</xml>".encode()


def _elements(field: str, key: str, value: Json, room: int) -> list[str]:
    if not is_xml_name(key):
        unnameable = Phrase(
            "{field}: the name “{name}” cannot be written in XML. Use letters, digits, _ and -.", field=field, name=key
        )
        raise Unwritable(field, unnameable)
    if room == 0:
        deep = Phrase("{field} is nested too deeply: at most {most} levels.", field=field, most=DEEPEST)
        raise Unwritable(field, deep)
    if not isinstance(value, list):
        return [f"<{key}>{_inner(field, value, room)}</{key}>"]
    if any(isinstance(item, list) for item in value):
        nested = Phrase(
            "{field}: “{name}” is a list inside a list, which the platform's XML has no form for.",
            field=field,
            name=key,
        )
        raise Unwritable(field, nested)
    if not value:
        return [f"<{key}/>"]
    mark = " array='true'" if len(value) == 1 else ""
    return [f"<{key}{mark}>{_inner(field, item, room)}</{key}>" for item in value]


def _inner(field: str, value: Json, room: int) -> str:
    if isinstance(value, dict):
        return "".join(part for key, one in value.items() for part in _elements(field, key, one, room - 1))
    return _escaped(field, _spelled(field, value))


def _spelled(field: str, value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    return _json_text(field, value)


def _escaped(field: str, text: str) -> str:
    wrong = _NOT_IN_XML.search(text)
    if wrong:
        code = f"U+{ord(wrong[0]):04X}"
        held = Phrase("{field} holds the character {code}, which XML cannot carry.", field=field, code=code)
        raise Unwritable(field, held)
    # A parser turns a bare carriage return into a line feed; only as a reference does it arrive.
    return escape(text, {"\r": "&#13;"})


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _tree(element: Element, room: int) -> Json:
    if room == 0:
        raise Malformed(Phrase("it is nested too deeply"))
    if len(element) == 0:
        return element.text or ""
    tree: dict[str, Json] = {}
    for child in element:
        value = _tree(child, room - 1)
        before = tree.get(child.tag)
        if isinstance(before, list):
            before.append(value)
        elif before is not None:
            tree[child.tag] = [before, value]
        else:
            tree[child.tag] = [value] if child.get("array") == "true" else value
    return tree


def _unquoted(value: Json) -> Json:
    """Some XML samples of the guide print texts with literal quotes inside: one pair goes."""
    if isinstance(value, dict):
        return {key: _unquoted(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_unquoted(one) for one in value]
    if isinstance(value, str) and len(value) > 1 and value[0] == value[-1] == '"':
        return value[1:-1]
    return value


def _envelope(tree: Mapping[str, Json]) -> Envelope:
    if "error" not in tree:
        raise Malformed(Phrase("it does not say whether there was an error"))
    error_text = tree.get("error_text")
    return Envelope(
        error=_error_code(tree["error"]),
        error_text=error_text if isinstance(error_text, str) else "",
        data=tree.get("data"),
        next_from_id=tree.get("next_from_id"),
    )


def _error_code(value: Json) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return int(value)
    raise Malformed(Phrase("its error is not a number"))
