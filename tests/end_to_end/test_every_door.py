"""Every listener, walked by somebody who has no role any more: nothing of a campaign is shown, and nothing happens."""

import json
from unittest.mock import MagicMock

import pytest

from bot.slack.app import register
from sandbox.cast import ANA, LAUNCHES, OTTO, launch_of
from sandbox.slack.delivery import COMMANDS, EVENTS, INTERACTIVE
from sandbox.slack.payloads import Payloads
from sandbox.slack.records import Execution

NAMES = ("Black Friday", "Active in the last 30 days", "47,100", "47100", "Customers", "olga")
LOOK = "history||82"
WITHOUT_A_LAUNCH = {
    "campaign:stop": "82",
    "campaign:launch": "82",
    "look:next": LOOK,
    "look:back": LOOK,
    "look:share": LOOK,
    "home:refresh": "now",
}
FIELDS = ("channel", "campaign", "run_now", "source", "limit", "at", "content", "canary", "wait")
CHOSEN = {
    "campaign": {"campaign": {"type": "external_select", "selected_option": {"value": "82"}}},
    "run_now": {"run_now": {"type": "static_select", "selected_option": {"value": "now"}}},
}
"""What the form holds."""
NO_ATTEMPT = {"home:card", "home:refresh", "/campaign-whoami"}
"""Opening the tab, following a link on it, asking who one is: no attempt at anything. Nor are options, at each key."""


class Registered:
    """Takes the place of Bolt's app, and notes what is listened to."""

    def __init__(self):
        self.doors = set()

    def __getattr__(self, kind):
        def note(name, **_settings):
            self.doors.add((kind, str(name)))
            return lambda listener: None

        return note


@pytest.fixture
def registered():
    noted = Registered()
    register(noted, MagicMock(), MagicMock())
    return noted.doors


class Walk:
    """Otto at each door, with a launch of somebody else's before him and a form of his own still open."""

    def __init__(self, scene, card):
        self.workspace = scene.workspace
        self.payloads = Payloads(*(getattr(scene.workspace, one) for one in self.parts))
        self.channel = self.workspace.state.channels[LAUNCHES]
        self.card = self.channel.messages[card["ts"]]
        self.launch = launch_of(card)
        self.shown = next(one for one in _values(self.card.blocks) if one.startswith(f"{self.launch}:")).partition(":")[
            2
        ]
        (self.form,) = self.workspace.views.stack(OTTO)

    parts = ("state", "triggers", "views", "messages", "response_urls")

    def payload(self, kind, name):
        return getattr(self, kind)(name)

    def command(self, name):
        text = "" if name.endswith("list") else "82"
        return COMMANDS, self.payloads.command(OTTO, self.channel, name, text)

    def action(self, name):
        if name in FIELDS:
            pressed = {"action_id": name, "block_id": name, "type": "plain_text_input"}
            return INTERACTIVE, self.payloads.view_action(OTTO, self.form, pressed, {})
        value = WITHOUT_A_LAUNCH.get(name) or f"{self.launch}:{self.shown}"
        pressed = {"action_id": name, "block_id": "actions", "type": "button", "value": value}
        if name == "launch:test_in_form":
            return INTERACTIVE, self.payloads.view_action(OTTO, self.form, {**pressed, "value": "now"}, CHOSEN)
        if name.startswith("launch:read_"):
            turned = {**pressed, "value": f"{value}:1"}
            return INTERACTIVE, self.payloads.view_action(OTTO, self.form, turned, {})
        return INTERACTIVE, self.payloads.message_action(OTTO, self.card, pressed, {})

    def options(self, name):
        asked = {"action_id": name, "block_id": name, "value": ""}
        return INTERACTIVE, self.payloads.view_source(OTTO, "block_suggestion", self.form, {}) | asked

    def shortcut(self, name):
        return INTERACTIVE, self.payloads.shortcut(OTTO, self.channel, name)

    def event(self, name):
        if name == "app_home_opened":
            return EVENTS, self.payloads.home_opened(OTTO, self.workspace.state.dm_of(OTTO), None, "home")
        event = {"type": name, "user": OTTO, "text": "@campaign-bot", "ts": "1.1", "channel": LAUNCHES}
        return EVENTS, self.payloads._event({**event, "event_ts": "1.1"})

    def function(self, name):
        inputs = {"person": {"id": OTTO, "secret": ""}, "campaign": "82", "when": "now", "channel": LAUNCHES}
        execution = Execution("Fx0OTTO", "Wx0OTTO", self.workspace.state.functions[name], inputs)
        return EVENTS, self.payloads.function_executed(execution)

    def view(self, name):
        typed = {one: {one: {"type": "plain_text_input", "value": "1"}} for one in ("reason", "campaign", "audience")}
        sent = self.payloads.submission(OTTO, self.form, CHOSEN if name == "launch:request" else typed)
        metadata = {
            "launch:request": sent["view"]["private_metadata"],
            "launch:reject": self.launch,
            "campaign:stop": json.dumps({"campaign": 82, "request": "R1", "channel": LAUNCHES}),
        }.get(name, f"{self.launch}:{self.shown}")
        return INTERACTIVE, {**sent, "view": {**sent["view"], "callback_id": name, "private_metadata": metadata}}


def _values(part):
    if isinstance(part, dict):
        yield from [part["value"]] if isinstance(part.get("value"), str) else []
        part = list(part.values())
    for one in part if isinstance(part, list) else []:
        yield from _values(one)


def seen_by(scene, person):
    """All that this person alone is shown, but for the form that he opened while he had a role."""
    screen = scene.workspace.snapshot(person)
    dm = scene.workspace.state.dm_of(person).id
    return json.dumps([screen["ephemerals"], screen["views"][1:], screen["home"], screen["messages"][dm]])


def test_no_listener_shows_or_does_anything_for_somebody_without_a_role(scene, registered):
    card = scene.asks("82 run_now source=segment:5", ANA)
    scene.policy(f'[roles.requester]\nmembers = ["{ANA}", "{OTTO}"]\n')
    scene.opens("82 run_now source=segment:5", OTTO)
    scene.policy("")
    walk = scene.run(lambda: Walk(scene, card))
    acks, denied = {}, scene.refusals()
    for kind, name in sorted(registered):
        sent = scene.run(lambda kind=kind, name=name: walk.payload(kind, name))
        acks[kind, name] = scene.do(scene.workspace.delivery.send(*sent))
    unrecorded = [door for door in registered if door[0] in ("options", "event") or door[1] in NO_ATTEMPT]
    scene.until(lambda: scene.refusals() >= denied + len(registered) - len(unrecorded), "each is recorded")
    told = json.dumps([[door, ack.json, ack.text] for door, ack in acks.items()]) + scene.run(
        lambda: seen_by(scene, OTTO)
    )
    assert [name for name in NAMES if name in told] == []
    assert (scene.sent, scene.stops_of(82)) == ([], [])
    assert [kind for kind in scene.audit(card) if kind not in ("launch:request", "launch:deny")] == []
