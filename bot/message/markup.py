"""A mail's HTML made small, flat and well-formed, before a parser that is written in C sees it.

Such a parser trusts what it is given, and shares this process. What comes out of here has few tags, few levels and few
attributes by the way it is made, and takes one walk over the text. Styles, scripts and comments are gone, and what is
not seen at once comes out apart. What only formatting tells, and a price turns on, is told by signs: what is struck out
stands between tildes, and raised digits stay raised.
"""

import re
from collections import Counter
from dataclasses import dataclass

MOST_READ = 2 * 2**20
"""Characters that are looked at."""
MOST_KEPT = 256 * 2**10
"""Characters that are kept for the parser."""
MOST_TAGS = 10_000
"""Tags, comments and the like; a long newsletter has two thousand."""
DEEPEST = 200
LONGEST_VALUE = 4000
"""Characters of a link's address, or of a picture's text."""

_BLOCKS = frozenset({"article", "aside", "center", "fieldset", "footer", "form", "header", "main", "nav", "section"})
_KEPT = frozenset(
    {
        *("a", "address", "blockquote", "caption", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "li"),
        *("ol", "p", "pre", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    }
)
_EMPTY = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
_GONE = frozenset({"iframe", "math", "noembed", "noframes", "script", "style", "svg", "template", "textarea", "title"})
"""Elements that go with all that is in them."""
_CLOSED_BY = {
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
_CLOSE_NO_FURTHER = frozenset({"dl", "ol", "table", "ul"})

# A quote counts only behind an equals sign. Each part begins with another character, so nothing is tried twice.
_TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/>]*)((?:[^>=]|=\s*"[^"]*"|=\s*'[^']*'|=)*+)>""")
_ATTRIBUTE = re.compile(r"""([^\s/=>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?""")
_HIDING = re.compile(
    r"display:none|visibility:hidden|opacity:0(?:\.0*)?(?:;|$)|max-height:0.*overflow:hidden|overflow:hidden.*max-height:0"
)
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")

_STRIKING = re.compile(r"text-decoration(?:-line)?:[^;]*line-through")
_RAISING = re.compile(r"vertical-align:super")
_STRUCK = frozenset({"del", "s", "strike"})
_HOLD_NO_TEXT = frozenset({"dl", "ol", "table", "tbody", "tfoot", "thead", "tr", "ul"})
_AMOUNT = re.compile(r"\s*[0-9{&]")
"""Begins what would be taken for more digits of the number before it."""
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Plain:
    """`html` is what the first `read` of `whole` characters amount to, and `hidden` what of it styles hide.

    What is nested `too_deep` has lost its tags.
    """

    html: str
    hidden: str
    read: int
    whole: int
    too_deep: bool

    @property
    def is_whole(self) -> bool:
        return self.read == self.whole


def plain(html: str) -> Plain:
    """HTML of any size and shape as little, well-formed HTML that reads the same."""
    walk = _Walk(writable(html[:MOST_READ]))
    walk.go()
    read = len(html) if walk.at >= len(walk.text) and len(html) <= MOST_READ else walk.at
    return Plain(walk.shown.html, walk.hidden.html, read, len(html), walk.too_deep)


def writable(text: str) -> str:
    """The text with a mark in place of each half of a surrogate pair, which a platform's JSON can spell."""
    return _UNWRITABLE.sub("\ufffd", text)


@dataclass
class _Open:
    name: str
    is_written: bool
    hides: bool
    strikes: bool
    raises: bool


class _Kept:
    """What is kept for the parser, piece by piece."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._size = 0

    @property
    def room(self) -> int:
        """Characters that it may still take."""
        return max(0, MOST_KEPT - self._size)

    @property
    def html(self) -> str:
        return "".join(self._pieces)

    def add(self, piece: str) -> None:
        self._pieces.append(piece)
        self._size += len(piece)


class _Walk:
    """One walk over the text. `shown` and `hidden` are what is kept of what stands before `at`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.shown = _Kept()
        self.hidden = _Kept()
        self.too_deep = False
        self._open: list[_Open] = []
        self._names: Counter[str] = Counter()
        self._depth = 0
        self._hiding = 0
        self._raising = 0

    @property
    def _kept(self) -> _Kept:
        """Where what stands here goes."""
        return self.hidden if self._hiding else self.shown

    def go(self) -> None:
        for _ in range(MOST_TAGS):
            mark = self.text.find("<", self.at)
            if not self._take(len(self.text) if mark < 0 else mark) or mark < 0:
                break
            self.at = self._behind(mark)
        while self._open:
            self._close(self._open[-1].name)

    def _take(self, end: int) -> bool:
        """Takes the text up to there, or as much of it as there is room for; says whether that was all of it."""
        until = min(end, self.at + self._kept.room)
        text = self.text[self.at : until]
        self._write(_raised(text) if self._raising else text)
        self.at = until
        return until == end

    def _behind(self, mark: int) -> int:
        """Takes what begins with the `<` at the mark, and returns where it ends."""
        following = self.text[mark + 1 : mark + 3]
        if self.text.startswith("<!--", mark):
            return self._end_of_comment(mark + 4)
        if following[:1] in {"!", "?"} or (following[:1] == "/" and not following[1:].isalpha()):
            return self._after(">", mark)
        tag = _TAG.match(self.text, mark)
        if tag is None:
            # A tag that never ends takes the rest with it, as in a browser; any other mark is a text's own.
            if following.strip("/")[:1].isascii() and following.strip("/")[:1].isalpha():
                return len(self.text)
            self._write("&lt;")
            return mark + 1
        closing, name, attributes = tag[1], tag[2].lower(), tag[3]
        if closing:
            self._close(_written(name))
        elif name in _GONE:
            return self._end_of(name, tag.end())
        else:
            self._begin(name, attributes)
        return tag.end()

    def _begin(self, name: str, attributes: str) -> None:
        told = _attributes(attributes)
        if name in _EMPTY:
            if name in {"br", "hr"}:
                self._write(f"<{name}>")
            elif name == "img":
                self._write(f"<img{_shown(told, 'alt')}>")
            return
        style = "".join(told.get("style", "")[:LONGEST_VALUE].lower().split())
        strikes = name in _STRUCK or (name not in _HOLD_NO_TEXT and bool(_STRIKING.search(style)))
        raises = name == "sup" or bool(_RAISING.search(style))
        name = _written(name)
        self._end_what_was_left_open(name)
        is_written = self._depth < DEEPEST
        self.too_deep = self.too_deep or not is_written
        one = _Open(name, is_written, "hidden" in told or bool(_HIDING.search(style)), strikes, raises)
        if is_written:
            self._write(f"<{name}{_shown(told, 'href') if name == 'a' else ''}>")
        self._open.append(one)
        self._names[name] += 1
        self._depth += is_written
        self._hiding += one.hides
        if one.hides and self._hiding == 1:
            self._write("<div>")
        self._raising += raises
        if strikes:
            self._write("~")

    def _end_what_was_left_open(self, name: str) -> None:
        ended = _CLOSED_BY.get(name, frozenset())
        if not any(self._names[each] for each in ended):
            return
        for one in reversed(self._open[-DEEPEST:]):
            if one.name in ended:
                self._close(one.name)
                return
            if one.name in _CLOSE_NO_FURTHER:
                return

    def _close(self, name: str) -> None:
        """Ends the innermost element of that name and all within it; one that was never begun is nothing."""
        if not self._names[name]:
            return
        while True:
            one = self._open.pop()
            if one.strikes:
                self._write("~")
            self._names[one.name] -= 1
            self._depth -= one.is_written
            if one.hides and self._hiding == 1:
                self._write("</div>")
            self._hiding -= one.hides
            self._raising -= one.raises
            if one.is_written:
                self._write(f"</{one.name}>")
            if one.name == name:
                return

    def _write(self, text: str) -> None:
        self._kept.add(text)

    def _after(self, end: str, start: int) -> int:
        found = self.text.find(end, start)
        return len(self.text) if found < 0 else found + len(end)

    def _end_of_comment(self, start: int) -> int:
        for short in (">", "->"):
            if self.text.startswith(short, start):
                return start + len(short)
        return self._after("-->", start)

    def _end_of(self, name: str, start: int) -> int:
        end = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(self.text, start)
        return self._after(">", end.start()) if end else len(self.text)


def _written(name: str) -> str:
    """The name that an element is kept under. Formatting goes: where it is left open, parsers repeat it everywhere."""
    if name in _KEPT:
        return name
    return "div" if name in _BLOCKS else "span"


def _raised(text: str) -> str:
    """Raised text, so that its digits are not read as more of the number before them: 9⁹⁹ and no 999."""
    if text.strip().isdecimal() and text.isascii():
        return text.translate(_RAISED)
    return f"^{text}" if _AMOUNT.match(text) else text


def _attributes(text: str) -> dict[str, str]:
    """The first of each name counts, as in a browser. References such as `&amp;` are left to the parser."""
    told: dict[str, str] = {}
    for found in _ATTRIBUTE.finditer(text):
        told.setdefault(found[1].lower(), found[2] or found[3] or found[4] or "")
    return told


def _shown(told: dict[str, str], name: str) -> str:
    if name not in told:
        return ""
    value = told[name]
    cut = value if len(value) <= LONGEST_VALUE else f"{value[:LONGEST_VALUE]}…"
    return f' {name}="{cut.replace(chr(34), "&quot;")}"'
