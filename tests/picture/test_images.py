"""Images come from named hosts at public addresses alone, within bounds; in the place of all others stands nothing."""

import base64
import threading

import pytest

from bot.picture import images as module
from bot.picture.addresses import is_public
from bot.picture.images import Images, is_named
from bot.picture.limits import MOST_IMAGE, MOST_IMAGES
from tests.picture.image_server import HOSTS, giving, serving

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgAAIAAAUAAXpeqz8AAAAASUVORK5CYII=")
URL = "https://img.example/a"


def fetched(images, url=URL):
    future = images.begin(url)
    return images.result(future) if future else None


def test_an_image_of_a_named_host_is_fetched_once_without_anything_that_tells_of_people():
    told = []

    def answer(handler):
        told.append({name.lower(): value for name, value in handler.headers.items()})
        giving(PNG)(handler)

    with serving(a=answer) as server:
        images = server.images()
        assert [fetched(images).content for _ in range(3)] == [PNG] * 3
        assert server.asked == ["/a"]
    assert told[0]["host"].startswith("img.example")
    assert not {"cookie", "referer", "authorization"} & set(told[0])


@pytest.mark.parametrize(
    "url",
    [
        "http://img.example/a",
        "https://other.example/a",
        "https://img.example.evil.example/a",
        "https://evil-img.example/a",
        "https://cdn.example/a",
        "https://user@img.example/a",
        "https://img.example@evil.example/a",
        "https://img.example:8443/a",
        "https://img.example:x/a",
        "https://127.0.0.1/a",
        "https://[::1]/a",
        "https://[::1/a",
        "ftp://img.example/a",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "cid:a",
        "",
    ],
)
def test_nothing_is_asked_of_hosts_that_are_not_named(url):
    def nobody(_host):
        raise AssertionError("no name is looked up")

    assert not is_named(url, HOSTS)
    assert Images(HOSTS, resolve=nobody).begin(url) is None


@pytest.mark.parametrize("url", ["https://a.cdn.example/a", "https://IMG.example:443/a?b=c#d"])
def test_a_named_host_is_known_however_it_is_written(url):
    assert is_named(url, HOSTS)


def test_where_no_host_is_named_nothing_is_fetched():
    assert Images(()).begin(URL) is None


@pytest.mark.parametrize(
    "addresses", [("127.0.0.1",), ("10.0.0.1",), ("::ffff:127.0.0.1",), ("127.0.0.1", "1.1.1.1"), ()]
)
def test_a_named_host_with_an_address_that_is_not_public_is_not_connected_to(addresses):
    with serving(a=giving(PNG)) as server:
        assert fetched(server.images(resolve=lambda _host: addresses, is_allowed=is_public)) is None
        assert server.connections == 0


def test_what_was_looked_up_is_what_is_connected_to_whatever_the_name_says_a_moment_later():
    """A name that changes between the check and the connection reaches nothing that was not checked."""
    answers = iter([("127.0.0.1",), ("10.0.0.1",)])
    checked = []
    with serving(a=giving(PNG)) as server:
        images = server.images(resolve=lambda _host: next(answers), is_allowed=lambda one: not checked.append(one))
        assert fetched(images).content == PNG
    assert checked == ["127.0.0.1"]
    assert next(answers) == ("10.0.0.1",)


def test_a_server_that_cannot_prove_to_be_the_host_is_not_asked():
    with serving(a=giving(PNG)) as server:
        assert fetched(server.images(), "https://b.cdn.example/a") is None
        assert fetched(server.images(trust=None)) is None
        assert server.asked == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("place", ["https://img.example/b", "https://127.0.0.1/b", "http://169.254.169.254/latest"])
def test_no_redirect_is_followed(status, place):
    with serving(a=giving(PNG, status=status, Location=place), b=giving(PNG)) as server:
        assert fetched(server.images()) is None
        assert server.asked == ["/a"]


@pytest.mark.parametrize(
    "answer",
    [
        giving(b"<svg/>", kind="image/svg+xml"),
        giving(b"<html>", kind="text/html"),
        giving(PNG, kind=""),
        giving(PNG, Content_Encoding="gzip"),
        giving(PNG, status=404),
        giving(PNG, Content_Length=str(len(PNG) + 1)),
        giving(b"x" * (MOST_IMAGE + 1)),
        lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 500 + b"\r\n"),
        lambda handler: handler.wfile.write(b"\x00" * 100_000),
        lambda handler: None,
    ],
    ids=[
        "a drawing",
        "a page",
        "no kind",
        "compressed",
        "not found",
        "a wrong length",
        "too large",
        "many headers",
        "no HTTP",
        "no answer",
    ],
)
def test_what_is_no_image_or_too_large_a_one_is_not_shown(answer):
    with serving(a=answer) as server:
        assert fetched(server.images()) is None


def test_all_images_together_are_bounded_in_size(monkeypatch):
    monkeypatch.setattr(module, "MOST_IMAGES_TOGETHER", len(PNG) + 1)
    with serving(a=giving(PNG), b=giving(PNG)) as server:
        images = server.images()
        shown = [fetched(images, url) for url in (URL, "https://img.example/b")]
    assert [one is not None for one in shown] == [True, False]


def test_so_many_images_are_fetched_and_no_more():
    images = Images(HOSTS, resolve=lambda _host: ())
    begun = [images.begin(f"{URL}{nth}") for nth in range(MOST_IMAGES + 5)]
    assert [one is not None for one in begun] == [True] * MOST_IMAGES + [False] * 5


def test_a_server_that_does_not_answer_is_waited_for_no_longer_than_all_images_together(monkeypatch):
    goes_on, asked = threading.Event(), threading.Event()

    def hangs(_handler):
        asked.set()
        goes_on.wait(30)

    monkeypatch.setattr(module, "IMAGES_TIME", 0.2)
    try:
        with serving(a=hangs) as server:
            images = server.images()
            assert [fetched(images) for _ in range(3)] == [None] * 3
            assert fetched(images, "https://img.example/late") is None
            goes_on.set()
    finally:
        goes_on.set()


def test_a_name_that_takes_for_ever_to_look_up_holds_nobody(monkeypatch):
    monkeypatch.setattr(module, "IMAGES_TIME", 0.1)
    goes_on = threading.Event()

    def hangs(_host):
        goes_on.wait(30)
        return ()

    assert fetched(Images(HOSTS, resolve=hangs)) is None
    goes_on.set()
