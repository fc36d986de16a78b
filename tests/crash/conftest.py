"""What the sweeps over a launch's life share."""

from collections.abc import Callable

import pytest

from tests.conftest import ENGINES
from tests.crash.lanes import FEW_LANES, LANES


@pytest.fixture
def lanes(full) -> int:
    return LANES if full else FEW_LANES


@pytest.fixture(params=ENGINES)
def databases(request, tmp_path) -> Callable[[int | str], str]:
    """An empty journal for each lane."""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        return lambda _: server.new_journal()
    return lambda lane: f"sqlite:///{tmp_path / str(lane) / 'journal.db'}"
