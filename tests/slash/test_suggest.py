"""A word that nobody knows is taken for the known one that it is most like, or for none."""

import pytest

from bot.slash.suggest import SURELY, nearest

KNOWN = ("run_now", "source", "reason")


@pytest.mark.parametrize(("word", "meant"), [("runnow", "run_now"), ("RunNow", "run_now"), ("sorce", "source")])
def test_a_word_is_taken_for_the_known_one_that_it_is_most_like(word, meant):
    assert nearest(word, KNOWN) == meant


@pytest.mark.parametrize("word", ["", "audience", "82"])
def test_a_word_that_is_like_none_is_taken_for_none(word):
    assert nearest(word, KNOWN) is None


def test_a_word_that_may_belong_to_a_text_has_to_be_more_like_a_known_one():
    assert nearest("season", KNOWN, SURELY) == "reason"
    assert nearest("sour", KNOWN, SURELY) == "source"
    assert nearest("more", ["source"]) == "source"
    assert nearest("more", ["source"], SURELY) is None
