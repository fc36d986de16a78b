"""The searchable lists: what is found, and how old, slow and broken lists are dealt with."""

import threading
import time

import pytest

from bot.altcraft.catalogue import Catalogue
from bot.campaign.campaign import Choice
from tests.waiting import until


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


class Lists:
    """A list that can be changed, held up and broken, and counts how often it is read."""

    def __init__(self, *choices):
        self.choices = choices
        self.reads = 0
        self.go_on = threading.Event()
        self.go_on.set()
        self.broken = False

    def __call__(self):
        self.reads += 1
        self.go_on.wait(5)
        if self.broken:
            raise OSError("down")
        return iter(self.choices)


NAMES = (Choice(8, "Spring Sale"), Choice(82, "Осенняя Распродажа"), Choice(182, "Digest 82"), Choice(820, "Sale II"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [820, 182, 82, 8]),
        ("82", [82, 820, 182]),
        ("8", [8, 820, 182, 82]),
        ("18", [182]),
        ("sale", [820, 8]),
        ("SALE i", [820]),
        (" распродажа ", [82]),
        ("nothing like it", []),
        ("9" * 30, []),
    ],
)
def test_entries_are_found_by_id_and_name_the_exact_id_first_and_then_the_newest(text, found):
    catalogue = Catalogue("campaigns", Lists(*NAMES), time.monotonic)

    assert [choice.id for choice in catalogue.search(text, 100, 2)] == found


def test_no_more_are_found_than_asked_for():
    catalogue = Catalogue("campaigns", Lists(*NAMES), time.monotonic)

    assert [choice.id for choice in catalogue.search("82", 2, 2)] == [82, 820]
    assert catalogue.search("82", 0, 2) == ()


def test_a_cold_list_is_waited_for_a_little_and_is_there_the_next_time():
    lists = Lists(*NAMES)
    lists.go_on.clear()
    catalogue = Catalogue("campaigns", lists, time.monotonic)

    begun = time.monotonic()
    assert catalogue.search("sale", 100, 0.1) == ()
    assert time.monotonic() - begun < 1
    lists.go_on.set()

    assert len(catalogue.search("sale", 100, 2)) == 2
    assert lists.reads == 1


def test_an_old_list_answers_at_once_while_it_is_read_again():
    clock, lists = Clock(), Lists(Choice(1, "old"))
    catalogue = Catalogue("campaigns", lists, clock)
    assert catalogue.search("", 100, 2) == (Choice(1, "old"),)
    lists.choices = (Choice(1, "new"),)
    lists.go_on.clear()

    clock.now += 61
    answers = [catalogue.search("", 100, 2) for _ in range(5)]
    assert answers == [(Choice(1, "old"),)] * 5
    lists.go_on.set()

    until(lambda: catalogue.search("", 100, 2) == (Choice(1, "new"),))
    assert lists.reads == 2


def test_a_list_within_its_minute_is_not_read_again():
    clock, lists = Clock(), Lists(*NAMES)
    catalogue = Catalogue("campaigns", lists, clock)
    catalogue.search("", 100, 2)

    clock.now += 59
    catalogue.search("", 100, 2)

    assert lists.reads == 1


def test_a_list_that_cannot_be_renewed_serves_for_ten_minutes_and_no_longer():
    clock, lists = Clock(), Lists(*NAMES)
    catalogue = Catalogue("campaigns", lists, clock)
    catalogue.search("", 100, 2)
    lists.broken = True

    clock.now += 599
    assert len(catalogue.search("", 100, 0.1)) == 4
    until(lambda: lists.reads == 2 and not catalogue._reading)
    assert len(catalogue.search("", 100, 0.1)) == 4
    clock.now += 2
    assert catalogue.search("", 100, 0.1) == ()


def test_a_platform_that_is_down_is_not_asked_at_each_letter():
    clock, lists = Clock(), Lists(*NAMES)
    lists.broken = True
    catalogue = Catalogue("campaigns", lists, clock)

    for letters in ("s", "sa", "sal"):
        assert catalogue.search(letters, 100, 2) == ()
    assert lists.reads == 1

    lists.broken = False
    clock.now += 6
    assert len(catalogue.search("sale", 100, 2)) == 2


def test_searches_at_once_read_the_list_once():
    lists = Lists(*NAMES)
    lists.go_on.clear()
    catalogue = Catalogue("campaigns", lists, time.monotonic)
    found = []
    threads = [threading.Thread(target=lambda: found.append(catalogue.search("", 100, 5))) for _ in range(20)]
    for thread in threads:
        thread.start()
    lists.go_on.set()
    for thread in threads:
        thread.join()

    assert [len(one) for one in found] == [4] * 20
    assert lists.reads == 1


def test_a_name_is_known_only_once_the_list_is_there():
    lists = Lists(*NAMES)
    lists.go_on.clear()
    catalogue = Catalogue("databases", lists, time.monotonic)

    assert catalogue.name_of(8, 0) == ""
    lists.go_on.set()

    until(lambda: catalogue.name_of(8, 0) == "Spring Sale")
    assert catalogue.name_of(9, 0) == ""


def test_the_last_name_is_told_at_once_however_old_it_is():
    clock, lists = Clock(), Lists(*NAMES)
    catalogue = Catalogue("campaigns", lists, clock)
    lists.go_on.clear()
    assert catalogue.last_name_of(8) == ""
    lists.go_on.set()
    until(lambda: catalogue.last_name_of(8) == "Spring Sale")
    clock.now += 100_000
    lists.go_on.clear()
    assert (catalogue.last_name_of(8), catalogue.last_name_of(9)) == ("Spring Sale", "")
    lists.go_on.set()


def test_fifty_thousand_entries_are_searched_in_a_blink():
    many = [Choice(number, f"Campaign number {number} of the spring season") for number in range(1, 50_001)]
    catalogue = Catalogue("campaigns", lambda: iter(many), time.monotonic)
    catalogue.search("", 1, 10)

    begun = time.perf_counter()
    found = [catalogue.search(text, 100, 2) for text in ("no such name", "season", "4999")]
    took = (time.perf_counter() - begun) / 3

    assert [len(one) for one in found] == [0, 100, 15]
    assert took < 0.1


def test_a_list_keeps_no_more_than_it_should(monkeypatch):
    monkeypatch.setattr("bot.altcraft.catalogue.MOST", 3)
    read = []

    def endless():
        number = 0
        while True:
            number += 1
            read.append(number)
            yield Choice(number, "x" * 1000)

    found = Catalogue("campaigns", endless, time.monotonic).search("", 100, 2)

    assert [choice.id for choice in found] == [3, 2, 1]
    assert {len(choice.name) for choice in found} == {200}
    assert read == [1, 2, 3]
