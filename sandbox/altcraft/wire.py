"""The platform's two formats: request bodies in JSON or XML into fields, and answers back out."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from sandbox.altcraft.objects import MALFORMED, Json, Refused

MASK = "•••"
LONGEST_SHOWN = 300
"""Characters of a text, and LONGEST_LIST items of a list, that the page shows of a call."""
LONGEST_LIST = 5

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Fields:
    """A request's fields, typed as loosely as the guide's samples: numbers and booleans may be strings.

    Every reader raises Refused where the value is of another kind; null and an empty XML element count as absent.
    """

    def __init__(self, values: Mapping[str, object]) -> None:
        self.values = values

    def integer(self, name: str) -> int | None:
        value = self.values.get(name)
        if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value.strip()):
            return int(value)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        raise _wrong(name, "a whole number")

    def required_integer(self, name: str) -> int:
        value = self.integer(name)
        if value is None:
            raise Refused(MALFORMED, f"{name} is missing")
        return value

    def boolean(self, name: str) -> bool | None:
        value = self.values.get(name)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str) and value.strip().lower() in {"true", "false"}:
            return value.strip().lower() == "true"
        raise _wrong(name, "true or false")

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        if value is None or isinstance(value, str):
            return value
        raise _wrong(name, "a text")

    def mapping(self, name: str) -> Json | None:
        value = self.values.get(name)
        if value is None or isinstance(value, dict):
            return value
        raise _wrong(name, "an object")

    def items(self, name: str) -> list[object]:
        """Return an array; XML cannot tell one item from an array of one, so a lone one from there counts too."""
        value = self.values.get(name)
        if value is None:
            return []
        if isinstance(value, list):
            return value
        raise _wrong(name, "an array")

    def moment(self, name: str) -> datetime | None:
        value = self.text(name)
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(value)
        except ValueError as error:
            raise _wrong(name, "an RFC 3339 time") from error
        if moment.tzinfo is None:
            raise _wrong(name, "an RFC 3339 time")
        return moment


ARRAYS = frozenset({"attach", "channel_sid", "ui_tags", "groups", "groups_id"})


def is_xml(content_type: str, body: bytes) -> bool:
    """Tell a request's format by its content type, and where that names neither by its first character."""
    if "xml" in content_type.lower() or "json" in content_type.lower():
        return "xml" in content_type.lower()
    return body.lstrip()[:1] == b"<"


def read(body: bytes, *, xml: bool) -> Json:
    """Return a body's fields; raises Refused where it is not an object of the format."""
    return _read_xml(body) if xml else _read_json(body)


def write(envelope: Mapping[str, object], *, xml: bool, quoted: bool) -> bytes:
    """Return an answer; `quoted` puts the strings of an XML answer's data into quotes, as some samples do."""
    if not xml:
        return json.dumps(envelope, ensure_ascii=False).encode()
    root = Element("xml")
    for name, value in envelope.items():
        _append(root, name, value, quoted=quoted and name == "data")
    return bytes(tostring(root, encoding="utf-8"))


def shown(value: object, secret: str) -> object:
    """Return a value as the page may show it: without the token, long texts and lists cut short."""
    if isinstance(value, dict):
        return {name: MASK if name == "token" else shown(each, secret) for name, each in value.items()}
    if isinstance(value, list):
        more = [f"… {len(value) - LONGEST_LIST} more"] if len(value) > LONGEST_LIST else []
        return [shown(each, secret) for each in value[:LONGEST_LIST]] + more
    if not isinstance(value, str):
        return value
    masked = value.replace(secret, MASK) if secret else value
    return masked if len(masked) <= LONGEST_SHOWN else f"{masked[:LONGEST_SHOWN]}… ({len(masked)} characters)"


def _read_json(body: bytes) -> Json:
    try:
        values = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise Refused(MALFORMED, "the body is not JSON") from error
    if not isinstance(values, dict):
        raise Refused(MALFORMED, "the body is not a JSON object")
    return values


def _read_xml(body: bytes) -> Json:
    try:
        root = fromstring(body)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Refused(MALFORMED, "the body is not XML, or has entities") from error
    if root.tag != "xml":
        raise Refused(MALFORMED, "the root element is not xml")
    values = _children(root)
    return {name: [value] if _is_lone(name, value) else value for name, value in values.items()}


def _is_lone(name: str, value: object) -> bool:
    return name in ARRAYS and value is not None and not isinstance(value, list)


def _children(element: Element) -> Json:
    values: Json = {}
    for child in element:
        earlier, value = values.get(child.tag), _value(child)
        if child.tag not in values:
            values[child.tag] = [value] if child.get("array") == "true" else value
        else:
            values[child.tag] = [*(earlier if isinstance(earlier, list) else [earlier]), value]
    return values


def _value(element: Element) -> object:
    if len(element):
        return _children(element)
    return element.text or None


def _append(parent: Element, name: str, value: object, *, quoted: bool) -> None:
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        for each in value:
            _append(parent, name, each, quoted=quoted)
        return
    element = SubElement(parent, name)
    if isinstance(value, Mapping):
        for inner, each in value.items():
            _append(element, inner, each, quoted=quoted)
    elif isinstance(value, str) and value:
        text = _NOT_IN_XML.sub("\ufffd", value)
        element.text = f'"{text}"' if quoted else text
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif isinstance(value, int):
        element.text = str(value)


def _wrong(name: str, wanted: str) -> Refused:
    return Refused(MALFORMED, f"{name} is not {wanted}")
