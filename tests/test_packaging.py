"""What the bot is shipped in: settings that there are, times that fit, nothing secret and nothing needless inside."""

import configparser
import re
from pathlib import Path

import pytest
import yaml

from bot.cli import _parser
from bot.service import GRACE
from bot.settings import read

ROOT = Path(__file__).parent.parent
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
UNIT = configparser.RawConfigParser(strict=False)
UNIT.optionxform = str
UNIT.read(ROOT / "deploy/campaign-bot.service")
EXAMPLE = (ROOT / ".env.example").read_text()
SETTINGS = set(re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE))
NEEDED = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_APP_TOKEN": "xapp-1",
    "ALTCRAFT_URL": "https://altcraft.example.com",
    "ALTCRAFT_TOKEN": "t",
}


def seconds(written: str) -> int:
    return int(written.removesuffix("s"))


def test_compose_sets_what_is_a_setting_and_what_can_be_read():
    own = COMPOSE["services"]["bot"]["environment"]
    assert set(own) <= SETTINGS
    read({**NEEDED, **own})


def test_composes_bot_waits_for_a_healthy_database_and_keeps_it():
    services = COMPOSE["services"]
    assert services["bot"]["depends_on"]["db"]["condition"] == "service_healthy"
    assert "pg_isready" in " ".join(services["db"]["healthcheck"]["test"])
    named = {mount.partition(":")[0] for service in services.values() for mount in service["volumes"]}
    assert named == set(COMPOSE["volumes"])


def test_compose_opens_no_port_to_the_world():
    assert all(port.startswith("127.0.0.1:") for port in COMPOSE["services"]["bot"]["ports"])
    assert "ports" not in COMPOSE["services"]["db"]


@pytest.mark.parametrize(
    "grace",
    [COMPOSE["services"]["bot"]["stop_grace_period"], UNIT["Service"]["TimeoutStopSec"]],
)
def test_a_stop_is_given_longer_than_the_bot_may_take(grace):
    assert seconds(grace) > read(NEEDED).altcraft.timeout + GRACE


def test_the_image_sets_what_is_a_setting():
    own = dict(re.findall(r"([A-Z_]+)=(\S+)", DOCKERFILE.split("ENV PATH", 1)[1].split("USER", 1)[0]))
    wanted = {name: value for name, value in own.items() if name != "PYTHONUNBUFFERED"}
    assert set(wanted) <= SETTINGS
    assert read({**NEEDED, **wanted}).health_port == 8080


def test_the_image_holds_no_more_than_it_is_built_from():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in ignored
    kept = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    copied = set(re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)[0].split()) | {"bot"}
    assert kept == copied
    assert all((ROOT / name).exists() for name in kept)


def test_the_image_runs_the_bot_as_nobody_in_particular():
    final = DOCKERFILE.split("FROM")[-1]
    assert re.search(r"^USER campaign-bot$", final, re.MULTILINE)
    assert "/healthz" in final


def test_the_service_runs_a_command_that_there_is():
    _, command = UNIT["Service"]["ExecStart"].split()
    assert _parser().parse_args([command]).command
    assert UNIT["Service"]["Restart"] == "always"
