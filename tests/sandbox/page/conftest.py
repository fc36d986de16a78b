"""A world for each module's tests, and a person before its page."""

import itertools

import pytest

from tests.browser import open_browser
from tests.sandbox.page.visitor import Visitor
from tests.sandbox.page.world import PageWorld

VISITS = itertools.count()


@pytest.fixture(scope="module")
def world():
    world = PageWorld()
    yield world
    world.close()


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with open_browser(tmp_path_factory.mktemp("browser")) as browser:
        yield browser


@pytest.fixture
def visitor(browser, world):
    world.close_modals()
    world.app.pressed.clear()
    world.app.states.clear()
    world.writes("")
    browser.get(f"{world.url}/?visit={next(VISITS)}")
    visitor = Visitor(browser, world)
    visitor.find("person-U0ANA")
    return visitor
