"""Which addresses an image may be fetched from: public ones, so that no mail reaches into a network of ours."""

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

HTTPS_PORT = 443

Resolve: TypeAlias = Callable[[str], tuple[str, ...]]
"""Gives all addresses of a host. Raises OSError where it has none."""

_PROTOCOLS = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
"""What Python's lists of some versions take for public in part."""

_UNICAST = IPv6Network("2000::/3")
_TRANSLATED = IPv6Network("64:ff9b::/96")
"""IPv4 as a gateway of IPv6 alone writes it (RFC 6052): what lies behind is the IPv4 address in the last four bytes."""
_TUNNELS = (IPv6Network("2001::/32"), IPv6Network("2002::/16"))
_FOR_DOCUMENTS = (IPv6Network("2001:db8::/32"), IPv6Network("3fff::/20"))
_LAST_FOUR_BYTES = 0xFFFF_FFFF


def resolve(host: str) -> tuple[str, ...]:
    """As the machine's own resolver tells them."""
    found = socket.getaddrinfo(host, HTTPS_PORT, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(one[4][0]) for one in found))


def is_public(written: str) -> bool:
    """Whether the address belongs to a host of the public network, in whatever way IPv6 may write an IPv4 one."""
    try:
        address = ip_address(written)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        inner = _within(address)
        return _is_public_v4(inner) if inner else _is_public_v6(address)
    return _is_public_v4(address)


def _within(address: IPv6Address) -> IPv4Address | None:
    if address in _TRANSLATED:
        return IPv4Address(int(address) & _LAST_FOUR_BYTES)
    return address.ipv4_mapped


def _is_public_v4(address: IPv4Address) -> bool:
    # Python takes groups of receivers for global.
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return not any(address in one for one in _PROTOCOLS)


def _is_public_v6(address: IPv6Address) -> bool:
    """Python's list leaves out what is no longer in use, and tunnels hold an address of their own."""
    if address.scope_id or address not in _UNICAST or not address.is_global:
        return False
    return not any(address in one for one in (*_TUNNELS, *_FOR_DOCUMENTS))
