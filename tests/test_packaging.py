"""What the bot is shipped in: settings that there are, times that fit, nothing secret and nothing needless inside."""

import configparser
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

from bot.cli import _parser
from bot.picture.chromium import PROGRAMS
from bot.service import GRACE
from bot.settings import read

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
UNIT = configparser.RawConfigParser(strict=False)
UNIT.optionxform = str
UNIT.read(ROOT / "deploy/campaign-bot.service")
EXAMPLE = (ROOT / ".env.example").read_text()
SETTINGS = set(re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE))
OWN = re.findall(r"([A-Z_]+)=(\S+)", DOCKERFILE.split("ENV PATH", 1)[1].split("USER", 1)[0])
IMAGE = {name: value for name, value in OWN if name != "PYTHONUNBUFFERED"}
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
    assert named == {*COMPOSE["volumes"], "./policy"}


def test_the_policy_lies_where_the_docs_say():
    place = "POLICY_FILE=/etc/campaign-bot/policy.toml"
    operations = (ROOT / "docs/operations.md").read_text()
    assert operations.count(place) == 2
    assert "./policy:/etc/campaign-bot:ro" in COMPOSE["services"]["bot"]["volumes"]


@pytest.mark.parametrize("file", ["README.md", "docs/operations.md", ".env.example", "bot/journal/engine.py"])
def test_nobody_is_told_to_install_a_package_of_our_name(file):
    told = re.findall(r"pip install (.+)", (ROOT / file).read_text())
    assert told
    assert not any("campaign-bot" in one.partition("`")[0] for one in told)


def test_make_tells_what_there_is_to_make():
    path = {"PATH": os.environ["PATH"]}
    told = subprocess.run(["make", "-s", "help"], cwd=ROOT, check=True, capture_output=True, text=True, env=path).stdout
    targets = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1].split()
    assert [line.split()[0] for line in told.splitlines()] == targets


def test_make_takes_any_python_that_is_new_enough(tmp_path):
    """One that is too old, or a shim without a version behind it, is passed over."""
    for name, status in (("python3.11", 127), ("python3.12", 1), ("python3.13", 0)):
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {status}\n")
        (tmp_path / name).chmod(0o755)
    makefile = f"include {ROOT / 'Makefile'}\nchosen:\n\t@echo $(PYTHON)\n"
    command = ["make", "-s", "-f", "-", "chosen"]
    path = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    told = subprocess.run(command, cwd=ROOT, input=makefile, check=True, capture_output=True, text=True, env=path)
    assert told.stdout.split() == ["python3.13"]


@pytest.mark.parametrize("own", [COMPOSE["services"]["bot"]["environment"], IMAGE])
def test_a_container_is_asked_from_outside_and_so_listens_at_all_its_addresses(own):
    settings = read({**NEEDED, **own})
    assert (settings.health_port, settings.bind) == (8080, "0.0.0.0")


def test_memory_is_bounded_and_a_browser_that_takes_too_much_does_not_end_the_service():
    assert COMPOSE["services"]["bot"]["mem_limit"] == "1g"
    assert (UNIT["Service"]["MemoryMax"], UNIT["Service"]["OOMPolicy"]) == ("1G", "continue")


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
    assert set(IMAGE) <= SETTINGS


def test_the_image_holds_no_more_than_it_is_built_from():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in ignored
    kept = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    copied = set(re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)[0].split()) | {"bot"}
    assert kept == copied
    assert all((ROOT / name).exists() for name in kept)
    assert not kept & {"sandbox", "tests"}


def test_the_image_runs_the_bot_as_nobody_in_particular():
    final = DOCKERFILE.split("FROM")[-1]
    assert re.search(r"^USER campaign-bot$", final, re.MULTILINE)
    assert "/healthz" in final


@pytest.fixture
def builds(tmp_path):
    """Runs what the image runs for its pictures, with an apt-get that notes how it is called and fails if told to."""

    def run(pictures, *, failing="nothing"):
        called = tmp_path / "called"
        called.write_text("")
        fake = tmp_path / "apt-get"
        fake.write_text(f'#!/bin/sh\necho "$@" >> {called}\n[ "$1" != {failing} ]\n')
        fake.chmod(0o755)
        script = re.search(r"^ARG PICTURES=no\nRUN (.*?[^\\])$", DOCKERFILE, re.MULTILINE | re.DOTALL)[1]
        # Nothing of this machine is removed.
        harmless = script.replace("\\\n", " ").replace("rm -rf", "true")
        environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "PICTURES": pictures}
        return subprocess.run(
            ["/bin/sh", "-c", harmless], env=environment, check=False
        ), called.read_text().splitlines()

    return run


def test_an_image_with_pictures_gets_the_browser_and_the_fonts_that_the_document_names(builds):
    ended, called = builds("yes")
    assert ended.returncode == 0
    update, install = called
    assert update == "update"
    packages = set(install.split()) - {"install", "-y", "--no-install-recommends"}
    document = (ROOT / "docs/picture.md").read_text()
    assert packages == {"chromium-headless-shell", "fonts-liberation", "fonts-noto-color-emoji"}
    assert all(f"`{one}`" in document for one in packages)
    assert any(one.endswith("/chromium-headless-shell") for one in PROGRAMS)


def test_an_image_without_pictures_installs_nothing_more(builds):
    ended, called = builds("no")
    assert (ended.returncode, called) == (0, [])


@pytest.mark.parametrize("pictures", ["", "true", "Yes", "1"])
def test_no_image_is_built_where_it_is_unclear_whether_pictures_are_wanted(builds, pictures):
    ended, called = builds(pictures)
    assert (ended.returncode, called) == (1, [])


@pytest.mark.parametrize("step", ["update", "install"])
def test_no_image_is_built_where_the_browser_cannot_be_installed(builds, step):
    ended, _ = builds("yes", failing=step)
    assert ended.returncode != 0


def test_the_service_runs_a_command_that_there_is():
    _, command = UNIT["Service"]["ExecStart"].split()
    assert _parser().parse_args([command]).command
    assert UNIT["Service"]["Restart"] == "always"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of all that there is here, so that what is left out was left out by the project."""
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("built")
    for folder in ("bot", "sandbox", "tests"):
        shutil.copytree(ROOT / folder, source / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, source)
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check")
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", built, source], check=True)
    with zipfile.ZipFile(next(built.glob("*.whl"))) as opened:
        yield opened


def test_the_wheel_holds_the_bot_and_neither_sandbox_nor_stand_in_nor_page(wheel):
    files = wheel.namelist()
    assert {name.split("/")[0] for name in files if ".dist-info/" not in name} == {"bot"}
    assert {"bot/cli.py", "bot/locale/ru/LC_MESSAGES/campaign-bot.po"} <= set(files)
    assert not [name for name in files if re.search(r"sandbox|stand_?in(?!g)|fake|\.(js|css|html|svg|toml)$", name)]


def test_what_the_wheel_needs_and_offers_is_the_bots_alone(wheel):
    told = {Path(name).name: wheel.read(name).decode() for name in wheel.namelist() if ".dist-info/" in name}
    needed = set(re.findall(r"^Requires-Dist: ([\w-]+)", told["METADATA"], re.MULTILINE))
    assert not needed & names_of(PROJECT["dependency-groups"]["dev"])
    assert re.findall(r"^Provides-Extra: (.+)$", told["METADATA"], re.MULTILINE) == [
        "postgres",
        "charts",
        "stamps",
        "recipients",
    ]
    assert told["top_level.txt"].split() == ["bot"]
    assert "= bot.cli:main" in told["entry_points.txt"]


def test_the_changes_begin_with_the_version_that_is_built():
    newest = re.search(r"^## ([\d.]+) \(\d{4}-\d\d-\d\d\)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest[1] == PROJECT["project"]["version"]


def test_whatever_is_needed_is_pinned():
    pinned = {line.partition("==")[0].lower() for line in (ROOT / "requirements.txt").read_text().splitlines()}
    extras = PROJECT["project"]["optional-dependencies"].values()
    needed = names_of([*PROJECT["project"]["dependencies"], *(one for extra in extras for one in extra)])
    grouped = names_of(PROJECT["dependency-groups"]["dev"])
    assert {"ruff", "pytest", "starlette"} <= grouped
    assert {name.lower().replace("-", "_") for name in needed | grouped} <= {name.replace("-", "_") for name in pinned}


def names_of(requirements):
    """The packages of a list of requirements, and of the groups that it includes."""
    names = set()
    for one in requirements:
        if isinstance(one, dict):
            names |= names_of(PROJECT["dependency-groups"][one["include-group"]])
        else:
            names.add(re.match(r"[\w-]+", one)[0])
    return names


def test_block_kit_is_written_as_plain_dicts():
    """The SDK's models are a second opinion in tests; what ships neither builds them nor takes them apart."""
    assert [str(path) for path in (ROOT / "bot").rglob("*.py") if "slack_sdk.models" in path.read_text()] == []
