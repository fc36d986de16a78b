"""Who may stay where there are fewer places than there are connections."""

import pytest

from bot.web.connection_limit import Places


class One:
    def __init__(self):
        self.held = 0
        self.is_there = True

    def holds(self, size, places):
        self.held += size
        self.places = places
        places.holds(size)

    def leave(self):
        self.is_there = False
        if self.held:
            self.places.holds(-self.held)


def admitted(places, *ones):
    assert all(places.admit(one) for one in ones)


def test_whoever_has_waited_longest_gives_way_and_one_that_was_answered_last_is_the_last():
    places = Places(most=3, most_held=100)
    kept, idle, new = One(), One(), One()
    admitted(places, kept, idle, new)
    places.works(kept)
    places.waits(kept)
    admitted(places, One())
    assert (kept.is_there, idle.is_there, new.is_there) == (True, False, True)
    admitted(places, One())
    assert (kept.is_there, new.is_there) == (True, False)
    assert len(places) == 3


def test_nobody_is_sent_away_whose_request_is_being_answered_and_a_newcomer_finds_no_place():
    places = Places(most=2, most_held=100)
    ones = One(), One()
    admitted(places, *ones)
    for one in ones:
        places.works(one)
    assert not places.admit(One())
    assert all(one.is_there for one in ones)
    places.gone(ones[0])
    admitted(places, One())


def test_bodies_that_are_not_whole_take_no_more_memory_than_is_given():
    places = Places(most=10, most_held=100)
    idle, first, second = One(), One(), One()
    admitted(places, idle, first, second)
    first.holds(60, places)
    second.holds(40, places)
    assert first.is_there
    second.holds(10, places)
    assert (idle.is_there, first.is_there, second.is_there) == (True, False, True)


def test_bodies_that_are_answered_are_not_dropped():
    places = Places(most=10, most_held=100)
    one = One()
    admitted(places, one)
    places.works(one)
    one.holds(200, places)
    assert one.is_there


def test_the_end_of_the_last_request_is_told():
    places = Places(most=10, most_held=100)
    one = One()
    admitted(places, one)
    assert places.quiet.is_set()
    places.works(one)
    assert not places.quiet.is_set()
    places.gone(one)
    assert places.quiet.is_set()


@pytest.mark.parametrize("many", [1, 500])
def test_a_flood_is_a_line_in_the_log_and_not_one_for_each(many, caplog):
    places = Places(most=1, most_held=100)
    admitted(places, *(One() for _ in range(many + 1)))
    assert len(caplog.records) == 1
