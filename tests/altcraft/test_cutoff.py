"""The one thread that ends what takes too long."""

import threading

from bot.altcraft.cutoff import Cutoff

SOON = 0.05
PATIENCE = 10


class Exchange:
    def __init__(self) -> None:
        self.was_cut = threading.Event()

    def cut(self) -> None:
        self.was_cut.set()


def test_each_exchange_is_cut_off_when_its_time_is_over():
    cutoff = Cutoff(SOON)
    first, second = Exchange(), Exchange()

    cutoff.begin(first)
    cutoff.begin(second)

    assert first.was_cut.wait(PATIENCE)
    assert second.was_cut.wait(PATIENCE)


def test_what_has_ended_is_left_alone_while_others_are_cut_off():
    cutoff = Cutoff(SOON)
    ended, hanging = Exchange(), Exchange()

    cutoff.begin(ended)
    cutoff.begin(hanging)
    cutoff.end(ended)

    assert hanging.was_cut.wait(PATIENCE)
    assert not ended.was_cut.is_set()


def test_after_a_pause_it_cuts_off_as_before():
    cutoff = Cutoff(SOON)
    before = Exchange()
    cutoff.begin(before)
    assert before.was_cut.wait(PATIENCE)

    for _ in range(20):
        later = Exchange()
        cutoff.begin(later)
        assert later.was_cut.wait(PATIENCE)


def test_an_exchange_is_cut_off_whatever_others_end_and_begin_meanwhile():
    cutoff = Cutoff(SOON)
    hanging = Exchange()
    cutoff.begin(hanging)

    for _ in range(1000):
        quick = Exchange()
        cutoff.begin(quick)
        cutoff.end(quick)

    assert hanging.was_cut.wait(PATIENCE)
