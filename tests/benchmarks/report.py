"""Tells what was measured in docs/benchmarks.md, between the words that no measurement writes: how.md, findings.md."""

import platform
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from tests.benchmarks.arithmetic import Section
from tests.benchmarks.rig import ROOT, cores
from tests.postgres import Postgres

HERE = Path(__file__).parent
PAGE = ROOT / "docs/benchmarks.md"


def machine(postgres: Postgres) -> str:
    """The machine in one sentence, without its name."""
    with psycopg.connect(postgres.new_database().replace("postgresql+psycopg", "postgresql")) as connection:
        server = connection.info.parameter_status("server_version")
    return (
        f"{cores()} cores of {_processor()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"PostgreSQL {server}, {datetime.now(UTC):%d %B %Y}."
    )


def page(sections: Sequence[Section], on: str) -> str:
    told = "\n\n".join(str(section) for section in sorted(sections, key=lambda section: section.title))
    how, findings = ((HERE / f"{name}.md").read_text() for name in ("how", "findings"))
    return f"# How fast it is\n\n{how}\nMeasured on: {on}\n\n{told}\n\n{findings}"


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    lines = file.read_text().splitlines() if file.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
