"""Renders the chart with the real `helm` and checks the result against Kubernetes' schemas: run by `make helm`."""

import subprocess
import sys
from collections.abc import Mapping

import kubernetes_validate
import yaml

from tests.helm.chart import CHART, REFUSED, RENDERED, SETUPS, digest

KUBERNETES = "1.31.0"
"""The oldest version that the chart is checked against; nothing in it is newer."""


def main() -> None:
    subprocess.run(["helm", "lint", str(CHART), *_given(SETUPS["sqlite"])], check=True)
    RENDERED.mkdir(exist_ok=True)
    for name, values in SETUPS.items():
        rendered = _helm(values)
        if rendered.returncode:
            sys.exit(rendered.stderr)
        for document in yaml.safe_load_all(rendered.stdout):
            kubernetes_validate.validate(document, KUBERNETES, strict=True)
        (RENDERED / f"{name}.yaml").write_text(f"# chart {digest()}\n{rendered.stdout}")
    told = {name: _complaint(name, values) for name, values in REFUSED.items()}
    (RENDERED / "refused.yaml").write_text(f"# chart {digest()}\n{yaml.safe_dump(told, width=1000)}")


def _helm(values: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    command = ["helm", "template", "bot", str(CHART), *_given(values)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _given(values: Mapping[str, str]) -> list[str]:
    """As arguments. What is a text stays one, whatever it looks like."""
    flags = {name: "--set" if text == "true" or text.isdecimal() else "--set-string" for name, text in values.items()}
    return [part for name, text in values.items() for part in (flags[name], f"{name}={text}")]


def _complaint(name: str, values: Mapping[str, str]) -> str:
    refused = _helm(values)
    if not refused.returncode:
        sys.exit(f"the chart takes what it has to refuse: {name}")
    return refused.stderr.strip()


main()
