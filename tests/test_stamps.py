"""Stamps of RFC 3161, by a real authority: they say since when a digest has been there, and nothing else passes."""

from datetime import UTC, datetime, timedelta

import pytest

from bot import stamps
from bot.stamps import Authority, NotStamped, certificates, stamped_at
from tests.authority import OwnAuthority, served

DIGEST, OTHER = "ab" * 32, "cd" * 32


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return OwnAuthority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def stamp(authority):
    with served(authority.reply) as url:
        return Authority(url).stamp(DIGEST)


def test_a_stamp_verifies_offline_and_says_when(authority, stamp):
    at = stamped_at(stamp, DIGEST, certificates(authority.root))
    assert abs(at - datetime.now(UTC)) < timedelta(minutes=10)


def test_a_stamp_of_another_digest_is_none(authority, stamp):
    with pytest.raises(NotStamped):
        stamped_at(stamp, OTHER, certificates(authority.root))


def test_a_stamp_of_an_authority_that_nobody_trusts_is_none(stamp, tmp_path):
    with pytest.raises(NotStamped):
        stamped_at(stamp, DIGEST, certificates(OwnAuthority(tmp_path).root))


@pytest.mark.parametrize("answer", [b"", b"no stamp", b"\x30\x03\x02\x01\x02", b"x" * (stamps.LARGEST + 1)])
def test_what_is_no_stamp_is_not_taken_for_one(answer):
    with served(lambda _query: answer) as url, pytest.raises(NotStamped):
        Authority(url).stamp(DIGEST)


def test_an_answer_to_another_question_is_not_taken(stamp):
    with served(lambda _query: stamp) as url, pytest.raises(NotStamped, match="another question"):
        Authority(url).stamp(DIGEST)


def test_where_nobody_answers_that_is_said():
    with pytest.raises(NotStamped, match="nobody answers"):
        Authority("http://127.0.0.1:1/").stamp(DIGEST)


def test_a_changed_stamp_is_none(authority, stamp):
    changed = bytes(one ^ 1 if at == len(stamp) - 10 else one for at, one in enumerate(stamp))
    with pytest.raises(NotStamped):
        stamped_at(changed, DIGEST, certificates(authority.root))
