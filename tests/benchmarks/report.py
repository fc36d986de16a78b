"""Tells what was measured: on the terminal, and in docs/benchmarks.md."""

import platform
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from tests.benchmarks.arithmetic import Section
from tests.benchmarks.findings import FINDINGS, HOW
from tests.benchmarks.rig import ROOT, cores
from tests.postgres import Postgres

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
    return f"# How fast it is\n\n{HOW}\n\nMeasured on: {on}\n\n{told}\n\n{FINDINGS}\n"


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    lines = file.read_text().splitlines() if file.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
