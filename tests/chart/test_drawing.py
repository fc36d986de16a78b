"""A chart is drawn in a process of its own, or there is none; nothing hangs and nothing is raised."""

import struct

import pytest

from bot.chart import drawing
from bot.chart.chart import Chart, Row

CHART = Chart(
    "The first 24 hours: Весна",
    "Hours after the call",
    24,
    (
        Row("Delivered", "970", tuple(min(970, 97 * nth) for nth in range(96))),
        Row("Opened", "3", (0,) * 90 + (3,) * 6),
        Row("Clicked", "0", (0,) * 96),
    ),
)


def size(png: bytes) -> tuple[int, int]:
    return struct.unpack(">II", png[16:24])


def test_it_is_a_picture_of_a_known_size():
    png = drawing.drawn(CHART)
    assert png is not None
    assert (size(png), len(png) < 200_000) == ((900, 620), True)


def test_it_comes_to_the_other_process_as_it_is():
    assert Chart.decoded(CHART.encoded()) == CHART


def test_what_takes_too_long_is_no_picture(caplog):
    assert drawing.drawn(CHART, deadline=0.01) is None
    assert "TimeoutExpired" in caplog.text


def test_what_cannot_be_drawn_is_no_picture_and_the_log_says_why(caplog):
    assert drawing.drawn(Chart("", "", 0, ())) is None
    assert "a chart could not be drawn" in caplog.text


@pytest.mark.parametrize("executable", ["/nowhere", "/bin/true"])
def test_a_process_that_does_not_begin_or_says_nothing_is_no_picture(monkeypatch, executable):
    monkeypatch.setattr("sys.executable", executable)
    assert drawing.drawn(CHART) is None
