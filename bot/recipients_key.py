"""The key under which profile ids are kept, read from the environment. It is a secret, and no problem shows it."""

from collections.abc import Sequence

from bot.journal.vault import INSTALL, Vault, installed
from bot.variables import Reader

LEAST = 32
"""Bytes that a key has at least."""
FEWEST_DIFFERENT = 8
"""Different characters in it: fewer were typed, not made."""


def recipients_key(reader: Reader) -> tuple[str, ...]:
    """The keys, the one for sealing first; none where nothing of people is kept. What is wrong is added to problems."""
    keys = reader.listed("RECIPIENTS_KEY")
    if not keys:
        return ()
    if any(len(one.encode()) < LEAST or len(set(one)) < FEWEST_DIFFERENT for one in keys):
        reader.problems.append(
            f"RECIPIENTS_KEY holds a key of less than {LEAST} bytes, or one that can be guessed. Make one with "
            "openssl rand -hex 32."
        )
    if not installed():
        reader.problems.append(f"RECIPIENTS_KEY is set, and profile ids cannot be sealed here: {INSTALL}.")
    return tuple(keys)


def vault_of(keys: Sequence[str]) -> Vault | None:
    """What seals and opens under these keys; None for no key."""
    return Vault([one.encode() for one in keys]) if keys else None
