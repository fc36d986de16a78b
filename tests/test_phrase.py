"""A text reads in the language of whoever reads it, also one that was written down long before."""

import json
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.encoding import canonical
from bot.campaign.request import LaunchId
from bot.journal.chain import digest
from bot.launch.codec import decode, encode
from bot.launch.events import BOT, Entry
from bot.launch.outcome import NotSent
from bot.phrase import Phrase, joined, told
from bot.texts import speaking
from tests.builders import NOON

OLD_ROWS = [
    (
        "launch:postpone",
        '{"until":"2026-11-23T12:00:00.000000+00:00","why":"nothing starts in quiet hours"}',
        "d71e703a964840a70417b4e2710d0a61c51268333e2f10060055e2b81dd9b0c9",
    ),
    (
        "launch:hold_back",
        '{"reasons":["The policy allows audiences of at most 1,000; this one has 48,210."]}',
        "f2b2968edc3bade2544c65719b58d4f639d129626c97ca12159a152e44ce0a23",
    ),
    (
        "launch:not_sent",
        '{"cause":"the policy cannot be read: policy.toml has mistakes: {x}"}',
        "fa740f4f9297f7f7f6d212d1aa44f60fd3f2f6cc0d0229655ab0b0fae85598fd",
    ),
    (
        "launch:doubt",
        '{"cause":"the platform answered with HTTP 502"}',
        "93080e64c11a13a111a1dd2e52e18f2de5f27a139d73b564cb1c3ed8e9daf206",
    ),
    ("launch:nothing_found", '{"cause":""}', "9b3e9322d736ed3aae61af0d8680f1c47ffaf2b4e43e2cb9f65843f4d6eed41d"),
]
"""Rows as they were written, with their digests, when a stored text was a plain string."""

VALUES = st.text(max_size=9) | st.integers() | st.floats(0, 1000) | st.datetimes(timezones=st.just(UTC))
PHRASES = st.recursive(
    st.builds(Phrase, st.text(max_size=20)),
    lambda inner: st.builds(lambda one, two: Phrase("{one} of {two}", one=one, two=two), inner | VALUES, inner),
    max_leaves=4,
)


@pytest.mark.parametrize(("kind", "stored", "chained"), OLD_ROWS)
def test_a_row_from_before_there_were_phrases_keeps_its_json_and_its_digest(kind, stored, chained):
    event = decode(kind, json.loads(stored))
    assert canonical(encode(event)) == stored
    assert digest(Entry(LaunchId("L1"), 1, NOON, BOT, event), "") == chained


@given(PHRASES)
def test_a_phrase_is_told_alike_before_it_is_stored_and_after(phrase):
    read = decode("launch:not_sent", json.loads(canonical(encode(NotSent(phrase))))).cause
    assert read == phrase
    with speaking("ru"):
        assert told(read) == told(phrase)


def test_a_phrase_is_its_english_text_whoever_makes_it():
    with speaking("ru"):
        phrase = Phrase("{n} of {what}", n=48210, what=Phrase("and"))
    assert phrase == "48,210 of and"


def test_a_phrase_is_told_in_the_language_that_is_spoken_down_to_the_phrases_in_it():
    phrase = Phrase("{n} of {what}", n=48210, what=Phrase("and"))
    with speaking("ru"):
        assert told(phrase) == "48\xa0210 of и"


def test_somebodys_own_text_reads_the_same_in_every_language():
    with speaking("ru"):
        assert told(Phrase.as_it_is("and")) == "and"
        assert told(joined(" ", [Phrase("and"), Phrase.as_it_is("{or}")])) == "и {or}"


def test_a_text_that_was_stored_plainly_is_told_too():
    with speaking("ru"):
        assert told("or") == "или"
        assert told("") == ""
