"""A stand-in Slack, and a real Bolt app that listens to it over HTTP."""

import pytest

from sandbox.slack.records import Limits
from tests.sandbox.slack.rig import bolt_app, over_http, running


@pytest.fixture(scope="module")
def shared():
    yield from running(Limits(post_burst=1000, ack_seconds=1.0))


@pytest.fixture
def rig(shared):
    return shared.reset()


@pytest.fixture
def app(rig):
    """A Bolt app that is listening; a test adds its listeners."""
    app = bolt_app(rig)
    with over_http(rig, app):
        yield app
