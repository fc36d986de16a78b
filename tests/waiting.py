"""Waiting in tests for what comes about in other threads."""

import time


def until(look, seconds=30.0):
    """The first true answer of `look`; fails where there is none in time."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, f"not within {seconds} s: {look}"
        time.sleep(0.005)
    return found
