#!/usr/bin/env bash
# resiliparse 2.0.1, inscriptis 2.7.6, html2text 2025.4.15, markdownify 1.2.3, beautifulsoup4 4.15.0: a price with small,
# raised cents becomes a hundred times as much, and in three of them a price that is struck out stands as if it held.
#
# Guess:     `€9<sup>99</sup>`, as shops write prices, is told as 9,99, 9⁹⁹ or 9^99, as a text browser does; what is struck
#            out is left out, or marked.
# Behaviour: all five print €999. `<s>` and `<del>` are kept without a sign by resiliparse, inscriptis and BeautifulSoup,
#            so "was 14" and "now 14" differ in nothing; html2text and markdownify put them between tildes. html-text
#            0.7.1 and trafilatura 2.3.1 put a space or a line's end before the cents.
# So:        whoever approves a mail by its text approves another price. bot/message/markup.py marks both by signs before
#            resiliparse sees the mail (tests/message/test_text.py).
set -euo pipefail
there=$(mktemp -d)
trap 'rm -rf "$there"' EXIT
python3 -m venv "$there/venv"
"$there/venv/bin/pip" install --quiet --disable-pip-version-check resiliparse==2.0.1 inscriptis==2.7.6 \
  html2text==2025.4.15 markdownify==1.2.3 beautifulsoup4==4.15.0
"$there/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version

import bs4
import html2text
import inscriptis
import markdownify
from resiliparse.extract.html2text import extract_plain_text

MAIL = "<p>Only &euro;9<sup>99</sup> today, was <s>14</s></p>"
texts = {
    "resiliparse": extract_plain_text(MAIL),
    "inscriptis": inscriptis.get_text(MAIL),
    "html2text": html2text.HTML2Text(bodywidth=0).handle(MAIL),
    "markdownify": markdownify.markdownify(MAIL),
    "beautifulsoup4": bs4.BeautifulSoup(MAIL, "html.parser").get_text(),
}
for name, text in texts.items():
    print(f"{name} {version(name)}: {text.strip()}")
grown = all("€999 today" in text for text in texts.values())
unmarked = {name for name, text in texts.items() if "was 14" in text}
sys.exit(0 if grown and unmarked == {"resiliparse", "inscriptis", "beautifulsoup4"} else "they behave otherwise now")
PY
