"""Tells Slack's command line the manifest, which it wants in JSON."""

import json
import sys
from pathlib import Path

import yaml
from slack_cli_hooks.protocol import build_protocol

manifest = yaml.safe_load((Path(__file__).parent.parent / "manifest.yaml").read_text(encoding="utf-8"))
build_protocol(sys.argv).respond(json.dumps(manifest))
