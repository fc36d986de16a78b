#!/usr/bin/env bash
# markdown_to_mrkdwn 0.3.3: text in which Markdown formats nothing reaches Slack with other characters in it.
#
# Guess:     what is no emphasis in CommonMark (a star between spaces) is passed on as it stands.
# Behaviour: "3 * 2 = 6, 5 * 2 = 10" becomes "3 _ 2 = 6, 5 _ 2 = 10": the reader sees no formatting and no factor.
#            markdown-it-py 4.3.0 finds no emphasis in the same text.
# So:        what people and mails wrote is shown by escaping it, never by a converter in between.
set -euo pipefail
there=$(mktemp -d)
trap 'rm -rf "$there"' EXIT
python3 -m venv "$there/venv"
"$there/venv/bin/pip" install --quiet --disable-pip-version-check markdown_to_mrkdwn==0.3.3 markdown-it-py==4.3.0
"$there/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version

from markdown_it import MarkdownIt
from markdown_to_mrkdwn import SlackMarkdownConverter

TEXT = "3 * 2 = 6, 5 * 2 = 10"

converted = SlackMarkdownConverter().convert(TEXT)
html = MarkdownIt("commonmark").render(TEXT).strip()
print(f"markdown_to_mrkdwn {version('markdown_to_mrkdwn')}: {converted}")
print(f"markdown-it-py {version('markdown-it-py')}: {html}")
same = converted == "3 _ 2 = 6, 5 _ 2 = 10" and html == f"<p>{TEXT}</p>"
sys.exit(0 if same else "it behaves otherwise now")
PY
