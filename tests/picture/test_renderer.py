"""The same content is painted once, and one mail at a time."""

import threading
from concurrent.futures import ThreadPoolExecutor

from bot.picture.failures import Failure
from bot.picture.picture import Picture, Pictures
from bot.picture.reasons import no_picture
from bot.picture.renderer import MOST_WAITING, Recent, Renderer, digest_of
from tests.waiting import until


def pictures(size: int = 1) -> Pictures:
    one = Picture(600, 600, 100, False, b"x" * size)
    return Pictures(one, one)


def test_the_same_mail_is_painted_once_also_when_several_ask_at_once():
    painted = []

    def paint(html):
        painted.append(html)
        return pictures()

    renderer = Renderer(make=paint)
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(renderer.pictures, ["a", "b"] * 4))
    assert made == [pictures()] * 8
    assert sorted(painted) == ["a", "b"]


def test_a_real_mail_that_is_asked_for_twice_is_painted_once(shown):
    painted = []
    renderer = Renderer(make=lambda html: painted.append(html) or shown(html))
    assert renderer.pictures("<p>tea") == renderer.pictures("<p>tea")
    assert painted == ["<p>tea"]


def test_a_failure_is_not_kept():
    answers = iter([no_picture(Failure.CRASHED), pictures()])
    renderer = Renderer(make=lambda _: next(answers))
    assert renderer.pictures("a").failure is Failure.CRASHED
    assert renderer.pictures("a") == pictures()


def test_a_store_from_outside_is_asked_first():
    store = Recent()
    store.put(digest_of("a"), pictures())
    assert Renderer(store, make=lambda _: no_picture(Failure.CRASHED)).pictures("a") == pictures()


def test_an_empty_store_from_outside_is_the_one_that_is_used():
    store = Recent()
    Renderer(store, make=lambda _: pictures()).pictures("a")
    assert store.get(digest_of("a")) == pictures()


def test_only_the_last_pictures_are_kept_in_memory():
    store = Recent(most=4)
    for name in ("a", "b"):
        store.put(name, pictures())
    store.get("a")
    store.put("c", pictures())
    assert [store.get(name) is not None for name in ("a", "b", "c")] == [True, False, True]
    store.put("large", pictures(size=3))
    assert store.get("large") is None


def test_who_asks_when_too_many_wait_is_told_so():
    goes_on, begun = threading.Event(), []

    def paint(html):
        begun.append(html)
        goes_on.wait()
        return pictures()

    renderer = Renderer(make=paint)
    with ThreadPoolExecutor(MOST_WAITING) as threads:
        asked = [threads.submit(renderer.pictures, str(n)) for n in range(MOST_WAITING)]
        until(lambda: renderer._places._value == 0)
        assert renderer.pictures("more").failure is Failure.BUSY
        assert len(begun) == 1
        goes_on.set()
    assert [each.result() for each in asked] == [pictures()] * MOST_WAITING
