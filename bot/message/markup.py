"""A mail's HTML made small, flat and well-formed, before a parser that is written in C sees it.

Such a parser trusts what it is given, and shares this process. What comes out of here has few tags, few levels and few
attributes by the way it is made, and takes one walk over the text. Styles, scripts and comments are gone, and what is
not seen at once comes out apart, as what only Outlook shows. What only formatting tells, and a price turns on, is told
by signs: what is struck out stands between tildes, and raised digits stay raised.
"""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice

from bot.message import elements, styles
from bot.message.kept import Kept, Look
from bot.message.styles import Rules

MOST_READ = 2 * 2**20
"""Characters that are looked at."""
MOST_TAGS = 10_000
"""Tags, comments and the like; a long newsletter has two thousand."""
DEEPEST = 200
MOST_ENDED = 1000
"""Elements that an end tag may end."""
LONGEST_VALUE = 4000
"""Characters of a link's address, or of a picture's text."""

# A quote counts only behind an equals sign. Each part begins with another character, so nothing is tried twice.
_TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/>]*)((?:[^>=]|=\s*"[^"]*"|=\s*'[^']*'|=)*+)>""")
_ATTRIBUTE = re.compile(r"""([^\s/=>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?""")
_FOR_OUTLOOK = re.compile(r"<!--\s*\[if\s([^\]<>]{0,100})\]>", re.IGNORECASE)
_NOT_OUTLOOK = re.compile(r"!\s*\(?\s*mso")
_AMP_TEMPLATE = re.compile(r"""\b(?:type|template)\s*=\s*["']?amp-mustache\b""", re.IGNORECASE)
"""Of what stands for what AMP fills in: it shows what is in it."""
_NO_NAMES: frozenset[str] = frozenset()
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Plain:
    """`html` is what the first `read` of `whole` characters amount to, and `hidden` what of it styles hide.

    `outlook` is what stands in comments for Outlook alone. What is nested `too_deep` has lost its tags.
    """

    html: str
    hidden: str
    read: int
    whole: int
    too_deep: bool
    outlook: str = ""

    @property
    def is_whole(self) -> bool:
        return self.read == self.whole


def plain(html: str) -> Plain:
    """HTML of any size and shape as little, well-formed HTML that reads the same."""
    walk = _walked(writable(html[:MOST_READ]), Rules(()), elements.GONE)
    rules = Rules(walk.sheets)
    if rules:
        walk = _walked(walk.text, rules, elements.GONE)
    read = len(html) if walk.at >= len(walk.text) and len(html) <= MOST_READ else walk.at
    outlook = _walked("<br>".join(walk.outlook), rules, elements.GONE_IN_OUTLOOK) if walk.outlook else None
    return Plain(
        walk.shown.html,
        walk.hidden.html,
        read,
        len(html),
        walk.too_deep,
        outlook.shown.html if outlook else "",
    )


def writable(text: str) -> str:
    """The text with a mark in place of each half of a surrogate pair, which a platform's JSON can spell."""
    return _UNWRITABLE.sub("\ufffd", text)


@dataclass(frozen=True)
class _Open:
    """An element that is not closed yet, with the tag that is written for it, and how words look around it."""

    name: str
    tag: str
    is_written: bool
    called: frozenset[str]
    around: Look


def _walked(text: str, rules: Rules, gone: frozenset[str]) -> "_Walk":
    walk = _Walk(text, rules, gone)
    walk.go()
    return walk


class _Walk:
    """One walk over the text. `shown` and `hidden` are what is kept of what stands before `at`.

    `sheets` and `outlook` are the style sheets that were passed, and what comments hold for Outlook.
    """

    def __init__(self, text: str, rules: Rules, gone: frozenset[str]) -> None:
        self.text = text
        self.at = 0
        self.shown = Kept()
        self.hidden = Kept()
        self.sheets: list[str] = []
        self.outlook: list[str] = []
        self.too_deep = False
        self._rules = rules
        self._gone = gone
        self._open: list[_Open] = []
        self._names: Counter[str] = Counter()
        self._called: Counter[str] = Counter()
        self._depth = 0
        self._look = Look()

    @property
    def _kept(self) -> Kept:
        """Where what stands here goes."""
        return self.hidden if self._look.hidden else self.shown

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
        is_seen = self._look.hidden or styles.is_legible(self._look.size)
        until = min(end, self.at + (self._kept if is_seen else self.hidden).room)
        text = self.text[self.at : until]
        if is_seen:
            self._say(text)
        elif text.strip():
            # Of an element whose letters have no size, what it holds may have one again.
            self.hidden.tag(f"<div>{text}</div>", ends_line=True)
        self.at = until
        return until == end

    def _say(self, text: str) -> None:
        if text:
            self._kept.say(text, self._look)

    def _behind(self, mark: int) -> int:
        """Takes what begins with the `<` at the mark, and returns where it ends."""
        following = self.text[mark + 1 : mark + 3]
        if self.text.startswith("<!--", mark):
            return self._behind_comment(mark)
        if following[:1] in {"!", "?"} or (following[:1] == "/" and not following[1:].isalpha()):
            return self._after(">", mark)
        tag = _TAG.match(self.text, mark)
        if tag is None:
            # A tag that never ends takes the rest with it, as in a browser; any other mark is a text's own.
            if following.strip("/")[:1].isascii() and following.strip("/")[:1].isalpha():
                return len(self.text)
            self._say("&lt;")
            return mark + 1
        closing, name, attributes = tag[1], tag[2].lower(), tag[3]
        if closing:
            self._end(name)
        elif name in self._gone and not _AMP_TEMPLATE.search(attributes):
            return self._gone_until(name, attributes, tag.end())
        else:
            self._begin(name, attributes)
        return tag.end()

    def _begin(self, name: str, attributes: str) -> None:
        told = _attributes(attributes)
        called = styles.names(name, told) if self._rules else _NO_NAMES
        style = self._rules.style(called, self._called, told.get("style", ""))
        hides = styles.hides(style) or ("hidden" in told and "display" not in style)
        if name in elements.EMPTY:
            look = elements.look_in(name, told, style, self._look, hides=hides)
            self._put(name, told, self.hidden if look.hidden else self.shown)
            return
        tag = elements.tag_for(name, told, style)
        self._end_what_was_left_open(name)
        look = elements.look_in(name, told, style, self._look, hides=hides)
        is_written = self._depth < DEEPEST
        self.too_deep = self.too_deep or not is_written
        around = self._look
        if around.struck and not look.struck:
            self._kept.end_striking()
        if is_written:
            self._kept.tag(
                f"<{tag}{_shown(told, 'href') if tag == 'a' else ''}>", ends_line=tag not in elements.IN_LINE
            )
        self._open.append(_Open(name, tag, is_written, called, around))
        self._names[name] += 1
        self._called.update(called)
        self._depth += is_written
        self._look = look
        if look.hidden != around.hidden:
            self._kept.tag("<div>" if is_written else "<br>", ends_line=True)

    def _put(self, name: str, told: dict[str, str], kept: Kept) -> None:
        """An element that holds nothing."""
        if name in {"br", "hr"}:
            kept.tag(f"<{name}>", ends_line=True)
        elif name == "img":
            kept.put(f"<img{_shown(told, 'alt')}>", self._look if told.get("alt", "").strip() else Look())
        elif name == "area" and "href" in told:
            # One place of a picture that is clicked.
            alt = told.get("alt", "").replace("<", "&lt;")[:LONGEST_VALUE]
            kept.tag(f"<a{_shown(told, 'href')}>{alt}</a>", ends_line=False)

    def _end_what_was_left_open(self, name: str) -> None:
        ended = elements.CLOSED_BY.get(name, frozenset())
        if not any(self._names[each] for each in ended):
            return
        for one in reversed(self._open[-DEEPEST:]):
            if one.name in ended:
                self._close(one.name)
                return
            if one.name in elements.CLOSE_NO_FURTHER:
                return

    def _end(self, name: str) -> None:
        """What an end tag ends; nothing where none of that name was begun, or not in the same cell."""
        if not self._names[name]:
            return
        for one in islice(reversed(self._open), MOST_ENDED):
            if one.name == name:
                self._close(name)
                return
            if one.name == "table" and name not in elements.CELLS:
                return

    def _close(self, name: str) -> None:
        """Ends the innermost element of that name, which there is, and all within it."""
        left_open: dict[str, None] = {}
        while True:
            one = self._open.pop()
            if self._look.struck and not one.around.struck:
                self._kept.end_striking()
            if one.is_written and self._look.hidden != one.around.hidden:
                self._kept.tag("</div>", ends_line=True)
            self._look = one.around
            self._names[one.name] -= 1
            self._called.subtract(one.called)
            self._depth -= one.is_written
            if one.is_written:
                self._kept.tag(f"</{one.tag}>", ends_line=one.tag not in elements.IN_LINE)
            if one.name == name:
                break
            if one.name in elements.REPEATED:
                left_open[one.name] = None
        # Each once, however often it was left open: going on with all of them would take the square of the time.
        for each in reversed(left_open) if name not in elements.CELLS else ():
            self._begin(each, "")

    def _after(self, end: str, start: int) -> int:
        found = self.text.find(end, start)
        return len(self.text) if found < 0 else found + len(end)

    def _behind_comment(self, mark: int) -> int:
        for short in ("<!-->", "<!--->"):
            if self.text.startswith(short, mark):
                return mark + len(short)
        end = self._after("-->", mark)
        condition = _FOR_OUTLOOK.match(self.text, mark)
        if condition and "mso" in condition[1].lower() and not _NOT_OUTLOOK.search(condition[1].lower()):
            self.outlook.append(self.text[condition.end() : end].removesuffix("-->"))
        return end

    def _gone_until(self, name: str, attributes: str, start: int) -> int:
        end = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(self.text, start)
        if name == "style" and styles.is_sheet_for_all(_attributes(attributes)):
            self.sheets.append(self.text[start : end.start() if end else len(self.text)])
        return self._after(">", end.start()) if end else len(self.text)


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
