#!/usr/bin/env bash
# slack_sdk 3.48.0 (2026): a block type that its models do not know becomes null in a view, and the view is still valid.
#
# Guess:     a view made of the SDK's models sends all blocks that it was given, or refuses what it does not know.
# Behaviour: `data_table` (Slack, 2026-05-20) stands as null between its neighbours in `to_dict()`; validate_json()
#            finds nothing wrong; Block.parse() gives None. A line of the log is the only sign.
# So:        blocks are plain dicts here, and the limits are held by tests.
set -euo pipefail
there=$(mktemp -d)
trap 'rm -rf "$there"' EXIT
python3 -m venv "$there/venv"
"$there/venv/bin/pip" install --quiet --disable-pip-version-check slack_sdk==3.48.0
"$there/venv/bin/python" - <<'PY'
import sys

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View
from slack_sdk.version import __version__

table = {"type": "data_table", "block_id": "launches", "rows": []}
view = View(type="home", blocks=[{"type": "divider"}, table, {"type": "divider"}])
view.validate_json()
seen = [view.to_dict()["blocks"], Block.parse(table)]
print(f"slack_sdk {__version__}: blocks {seen[0]}, parsed alone {seen[1]}")
expected = [[{"type": "divider"}, None, {"type": "divider"}], None]
sys.exit(0 if seen == expected else "it behaves otherwise now")
PY
