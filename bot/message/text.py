"""A message as people read it: its text, its first lines, and where its links go. Bounded, and never raises."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
_NO_WORDS = re.compile(r"\([^()\s]*\)|\{[^{}\s]*\}")
"""What stands behind a link's words, and variables: an address can be one."""
_WORD = re.compile(r"\w+")
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
    """

    text: str
    links: tuple[Link, ...] = ()
    cut: tuple[Phrase, ...] = ()
    hidden: str = ""


Read: TypeAlias = Callable[[Channel], tuple[Readable, ...]]
"""`versions`, or something that gives the same and remembers it."""


def versions(channel: Channel) -> tuple[Readable, ...]:
    """All that the channel's reader may get to read: of an e-mail the HTML and the text version, else one.

    A channel that is not known is told field by field.
    """
    if channel.sid == EMAIL:
        return from_html(channel.text("html")), from_text(channel.text("text"))
    if channel.sid == SMS:
        return (from_text(channel.text("sms")),)
    if channel.sid == PUSH:
        return (_push(channel),)
    return (from_text("\n".join(f"{name}: {value}" for name, value in channel.fields if value)),)


def readable(channel: Channel, read: Read = versions) -> Readable:
    """What the channel's reader gets to read: of an e-mail the text version, else what the HTML says.

    The links are those of both.
    """
    return as_one(read(channel))


def as_one(found: tuple[Readable, ...]) -> Readable:
    """The same of all that was read already."""
    first, *more = found
    if not more or not more[0].text:
        return first
    known = {link.address for link in first.links}
    links = (*first.links, *(link for link in more[0].links if link.address not in known))
    return Readable(more[0].text, links, (*more[0].cut, *first.cut), first.hidden)


def from_text(text: str) -> Readable:
    kept = writable(text[:MOST_TEXT])
    cut = (_cut_text(len(kept), len(text)),) if len(kept) < len(text) else ()
    links, too_many = _counted(_links_in_text(kept))
    return Readable(kept.strip(), links, (*cut, *too_many))


def from_html(html: str) -> Readable:
    """The text with each link's address behind it. Takes about a third of a second for the worst that there is."""
    kept = plain(html)
    text, hidden = _text_of(kept.html), _text_of(kept.hidden)
    cut_text = [_cut_text(MOST_TEXT, len(one)) for one in (text, hidden) if len(one) > MOST_TEXT]
    # A button that only phones show is clicked, too.
    links, too_many = _counted(chain(_links_in(kept.html), _links_in(kept.hidden)))
    return Readable(text[:MOST_TEXT], links, (*_cut_html(kept), *cut_text, *too_many), hidden[:MOST_TEXT])


def say_the_same(one: str, other: str) -> bool:
    """Whether two texts have the same words, wherever their lines end and their addresses stand."""
    return _words(one) == _words(other)


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


def _words(text: str) -> list[str]:
    return _WORD.findall(_NO_WORDS.sub(" ", _ADDRESS_IN_TEXT.sub(" ", text)).casefold())


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
