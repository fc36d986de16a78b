"""What mail servers said when they put messages off: the most frequent answers, with nobody's address in them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

MOST_ANSWERS = 10
"""Answers that are kept of a run."""

MOST_DOMAINS = 3
"""Receiving domains that are named beside an answer."""

OFTEN = 5
"""Bounces from which on an answer is kept, and a domain named: what is rarer may be about a single person."""

LONGEST_ANSWER = 240
"""Characters that are kept."""

LONGEST_READ = 2000
"""Characters that are looked at."""

MASK = "•••"

_TELLING = re.compile(
    r"""
    <[^<>]*>                                         # what stands in angle brackets is an address, as a rule
    | [^\s<>"()\[\],;:]+ (?:@|%40) [^\s<>"'()\[\],;:]+
    | "[^"]*" | '[^']*'                              # and in quotes a mailbox
    | (?<=user[ ]|lbox[ ]|ount[ ]|ient[ ]) [\w+-]*[._0-9][\w.+-]*  # mailbox ann.lee is full
    | \+? [0-9][0-9() -]{6,}[0-9]                    # a telephone number, or an id
    | (?=[\w-]*[0-9]) (?=[\w-]*[A-Za-z]) [\w-]{12,}  # an id, which is another one each time
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Bounce:
    """One row as the platform tells it: an answer, how often it came, and from which domain's servers."""

    text: str
    domain: str
    count: int


@dataclass(frozen=True)
class MailAnswer:
    """An answer without anybody's address, how often it came, and the domains that gave it most often."""

    text: str
    count: int
    domains: tuple[str, ...] = ()


def masked(text: str) -> str:
    """The answer with a mask for whatever may name a person, on one line, shortened."""
    # A word that is cut off could be a part of an address.
    read = text if len(text) <= LONGEST_READ else text[:LONGEST_READ].rpartition(" ")[0]
    whole = _TELLING.sub(MASK, " ".join(read.split()))
    return whole if len(whole) <= LONGEST_ANSWER else f"{whole[: LONGEST_ANSWER - 1]}…"


def most_frequent(bounces: Iterable[Bounce]) -> tuple[MailAnswer, ...]:
    """The most frequent answers first; those that differ only in what is masked are one."""
    by_text: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for bounce in bounces:
        if bounce.text.strip() and bounce.count > 0:
            by_text[masked(bounce.text)][bounce.domain.strip().lower()] += bounce.count
    answers = [
        MailAnswer(text, domains.total(), _named(domains))
        for text, domains in by_text.items()
        if domains.total() >= OFTEN
    ]
    return tuple(sorted(answers, key=lambda one: (-one.count, one.text))[:MOST_ANSWERS])


def _named(domains: Counter[str]) -> tuple[str, ...]:
    often = ((count, domain) for domain, count in domains.items() if domain and count >= OFTEN and "@" not in domain)
    return tuple(domain for _count, domain in sorted(often, key=lambda one: (-one[0], one[1])))[:MOST_DOMAINS]
