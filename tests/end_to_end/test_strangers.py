"""Deactivated people, bots and strangers count nowhere, and what is not of the bot's own workspace is refused."""

import pytest

from sandbox.cast import ANA, BEN, LAUNCHES
from sandbox.slack.delivery import COMMANDS, EVENTS, INTERACTIVE
from sandbox.team import PEOPLE

ELSEWHERE = {
    "another workspace": {"team_id": "T0ELSE", "team": {"id": "T0ELSE", "domain": "else"}},
    "another organisation": {"enterprise_id": "E0ELSE", "enterprise": {"id": "E0ELSE"}},
    "another app": {"api_app_id": "A0ELSE"},
}
REFUSED = "This came from another workspace, organisation or app"


@pytest.fixture
def scene(each_transport):
    yield each_transport
    if each_transport.workspace.state.people[BEN] != next(one for one in PEOPLE if one.id == BEN):
        each_transport.sweep()
        forgets(each_transport)


def becomes(scene, person, **marks):
    def marked():
        for name, value in marks.items():
            setattr(scene.workspace.state.people[person], name, value)

    scene.run(marked)


def forgets(scene):
    """The bot starts again, and so asks Slack about everybody anew."""
    scene.kill_bot()
    scene.start_bot()


def denials(scene):
    return scene.refusals()


@pytest.mark.parametrize(
    "marks",
    [{"deleted": True}, {"is_bot": True}, {"stranger": True, "team_id": "T0ELSE"}],
    ids=["deactivated", "a bot", "a stranger"],
)
def test_an_approver_who_counts_no_longer_before_the_call_launches_nothing(scene, marks):
    scene.policy('[always]\nhold = "3s"\n')
    card = scene.asks("82 run_now")
    scene.presses(BEN, card, "launch:approve")
    scene.sees_reply(card, "approved the launch")
    becomes(scene, BEN, **marks)
    forgets(scene)
    scene.sees_reply(card, "<@U0BEN> is no longer in the approver list, or no longer an active member")
    scene.sees_card(card, "Held back right before the launch")
    assert scene.sent == []


@pytest.mark.parametrize("marks", [{"is_bot": True}, {"stranger": True}], ids=["a bot", "a stranger"])
def test_a_listed_approver_who_is_a_bot_or_a_stranger_approves_nothing_and_that_is_recorded(scene, marks):
    card = scene.asks("82 run_now")
    becomes(scene, BEN, **marks)
    forgets(scene)
    before = denials(scene)
    scene.presses(BEN, card, "launch:approve")
    scene.is_told(BEN, "Only active members of this workspace count")
    assert denials(scene) == before + 1
    assert scene.sent == []


@pytest.mark.parametrize("foreign", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_payload_of_elsewhere_does_nothing_and_is_recorded(scene, foreign):
    """A command, a click, an event, a submission and an option load, each signed as it should be."""
    card = scene.asks("82 run_now")
    scene.sees_reply(card, "asks to launch")
    delivery, given = scene.workspace.delivery, []
    send = delivery.send

    async def sending(kind, payload):
        answer = await send(kind, {**payload, **foreign})
        given.append((kind, payload.get("type"), answer))
        return answer

    before, cards = denials(scene), len(scene.run(scene.cast.cards))
    scene.opens("82 run_now")
    view = scene.workspace.snapshot(ANA)["views"][-1]["view_id"]
    scene.run(lambda: setattr(delivery, "send", sending))
    try:
        scene.do(scene.workspace.command(ANA, LAUNCHES, "/campaign-activate", "82 run_now"))
        scene.is_told(ANA, REFUSED)
        scene.presses(BEN, card, "launch:approve")
        scene.is_told(BEN, REFUSED)
        container = {"type": "view", "view_id": view}
        assert scene.do(scene.workspace.options(ANA, container, "campaign", "campaign", "")) == []
        scene.do(scene.workspace.submit(ANA, view))
        scene.do(scene.workspace.open_home(ANA))
    finally:
        scene.run(lambda: setattr(delivery, "send", send))
    assert [kind for kind, _, _ in given] == [COMMANDS, INTERACTIVE, INTERACTIVE, INTERACTIVE, EVENTS]
    scene.until(lambda: denials(scene) == before + 5, "each is recorded")
    assert len(scene.run(scene.cast.cards)) == cards
    assert "launch:approve" not in scene.audit(card)
    assert scene.sent == []
