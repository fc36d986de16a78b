"""The app installed in a whole Enterprise organisation: several workspaces, people whose ids begin with W, one bot."""

import subprocess
import sys
from dataclasses import replace

import pytest

from sandbox.bot_process import COMMAND
from sandbox.cast import ANA, BEN, DAN, LAUNCHES, OTTO, texts
from sandbox.slack.records import Channel, Organisation, Person, UserGroup
from sandbox.team import PEOPLE, STEP
from tests.end_to_end.scene import Scene, open_scene

ACME = Organisation("E0ACME", "Acme", ("T0SECOND",))
EVE, FAY = "W0EVE", "W0FAY"
SECOND = "C0SECOND"
REFUSED = "This came from another workspace, organisation or app"

PEOPLE_BY_GROUP = {
    "REQUESTERS": f"{ANA},{EVE}",
    "APPROVERS": "S0SECOND",
    "ADMINS": DAN,
}
"""Approvers are in a group of the second workspace alone."""

ASKING_AT_ONCE = (
    sys.executable,
    "-c",
    (
        "import runpy, sys; from bot.slack import workspace; workspace.AGAIN = 0.0; "
        "sys.argv = ['bot', 'run']; runpy.run_module('bot', alter_sys=True)"
    ),
)
"""The bot, for which the minute is over in which it does not ask again where it is."""


@pytest.fixture(scope="module", params=["socket", "http"])
def organisation(request):
    socket_mode = request.param == "socket"
    with open_scene(socket_mode=socket_mode, organisation=ACME, settings=PEOPLE_BY_GROUP) as scene:
        scene.run(lambda: _second_workspace(scene))
        yield scene


def _second_workspace(scene: Scene) -> None:
    state = scene.workspace.state
    for who, handle, name in ((EVE, "eve", "Eve"), (FAY, "fay", "Fay")):
        state.people[who] = Person(who, handle, name, team_id="T0SECOND")
    everyone = [EVE, FAY, ANA, BEN, DAN, state.identity.bot_user_id]
    state.channels[SECOND] = Channel(SECOND, "second", everyone, team_id="T0SECOND")
    state.groups["S0SECOND"] = UserGroup("S0SECOND", "second", "Second", [FAY], team_id="T0SECOND")


@pytest.fixture
def scene(organisation):
    organisation.sweep()
    yield organisation
    for one in PEOPLE:
        organisation.run(lambda one=one: organisation.workspace.state.people.__setitem__(one.id, replace(one)))


def test_people_of_two_workspaces_launch_in_the_channels_of_both(scene):
    """Slack wants to be told in which workspace a group is; the bot finds out."""
    for channel, who in ((SECOND, EVE), (LAUNCHES, ANA)):
        before = len(scene.sent)
        card = scene.asks("82 run_now", who, channel)
        scene.presses(BEN, card, "launch:approve", channel)
        scene.is_told(BEN, "You cannot approve")
        scene.presses(FAY, card, "launch:approve", channel)
        scene.sees_card(card, "Run finished", channel=channel)
        assert len(scene.sent) == before + 1


def test_home_events_mentions_and_option_loads_of_the_second_workspace_are_answered(scene):
    scene.do(scene.cast.opens_home(EVE, "Your requests"))
    scene.opens("82 run_now", EVE, SECOND)
    view = scene.workspace.snapshot(EVE)["views"][-1]["view_id"]
    container = {"type": "view", "view_id": view}
    assert scene.do(scene.workspace.options(EVE, container, "campaign", "campaign", ""))
    scene.do(scene.workspace.say(EVE, SECOND, f"<@{scene.workspace.identity.bot_user_id}> hello"))
    scene.is_told(EVE, "/campaign-activate")


def test_a_workflow_of_an_organisation_asks_in_the_name_of_whoever_ran_it(scene):
    inputs = {"campaign": "82", "when": "now", "channel": SECOND}
    before = {one["ts"] for one in scene.run(lambda: scene.cast.cards(SECOND))}
    execution = scene.do(scene.workspace.run_step(STEP.callback_id, EVE, inputs))
    card = scene.until(
        lambda: next((one for one in scene.cast.cards(SECOND) if one["ts"] not in before), None), "the card appears"
    )
    scene.presses(FAY, card, "launch:approve", SECOND)
    scene.until(lambda: execution.state == "completed", "the step is completed")
    assert execution.outputs["link"].startswith("https://sandbox.enterprise.slack.com/archives/C0SECOND/p")


@pytest.mark.parametrize(
    "foreign",
    [
        {"enterprise_id": "E0ELSE", "enterprise": {"id": "E0ELSE", "name": "Else"}},
        {"enterprise_id": None, "enterprise": None},
        {"team_id": "T0ELSE", "team": {"id": "T0ELSE", "domain": "else"}},
        {"api_app_id": "A0ELSE"},
    ],
    ids=["another organisation", "no organisation", "a workspace without the app", "another app"],
)
def test_what_is_of_another_organisation_is_refused_and_recorded(scene, foreign):
    delivery = scene.workspace.delivery
    send = delivery.send

    async def sending(kind, payload):
        return await send(kind, {**payload, **foreign})

    before, cards = scene.refusals(), len(scene.run(scene.cast.cards))
    scene.run(lambda: setattr(delivery, "send", sending))
    try:
        scene.do(scene.workspace.command(ANA, LAUNCHES, "/campaign-activate", "82 run_now"))
        scene.is_told(ANA, REFUSED)
    finally:
        scene.run(lambda: setattr(delivery, "send", send))
    assert scene.refusals() == before + 1
    assert len(scene.run(scene.cast.cards)) == cards


def test_an_event_that_another_organisation_authorized_is_refused(scene):
    delivery, before = scene.workspace.delivery, scene.refusals()
    send = delivery.send

    async def sending(kind, payload):
        elsewhere = [{**payload["authorizations"][0], "enterprise_id": "E0ELSE"}]
        return await send(kind, {**payload, "authorizations": elsewhere})

    scene.run(lambda: setattr(delivery, "send", sending))
    try:
        scene.do(scene.workspace.open_home(OTTO))
    finally:
        scene.run(lambda: setattr(delivery, "send", send))
    scene.until(lambda: scene.refusals() == before + 1, "it is recorded")
    assert texts(scene.workspace.snapshot(OTTO)["home"]) == ""


def test_a_workspace_that_gets_the_app_later_is_served_without_a_restart():
    with open_scene(organisation=ACME, settings=PEOPLE_BY_GROUP, command=ASKING_AT_ONCE) as scene:
        scene.run(lambda: _second_workspace(scene))
        scene.run(lambda: _moves_to(scene, replace(ACME, teams=("T0SECOND", "T0THIRD"))))
        scene.do(scene.cast.opens_home(EVE, "Your requests"))


def _moves_to(scene: Scene, organisation: Organisation) -> None:
    workspace = scene.workspace
    identity = replace(workspace.identity, organisation=organisation)
    workspace.identity = workspace.state.identity = identity
    workspace.state.people[EVE].team_id = "T0THIRD"


def test_the_doctor_finds_the_people_and_groups_of_all_workspaces(scene):
    told = subprocess.run(
        [*COMMAND[:-1], "doctor"], env=scene.stage.environment, capture_output=True, text=True, timeout=120, check=False
    )
    said = told.stdout + told.stderr
    assert "in the organisation E0ACME" in said
    assert "S0SECOND" not in said
    assert "W0EVE" not in said
    assert told.returncode == 0, said
