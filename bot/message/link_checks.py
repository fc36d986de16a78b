"""Whether a message's links lead somewhere, safely, and to where its readers can go."""

import re
from collections.abc import Callable, Iterable, Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.message.finding import Check, CheckSettings, Finding, Grade
from bot.message.message import PUSH
from bot.message.text import Link, shortened
from bot.phrase import Phrase

LONGEST_SHOWN = 80
"""Characters of an address in a sentence."""

_SAFE = frozenset({"https", "mailto", "sms", "tel"})
_UNSAFE_IN_AN_APP = frozenset({"", "data", "file", "ftp", "http", "javascript"})
"""A push may open an app by a scheme of its own."""
_NUMBERS = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+))*\.?", re.IGNORECASE)
"""What a browser takes for an address: also in one number, or in hexadecimal ones."""


def link_findings(sid: str, links: Iterable[Link], settings: CheckSettings) -> Iterator[Finding]:
    """One finding for each thing that can be wrong with links. A link that a variable begins is nobody's to judge."""
    told = [link for link in links if not link.address.startswith("{")]
    yield _finding(
        Check.EMPTY_LINK,
        Grade.FAILURE,
        [link for link in told if link.address in {"", "#"}],
        Phrase("Every link leads somewhere."),
        lambda shown: Phrase("The link on {link} leads nowhere: give it an address, or take it out.", link=shown),
        shown=lambda link: f"“{_short(link.text)}”" if link.text else Phrase("a picture"),
    )
    yield _finding(
        Check.INSECURE_LINK,
        Grade.WARNING,
        [link for link in told if link.address not in {"", "#"} and not _is_safe(sid, link.address)],
        Phrase("Every link is https."),
        lambda shown: Phrase("{link} does not begin with https://. Check the address.", link=shown),
    )
    yield _finding(
        Check.BARE_ADDRESS,
        Grade.FAILURE,
        [link for link in told if _is_bare(link.host)],
        Phrase("No link leads to a bare address."),
        lambda shown: Phrase("{link} leads to a bare network address: put the site's name in its place.", link=shown),
    )
    yield _finding(
        Check.LOCALHOST,
        Grade.FAILURE,
        [link for link in told if _is_below(link.host, "localhost")],
        Phrase("No link leads to the reader's own computer."),
        lambda shown: Phrase("{link} leads to the reader's own computer: put the site's address there.", link=shown),
    )
    if settings.staging_hosts:
        yield _finding(
            Check.STAGING_HOST,
            Grade.FAILURE,
            [link for link in told if any(_is_below(link.host, host) for host in settings.staging_hosts)],
            Phrase("No link leads to a staging host."),
            lambda shown: Phrase("{link} leads to a staging host: put the public address in its place.", link=shown),
        )


def _finding(
    check: Check,
    grade: Grade,
    wrong: list[Link],
    passes: Phrase,
    says: Callable[[str], Phrase],
    shown: Callable[[Link], str] = lambda link: _short(link.address),
) -> Finding:
    if not wrong:
        return Finding(check, Grade.PASS, passes)
    first = shown(wrong[0])
    if len(wrong) == 1:
        return Finding(check, grade, says(first))
    more = Phrase("{link} (and {n} more)", link=first, n=len(wrong) - 1)
    return Finding(check, grade, says(more))


def _short(text: str) -> str:
    return shortened(text, LONGEST_SHOWN)


def _is_safe(sid: str, address: str) -> bool:
    try:
        scheme = urlsplit(address).scheme.lower()
    except ValueError:
        return False
    return scheme not in _UNSAFE_IN_AN_APP if sid == PUSH else scheme in _SAFE


def _is_bare(host: str) -> bool:
    if _NUMBERS.fullmatch(host):
        return True
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_below(host: str, above: str) -> bool:
    name, whole = host.rstrip("."), above.strip().strip(".").lower()
    return bool(whole) and (name == whole or name.endswith(f".{whole}"))
