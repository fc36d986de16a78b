"""Benchmarks run outside the suite, so what they take from the bot is looked for here: a rename must break none."""

import ast
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

BENCHMARKS = sorted((Path(__file__).parent / "benchmarks").glob("*.py"))


def taken(benchmark: Path) -> list[tuple[str, str]]:
    """Of the bot and the sandbox, each module with a name that the benchmark takes from it."""
    imports = [one for one in ast.walk(ast.parse(benchmark.read_text())) if isinstance(one, ast.ImportFrom)]
    ours = [one for one in imports if (one.module or "").split(".")[0] in {"bot", "sandbox"}]
    return [(one.module or "", each.name) for one in ours for each in one.names]


@pytest.mark.parametrize("benchmark", BENCHMARKS, ids=lambda path: path.stem)
def test_whatever_a_benchmark_takes_from_the_bot_is_there(benchmark):
    gone = [
        f"{module}.{name}"
        for module, name in taken(benchmark)
        if not hasattr(import_module(module), name) and find_spec(f"{module}.{name}") is None
    ]
    assert gone == []
