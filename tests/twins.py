"""Two requests whose fingerprints begin alike, as somebody who means harm would look for them."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from unittest.mock import patch

from bot.campaign import encoding
from bot.campaign.campaign import Preview
from bot.campaign.request import ActivationRequest
from bot.policy.fingerprint import SHOWN, fingerprint

MARK = "marked-place"
TRIED = 2**17
"""Reasons tried for the first request; one of some thirty thousand for the other then begins like one of them."""


def twins(
    one: ActivationRequest, other: ActivationRequest, preview: Preview
) -> tuple[ActivationRequest, ActivationRequest]:
    """The two requests with reasons by which their fingerprints share the characters that people see."""
    first, second = _beginning_of(one, preview), _beginning_of(other, preview)
    found = {first(number): number for number in range(TRIED)}
    alike = next(number for number in count() if second(number) in found)
    pair = replace(one, reason=str(found[second(alike)])), replace(other, reason=str(alike))
    assert len({fingerprint(request, preview)[:SHOWN] for request in pair}) == 1
    return pair


def _beginning_of(request: ActivationRequest, preview: Preview) -> Callable[[int], bytes]:
    """How the fingerprint of the request begins with a number for its reason; a thousand times as fast."""
    digested: list[bytes] = []

    def sha256(content: bytes) -> "hashlib._Hash":
        digested.append(content)
        return hashlib.sha256(content)

    with patch.object(encoding, "hashlib", wraps=hashlib) as watched:
        watched.sha256 = sha256
        fingerprint(replace(request, reason=MARK), preview)
    # The messages are digested before the whole of which their digest is a part.
    before, after = digested[-1].split(MARK.encode())
    head = hashlib.sha256(before)

    def beginning(number: int) -> bytes:
        whole = head.copy()
        whole.update(b"%d%s" % (number, after))
        return whole.digest()[: SHOWN // 2]

    return beginning
