"""The policies to choose from, and the file through which a choice reaches the bot."""

import sys
import tomllib

import pytest
import requests

from sandbox.server import InThread
from sandbox.setups import DEFAULTS, OWN, PolicyDesk, setups
from sandbox.slack.hub import Hub
from sandbox.stage import staged
from tests.sandbox.page.world import PageWorld


@pytest.fixture
def hub():
    return Hub()


@pytest.fixture
def desk(tmp_path, hub):
    return PolicyDesk(tmp_path / "policy.toml", hub)


@pytest.fixture(scope="module")
def world():
    world = PageWorld()
    yield world
    world.close()


def ask(world, path, body):
    return requests.post(f"{world.url}/api/{path}", json=body, timeout=5)


def state(world):
    return requests.get(f"{world.url}/api/state?as=U0ANA", timeout=5).json()


def test_the_defaults_come_first_and_hold_at_first(desk):
    assert desk.setups[0] == DEFAULTS
    assert (desk.current, desk.content, desk.file.read_text()) == ("0-none", "", "")


@pytest.mark.parametrize("setup", setups()[1:], ids=lambda setup: setup.name)
def test_a_set_up_is_toml_with_a_title_that_begins_short(setup):
    assert tomllib.loads(setup.content)
    assert setup.content.startswith(f"# {setup.title}\n")
    assert 0 < setup.title.find(":") < 30


def test_a_choice_replaces_the_file_and_wakes_the_page(desk, hub):
    before, revision = desk.file.stat(), hub.revision

    desk.choose("3-bank")

    assert desk.file.read_text() == next(each.content for each in desk.setups if each.name == "3-bank")
    assert (desk.current, desk.file.stat().st_ino != before.st_ino) == ("3-bank", True)
    assert hub.revision > revision
    assert list(desk.file.parent.iterdir()) == [desk.file]


def test_a_test_may_write_what_is_no_set_up(desk):
    desk.write("[always]\napprovals = 3\n")

    assert (desk.current, desk.file.read_text()) == (OWN, "[always]\napprovals = 3\n")


def test_a_file_that_is_there_already_holds(tmp_path, hub):
    file = tmp_path / "policy.toml"
    file.write_text(setups()[2].content)

    assert PolicyDesk(file, hub).current == setups()[2].name


def test_an_unknown_set_up_changes_nothing(desk):
    with pytest.raises(ValueError, match="no set-up called “9-none”"):
        desk.choose("9-none")

    assert desk.current == "0-none"


def test_the_page_chooses_a_set_up(world):
    chosen = ask(world, "setup", {"name": "5-canary"})
    unknown = ask(world, "setup", {"name": "../5-canary"})

    assert (chosen.json(), unknown.json()["ok"]) == ({"ok": True}, False)
    policy = state(world)["policy"]
    assert (policy["current"], policy["content"]) == ("5-canary", world.policy.file.read_text())
    assert [each["name"] for each in policy["setups"]] == [each.name for each in setups()]


def test_another_web_site_cannot_change_the_rules(world):
    address, headers = f"{world.url}/api/setup", {"Content-Type": "application/json", "Origin": "https://evil.example"}

    assert requests.post(address, data='{"name": "0-none"}', headers=headers, timeout=5).status_code == 403


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("campaign", {"id": 82, "name": "  "}, 200),
        ("campaign", {"id": 7, "name": "A"}, 200),
        ("campaign", {"id": True, "name": "A"}, 400),
        ("audience", {"kind": "list", "id": 99, "count": 5}, 200),
        ("audience", {"kind": "list", "id": 1, "count": -5}, 200),
        ("audience", {"kind": "crowd", "id": 1, "count": 5}, 200),
        ("audience", {"kind": "list", "id": 1, "count": 0.5}, 400),
    ],
)
def test_an_edit_that_cannot_be_is_answered_with_a_sentence(world, path, body, status):
    before = state(world)["platform"]

    answer = ask(world, path, body)

    assert (answer.status_code, answer.json()["ok"]) == (status, False)
    assert answer.json()["error"].endswith(".")
    assert state(world)["platform"] == before


SHOWS_ITS_POLICY = """
import os, sys, time
print("policy:", repr(open(os.environ["POLICY_FILE"]).read()), file=sys.stderr)
print("ready:", file=sys.stderr, flush=True)
time.sleep(60)
"""


def test_the_bot_is_given_the_file_before_it_starts(tmp_path):
    command = (sys.executable, "-c", SHOWS_ITS_POLICY)
    thread = InThread(lambda: staged(folder=tmp_path, command=command))
    try:
        stage = thread.value

        assert stage.environment["POLICY_FILE"] == str(stage.policy.file) == str(tmp_path / "policy.toml")
        assert "policy: ''" in stage.bot.log_tail()
    finally:
        thread.close()
