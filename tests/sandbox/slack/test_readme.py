"""The stand-in Slack's README: what it shows can be started as it stands, with none of the sandbox's other rooms."""

import dataclasses
import re
import subprocess
import sys
import textwrap
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from sandbox.server import InThread, serve
from sandbox.slack.api import METHODS, slack_app
from sandbox.slack.block_kit.surfaces import MESSAGE_BLOCKS, VIEW_BLOCKS
from sandbox.slack.files import FILE_LIMIT
from sandbox.slack.interactions import OPTIONS_LIMIT
from sandbox.slack.messages import ALL_BLOCKS_LIMIT, METADATA_LIMIT, TEXT_LIMIT
from sandbox.slack.records import Limits
from sandbox.slack.view_stack import VIEW_BYTES
from sandbox.stage import free_port
from tests.sandbox.slack.rig import over_http
from tests.waiting import until

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "sandbox/slack"
README = (FOLDER / "README.md").read_text()
STARTING, ACTING = re.findall(r"```python\n(.+?)```", README, re.DOTALL)


def test_what_the_readme_starts_answers_as_slack(tmp_path):
    port = free_port()
    script = tmp_path / "office.py"
    script.write_text(STARTING.replace("8482", str(port)))
    client = WebClient("xoxb-tea", base_url=f"http://127.0.0.1:{port}/api/")
    process = subprocess.Popen([sys.executable, script], env={"PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL)
    try:
        answer = until(lambda: _answer(client), seconds=30)
    finally:
        process.terminate()
        process.wait(10)
    assert answer["user_id"] == "U0BOT"


def _answer(client):
    try:
        return client.auth_test()
    except OSError:
        return None


def test_what_the_readme_lets_a_person_do_reaches_the_app_and_its_answer_is_seen():
    slack = _defined(STARTING)["office"]()

    @asynccontextmanager
    async def served():
        async with serve({"slack": slack_app(slack)}) as urls:
            slack.state.base_url = urls["slack"]
            yield
            await slack.stop()

    thread = InThread(served)
    client = WebClient("xoxb-tea", base_url=f"{slack.state.base_url}/api/")
    app = App(client=client, signing_secret="a signing secret", token_verification_enabled=False)

    @app.command("/tea")
    def tea(ack, body):
        ack(f"One {body['text']} tea.")

    acting = _defined(f"async def act(slack):\n{textwrap.indent(ACTING, '    ')}    return seen\n")["act"]
    with over_http(SimpleNamespace(workspace=slack), app):
        seen = thread.call(acting(slack))
    thread.close()

    assert [shown["text"] for shown in seen["ephemerals"]] == ["One green tea."]


def _defined(code):
    names = {"__name__": "office"}
    exec(code, names)
    return names


@pytest.mark.parametrize("target", re.findall(r"\]\(([^):]+)\)", README))
def test_what_the_readme_points_to_is_in_its_own_folder(target):
    assert (FOLDER / target).resolve().is_relative_to(FOLDER)
    assert (FOLDER / target).exists()


def test_the_methods_that_the_readme_lists_are_those_that_are_served():
    (listed,) = re.findall(r"\*\*The Web API\*\*(.+?)\n- ", README, re.DOTALL)
    assert re.findall(r"`([a-z]+(?:\.\w+)+)`", listed) == list(METHODS)


def test_the_numbers_that_the_readme_tells_are_those_that_are_held():
    told = re.findall(r"^\| `(\w+)` \| (\d+) \|", README, re.MULTILINE)
    assert {name: float(value) for name, value in told} == {
        one.name: float(one.default) for one in dataclasses.fields(Limits)
    }
    for number in (
        MESSAGE_BLOCKS,
        TEXT_LIMIT,
        METADATA_LIMIT,
        VIEW_BLOCKS,
        VIEW_BYTES,
        OPTIONS_LIMIT,
        ALL_BLOCKS_LIMIT,
    ):
        assert re.search(rf"(?<![\d,]){number:,}(?![\d,])", README), number
    assert f"{FILE_LIMIT // 1024**2} MB in a file" in README


def test_whoever_lifts_it_out_finds_no_campaign_in_it():
    for file in FOLDER.rglob("*.py"):
        assert not re.search(r"campaign|altcraft|launch", file.read_text(), re.IGNORECASE), file
