"""What the elements of a mail mean for reading it: what they end, what they are kept as, and how words look in them."""

from collections.abc import Mapping

from bot.message import styles
from bot.message.kept import Look
from bot.message.styles import Style

_BLOCKS = frozenset({"article", "aside", "center", "fieldset", "footer", "form", "header", "main", "nav", "section"})
_KEPT = frozenset(
    {
        *("a", "address", "blockquote", "caption", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "li"),
        *("ol", "p", "pre", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    }
)
EMPTY = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
GONE = frozenset(
    {"desc", "iframe", "math", "metadata", "noembed", "noframes", "script", "style", "template", "textarea", "title"}
)
"""Elements that go with all that is in them."""
GONE_IN_OUTLOOK = GONE | {"xml"}
CLOSED_BY = {
    **dict.fromkeys(
        (*_BLOCKS, "address", "blockquote", "div", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "pre", "ul"),
        frozenset({"p"}),
    ),
    "a": frozenset({"a"}),
    "dd": frozenset({"dd", "dt"}),
    "dt": frozenset({"dd", "dt"}),
    "li": frozenset({"li"}),
    "p": frozenset({"p"}),
    "td": frozenset({"td", "th"}),
    "th": frozenset({"td", "th"}),
    "tr": frozenset({"tr"}),
}
"""What a tag ends that was left open before it."""
CLOSE_NO_FURTHER = frozenset({"dl", "ol", "table", "ul"})

_STRUCK = frozenset({"del", "s", "strike"})
REPEATED = frozenset({"b", "big", "code", "em", "i", "s", "small", "strike", "strong", "u"})
"""What a browser goes on with behind the end of what it was left open in: so its own end ends nothing around it."""
IN_LINE = frozenset({"a", "span"})
CELLS = frozenset({"table", "tbody", "td", "tfoot", "th", "thead", "tr"})
_SIZES = {"small": 5 / 6, "big": 6 / 5, "h1": 2.0, "h2": 1.5, "h3": 7 / 6, "sub": 5 / 6, "sup": 5 / 6}
"""How much larger an element's letters are than those around it."""
_FONT_SIZES = {"1": 10.0, "2": 13.0, "3": 16.0, "4": 18.0, "5": 24.0, "6": 32.0, "7": 48.0}
"""Pixels of `<font size>`."""


_TELLING = frozenset({*_STRUCK, *_SIZES, "font"})


def look_in(name: str, told: Mapping[str, str], style: Style, around: Look, *, hides: bool) -> Look:
    """How words look in that element."""
    if not style and not hides and name not in _TELLING:
        return around
    strikes, is_invisible = styles.strikes(style), styles.is_invisible(style)
    is_cell = name in CELLS
    size = _FONT_SIZES.get(told.get("size", ""), around.size) if name == "font" else around.size
    usual = size * _SIZES.get(name, 1)
    return Look(
        gone=around.gone or hides,
        invisible=around.invisible if is_invisible is None else is_invisible,
        struck=(around.struck and not styles.stands_alone(style)) or (name in _STRUCK if strikes is None else strikes),
        raised=around.raised or name == "sup" or (styles.raises(style) and not is_cell),
        lowered=around.lowered or name == "sub" or (styles.lowers(style) and not is_cell),
        lifted=around.lifted
        or (tag_for(name, told, style) in IN_LINE and not styles.stands_alone(style) and styles.lifts(style)),
        size=styles.size_of(style, around.size) if "font-size" in style else usual,
    )


def tag_for(name: str, told: Mapping[str, str], style: Style) -> str:
    """What is written for an element: a link for a shape of Outlook's that is clicked, a block for what looks so."""
    if name.startswith("v:") and "href" in told:
        return "a"
    written = _written(name)
    return "div" if written == "span" and styles.is_block(style) else written


def _written(name: str) -> str:
    """The name that an element is kept under. Formatting goes: where it is left open, parsers repeat it everywhere."""
    if name in _KEPT:
        return name
    return "div" if name in _BLOCKS else "span"
