import sys

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="kill at every point, 200 times at random, 1,000 launches")


@pytest.fixture
def full(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--full"))


@pytest.fixture
def say(capsys):
    """Prints a table also where pytest keeps what tests print."""

    def said(text: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{text}\n")

    return said
