"""What the tests of pictures share: a browser that is there, and small mails of our own."""

import os

import pytest

from bot.picture import chromium
from bot.picture.picture import Pictures
from bot.picture.rendering import render
from tests.watched import watching


@pytest.fixture
def program() -> str:
    """The browser that pictures are made with. Without one the test is skipped; in CI it fails."""
    found = chromium.find()
    if not found:
        missing = "this test needs chromium (Debian: apt install chromium-headless-shell)"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    return found


@pytest.fixture
def shown(program):
    """Makes the pictures of a mail, with more time than a busy machine takes."""

    def show(html: str) -> Pictures:
        pictures = render(html, deadline=60)
        assert isinstance(pictures, Pictures), pictures
        return pictures

    return show


@pytest.fixture
def watched():
    with watching() as server:
        yield server
