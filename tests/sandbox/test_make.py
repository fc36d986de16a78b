"""`make sandbox` says what it does: nobody looks at a still terminal and wonders."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

STAND_IN = """#!/bin/sh
# Stands for Python: makes the environment as `python -m venv` does, and tells whatever else it is asked to run.
if [ "$2" = venv ]; then mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; else echo "ran $2 $3"; fi
"""


@pytest.fixture
def make(tmp_path):
    """Returns a function that makes the sandbox beside the real one, and returns the lines it wrote."""
    python = tmp_path / "python"
    python.write_text(STAND_IN)
    python.chmod(0o755)

    def made():
        command = ["make", "--no-print-directory", "sandbox", f"PYTHON={python}", f"VENV={tmp_path / 'venv'}"]
        return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()

    return made


def test_the_first_make_says_before_it_installs_and_after_and_the_next_one_only_starts(make):
    first, again = make(), make()

    assert first[0].startswith("Installing the pinned packages into ")
    assert [line for line in first if line.startswith("ran ")] == ["ran pip install"] * 2 + ["ran sandbox "]
    assert first.index("Installed.") == len(first) - 2
    assert again == ["ran sandbox "]
