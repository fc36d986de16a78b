"""Images of named hosts stand in the picture, although the browser itself reaches no network."""

import os
import struct
import zlib

import pytest

from bot.picture import chromium, images
from bot.picture.__main__ import painted
from bot.picture.images import Images
from bot.picture.picture import Picture, Pictures
from bot.picture.protocol import Order, decoded, encoded
from bot.picture.rendering import _profile, render
from bot.slack.pictures import _comment
from bot.texts import LANGUAGES, speaking
from tests.picture.image_server import HOSTS, giving, serving
from tests.picture.test_rendering import ASKING, pixel

GREY, GREEN, WHITE = (217, 217, 217), (0, 128, 0), (255, 255, 255)


def png(colour):
    """A PNG of one pixel."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" + bytes(colour))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture
def paints(program, monkeypatch):
    """Paints a mail in a browser of its own, with these images at hand; gives the PNG. A busy machine fetches late."""
    monkeypatch.setattr(images, "IMAGES_TIME", 60.0)

    def paint(html, images, hosts=HOSTS):
        user = chromium.NOBODY if os.geteuid() == 0 else None
        with _profile(user) as profile:
            order = Order(program, str(profile), user, (600,), 60, hosts)
            return painted(order, html, images)[0].png

    return paint


def mail(*addresses):
    images = "".join(f'<img src="{one}" width=50 height=50 style="float:left">' for one in addresses)
    return f'<!doctype html><body style="margin:0">{images}'


def test_an_image_of_a_named_host_is_shown_and_others_are_grey_boxes(paints):
    with serving(a=giving(png(GREEN)), gone=giving(b"", status=404)) as server:
        shown = paints(
            mail(
                "https://img.example/a",
                "https://a.cdn.example/a",
                "https://other.example/a",
                "https://img.example/gone",
            ),
            server.images(),
        )
    assert [pixel(shown, x, 25) for x in (25, 75, 125, 175)] == [GREEN, GREEN, GREY, WHITE]
    assert sorted(server.asked) == ["/a", "/a", "/gone"]


def test_an_image_in_a_style_is_shown_too(paints):
    with serving(a=giving(png(GREEN))) as server:
        html = '<!doctype html><body style="margin:0;background:url(https://img.example/a)">'
        assert pixel(paints(html, server.images()), 25, 25) == GREEN


def test_a_mail_that_asks_for_everything_gets_images_alone_and_from_nowhere_else(paints, watched):
    with serving(a=giving(png(GREEN)), image=giving(png(GREEN))) as server:
        paints(ASKING.replace("URL", watched.url) + mail("https://img.example/a"), server.images())
        paints(ASKING.replace("URL", "https://img.example"), server.images())
        kinds = {"image", "image-2", "image-3", "source", "input", "css", "background", "poster", "svg", "srcdoc"}
        assert {one.removeprefix("/") for one in server.asked} <= {*kinds, "a", "icon", "preload", "x"}
    assert watched.asked == []


def test_without_named_hosts_nothing_is_asked_even_of_a_server_that_is_there(paints):
    with serving(a=giving(png(GREEN))) as server:
        shown = paints(mail("https://img.example/a"), Images(()), hosts=())
        assert server.connections == 0
    assert pixel(shown, 25, 25) == GREY


def test_what_claims_to_be_an_image_and_is_none_harms_nobody(paints):
    with serving(a=giving(b"\x89PNG\r\n\x1a\n" + b"\xff" * 100_000), b=giving(png(GREEN))) as server:
        shown = paints(mail("https://img.example/a", "https://img.example/b"), server.images())
    assert pixel(shown, 75, 25) == GREEN


def test_an_order_reaches_the_painting_process_with_the_hosts_that_are_named():
    order = Order("/usr/bin/browser", "/tmp/profile", None, (600, 375), 10, HOSTS)
    assert decoded(encoded(order)) == order


def test_a_named_host_that_cannot_be_found_leaves_a_picture_without_its_images(program):
    made = render(mail("https://img.example/a", "https://other.example/b"), deadline=60, hosts=HOSTS)
    assert [pixel(made.wide.png, x, 25) for x in (25, 75)] == [WHITE, GREY]


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_sees_the_pictures_is_told_where_their_images_come_from(language):
    one = Picture(600, 600, 10, False, b"")
    with speaking(language):
        told, untold = (_comment(Pictures(one, one), hosts) for hosts in (HOSTS, ()))
    assert all(f"`{host}`" in told for host in HOSTS)
    assert told != untold
    assert "example" not in untold
