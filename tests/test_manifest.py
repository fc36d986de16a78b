"""The manifest asks for what the bot uses, and the sandbox grants no more."""

import re
from pathlib import Path

from bot.sandbox.stage import SCOPES
from bot.slack.app import COMMAND

MANIFEST = (Path(__file__).parent.parent / "manifest.yaml").read_text()


def test_the_sandbox_grants_the_manifests_scopes_and_no_others():
    section = MANIFEST.split("bot:\n", 1)[1].split("\nsettings:", 1)[0]
    assert set(re.findall(r"^ +- (\S+)", section, re.MULTILINE)) == SCOPES


def test_the_manifest_names_the_command():
    assert f"command: {COMMAND}" in MANIFEST
    assert "should_escape: true" in MANIFEST
