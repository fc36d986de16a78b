"""Where and from whom the platform's hooks are received, out of the environment."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TypeAlias

from bot.variables import Reader

SHORTEST_SECRET = 32
FEWEST_LETTERS = 10
"""Different ones; of 32 random letters there are more, nearly always."""

RANDOM = (
    "32 random letters and digits at least, - and _ among them: the platform signs nothing, so whoever knows them may "
    "bring events. Make them with: python -c 'import secrets; print(secrets.token_urlsafe(32))'"
)
"""What the secret takes, for whoever has to set it."""

Network: TypeAlias = IPv4Network | IPv6Network


@dataclass(frozen=True)
class EventsSettings:
    """How the platform's hooks are received."""

    secret: str = field(repr=False)
    """The end of the address that they are sent to."""
    port: int | None
    """A port of their own; None where they come to PORT."""
    networks: tuple[Network, ...]
    """Those from which hooks are taken; none for any."""


def events_settings(reader: Reader) -> EventsSettings | None:
    """None where hooks are not received. What is wrong is added to the reader's problems."""
    secret = reader.text("ALTCRAFT_EVENTS_SECRET")
    port = reader.number("EVENTS_PORT", default=0, least=0, most=65535)
    networks = tuple(_networks(reader))
    if not secret:
        return None
    if (
        not re.fullmatch(r"[A-Za-z0-9_-]+", secret)
        or len(secret) < SHORTEST_SECRET
        or len(set(secret)) < FEWEST_LETTERS
    ):
        reader.problems.append(f"ALTCRAFT_EVENTS_SECRET is too short, or not random. It takes {RANDOM}.")
    return EventsSettings(secret, port if reader.text("EVENTS_PORT") else None, networks)


def _networks(reader: Reader) -> Iterator[Network]:
    for written in reader.listed("ALTCRAFT_EVENTS_NETWORKS"):
        try:
            yield ip_network(written)
        except ValueError:
            reader.problems.append(
                f"ALTCRAFT_EVENTS_NETWORKS holds “{written}”. It takes addresses and networks with commas between "
                "them, such as 203.0.113.7,198.51.100.0/24; of a network the bits behind its prefix are 0."
            )
