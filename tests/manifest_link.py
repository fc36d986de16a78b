"""The link that makes the Slack app with manifest.yaml filled in, written into the README: `make link`."""

import re
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
LINK = re.compile(r"^\[make the app\]: (\S+)$", re.MULTILINE)


def link() -> str:
    """Without the comments: they are for whoever pastes it."""
    lines = (ROOT / "manifest.yaml").read_text().splitlines()
    manifest = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    return f"https://api.slack.com/apps?new_app=1&manifest_yaml={quote(manifest, safe='')}"


if __name__ == "__main__":
    README.write_text(LINK.sub(lambda _: f"[make the app]: {link()}", README.read_text()))
