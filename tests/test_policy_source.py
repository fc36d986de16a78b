"""The policy's file is read again when it changes; while it cannot be read, no older one decides anything."""

import os

import pytest

from bot.policy.policy import PolicyUnreadable
from bot.policy_source import PolicySource
from bot.settings import PolicySettings, RoleSettings

ROLES = RoleSettings(("U0ANA",), ("U0BEN",), ("U0DAN",))
TWO, SIX = "[always]\napprovals = 2\n", "[always]\napprovals = 6\n"


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "policy.toml"
    file.write_text(TWO)
    return file


@pytest.fixture
def source(file):
    return PolicySource(PolicySettings(ROLES, approvals_required=3, file=str(file)))


def refused(source) -> str:
    with pytest.raises(PolicyUnreadable) as refusal:
        source()
    return refusal.value.cause


def test_without_a_file_the_settings_are_the_policy():
    policy = PolicySource(PolicySettings(ROLES, approvals_required=3, file=""))()
    assert (policy.base.approvals, policy.base.second_line, policy.rules) == (3, "admin", ())
    assert policy.roles["approver"].members == ("U0BEN",)


def test_what_the_file_does_not_say_stands_in_the_settings(file, source):
    file.write_text("")
    assert source().base.approvals == 3


def test_a_change_holds_at_the_next_look(file, source):
    assert source().base.approvals == 2
    file.write_text(SIX)
    assert source().base.approvals == 6


def test_a_change_holds_though_the_files_size_and_times_are_as_before(file, source):
    """As after a copy that keeps them, or after two saves within one tick of the disk's clock."""
    before = file.stat()
    source()
    file.write_text(SIX)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_size == before.st_size
    assert source().base.approvals == 6


def test_a_policy_that_has_not_changed_is_not_parsed_again(source):
    assert source() is source()


@pytest.mark.parametrize(
    ("broken", "cause"),
    [
        (b"[always]\napprovals = 0\n", "policy.toml has mistakes: always.approvals: it takes a whole number"),
        (b"[always\n", "policy.toml has mistakes: it is not TOML"),
        (b"# \xff\xfe\n", "policy.toml cannot be read: it is not UTF-8 text"),
        (None, "policy.toml cannot be read: No such file or directory"),
    ],
)
def test_a_file_that_cannot_be_used_decides_nothing_until_it_is_mended(file, source, broken, cause):
    source()
    if broken is None:
        file.unlink()
    else:
        file.write_bytes(broken)
    for _ in range(2):
        assert refused(source).startswith(cause)
    assert not source.asks_for_labels()
    file.write_text(SIX)
    assert source().base.approvals == 6


def test_a_file_as_a_windows_editor_saves_it_is_read(file, source):
    file.write_bytes(b"\xef\xbb\xbf" + SIX.replace("\n", "\r\n").encode())
    assert source().base.approvals == 6
