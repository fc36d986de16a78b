"""Whatever stands in a template: the launch can be decided, nobody is pinged, nothing is fetched or kept in memory."""

import os
import re
from dataclasses import replace

import psutil
import pytest

from bot.picture import chromium
from sandbox.cast import BEN
from tests.end_to_end.scene import open_scene
from tests.end_to_end.test_picture import CAPTION, nothing_is_due
from tests.waiting import until
from tests.watched import watching

PATIENCE = 60
"""Seconds: a browser is given ten for a mail, and the machine may be busy."""

NO_PICTURE = "There is no picture of the e-mail"

PINGS = "<!channel> <!here> <@U0OTTO> <!subteam^S0LEADS|@leads> @everyone *bold* `code` :tada: &lt;!channel&gt;"

LARGEST_GROWTH = 20 * 1024 * 1024


def of_length(piece, characters=60_000):
    return piece * (characters // len(piece))


MAILS = {
    "2 MB": of_length(f"<p>{'text ' * 100}</p>", 2_000_000),
    "deeply nested": of_length("<div>"),
    "deeply nested tables": of_length("<table><tr><td>"),
    "malformed": of_length("<table><b><p><i></b></table><!-- <![CDATA[ <td <<a href='"),
    "wrong charset": of_length("<p>Весна пришла! ".encode().decode("latin-1")),
    "data images": f'<img src="data:image/png;base64,{of_length("A", 2_000_000)}">Hello',
    "thousands of links": "".join(f'<a href="https://example.com/{n}">{n}</a> ' for n in range(5_000)),
    "Slack's markup": f"<p>{PINGS}</p>" * 500,
}


@pytest.fixture(scope="module", params=["json", "xml"])
def shared(request):
    """One bot for each format that the platform speaks."""
    if not chromium.find():
        missing = "this test needs chromium (Debian: apt install chromium-headless-shell)"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    with open_scene(
        settings={"MESSAGE_PICTURES": "yes", "ALTCRAFT_TIMEOUT": "30", "ALTCRAFT_FORMAT": request.param}
    ) as scene:
        yield scene


@pytest.fixture
def scene(shared):
    shared.sweep()
    return shared


def with_template(scene, **fields):
    """A campaign whose template is like the one of Black Friday, but for these fields of its e-mail."""
    number = scene.adds_campaign()

    def exchanged():
        known = scene.platform.templates[78]
        email = {**known.channels["email"], **fields}
        scene.platform.templates[number] = replace(known, id=number, channels={"email": email})
        scene.platform.campaigns[number] = replace(scene.platform.campaigns[number], message_id=number)

    scene.run(exchanged)
    return number


def is_decided(scene, number):
    """Asks, reads, approves and launches; gives the card, its thread and the window."""
    card = scene.asks(f"{number} run_now content.promo=EARLY")
    scene.presses(BEN, card, "launch:read")
    window = scene.sees_modal(BEN, str(number))
    scene.presses(BEN, card, "launch:approve")
    scene.sees_reply(card, "accepted the launch")
    until(lambda: nothing_is_due(scene), PATIENCE)
    return [scene.sees_card(card), *scene.run(lambda: scene.cast.thread(card)), window]


def pictures_and_excuses(shown):
    return sum(CAPTION in one.get("text", "") or NO_PICTURE in one.get("text", "") for one in shown)


def memory(scene):
    """Bytes that the bot's own process holds."""
    return psutil.Process(scene.stage.bot.pid).memory_info().rss


def called(shown):
    """Whoever is called in what Slack formats: messages' texts, and texts of blocks that are not plain."""
    return {mark for text in formatted(shown) for mark in re.findall(r"<[!@][^>]*>", text) if "date" not in mark}


def formatted(shown):
    match shown:
        case {"type": "plain_text"}:
            return
        case dict():
            if isinstance(shown.get("text"), str):
                yield shown["text"]
            for one in shown.values():
                yield from formatted(one)
        case list():
            for one in shown:
                yield from formatted(one)


def test_text_full_of_slacks_markup_calls_nobody_whom_other_text_does_not(scene):
    fields = ("subject", "from_name", "replyto_name", "text", "html")
    plain, marked = (
        called(is_decided(scene, with_template(scene, **dict.fromkeys(fields, words)))) for words in ("Hello", PINGS)
    )
    assert plain == marked


def test_a_template_without_channels_and_ten_content_items_can_be_decided(scene):
    number = with_template(scene)

    def exchanged():
        scene.platform.templates[number] = replace(scene.platform.templates[number], channels={})
        campaign = scene.platform.campaigns[number]
        scene.platform.campaigns[number] = replace(campaign, also_sends=(77, 78, 79) * 3)

    scene.run(exchanged)
    assert pictures_and_excuses(is_decided(scene, number)) == 3
    assert len(scene.sent) == 1


@pytest.mark.timeout(300)
def test_hostile_mails_can_be_decided_with_nothing_fetched_and_no_memory_kept(scene):
    with watching() as watched:
        for _ in range(5):
            is_decided(scene, with_template(scene, html="<p>Hello</p>" * 1000))
        before = memory(scene)
        for mail in MAILS.values():
            shown = is_decided(scene, with_template(scene, html=f'<img src="{watched.url}/open.png">{mail}'))
            assert pictures_and_excuses(shown) == 1
        grown = memory(scene) - before
    assert watched.asked == []
    assert grown < LARGEST_GROWTH
    assert len(scene.sent) == 5 + len(MAILS)
