"""What mail servers said: the most frequent first, and nobody's address in it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.results.bounces import LONGEST_ANSWER, MOST_ANSWERS, Bounce, MailAnswer, masked, most_frequent


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("452 4.2.2 <ann.lee@example.com> Over quota", "452 4.2.2 ••• Over quota"),
        ("550 5.1.1 ann.lee@example.com... User unknown", "550 5.1.1 ••• User unknown"),
        ("bounce+ann.lee=example.com@mail.example.org is gone", "••• is gone"),
        ("see https://help.example.com/?to=ann%40example.com", "see https:•••"),
        ("550 o'brien@example.com is gone", "550 ••• is gone"),
        ('The mailbox "ann lee" is full', "The mailbox ••• is full"),
        ("mailbox ann.lee is full", "mailbox ••• is full"),
        ("421 try later, call +49 151 000-0000", "421 try later, call •••"),
        ("421 4.7.0 Try again later, id a1-20020a05600c4f8900", "421 4.7.0 Try again later, id •••"),
        ("450 4.7.1 Client host\n rejected: 203.0.113.25", "450 4.7.1 Client host rejected: 203.0.113.25"),
    ],
)
def test_whatever_may_name_a_person_is_masked_and_the_rest_can_be_read(said, kept):
    assert masked(said) == kept


@given(st.emails(), st.text(max_size=40), st.text(max_size=40))
def test_no_address_comes_through(address, before, after):
    assert address not in masked(f"{before} {address} {after}")


def test_a_long_answer_is_cut_and_takes_no_time():
    begun = time.process_time()
    assert len(masked("x" * 1_000_000)) <= LONGEST_ANSWER
    assert len(masked("a.b" * 1_000_000 + "@")) <= LONGEST_ANSWER
    assert masked(f"{'so it is ' * 222}ann@example.com").endswith("…")
    assert time.process_time() - begun < 5


def test_answers_that_differ_in_what_is_masked_are_one_and_small_domains_are_not_named():
    rows = [
        Bounce("452 <ann@example.com> full", "example.com", 9),
        Bounce("452 <ben@example.net> full", "Example.NET ", 20),
        Bounce("452 <cleo@cleo.example> full", "cleo.example", 1),
        Bounce("421 later", "example.org", 7),
        Bounce("450 just ann", "example.org", 4),
        Bounce("  ", "example.org", 70),
    ]
    assert most_frequent(rows) == (
        MailAnswer("452 ••• full", 30, ("example.net", "example.com")),
        MailAnswer("421 later", 7, ("example.org",)),
    )


def test_no_more_are_kept_than_fit():
    rows = [Bounce(f"450 reason {chr(97 + nth)}", f"d{nth}.example", 100 + nth) for nth in range(26)]
    assert [one.count for one in most_frequent(rows)] == list(range(125, 125 - MOST_ANSWERS, -1))
    (one,) = most_frequent([Bounce("421 later", f"d{nth}.example", 100 + nth) for nth in range(9)])
    assert one.domains == ("d8.example", "d7.example", "d6.example")
