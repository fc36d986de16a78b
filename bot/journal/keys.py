"""The keys under which digests are made, so that whoever can write to the database cannot make one."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field

LEAST = 32
"""Bytes that a key has at least."""

_ID_LENGTH = 16
_NAMING = b"campaign-bot: the id of a key"


class UnknownKey(LookupError):
    """A digest was made under a key that this process does not have; the text is the key's id."""


@dataclass(frozen=True)
class Key:
    """One secret, and the id by which digests name it. The id tells nothing of the secret."""

    id: str
    _secret: bytes = field(repr=False)

    def digest(self, message: bytes) -> str:
        """HMAC-SHA-256, in hex."""
        return hmac.digest(self._secret, message, "sha256").hex()


@dataclass(frozen=True)
class Keys:
    """All keys that are accepted; `writing` is the one under which new digests are made, None for none at all.

    Several are there while a key is changed: instances that still write under the old one are understood meanwhile.
    """

    writing: Key | None
    _known: dict[str, Key] = field(repr=False)

    @property
    def writing_id(self) -> str:
        """The id of the key for new digests; "" for none."""
        return self.writing.id if self.writing else ""

    def digest(self, message: bytes, key_id: str) -> str:
        """The digest under that key, in hex; SHA-256 for the id "". Raises UnknownKey."""
        if not key_id:
            return hashlib.sha256(message).hexdigest()
        key = self._known.get(key_id)
        if key is None:
            raise UnknownKey(key_id)
        return key.digest(message)

    def knows(self, key_id: str) -> bool:
        return not key_id or key_id in self._known


def keys_of(secrets: Sequence[bytes]) -> Keys:
    """The keys of these secrets: the first is for writing."""
    keys = [Key(hmac.digest(secret, _NAMING, "sha256").hex()[:_ID_LENGTH], secret) for secret in secrets]
    return Keys(keys[0] if keys else None, {key.id: key for key in keys})


NO_KEYS = keys_of(())


def same(one: str, other: str) -> bool:
    """Whether two digests are the same, compared in constant time."""
    return hmac.compare_digest(one.encode(errors="surrogatepass"), other.encode(errors="surrogatepass"))
