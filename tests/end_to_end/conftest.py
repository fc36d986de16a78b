"""The whole product on real sockets: both stand-ins in a thread of the test, the bot as a process of its own."""

from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome

from sandbox.cast import BEN, CLEO, DAN, OTTO
from tests.browser import open_browser
from tests.end_to_end.scene import Scene, open_scene
from tests.end_to_end.visitor import Visitor

LOCALES = {"en": "en-US", "ru": "ru-RU"}
TRANSPORTS = {"socket": {"socket_mode": True}, "http": {"socket_mode": False}}


@pytest.fixture(scope="module")
def shared_scene() -> Iterator[Scene]:
    """One bot for all tests of a module: starting it takes longer than most of them."""
    with open_scene() as scene:
        yield scene


@pytest.fixture
def scene(shared_scene: Scene) -> Scene:
    """The shared scene, swept."""
    shared_scene.sweep()
    return shared_scene


@pytest.fixture(scope="module", params=TRANSPORTS)
def shared_on_each_transport(request: pytest.FixtureRequest) -> Iterator[Scene]:
    with open_scene(**TRANSPORTS[request.param]) as scene:
        yield scene


@pytest.fixture
def each_transport(shared_on_each_transport: Scene) -> Scene:
    """A scene that all tests of a module share, swept, once over each transport."""
    shared_on_each_transport.sweep()
    return shared_on_each_transport


@pytest.fixture(scope="module", params=["json", "xml"])
def formatted(request: pytest.FixtureRequest) -> Iterator[Scene]:
    """One bot for each format that the platform speaks."""
    with open_scene(settings={"ALTCRAFT_FORMAT": request.param}) as scene:
        yield scene


@pytest.fixture(scope="module", params=LOCALES)
def shared_channel(request: pytest.FixtureRequest) -> Iterator[tuple[Scene, str]]:
    with open_scene(settings={"CHANNEL_LOCALE": request.param}) as scene:
        # Private answers are in each person's own language. Ana, who asks, reads English everywhere.
        for who in (BEN, CLEO, DAN, OTTO):
            scene.run(lambda who=who: scene.workspace.reads_in(who, LOCALES[request.param]))
        yield scene, request.param


@pytest.fixture
def channel(shared_channel: tuple[Scene, str]) -> tuple[Scene, str]:
    """A scene, swept, and the language of its channels and of everybody but Ana."""
    shared_channel[0].sweep()
    return shared_channel


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with open_browser(tmp_path_factory.mktemp("browser")) as browser:
        yield browser


@pytest.fixture
def visitor(house: Scene, browser: Chrome) -> Visitor:
    """Somebody who has just opened the page of the module's `house`, swept."""
    house.sweep()
    return Visitor(browser, house.stage.urls["page"]).arrives()
