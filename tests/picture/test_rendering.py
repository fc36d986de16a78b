"""What comes out as a picture, what is never fetched or run for it, and what is left where there is none."""

import gc
import struct
import tempfile
import urllib.request
import zlib
from pathlib import Path

import psutil
import pytest

from bot.picture import chromium
from bot.picture.failures import Failure
from bot.picture.limits import MOST_HEIGHT, MOST_HTML
from bot.picture.picture import NARROW, WIDE, Pictures
from bot.picture.rendering import render
from tests.waiting import until

MAIL = """<!doctype html><html><body style="margin:0">
<table style="width:100%;max-width:600px"><tr><td><h1>{apicontent.name}, your tea is ready</h1>
<p>Seven sorts of it, picked by hand, and a cup for each of them.</p></td></tr></table></body></html>"""

ASKING = """<!doctype html><html><head>
<meta http-equiv="refresh" content="0;url=URL/refresh">
<META content='0;url=URL/refresh-2' http-equiv='&#114;efresh'>
<link rel="stylesheet" href="URL/style"><link rel="preload" as="image" href="URL/preload">
<link rel="prefetch" href="URL/prefetch"><link rel="dns-prefetch" href="URL"><link rel="preconnect" href="URL">
<link rel="icon" href="URL/icon"><link rel="manifest" href="URL/manifest">
<style>@import "URL/import"; @font-face{font-family:f;src:url(URL/font)}
body{font-family:f;background:url(URL/css)}</style>
</head><body background="URL/background">Hello<img src="URL/image" srcset="URL/image-2 2x" width=40 height=40>
<picture><source srcset="URL/source"><img src="URL/image-3"></picture><input type="image" src="URL/input">
<iframe src="URL/frame"></iframe><iframe srcdoc="<img src='URL/srcdoc'>"></iframe><embed src="URL/embed">
<object data="URL/object"></object><video src="URL/video" poster="URL/poster" autoplay></video>
<audio src="URL/audio" autoplay></audio><svg><image href="URL/svg" /><use href="URL/use#a" /></svg>
<script src="URL/script"></script><script>fetch("URL/fetch"); new Image().src = "URL/made"</script>
<a href="URL/ping" ping="URL/ping-2">x</a><img src=x onerror="location='URL/handler'"></body></html>"""


def pixel(png: bytes, x: int, y: int) -> tuple[int, ...]:
    """The colour of one pixel: red, green, blue."""
    width, _, depth, kind = struct.unpack(">IIBB", png[16:26])
    size = {2: 3, 6: 4}[kind]
    assert depth == 8
    data, place = b"", 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        if png[place + 4 : place + 8] == b"IDAT":
            data += png[place + 8 : place + 8 + length]
        place += length + 12
    raw, stride, above = zlib.decompress(data), width * size, bytearray(width * size)
    for row in range(y + 1):
        start = row * (stride + 1)
        above = unfiltered(raw[start], raw[start + 1 : start + 1 + stride], above, size)
    return tuple(above[x * size : x * size + 3])


def unfiltered(kind: int, line: bytes, above: bytearray, size: int) -> bytearray:
    out = bytearray(len(line))
    for i, byte in enumerate(line):
        left, up = (out[i - size] if i >= size else 0), above[i]
        corner = above[i - size] if i >= size else 0
        near = min((left, up, corner), key=lambda each: abs(left + up - corner - each))
        out[i] = (byte + (0, left, up, (left + up) // 2, near)[kind]) & 255
    return out


def test_a_mail_is_shown_on_a_wide_and_a_narrow_screen(shown):
    pictures = shown(MAIL)
    assert (pictures.wide.screen, pictures.narrow.screen) == (WIDE, NARROW)
    for picture in (pictures.wide, pictures.narrow):
        assert picture.width == picture.screen
        assert struct.unpack(">II", picture.png[16:24]) == (picture.width, picture.height)
        assert not picture.cut
    assert pictures.narrow.height > pictures.wide.height


def test_the_same_mail_gives_the_same_picture(shown):
    assert shown(MAIL) == shown(MAIL)


def test_no_script_runs(shown):
    red = '<body style="margin:0;background:#f00">'
    green = "<script>document.body.style.background='#0f0'</script><img src=x onerror=\"document.body.bgColor='#0f0'\">"
    assert pixel(shown(f"<!doctype html>{red}{green}").wide.png, 300, 90) == (255, 0, 0)


def test_a_blocked_image_stands_as_a_grey_box_and_one_that_a_mail_brings_is_shown(shown):
    drawing = (
        "<svg xmlns='http://www.w3.org/2000/svg' width='50' height='50'><rect width='50' height='50' fill='blue'/>"
    )
    blocked = '<img src="https://example.com/a.png" width=50 height=50 style="float:left">'
    html = f'<!doctype html><body style="margin:0">{blocked}<img src="data:image/svg+xml,{drawing}</svg>">'
    png = shown(html).wide.png
    assert pixel(png, 25, 25) == (217, 217, 217)
    assert pixel(png, 75, 25) == (0, 0, 255)


@pytest.mark.parametrize("namespace", [True, False], ids=["without a network", "by flags and answers alone"])
def test_nothing_is_fetched(program, watched, shown, monkeypatch, namespace):
    with urllib.request.urlopen(f"{watched.url}/awake"):
        assert watched.asked == ["/awake"]
    if not namespace:
        # The painting process finds no `unshare`, so that the browser could reach the server.
        monkeypatch.setattr("bot.child_process.ENVIRONMENT", {"PATH": "/nowhere", "LANG": "C.UTF-8"})
    shown(ASKING.replace("URL", watched.url))
    assert watched.asked == ["/awake"]


def test_no_file_of_this_machine_is_shown(shown, tmp_path):
    picture = Path(tempfile.gettempdir()) / f"{tmp_path.name}-red.svg"
    picture.write_text("<svg xmlns='http://www.w3.org/2000/svg'><rect width='99' height='99' fill='red'/></svg>")
    try:
        html = f'<!doctype html><body style="margin:0"><img src="file://{picture}" width=50 height=50>'
        assert pixel(shown(html).wide.png, 25, 25) == (217, 217, 217)
    finally:
        picture.unlink()


def test_a_long_mail_is_cut_and_says_so(shown):
    picture = shown("<!doctype html><div style='height:50000px'>long</div>").wide
    assert (picture.height, picture.cut) == (MOST_HEIGHT, True)


def test_a_mail_that_is_too_wide_for_a_telephone_is_shown_whole(shown):
    picture = shown("<!doctype html><body style='margin:0'><table width=600><tr><td>wide</table>").narrow
    assert (picture.width, picture.cut) == (600, False)


def test_without_a_browser_there_is_no_picture_and_one_sentence_says_why():
    none = render(MAIL, programs=("/nowhere/chromium",))
    assert none.failure is Failure.NOT_INSTALLED
    assert none.why == "There is no picture of the e-mail: no browser that could make one is installed."


@pytest.mark.parametrize(
    ("does", "failure"),
    [
        ("exit 1", Failure.CRASHED),
        ("echo 'FATAL: No usable sandbox! If you are' >&2; exit 1", Failure.NO_SANDBOX),
        ('printf \'{"id":1,"error":{}}\\0\' >&4; sleep 600', Failure.CRASHED),
        ("head -c 20000000 /dev/zero | tr '\\0' x >&4; sleep 600", Failure.TOO_LARGE),
    ],
)
def test_a_browser_that_fails_gives_no_picture(stand_in, does, failure):
    assert render(MAIL, deadline=60, programs=(stand_in(does),)).failure is failure


def test_at_the_deadline_nothing_is_left_of_what_was_started(stand_in):
    program = stand_in("sleep 613 & sleep 613")
    assert render(MAIL, deadline=1.5, programs=(program,)).failure is Failure.TIMED_OUT
    until(lambda: not [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", "613"]])


def test_nothing_is_left_of_a_real_browser_and_its_folder(program, tmp_path, monkeypatch):
    # A place of its own: other tests paint at the same time.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for deadline in (0.5, 60):
        render(MAIL, deadline=deadline)
    until(lambda: not [p for p in psutil.process_iter(["cmdline"]) if str(tmp_path) in str(p.info["cmdline"])])
    assert not list(tmp_path.iterdir())


def test_what_is_too_long_is_not_even_given_to_the_browser():
    assert render("x" * (MOST_HTML + 1)).failure in (Failure.TOO_LARGE, Failure.NOT_INSTALLED)


HOSTILE = {
    "two megabytes": f"<p>{'text ' * 100}</p>" * 4_000,
    "deeply nested": "<div>" * 2_000 + "deep",
    "nested tables": "<table><tr><td>" * 100,
    "malformed": "<table><b><p><i></b></table><!-- <![CDATA[ <td <<a href='" * 2_000,
    "broken characters": "\x00\ufffe\ud800<p>\udfff" * 5_000,
    "thousands of links": "".join(f'<a href="https://example.com/{n}">{n}</a> ' for n in range(20_000)),
    "many images": "".join(f'<img src="https://example.com/{n}">' for n in range(500)),
    "a huge table": "<table>" + "<tr>" + "<td>x" * 200 + "</tr>" + ("<tr>" + "<td>x" * 200) * 50,
    "endless animation": "<style>@keyframes a{to{transform:rotate(360deg)}}p{animation:a 1ms infinite}</style>"
    + "<p>x</p>" * 500,
    "a wide and high page": "<div style='width:1000000px;height:1000000px'>x</div>",
    "an image brought along": f'<img src="data:image/png;base64,{"A" * 1_500_000}">',
}


@pytest.mark.parametrize("html", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_mail_is_bounded_and_leaves_this_processs_memory_alone(program, html):
    render(MAIL)
    gc.collect()
    process = psutil.Process()
    before = process.memory_info().rss
    made = render(html)
    assert isinstance(made, Pictures) or made.failure in (
        Failure.TIMED_OUT,
        Failure.TOO_LARGE,
        Failure.TOO_MANY_REQUESTS,
    )
    gc.collect()
    assert process.memory_info().rss - before < 20 * 1024 * 1024


@pytest.fixture
def stand_in(tmp_path_factory):
    """A program that stands for a browser and does what it is told to."""
    folder = Path(tempfile.mkdtemp(prefix="stand-in-"))
    folder.chmod(0o755)

    def write(does: str) -> str:
        program = folder / "browser"
        program.write_text(f"#!/bin/sh\n{does}\n")
        program.chmod(0o755)
        return str(program)

    yield write
    for each in folder.iterdir():
        each.unlink()
    folder.rmdir()


def test_the_real_program_comes_before_debians_script():
    assert chromium.PROGRAMS[0] == "/usr/lib/chromium/chromium-headless-shell"
