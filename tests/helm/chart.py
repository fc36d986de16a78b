"""The chart in deploy/helm, and the set-ups in which it is rendered and looked at."""

import hashlib
from pathlib import Path

CHART = Path(__file__).parents[2] / "deploy" / "helm"
RENDERED = Path(__file__).parent / "rendered"

_LEAST = {"image.repository": "registry.example/campaign-bot", "existingSecret": "campaign-bot"}

SETUPS = {
    "sqlite": {
        **_LEAST,
        "settings.ALTCRAFT_PROXY": "http://proxy.example:3128",
        "policy.text": "[always]\napprovals = 2",
    },
    "postgresql": {
        **_LEAST,
        "journal.database": "postgresql",
        "replicas": "3",
        "http.enabled": "true",
        "policy.existingConfigMap": "our-policy",
        "migrations.job": "true",
        "migrations.existingSecret": "who-may-migrate",
    },
}
"""What is set, by its name in values.yaml."""

REFUSED = {
    "no secret": {"image.repository": "registry.example/campaign-bot"},
    "no image": {"existingSecret": "campaign-bot"},
    "a file for two": {**_LEAST, "replicas": "2"},
    "a token in the values": {**_LEAST, "settings.SLACK_BOT_TOKEN": "xoxb-1"},
    "a proxy's password in the values": {**_LEAST, "settings.ALTCRAFT_PROXY": "http://me:word@proxy.example:3128"},
    "a job for a file": {**_LEAST, "migrations.job": "true"},
    "an unknown value": {**_LEAST, "replica": "1"},
}
"""What the chart has to refuse; as SETUPS."""


def digest() -> str:
    """Of all that the chart consists of: what was rendered from another chart tells nothing of this one."""
    whole = hashlib.sha256()
    for file in sorted(path for path in CHART.rglob("*") if path.is_file()):
        whole.update(f"{file.relative_to(CHART)}\0".encode())
        whole.update(file.read_bytes())
    return whole.hexdigest()
