"""What is shipped is what was tested: pinned by hash, without the test tools, on images named by digest."""

import json
import re
import tomllib
from importlib.metadata import requires
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.advisories import CLEAN, FOUND, UNKNOWN, judged

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
DIGEST = re.compile(r"[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}")


def pins(file: str) -> dict[str, str]:
    found = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / file).read_text(), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


def needed(requirements: list[str]) -> set[str]:
    """The packages, and those that they need in turn."""
    names: set[str] = set()
    waiting = [(Requirement(one), "") for one in requirements]
    while waiting:
        one, extra = waiting.pop()
        if one.marker and not one.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(one.name)
        if name not in names or one.extras:
            names.add(name)
            for wanted in one.extras or {""}:
                waiting += [(Requirement(line), wanted) for line in requires(one.name) or ()]
    return names


def test_what_the_bot_runs_with_is_what_the_tests_ran_with_and_no_more():
    """With all extras: what a setting turns on works in the image, where nobody can install any."""
    run = pins("requirements-run.txt")
    project = PROJECT["project"]
    extras = [one for extra in project["optional-dependencies"].values() for one in extra]
    assert set(run) == needed([*project["dependencies"], *extras]), "make lock"
    assert run.items() <= pins("requirements.txt").items(), "make lock"
    assert pins("requirements-build.txt").items() <= pins("requirements.txt").items(), "make lock"


@pytest.mark.parametrize("file", ["requirements-run.txt", "requirements-build.txt"])
def test_every_pin_has_the_hashes_of_its_files(file):
    text = (ROOT / file).read_text()
    for one in re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", one), one


def test_the_image_takes_nothing_without_a_hash():
    told = re.findall(r"pip install (.+?)(?: *\\?$| &&)", DOCKERFILE, re.MULTILINE)
    assert told
    assert all("--require-hashes" in one or "--no-deps --no-index" in one for one in told)
    assert "pip wheel --no-deps --no-build-isolation" in DOCKERFILE


def test_images_are_named_by_digest():
    bases = [base for base in re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) if base != "build"]
    assert len(bases) == 2
    assert len(set(bases)) == 1
    for image in (*bases, COMPOSE["services"]["db"]["image"]):
        assert DIGEST.fullmatch(image), image


def report(*packages: dict) -> str:
    return json.dumps({"dependencies": packages})


@pytest.mark.parametrize(
    ("told", "status", "says"),
    [
        (report({"name": "a", "version": "1", "vulns": []}), CLEAN, "No known vulnerabilities in 1 packages"),
        (report({"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1"}]}), FOUND, "a 1: PYSEC-1"),
        (report({"name": "a", "skip_reason": "not found"}), UNKNOWN, "1 of 1 packages were not audited"),
        ("", UNKNOWN, "Nothing was audited: the advisories could not be reached"),
    ],
)
def test_what_was_not_looked_at_is_not_called_clean(told, status, says):
    assert judged(told)[0] == status
    assert says in judged(told)[1]
