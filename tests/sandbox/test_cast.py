"""The people by program press what stands on a card, as a visitor's click would."""

from types import SimpleNamespace

import pytest

from sandbox.cast import Cast
from tests.sandbox.slack.rig import LAUNCHES, actions, bolt_app, button, over_http, running, section


@pytest.fixture(scope="module")
def rig():
    yield from running(None)


@pytest.fixture
def pressed(rig):
    """Clicks as the app was told of them: the block, the button's value."""
    told = []
    app = bolt_app(rig.reset())

    @app.action("launch:approve")
    def listener(ack, body):
        ack()
        told.append((body["actions"][0]["block_id"], body["actions"][0]["value"]))

    with over_http(rig, app):
        yield told


@pytest.fixture
def cast(rig):
    return Cast(SimpleNamespace(workspace=rig.workspace))


def card(rig, cast, *blocks):
    metadata = {"event_type": "launch", "event_payload": {"launch_id": "L7"}}
    rig.client.chat_postMessage(channel=LAUNCHES, text="card", blocks=[section(), *blocks], metadata=metadata)
    return rig.do(lambda: cast.cards()[-1])


def approve(value):
    return actions(button("launch:approve", value), block_id="decide")


def test_a_press_carries_the_buttons_own_value(rig, cast, pressed):
    seen = card(rig, cast, actions(button("launch:reject", "L7")), approve("L7:1a2b"))

    rig.call(cast.presses("U0BEN", seen, "launch:approve"))

    assert pressed == [("decide", "L7:1a2b")]


def test_a_press_on_an_old_sight_of_the_card_carries_what_stood_there(rig, cast, pressed):
    seen = card(rig, cast, approve("L7:1a2b"))
    rig.client.chat_update(channel=LAUNCHES, ts=seen["ts"], text="card", blocks=[section(), approve("L7:9f9f")])

    rig.call(cast.presses("U0BEN", seen, "launch:approve"))

    assert pressed == [("decide", "L7:1a2b")]


def test_a_press_of_a_button_that_was_never_there_carries_the_launch(rig, cast, pressed):
    seen = card(rig, cast)

    rig.call(cast.presses("U0BEN", seen, "launch:approve"))

    assert pressed == [("actions", "L7")]
