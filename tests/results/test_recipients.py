"""Whom a run was sent to is read from its events, each once, whatever stands in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.results.hooks import read_batch
from bot.results.recipients import (
    Recipient,
    chosen,
    packed,
    packed_profiles,
    recipient_of,
    unpacked,
    unpacked_profiles,
)
from tests.results.hooks import body, event


def read(**more):
    (found,) = read_batch(body(event("send", **more))).events
    return recipient_of(found)


def test_an_event_names_its_profile_and_its_database():
    assert read(profile_id="4711", list_id=50) == Recipient("4711", 50)
    assert read(profile_id=4711, list_id="50") == Recipient("4711", 50)


@pytest.mark.parametrize("profile", [None, "", "  ", True, 1.5, [], {"id": 1}, "x" * 129, "a\nb"])
def test_what_is_no_profiles_id_names_nobody(profile):
    assert read(profile_id=profile) is None


@pytest.mark.parametrize("database", [None, "", "five", [], True])
def test_a_database_that_cannot_be_read_is_not_known(database):
    assert read(profile_id="4711", list_id=database) == Recipient("4711", None)


def test_nobody_of_another_database_goes_into_the_segment_and_nobody_twice():
    found = chosen([Recipient("b", 50), Recipient("a", None), Recipient("b", None), Recipient("c", 7)], 50)
    assert (found.profiles, found.elsewhere) == (("a", "b"), 1)


RECIPIENTS = st.lists(st.builds(Recipient, st.text(min_size=1, max_size=5), st.none() | st.integers(1, 2)))


@given(RECIPIENTS, st.data())
def test_any_order_and_repetition_gives_the_same_list(recipients, data):
    again = data.draw(st.permutations(recipients + recipients[:3]))
    assert chosen(again, 1) == chosen(recipients, 1)
    assert unpacked(packed(recipients)) == recipients
    profiles = chosen(recipients, 1).profiles
    assert unpacked_profiles(packed_profiles(profiles)) == profiles
