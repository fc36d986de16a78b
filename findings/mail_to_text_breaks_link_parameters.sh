#!/usr/bin/env bash
# html2text 2025.4.15 and markdownify 1.2.2 with Python 3.11's html.parser: a mail's tracking link becomes another address.
#
# Guess:     `href="…?id=5&region=77&copy=2&timestamp=5"`, as mail editors write it, is told as it stands: HTML decodes no
#            reference without a semicolon in an attribute where a letter, a digit or = follows.
# Behaviour: both print `®ion=77`, `©=2` and `×tamp=5`, where the parser below them decodes `&reg`, `&copy` and `&times`.
#            selectolax 1.0.2 (lexbor) reads the address as a browser does.
# So:        a mail's links have to be read by an HTML5 parser before anybody approves them by their text.
set -euo pipefail
there=$(mktemp -d)
trap 'rm -rf "$there"' EXIT
python3 -m venv "$there/venv"
"$there/venv/bin/pip" install --quiet --disable-pip-version-check html2text==2025.4.15 markdownify==1.2.2 \
  beautifulsoup4==4.15.0 selectolax==1.0.2
"$there/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version

import html2text
import markdownify
from selectolax.lexbor import LexborHTMLParser

ADDRESS = "https://shop.example/?id=5&region=77&copy=2&timestamp=5"
MAIL = f'<p><a href="{ADDRESS}">Buy</a></p>'
BROKEN = "https://shop.example/?id=5®ion=77©=2×tamp=5"

texts = {"html2text": html2text.HTML2Text(bodywidth=0).handle(MAIL), "markdownify": markdownify.markdownify(MAIL)}
read = LexborHTMLParser(MAIL).css_first("a").attributes["href"]
for name, text in texts.items():
    print(f"{name} {version(name)}: {text.strip()}")
print(f"selectolax {version('selectolax')}: {read}")
print(f"Python {sys.version.split()[0]}")
same = all(BROKEN in text for text in texts.values()) and read == ADDRESS
sys.exit(0 if same else "it behaves otherwise now")
PY
