"""A message as people read it: its text, its first lines, and where its links go. Bounded, and never raises."""

import re
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeAlias
from urllib.parse import urlsplit

from resiliparse.extract.html2text import extract_plain_text
from selectolax.lexbor import LexborHTMLParser

from bot.message.markup import LONGEST_VALUE, Plain, plain, writable
from bot.message.message import EMAIL, PUSH, SMS, Channel
from bot.phrase import Phrase

MOST_TEXT = 200_000
"""Characters of a text."""
MOST_LINKS = 1000

_ADDRESS_IN_TEXT = re.compile(rf"https?://[^\s<>\"]{{1,{LONGEST_VALUE}}}", re.IGNORECASE)
_MAYBE_LINK = re.compile(r"\(([^()\s]*)\)|\{[^{}\s]*\}")
"""What can be an address: what stands behind a link's words, or a variable."""
_MINUS = "-−–"
_WORD = re.compile(rf"(?<![\w.,)])[{_MINUS}](?=[\d$€£¥₽])|\d+(?:[.,]\d+)+|\w+|[%‰~^+¤$¢£¥₩₪₫€₴₸₹₺₽₾₿]")
_BEHIND_AN_ADDRESS = ".,;:!?)]'»”…"
_FILLER = re.compile("[\u00a0\u00ad\u034f\u2007\u200b\u200c\ufeff ]{2,}|[\u00a0\t]+")
"""What mails put behind a preheader, and between cells: a reader sees a space."""
_MANY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
_NO_SLASHES = re.compile(r"^\s*(https?):/*", re.IGNORECASE)


@dataclass(frozen=True)
class Link:
    """Where a link goes, as it is written, its host ("" where it has none), and the text that is clicked."""

    address: str
    host: str
    text: str = ""


@dataclass(frozen=True)
class Readable:
    """`cut` are sentences about what is not in it; there are none where it is whole.

    `hidden` is what styles hide when a mail is opened: a line for an inbox's list, what only phones show, or leftovers.
    `outlook` are the lines that only Outlook shows.
    """

    text: str
    links: tuple[Link, ...] = ()
    cut: tuple[Phrase, ...] = ()
    hidden: str = ""
    outlook: str = ""


ReadHtml: TypeAlias = Callable[[str], Readable]
Read: TypeAlias = Callable[[Channel], tuple[Readable, ...]]
"""`versions`, or something that gives the same and remembers it."""


def versions(channel: Channel, read_html: ReadHtml | None = None) -> tuple[Readable, ...]:
    """All that the channel's reader may get to read: of an e-mail the HTML and the text version, else one.

    An e-mail that is sent as AMP, too, has that as a third one. A channel that is not known is told field by field.
    """
    if channel.sid == EMAIL:
        read = read_html or from_html
        amp = (read(channel.text("amp")),) if is_sent_as_amp(channel) else ()
        return read(channel.text("html")), from_text(channel.text("text")), *amp
    if channel.sid == SMS:
        return (from_text(channel.text("sms")),)
    if channel.sid == PUSH:
        return (_push(channel),)
    return (from_text("\n".join(f"{name}: {value}" for name, value in channel.fields if value)),)


def is_sent_as_amp(channel: Channel) -> bool:
    """Whether some readers see the e-mail's AMP version; True in doubt."""
    return bool(channel.text("amp").strip()) and channel.text("is_amp").strip().lower() not in {"false", "0"}


def readable(channel: Channel, read: Read = versions) -> Readable:
    """What the channel's reader gets to read: of an e-mail the text version, else what the HTML says.

    The links are those of both.
    """
    return as_one(read(channel))


def as_one(found: tuple[Readable, ...]) -> Readable:
    """The same of all that was read already."""
    first, *more = found
    if not more:
        return first
    known = {link.address for link in first.links}
    others = dict.fromkeys(link for one in more for link in one.links if link.address not in known)
    links = (*first.links, *others)
    cut = tuple(dict.fromkeys(said for one in (*more, first) for said in one.cut))
    return replace(first, text=more[0].text or first.text, links=links, cut=cut)


def from_text(text: str) -> Readable:
    kept = writable(text[:MOST_TEXT])
    cut = (_cut_text(len(kept), len(text)),) if len(kept) < len(text) else ()
    links, too_many = _counted(_links_in_text(kept))
    return Readable(kept.strip(), links, (*cut, *too_many))


def from_html(html: str) -> Readable:
    """The text with each link's address behind it. Takes about a third of a second for the worst that there is."""
    kept = plain(html)
    text, hidden, outlook = (_text_of(one) for one in (kept.html, kept.hidden, kept.outlook))
    outlook = _only_in(outlook, text)
    cut_text = [_cut_text(MOST_TEXT, len(one)) for one in (text, hidden, outlook) if len(one) > MOST_TEXT]
    # A button that only phones or Outlook show is clicked, too.
    links, too_many = _counted(chain.from_iterable(map(_links_in, (kept.html, kept.hidden, kept.outlook))))
    return Readable(
        text[:MOST_TEXT],
        links,
        (*_cut_html(kept), *cut_text, *too_many),
        hidden[:MOST_TEXT],
        outlook[:MOST_TEXT],
    )


def say_the_same(one: Readable, other: Readable) -> bool:
    """Whether two texts have the same words, amounts and variables, wherever their lines end and their links stand."""
    links = {link.address for read in (one, other) for link in read.links}
    return _words(one.text, links) == _words(other.text, links)


def first_lines(text: str, lines: int = 2, width: int = 150) -> str:
    """The first lines that say something, each cut to a width in characters; what is missing is marked by `…`."""
    said = [line.strip() for line in text[: (lines + 1) * 4096].splitlines() if line.strip()]
    shown = [line if len(line) <= width else f"{line[: width - 1].rstrip()}…" for line in said[:lines]]
    is_all = len(said) <= lines and len(text) <= (lines + 1) * 4096
    if shown and not is_all and not shown[-1].endswith("…"):
        shown[-1] += " …"
    return "\n".join(shown)


def shortened(text: str, most: int) -> str:
    """The text in so many characters; a mark tells where it was cut."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def host_of(address: str) -> str:
    """The host that a browser would go to, in small letters; "" where there is none or it cannot be told."""
    try:
        # A browser takes a backslash for a slash, and needs no slashes at all.
        return urlsplit(_NO_SLASHES.sub(r"\1://", address.strip().replace("\\", "/"))).hostname or ""
    except ValueError:
        return ""


def _push(channel: Channel) -> Readable:
    read = from_text("\n".join(filter(None, (channel.text("title"), channel.text("body")))))
    address = writable(channel.text("click_url").strip())
    return Readable(read.text, (*((_link(address),) if address else ()), *read.links), read.cut)


def _links_in_text(text: str) -> Iterator[Link]:
    for found in _ADDRESS_IN_TEXT.finditer(text):
        yield _link(found[0].rstrip(_BEHIND_AN_ADDRESS))


def _text_of(html: str) -> str:
    return _tidied(extract_plain_text(html, links=True)) if html else ""


def _only_in(text: str, other: str) -> str:
    """The lines that the other has not."""
    known = {line.strip() for line in other.splitlines()}
    return "\n".join(line for line in text.splitlines() if line.strip() not in known)


def _words(text: str, links: Container[str]) -> list[str]:
    """Words and the signs that make another amount of a number, without addresses."""
    without = _MAYBE_LINK.sub(lambda found: " " if (found[1] or found[0]) in links else found[0], text)
    told = _WORD.findall(_ADDRESS_IN_TEXT.sub(" ", without).casefold())
    return ["-" if word in _MINUS else word for word in told]


def _links_in(html: str) -> Iterator[Link]:
    for node in LexborHTMLParser(html).css("a[href]"):
        words = " ".join(node.text(deep=True).split())
        yield _link((node.attributes.get("href") or "").strip(), words[:LONGEST_VALUE])


def _link(address: str, text: str = "") -> Link:
    return Link(address, host_of(address), text)


def _counted(found: Iterator[Link]) -> tuple[tuple[Link, ...], tuple[Phrase, ...]]:
    """Each link once for the same text and address."""
    links: dict[Link, None] = {}
    for link in found:
        if len(links) == MOST_LINKS and link not in links:
            return tuple(links), (Phrase("Only the first {most} links are shown.", most=MOST_LINKS),)
        links[link] = None
    return tuple(links), ()


def _cut_html(kept: Plain) -> tuple[Phrase, ...]:
    said = []
    if not kept.is_whole:
        said.append(
            Phrase(
                "The HTML is too large to be read whole: this is what its first {read} of {whole} characters say.",
                read=kept.read,
                whole=kept.whole,
            )
        )
    if kept.too_deep:
        said.append(Phrase("Parts of the HTML are nested so deeply that their layout was not kept."))
    return tuple(said)


def _cut_text(read: int, whole: int) -> Phrase:
    return Phrase("The text is too long: these are its first {read} of {whole} characters.", read=read, whole=whole)


def _tidied(text: str) -> str:
    spaced = _FILLER.sub(" ", text)
    return _MANY_LINES.sub("\n\n", "\n".join(line.rstrip() for line in spaced.splitlines())).strip()
