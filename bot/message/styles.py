"""What a mail's styles say of its words: struck out, raised, hidden, smaller, or on a line of their own. Bounded.

Of a style sheet the plain rules count, by names, classes and ids, and by what an element stands in. Rules for screens
of some width only do not: they tell what some readers see. In doubt words are seen: those in the colour of
what is behind them, off the screen, or hidden by a selector with a sign such as `+` are read.

No library does this for a mail that nobody vouches for (docs/architecture.md).
"""

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from typing import TypeAlias

MOST_OF_SHEETS = 2**18
"""Characters of all style sheets that are looked at; a mail of half that is cut short by some readers."""
MOST_RULES = 200
"""Selectors that are kept of all style sheets, each with something that decides what is read."""
LONGEST_STYLE = 4000
MOST_CLASSES = 20

Style: TypeAlias = Mapping[str, str]
"""The values of properties, in small letters."""

_CALLED = {"text-decoration-line": "text-decoration"}
_DECIDING = frozenset(
    {
        *("text-decoration", "vertical-align", "display", "visibility", "opacity", "overflow", "font-size", "float"),
        *("height", "min-height", "max-height", "width", "min-width", "max-width", "position", "top", "bottom"),
    }
)
# Of what is quoted only the quotes stay: it decides nothing, and may hold the signs by which styles are told apart.
_COMMENT_OR_QUOTED = re.compile(r"""/\*.*?(?:\*/|\Z)|<!--|-->|(["'])(?:(?!\1)[^\\\n]|\\.)*+\1?""", re.DOTALL)
_BRACE = re.compile(r"[{}]")
_COMPOUND = re.compile(r"(?:\*|[a-z][a-z0-9]*)?(?:[.#][\w-]+)*")
_SIMPLE = re.compile(r"[.#]?[\w-]+")
_EVERYWHERE = frozenset({"", "all", "screen", "only all", "only screen"})
_AMP_UNTIL_IT_RUNS = ("amp4email-boilerplate", "amp-boilerplate")
_FONT = re.compile(r"(?:^|\s)(0|\d*\.?\d+(?:px|pt|em|rem|%))(?=[\s/])")
_SIZE = re.compile(r"(\d*\.?\d+)(px|pt|r?em|%)?")
_NOTHING = re.compile(r"(?=\.?0)0*\.?0*(?:[a-z]+|%)?")
_RAISED_BY = re.compile(r"\+?(?=[\d.]*[1-9])\d*\.?\d+(?:[a-z]+|%)")
_LOWERED_BY = re.compile(r"-(?=[\d.]*[1-9])\d*\.?\d+(?:[a-z]+|%)")

_VISIBILITY = {"hidden": True, "collapse": True, "visible": False, "initial": False}
_SIZES = {"xx-small": 9, "x-small": 10, "small": 13, "medium": 16, "large": 18, "x-large": 24, "xx-large": 32}
_UNITS = {"px": 1.0, "pt": 4 / 3, "rem": 16.0}
_LEGIBLE = 1
"""Pixels; letters that are not larger are no letters."""


@dataclass(frozen=True)
class _Declared:
    name: str
    value: str
    important: bool


@dataclass(frozen=True)
class _Rule:
    own: frozenset[str]
    around: frozenset[str]
    declared: tuple[_Declared, ...]


class Rules:
    """Those of the mail's style sheets that decide what is read, the weaker ones first."""

    def __init__(self, sheets: Iterable[str]) -> None:
        found = chain.from_iterable(map(_rules, _first(sheets, MOST_OF_SHEETS)))
        self._rules = sorted(islice(found, MOST_RULES), key=_weight)
        self._by_key: defaultdict[str, list[int]] = defaultdict(list)
        for at, rule in enumerate(self._rules):
            self._by_key[max(rule.own)].append(at)

    def __bool__(self) -> bool:
        return bool(self._rules)

    def style(self, own: frozenset[str], around: Counter[str], written: str) -> Style:
        """What holds for an element of that name, classes and id, in elements of those, with that style of its own."""
        at = sorted(at for key in own for at in self._by_key.get(key, ()))
        rules = [rule for rule in map(self._rules.__getitem__, at) if rule.own <= own]
        of_sheets = [one for rule in rules if all(map(around.get, rule.around)) for one in rule.declared]
        if not written and not of_sheets:
            return {}
        inline = _declared(html.unescape(written[:LONGEST_STYLE]))
        # A browser's order: what is important last, and of equals the element's own.
        ordered = sorted((*of_sheets, *inline), key=lambda one: one.important)
        return {one.name: one.value for one in ordered}


def names(name: str, attributes: Mapping[str, str]) -> frozenset[str]:
    """What an element is called by in a selector."""
    classes = attributes.get("class", "").split(maxsplit=MOST_CLASSES)[:MOST_CLASSES]
    ids = [f"#{attributes['id'].strip()}"] if attributes.get("id") else []
    return frozenset({name, *(f".{one.lower()}" for one in classes), *map(str.lower, ids)})


def is_sheet_for_all(attributes: Mapping[str, str]) -> bool:
    """Whether what a `style` element says holds when the mail is read; what AMP says until it runs does not."""
    is_until_amp_runs = any(name in attributes for name in _AMP_UNTIL_IT_RUNS)
    return not is_until_amp_runs and _is_applied_everywhere(attributes.get("media", ""))


def hides(style: Style) -> bool:
    """Whether nothing of the element, and of what it holds, is seen when the mail is opened."""
    if style.get("display") == "none" or _is_nothing(style.get("opacity", "")):
        return True
    return style.get("overflow") == "hidden" and any(_has_no(size, style) for size in ("height", "width"))


def is_invisible(style: Style) -> bool | None:
    """Whether its words are not seen, unlike those in it that are visible again. None where it is not told."""
    return _VISIBILITY.get(style.get("visibility", ""))


def strikes(style: Style) -> bool | None:
    """None where it is not told."""
    told = style.get("text-decoration")
    return None if told is None else "line-through" in told


def raises(style: Style) -> bool:
    """Whether it is small print above the line, whatever it stands behind."""
    return style.get("vertical-align") == "super"


def lowers(style: Style) -> bool:
    return style.get("vertical-align") == "sub"


def lifts(style: Style) -> bool:
    """Whether it stands higher than the words before it, as the cents of a price do; a cell may for its place."""
    align = style.get("vertical-align", "")
    if align in {"top", "text-top"} or _RAISED_BY.fullmatch(align):
        return True
    moved = _LOWERED_BY.fullmatch(style.get("top", "")) or _RAISED_BY.fullmatch(style.get("bottom", ""))
    return style.get("position") == "relative" and bool(moved)


def stands_alone(style: Style) -> bool:
    """Whether what strikes out the words around it leaves it as it is."""
    display = style.get("display", "")
    is_out = style.get("position") in {"absolute", "fixed"} or style.get("float", "none") != "none"
    return is_out or display.startswith("inline-")


def is_block(style: Style) -> bool:
    return style.get("display") in {"block", "flex", "grid", "list-item", "table", "table-row", "flow-root"}


def size_of(style: Style, around: float) -> float:
    """The height of its letters in pixels, where around it they have that."""
    told = style.get("font-size", "")
    if told in _SIZES:
        return _SIZES[told]
    if told in {"smaller", "larger"}:
        return around * (5 / 6 if told == "smaller" else 6 / 5)
    found = _SIZE.fullmatch(told)
    if not found:
        return around
    number, unit = float(found[1]), found[2]
    if unit in {"em", "%"}:
        return around * number / (100 if unit == "%" else 1)
    return number * _UNITS.get(unit or "px", 1)


def is_legible(size: float) -> bool:
    return size > _LEGIBLE


def _has_no(size: str, style: Style) -> bool:
    least = style.get(f"min-{size}", "0")
    return _is_nothing(least) and any(_is_nothing(style.get(each, "")) for each in (size, f"max-{size}"))


def _is_nothing(value: str) -> bool:
    return bool(value and _NOTHING.fullmatch(value))


def _declared(text: str) -> tuple[_Declared, ...]:
    found = []
    for one in _COMMENT_OR_QUOTED.sub(r"\1\1", text).lower().split(";"):
        name, _, told = one.partition(":")
        value, is_marked, mark = told.partition("!")
        if is_marked and mark.strip() != "important":
            continue
        name, value = name.strip(), " ".join(value.split())
        if name == "font":
            size = _FONT.search(value)
            name, value = "font-size", size[1] if size else ""
        name = _CALLED.get(name, name)
        if name in _DECIDING and value:
            found.append(_Declared(name, value, bool(is_marked)))
    return tuple(found)


def _first(sheets: Iterable[str], most: int) -> Iterable[str]:
    for sheet in sheets:
        yield sheet[:most]
        most = max(0, most - len(sheet))


def _rules(sheet: str) -> Iterable[_Rule]:
    text = _COMMENT_OR_QUOTED.sub(r"\1\1", sheet)
    at, skipped = 0, 0
    selectors = ""
    for brace in _BRACE.finditer(text):
        said, at = text[at : brace.start()], brace.end()
        declared = _declared(said[:LONGEST_STYLE]) if selectors else ()
        for selector in selectors[:LONGEST_STYLE].split(",") if declared else ():
            if rule := _rule(selector, declared):
                yield rule
        selectors = ""
        if brace[0] == "}":
            skipped = max(0, skipped - 1)
            continue
        prelude = said.rpartition(";")[2].strip().lower()
        if skipped or (prelude.startswith("@") and not _is_transparent(prelude)):
            skipped += 1
        elif not prelude.startswith("@"):
            selectors = prelude


def _is_transparent(at_rule: str) -> bool:
    return at_rule.startswith("@media") and _is_applied_everywhere(at_rule.removeprefix("@media"))


def _is_applied_everywhere(media: str) -> bool:
    return any(" ".join(one.split()) in _EVERYWHERE for one in media.lower().split(","))


def _rule(selector: str, declared: tuple[_Declared, ...]) -> _Rule | None:
    """None for a selector that goes by what is not known here."""
    compounds = selector.replace(">", " ").split()
    if not compounds or not all(map(_COMPOUND.fullmatch, compounds)):
        return None
    *around, own = (frozenset(_SIMPLE.findall(one)) for one in compounds)
    return _Rule(own, frozenset().union(*around), declared) if own else None


def _weight(rule: _Rule) -> tuple[int, int, int]:
    every = (*rule.own, *rule.around)
    ids = sum(one.startswith("#") for one in every)
    classes = sum(one.startswith(".") for one in every)
    return ids, classes, len(every) - ids - classes
