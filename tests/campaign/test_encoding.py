"""What is stored is what digests cover, and nothing that people see gets lost by it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.encoding import canonical, parsed, sorted_json, storable
from tests.campaign.strategies import NASTY

HALF = "\ud83d"

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | NASTY.map("".join),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NASTY.map("".join), inner, max_size=3),
    max_leaves=8,
)
CONTENT = st.dictionaries(st.text(max_size=3), JSON, max_size=4)
ASKED = CONTENT.map(lambda content: {"request": {"content": content, "campaign_id": 82}})


@given(JSON | ASKED | ASKED.map(lambda asked: {"lost": [], "asked": asked}))
def test_what_is_stored_says_the_same_and_can_be_stored(value):
    text = storable(value)
    assert json.loads(text) == value
    text.encode()


@given(CONTENT)
def test_a_content_keeps_the_order_in_which_it_was_typed(content):
    stored = json.loads(storable({"request": {"content": content}}))
    assert json.dumps(stored["request"]["content"]) == json.dumps(content)


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.integers()))
def test_all_else_is_stored_as_its_digest_covers_it(value):
    assert storable({"by_kind": value}) == canonical({"by_kind": value})


@pytest.mark.parametrize("value", [HALF, [HALF], {HALF: 1}, {"request": {"content": {"name": HALF}}}])
def test_half_of_a_pair_is_stored_as_an_escape(value):
    assert storable(value).isascii()
    assert json.loads(storable(value)) == value


@given(JSON)
def test_what_is_written_quickly_says_the_same_in_the_same_order(value):
    text = sorted_json(value)
    assert canonical(parsed(text)) == canonical(value)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_could_not_be_written_again_is_not_read(number):
    with pytest.raises(ValueError, match="Out of range"):
        parsed(f'{{"discount": [{number}]}}')
