#!/usr/bin/env bash
# premailer 3.10.0 with lxml 6.1.3: once its styles are inlined, a mail's variables in links and pictures are filled in no more.
#
# Guess:     inlining CSS touches `style` attributes and leaves addresses as they stand, `{{ link }}` among them.
# Behaviour: lxml writes addresses percent-encoded, so the template comes out with `{{%20link%20}}` in href and src, while
#            the same variable in the text stays. Nothing is raised or logged. Variables without spaces stay.
#            css-inline 0.24.0 leaves both as they were.
# So:        the bot inlines nothing that is sent; a template that went through such a step shows it in its links.
set -euo pipefail
there=$(mktemp -d)
trap 'rm -rf "$there"' EXIT
python3 -m venv "$there/venv"
"$there/venv/bin/pip" install --quiet --disable-pip-version-check premailer==3.10.0 lxml==6.1.3 css-inline==0.24.0
"$there/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version

import css_inline
from premailer import transform

LINK, PICTURE, TEXT = 'href="{{ link }}?id=1"', 'src="{{ picture }}"', "Hello {{ lead.name }}"
MAIL = (
    "<html><head><style>a { color: red }</style></head>"
    f'<body><p>{TEXT}</p><a {LINK}>Buy</a><img {PICTURE} alt=""></body></html>'
)

inlined = {"premailer": transform(MAIL), "css-inline": css_inline.inline(MAIL)}
kept = {name: [part in html for part in (TEXT, LINK, PICTURE)] for name, html in inlined.items()}
for name, parts in kept.items():
    print(f"{name} {version(name)}: text, link and picture kept: {parts}")
encoded = 'href="{{%20link%20}}?id=1"' in inlined["premailer"]
print(f"lxml {version('lxml')}: the link is percent-encoded: {encoded}")
expected = {"premailer": [True, False, False], "css-inline": [True, True, True]}
sys.exit(0 if kept == expected and encoded else "it behaves otherwise now")
PY
