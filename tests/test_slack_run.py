"""`slack run` after a clone: its hooks are there, tell the manifest, and start the bot with the tokens that they get.

The hooks are called as Slack's command line calls them, in a shell in the project's folder, with `slack-cli-hooks`
itself behind them.
"""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
OWN = json.loads((ROOT / ".slack/hooks.json").read_text())


def answered(hook: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        hook,
        shell=True,
        cwd=cwd,
        env={**bare(), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def bare() -> dict[str, str]:
    """Nothing of this machine's own settings."""
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """What a clone holds of it, and an environment that is built already: this one."""
    folder = tmp_path_factory.mktemp("project")
    for name in (".slack", "app.py", "bot", "manifest.yaml"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "Makefile").write_text(".venv/ready:\n\t@echo Installing.\n")
    (folder / ".venv/bin").mkdir(parents=True)
    (folder / ".venv/bin/python").write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    (folder / ".venv/bin/python").chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def hooks(project):
    """As the command line merges them: those of the library, and over them those of the project."""
    told = answered(OWN["hooks"]["get-hooks"], project)
    library = json.loads(told.stdout)
    return {**library["hooks"], **OWN["hooks"]}, {**library["config"], **OWN["config"]}


def test_the_hooks_are_those_of_the_library_but_for_the_manifests(hooks):
    by_name, config = hooks
    assert "slack_cli_hooks.hooks.start" in by_name["start"]
    assert ".slack/manifest.py" in by_name["get-manifest"]
    assert config["sdk-managed-connection-enabled"]


def test_whatever_is_watched_is_there(hooks):
    watched = hooks[1]["watch"]
    assert watched["manifest"]["paths"] == ["manifest.yaml"]
    assert all((ROOT / path).exists() for part in watched.values() for path in part["paths"])


def test_the_manifest_is_told_from_the_one_that_there_is(project, hooks):
    manifest = yaml.safe_load((ROOT / "manifest.yaml").read_text())
    assert json.loads(answered(hooks[0]["get-manifest"], project).stdout) == manifest
    bounded = f"{hooks[0]['get-manifest']} --protocol=message-boundaries --boundary=b0un7"
    assert json.loads(answered(bounded, project).stdout.strip().removeprefix("b0un7").removesuffix("b0un7")) == manifest


def test_the_bot_is_started_with_the_tokens_that_it_is_given(project, hooks):
    """Without the platform's settings it does not run; that the rest is right, it says by saying nothing of it."""
    given = {"SLACK_CLI_XOXB": "xoxb-cli", "SLACK_CLI_XAPP": "xapp-cli", "SLACK_BOT_TOKEN": "of another app"}
    told = answered(hooks[0]["start"], project, **given).stderr
    assert "campaign-bot cannot start:\n- ALTCRAFT_URL is not set" in told
    assert "SLACK_BOT_TOKEN" not in told
    assert "SLACK_APP_TOKEN" not in told
    alone = answered(hooks[0]["start"], project).stderr
    assert "SLACK_BOT_TOKEN is not set" in alone


def test_the_environment_is_built_where_it_is_not_there_and_says_so_beside_the_answer(project):
    told = answered("sh .slack/python -c 'print(1)'", project)
    assert (told.stdout, told.stderr) == ("1\n", "Installing.\n")
    assert ".venv/ready" in (ROOT / "Makefile").read_text().replace("$(VENV)", ".venv")
