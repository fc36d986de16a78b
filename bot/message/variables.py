"""The variables of a message, the braces that do not match, and what is fetched only when it is sent.

The platform's guide writes variables in braces: `{lead.email}`, `{subscription.email}`, `{apicontent.<name>}`, beside
functions, conditions and loops. Nothing beyond that is known of its language, so nothing beyond that is read into it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.campaign.request import Json
from bot.message.markup import writable
from bot.message.message import Channel, Message

MOST_VARIABLES = 500
"""Different ones of one message."""
MOST_SCANNED = 2 * 2**20
"""Characters of one field that are looked at."""
LONGEST_EXPRESSION = 300
_SHOWN = 40
"""Characters around a brace that show where it is."""

_MARKUP = frozenset({"html", "amp"})
_OWN_BRACES = re.compile(r"<(style|script)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
"""In styles and scripts braces mean something else."""
_EXPRESSION = re.compile(rf"\{{([^{{}}\n]{{1,{LONGEST_EXPRESSION}}})\}}")
_PART = r"[^\s{}()\[\]\"'|,;:<>=!&?+*/\\.]+"
_GIVEN = re.compile(rf"\bapicontent\b(?:\s*\.\s*({_PART}(?:\.{_PART})*))?")
_OF_THE_RECIPIENT = re.compile(r"\s*(lead|subscription)(?:\.|_field\b)")
_BRACE = re.compile(r"[{}]")


class Kind(StrEnum):
    """Where a variable's value comes from."""

    GIVEN = "apicontent"
    """The launch gives it."""
    LEAD = "lead"
    SUBSCRIPTION = "subscription"
    OTHER = "other"
    """A condition, a function, or anything else in braces."""


@dataclass(frozen=True)
class Variable:
    """`name` is the part behind `apicontent.`, else the whole expression; `field` is where it stands first."""

    kind: Kind
    name: str
    field: str

    @property
    def written(self) -> str:
        return f"{{apicontent.{self.name}}}" if self.kind is Kind.GIVEN else f"{{{self.name}}}"


@dataclass(frozen=True)
class Unmatched:
    """A brace without its other half: in which field, and the text around it."""

    field: str
    near: str


def variables(channel: Channel) -> tuple[Variable, ...]:
    """Each variable once, in the order of the fields. What the launch gives is found wherever it is mentioned."""
    found: dict[tuple[Kind, str], Variable] = {}
    for variable in _mentioned(channel):
        found.setdefault((variable.kind, variable.name), variable)
        if len(found) == MOST_VARIABLES:
            break
    return tuple(found.values())


def used(message: Message) -> tuple[Variable, ...]:
    """All variables whose values the launch gives, each once. One whose name cannot be read has the name ""."""
    found: dict[str, Variable] = {}
    for channel in message.channels:
        for field, value in channel.fields:
            for given in _given_in(value):
                name = given[1] or ""
                found.setdefault(name, Variable(Kind.GIVEN, name, field))
    return tuple(found.values())


def is_given(name: str, content: Mapping[str, Json]) -> bool:
    """Whether the content holds the value, as `value_of` finds it."""
    try:
        value_of(name, content)
    except LookupError:
        return False
    return True


def value_of(name: str, content: Mapping[str, Json]) -> Json:
    """The value in the content: `a.b` is `b` in an object `a`, or a value that is called `a.b`.

    Raises LookupError where there is none.
    """
    if name in content:
        return content[name]
    value: Json = dict(content)
    for part in name.split("."):
        holder = value if isinstance(value, dict) else {}
        value = holder[part]
    return value


def with_given(text: str, content: Mapping[str, Json]) -> str:
    """The text with values that are texts or numbers in the place of their plain variables; the rest as written."""

    def put(found: re.Match[str]) -> str:
        mention = _GIVEN.fullmatch(found[1].strip())
        value = content.get(mention[1]) if mention and mention[1] else None
        return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else found[0]

    return _EXPRESSION.sub(put, text)


def unmatched(channel: Channel) -> tuple[Unmatched, ...]:
    """The first brace of each field that has no other half. Braces of styles and scripts are no variables."""
    found = ((name, _first_unmatched(_text(name, value))) for name, value in channel.fields)
    return tuple(Unmatched(name, near) for name, near in found if near)


def fetched(message: Message) -> str:
    """The address from which content is fetched when the message is sent; "" where the template names none.

    What is fetched, and what stands in fragments, is not in a template: an approval does not cover it.
    """
    return dict(message.template.more).get("json_url", "").strip()


def _mentioned(channel: Channel) -> Iterator[Variable]:
    for name, value in channel.fields:
        whole = writable(value[:MOST_SCANNED])
        for given in _given_in(whole):
            yield Variable(Kind.GIVEN, given[1] or "", name)
        for expression in _EXPRESSION.finditer(_text(name, value)):
            if not _GIVEN.search(expression[1]):
                yield Variable(_kind(expression[1]), expression[1].strip(), name)


def _given_in(text: str) -> Iterable[re.Match[str]]:
    """Where values of the launch are mentioned. To look for the word first spares nearly all mails the search."""
    return _GIVEN.finditer(text) if "apicontent" in text else ()


def _kind(expression: str) -> Kind:
    of = _OF_THE_RECIPIENT.match(expression)
    return Kind(of[1]) if of else Kind.OTHER


def _text(name: str, value: str) -> str:
    text = writable(value[:MOST_SCANNED])
    return _OWN_BRACES.sub("", text) if name in _MARKUP else text


def _first_unmatched(text: str) -> str:
    depth = outermost = 0
    for brace in _BRACE.finditer(text):
        if brace[0] == "{":
            outermost = outermost if depth else brace.start()
            depth += 1
        elif depth:
            depth -= 1
        else:
            return _around(text, brace.start())
    return _around(text, outermost) if depth else ""


def _around(text: str, at: int) -> str:
    begin = max(0, at - _SHOWN // 2)
    return " ".join(text[begin : at + _SHOWN].split())
