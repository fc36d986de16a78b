"""The manifest asks for what the bot uses, and the sandbox grants no more."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import yaml

from bot.slack.api.scopes import SCOPES
from bot.slack.listeners.form_opener import SHORTCUT
from bot.slack.listeners.workflow import STEP
from bot.slack.views.help import ACTIVATE, HISTORY, LIST, STATUS, STOP, WHOAMI
from sandbox import stage, team
from sandbox.slack.records import Parameter
from sandbox.team import COMMANDS
from sandbox.team import SHORTCUT as SEEDED
from tests.manifest_link import LINK

ROOT = Path(__file__).parent.parent
MANIFEST = (ROOT / "manifest.yaml").read_text()


def test_the_manifest_the_doctor_and_the_sandbox_know_the_same_scopes():
    section = MANIFEST.split("bot:\n", 1)[1].split("\nsettings:", 1)[0]
    assert set(re.findall(r"^ +- (\S+)", section, re.MULTILINE)) == set(SCOPES) == stage.SCOPES


def test_the_readmes_link_makes_the_very_same_app():
    (link,) = LINK.findall((ROOT / "README.md").read_text())
    asked = parse_qs(urlsplit(link).query)
    assert urlsplit(link)._replace(query="").geturl() == "https://api.slack.com/apps"
    assert asked["new_app"] == ["1"]
    assert yaml.safe_load(asked["manifest_yaml"][0]) == yaml.safe_load(MANIFEST), "make link"
    # Where servers draw a line for a request's first one, they draw it at eight thousand or above.
    assert len(link) < 8000


def test_the_manifest_names_the_commands_and_the_sandbox_has_each_of_them():
    named = re.findall(r"command: (\S+)", MANIFEST)
    assert set(named) == {ACTIVATE, STOP, STATUS, LIST, HISTORY, WHOAMI}
    assert set(named) == {one.command for one in COMMANDS}
    # Whom a history is asked of is told by an id; nothing else that is typed has to be marked.
    marked = re.findall(r"command: (\S+)\n(?:(?!    - ).*\n)*? +should_escape: true", MANIFEST)
    assert marked == [HISTORY]


def test_the_manifest_has_the_shortcut_and_the_events_that_are_listened_to():
    assert f"callback_id: {SHORTCUT}" in MANIFEST
    assert SEEDED.callback_id == SHORTCUT
    subscribed = yaml.safe_load(MANIFEST)["settings"]["event_subscriptions"]["bot_events"]
    assert subscribed == ["app_home_opened", "app_mention", "function_executed"]


def test_the_manifest_declares_the_step_that_is_listened_to_and_the_sandbox_holds_the_bot_to_it():
    ((name, declared),) = yaml.safe_load(MANIFEST)["functions"].items()
    assert name == STEP == team.STEP.callback_id
    for side, seeded in (("input_parameters", team.STEP.inputs), ("output_parameters", team.STEP.outputs)):
        told = {one: Parameter(fields["type"], fields["is_required"]) for one, fields in declared[side].items()}
        assert told == seeded
        assert all(fields["name"] == one for one, fields in declared[side].items())


def test_slack_takes_the_step_only_from_an_app_that_is_ready_for_an_organisation():
    """Its documentation says so of every custom step."""
    settings = yaml.safe_load(MANIFEST)["settings"]
    assert settings["org_deploy_enabled"] is True
    assert settings["function_runtime"] == "remote"
