"""What may hang is waited for only so long, and asked for once at a time."""

import threading

import pytest

from bot.bounded import Bounded, NoAnswer


def test_it_gives_the_answer_or_what_was_raised():
    def broken():
        raise LookupError("nothing")

    assert Bounded(lambda: 5)() == 5
    with pytest.raises(LookupError, match="nothing"):
        Bounded(broken)()


def test_what_hangs_is_given_up_and_not_asked_again_beside_it():
    goes_on, asked = threading.Event(), []

    def hanging():
        asked.append(1)
        goes_on.wait()
        return len(asked)

    bounded = Bounded(hanging, patience=0.01)
    for _ in range(3):
        with pytest.raises(NoAnswer):
            bounded()
    assert len(asked) == 1
    goes_on.set()
    assert Bounded(hanging)() == 2


def test_after_a_late_answer_it_is_asked_anew():
    answers = iter([1, 2])
    bounded = Bounded(lambda: next(answers))
    assert [bounded(), bounded()] == [1, 2]
