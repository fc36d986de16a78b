"""The picture of an e-mail comes into the card's thread, once, and holds nothing up."""

import os
import signal
import sqlite3
import sys
from contextlib import closing, contextmanager

import pytest

from bot.picture import chromium
from sandbox.cast import BEN
from tests.end_to_end.scene import open_house, open_scene
from tests.waiting import until
from tests.watched import watching

CAPTION = "on a wide and on a narrow screen"

PATIENCE = 20
"""Seconds: a busy machine takes some to start a browser."""

PICTURES = {"MESSAGE_PICTURES": "yes"}

COUNTING = """
import pathlib
from bot.picture import rendering
rendered = rendering._rendered

def counted(*arguments):
    with pathlib.Path("rendered").open("a") as file:
        file.write("once\\n")
    return rendered(*arguments)

rendering._rendered = counted
"""

HANGING = """
import pathlib, time
from bot.picture import rendering
rendered = rendering._rendered

def late(*arguments):
    pathlib.Path("begun").touch()
    while not pathlib.Path("released").exists():
        time.sleep(0.05)
    return rendered(*arguments)

rendering._rendered = late
"""

WITHOUT_BROWSER = """
from bot.picture import chromium
chromium.find = lambda *_: None
"""

FAILING = """
from bot.picture import chromium
chromium.find = lambda *_: "/bin/false"
"""

KILLED_BEFORE_IT_IS_SHOWN = """
import os, pathlib, signal
from bot.slack import pictures

def killed(*arguments):
    if pathlib.Path("killed").exists():
        return share(*arguments)
    pathlib.Path("killed").touch()
    os.kill(os.getpid(), signal.SIGKILL)

share, pictures.share = pictures.share, killed
"""

KILLED_BEFORE_IT_IS_NOTED = """
import os, pathlib, signal
from bot.slack import pictures

def killed(*arguments):
    share(*arguments)
    if not pathlib.Path("killed").exists():
        pathlib.Path("killed").touch()
        os.kill(os.getpid(), signal.SIGKILL)

share, pictures.share = pictures.share, killed
"""


UNHURRIED = """
from bot.picture import rendering
rendering.render.__defaults__ = (40.0, *rendering.render.__defaults__[1:])
"""
"""On a machine on which six browsers paint at once, none may be done within the bot's own bound."""


def bot_with(mischief):
    """The bot, run in a process in which that was done before."""
    start = "import runpy, sys; sys.argv = ['bot', 'run']; runpy.run_module('bot', alter_sys=True)"
    return (sys.executable, "-c", f"{UNHURRIED}{mischief}\n{start}")


@contextmanager
def showing(folder, mischief=""):
    with open_scene(settings=PICTURES, folder=folder, command=bot_with(mischief)) as scene:
        yield scene


def nothing_is_due(scene):
    """Whether every picture that was asked for has been dealt with."""
    file = scene.stage.environment["DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as journal:
        return not journal.execute("SELECT 1 FROM launches WHERE picture_at IS NOT NULL").fetchone()


def pictures_in(scene, card):
    return sum(CAPTION in reply for reply in scene.replies(card))


@pytest.fixture(scope="module", autouse=True)
def browser_is_installed():
    if not chromium.find():
        missing = "this test needs chromium (Debian: apt install chromium-headless-shell)"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)


@pytest.fixture(scope="module")
def house():
    with open_house(PICTURES) as house:
        yield house


@pytest.fixture(scope="module")
def shared():
    with open_scene(settings=PICTURES, command=bot_with("")) as scene:
        yield scene


@pytest.fixture
def scene(shared):
    shared.sweep()
    return shared


def test_both_pictures_follow_in_the_thread_and_an_approval_does_not_repeat_them(house, visitor):
    card = house.asks("82 run_now")
    house.sees_reply(card, CAPTION)
    house.presses(BEN, card, "launch:approve")
    house.sees_reply(card, "accepted the launch")
    assert pictures_in(house, card) == 1
    visitor.is_person("U0ANA")
    visitor.opens_thread()
    visitor.sees("thread", "On a narrow screen")
    assert visitor.errors() == []


def test_two_launches_with_the_same_mail_have_it_rendered_once(tmp_path):
    with showing(tmp_path, COUNTING) as scene:
        for _ in range(2):
            card = scene.asks("82 run_now source=segment:5")
            scene.sees_reply(card, CAPTION)
    assert (tmp_path / "rendered").read_text() == "once\n"


def test_neither_card_nor_launch_waits_for_a_picture_that_takes_long(tmp_path):
    with showing(tmp_path, HANGING) as scene:
        card = scene.asks("82 run_now")
        until((tmp_path / "begun").exists, PATIENCE)
        scene.presses(BEN, card, "launch:approve")
        scene.sees_reply(card, "The run ended")
        assert pictures_in(scene, card) == 0
        (tmp_path / "released").touch()
        scene.sees_reply(card, CAPTION)


def asked_anew(scene, card, change, told):
    """The card after somebody has changed the template and an approver has found out."""
    scene.run(lambda: scene.platform.edit_template(78, "email", change, by="mallory"))
    scene.presses(BEN, card, "launch:approve")
    scene.sees_reply(card, told)
    return scene.sees_card(card, told)


def test_a_changed_mail_is_shown_anew_and_a_changed_subject_is_not(scene):
    card = scene.asks("82 run_now source=segment:5")
    scene.sees_reply(card, CAPTION)
    card = asked_anew(scene, card, {"subject": "Another one"}, "Another one")
    card = asked_anew(scene, card, {"html": "<p>Half price"}, "HTML")
    until(lambda: pictures_in(scene, card) == 2, PATIENCE)
    until(lambda: nothing_is_due(scene), PATIENCE)
    assert pictures_in(scene, card) == 2


def test_nothing_that_a_mail_refers_to_is_fetched(scene):
    with watching() as watched:
        html = (
            f'<meta http-equiv="refresh" content="0;{watched.url}/away"><link rel="icon" href="{watched.url}/icon">'
            f'<img src="{watched.url}/open.png"><table background="{watched.url}/back.png"><tr><td>Hello</table>'
            f'<iframe src="{watched.url}/frame"></iframe><script src="{watched.url}/script.js"></script>'
        )
        scene.run(lambda: scene.platform.edit_template(78, "email", {"html": html}, by="mallory"))
        card = scene.asks("82 run_now source=segment:5")
        scene.sees_reply(card, CAPTION)
        assert watched.asked == []


@pytest.mark.parametrize(
    ("method", "failure"),
    [
        ("files.getUploadURLExternal", "internal_error"),
        ("files.completeUploadExternal", "ratelimited"),
        ("files.completeUploadExternal", 503),
        ("conversations.replies", 500),
    ],
)
def test_what_slack_does_not_take_comes_later(scene, method, failure):
    scene.run(lambda: scene.workspace.faults.fail(method, failure))
    card = scene.asks("82 run_now source=segment:5")
    scene.sees_reply(card, CAPTION)
    until(lambda: nothing_is_due(scene), PATIENCE)
    assert pictures_in(scene, card) == 1


def test_a_picture_whose_answer_was_lost_is_not_posted_twice(scene):
    scene.run(lambda: scene.workspace.faults.drop("files.completeUploadExternal"))
    card = scene.asks("82 run_now source=segment:5")
    scene.sees_reply(card, CAPTION)
    until(lambda: nothing_is_due(scene), PATIENCE)
    assert pictures_in(scene, card) == 1


@pytest.mark.parametrize("moment", [KILLED_BEFORE_IT_IS_SHOWN, KILLED_BEFORE_IT_IS_NOTED])
def test_a_bot_that_is_killed_around_an_upload_shows_the_picture_once(tmp_path, moment):
    with showing(tmp_path, moment) as scene:
        card = scene.asks("82 run_now source=segment:5")
        until(lambda: scene.stage.bot.exit_status == -signal.SIGKILL, PATIENCE)
        scene.start_bot()
        until(lambda: nothing_is_due(scene), PATIENCE)
        assert pictures_in(scene, card) == 1


def test_a_browser_that_fails_leaves_one_sentence_and_the_launch_goes_on(tmp_path):
    with showing(tmp_path, FAILING) as scene:
        card = scene.launches("82 run_now")
        scene.sees_reply(card, "There is no picture of the e-mail: the browser ended before it was made.")
        assert sum("no picture" in text for text in scene.replies(card)) == 1


def test_that_no_browser_is_installed_is_said_in_the_first_thread_alone(tmp_path):
    with showing(tmp_path, WITHOUT_BROWSER) as scene:
        first = scene.launches("82 run_now")
        scene.sees_reply(first, "no browser that could make one is installed")
        second = scene.launches("4107 run_now")
        assert not any("no picture" in text for text in scene.replies(second))
