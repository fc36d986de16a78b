"""What is sealed of recipients opens under its key alone, and as nobody else's."""

import pytest

from bot.journal.vault import Locked, Vault

NEW, OLD = b"n" * 32, b"o" * 32


def test_it_opens_under_the_key_it_was_sealed_under_also_when_that_is_an_old_one():
    sealed = Vault([OLD]).seal(b"profile-7", "L1")
    assert Vault([NEW, OLD]).opened(sealed, "L1") == b"profile-7"


@pytest.mark.parametrize("secrets", [[NEW], [NEW, b"x" * 32]])
def test_without_its_key_it_stays_locked(secrets):
    with pytest.raises(Locked):
        Vault(secrets).opened(Vault([OLD]).seal(b"profile-7", "L1"), "L1")


def test_what_is_sealed_of_one_launch_opens_as_no_others_and_not_when_changed():
    vault = Vault([NEW])
    sealed = vault.seal(b"profile-7", "L1")
    for wrong, of in ((sealed, "L2"), (sealed[:-1], "L1"), (b"", "L1"), (bytes([sealed[0] ^ 1]) + sealed[1:], "L1")):
        with pytest.raises(Locked):
            vault.opened(wrong, of)


def test_nothing_of_it_can_be_read_or_compared():
    vault = Vault([NEW])
    one, other = (vault.seal(b"profile-7", "L1") for _ in range(2))
    assert one != other
    assert b"profile-7" not in one
