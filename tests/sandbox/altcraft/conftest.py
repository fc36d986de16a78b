"""A stand-in platform on a socket, new for every test."""

import pytest

from tests.sandbox.altcraft.rig import AltcraftRig


@pytest.fixture(scope="module")
def server():
    rig = AltcraftRig()
    yield rig
    rig.close()


@pytest.fixture
def rig(server):
    server.fresh()
    return server
