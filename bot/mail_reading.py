"""Reads a large e-mail in a process of its own: it holds up no ack here, and the memory that it needs goes with it."""

import logging
import subprocess
import sys
from dataclasses import astuple
from typing import TypeAlias

import msgspec

from bot import child_process
from bot.message.message import Channel
from bot.message.text import Link, Readable, from_html, versions
from bot.phrase import Phrase
from bot.picture.limits import confine

LARGE = 100_000
"""Characters of HTML from which on it is read apart."""

MANY_TAGS = 2_000
"""The same for `<`: a long newsletter has so many. What is smaller is read here, in less time than a process takes."""

PATIENCE = 20.0
"""Seconds for the process; a tenth of a second is usual, and as much again to start it."""

_Wire: TypeAlias = tuple[str, list[tuple[str, str, str]], list[tuple[str, dict[str, int]]], str, str]
"""The text, the links, the templates of what was cut with their values, what is hidden, and what is for Outlook."""

log = logging.getLogger(__name__)


def read(channel: Channel) -> tuple[Readable, ...]:
    """What `versions` gives, of a large e-mail by way of another process. Where that fails, it is read here."""
    return versions(channel, _read_html)


def _read_html(html: str) -> Readable:
    if len(html) <= LARGE and html.count("<") <= MANY_TAGS:
        return from_html(html)
    try:
        return _read_apart(html)
    except (OSError, subprocess.SubprocessError, msgspec.MsgspecError) as error:
        log.warning("an e-mail's own process failed, so it is read in this one: %s", type(error).__name__)
        return from_html(html)


def _read_apart(html: str) -> Readable:
    """Raises OSError, SubprocessError or MsgspecError."""
    process = subprocess.run(  # noqa: S603 -- nothing of a mail is in it
        child_process.command("bot.mail_reading"),
        input=html.encode(errors="surrogatepass"),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=child_process.ENVIRONMENT,
        timeout=PATIENCE,
        check=True,
    )
    return _decoded(process.stdout)


def _encoded(found: Readable) -> bytes:
    cut = [(phrase.template, dict(phrase.values)) for phrase in found.cut]
    return msgspec.json.encode((found.text, [astuple(link) for link in found.links], cut, found.hidden, found.outlook))


def _decoded(content: bytes) -> Readable:
    """Raises MsgspecError where the process has said something else."""
    text, links, cut, hidden, outlook = msgspec.json.decode(content, type=_Wire)
    phrases = tuple(Phrase(template, **values) for template, values in cut)
    return Readable(text, tuple(Link(*link) for link in links), phrases, hidden, outlook)


def main() -> None:
    confine()
    html = sys.stdin.buffer.read().decode(errors="surrogatepass")
    sys.stdout.buffer.write(_encoded(from_html(html)))


if __name__ == "__main__":
    main()
