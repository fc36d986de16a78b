"""The link that makes the Slack app with manifest.yaml filled in, written into the README: `make link`."""

import re
from pathlib import Path
from urllib.parse import quote

import yaml

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
LINK = re.compile(r"^\[make the app\]: (\S+)$", re.MULTILINE)

NEVER_IN_THE_WAY = ":/,"
"""What a query may hold as it is; all else takes three characters for one."""


def link() -> str:
    """In few characters, and without the comments: they are for whoever pastes it."""
    manifest = yaml.safe_load((ROOT / "manifest.yaml").read_text())
    short = yaml.safe_dump(manifest, sort_keys=False, width=10**6, default_flow_style=None)
    return f"https://api.slack.com/apps?new_app=1&manifest_yaml={quote(short, safe=NEVER_IN_THE_WAY)}"


if __name__ == "__main__":
    README.write_text(LINK.sub(lambda _: f"[make the app]: {link()}", README.read_text()))
