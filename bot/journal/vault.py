"""Seals what is kept of recipients under a key that is not in the database, so that nobody reads it who has only that.

AES-256-GCM of the library cryptography, under a key that follows from RECIPIENTS_KEY by HKDF-SHA-256. What it belongs
to is sealed along with it: what was sealed of one launch opens as no other's.
"""

import os
from collections.abc import Sequence
from importlib.util import find_spec

INSTALL = "install the extra: pip install '.[recipients]' in a checkout"
"""What to do where `installed` says no."""

_PURPOSE = b"campaign-bot: recipients of runs"
_NONCE = 12


class Locked(Exception):
    """It opens under none of the keys at hand, or is not what was sealed."""


def installed() -> bool:
    """Whether there is what seals: it is no part of every installation."""
    return find_spec("cryptography") is not None


class Vault:
    """`secrets` are RECIPIENTS_KEY's: the first is for sealing, the others open what was sealed before."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        derived = (HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(one) for one in secrets)
        self._ciphers = [AESGCM(one) for one in derived]

    def seal(self, content: bytes, of: str) -> bytes:
        """`of` names what it belongs to."""
        nonce = os.urandom(_NONCE)
        return nonce + self._ciphers[0].encrypt(nonce, content, of.encode())

    def opened(self, sealed: bytes, of: str) -> bytes:
        """Raises Locked."""
        from cryptography.exceptions import InvalidTag

        for cipher in self._ciphers:
            try:
                return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], of.encode())
            except (InvalidTag, ValueError):
                continue
        raise Locked
