#!/usr/bin/env bash
# premailer 3.10.0, css-inline 0.24.0: what a mail shows on phones alone stays hidden on phones, too, after inlining.
#
# Guess:     an inliner writes rules into the elements and leaves `@media` rules as they stand, for they cannot be inlined:
#            `.phone { display: block !important }` goes on overriding the element's own `display: none`.
# Behaviour: premailer keeps the `@media` rule, and takes `!important` out of it as out of all others: the element's own
#            style wins, on every screen. css-inline takes the rule out with the rest of the style sheet; with
#            `keep_at_rules=True` it stands as it was written, `!important` and all.
# So:        a button for phones can be in the HTML and never be seen. *Read everything* tells what styles hide apart from
#            what is read (bot/message/markup.py), and the picture shows a narrow screen.
set -euo pipefail
there=$(mktemp -d)
trap 'rm -rf "$there"' EXIT
python3 -m venv "$there/venv"
"$there/venv/bin/pip" install --quiet --disable-pip-version-check premailer==3.10.0 css-inline==0.24.0
"$there/venv/bin/python" - <<'PY'
import re
import sys
from importlib.metadata import version

import css_inline
import premailer

MAIL = """<html><head><style>@media (max-width: 480px) { .phone { display: block !important } }</style></head>
<body><p class="phone" style="display:none">Buy now</p></body></html>"""

kept = css_inline.CSSInliner(keep_at_rules=True).inline(MAIL)
written = {
    f"premailer {version('premailer')}": premailer.transform(MAIL),
    f"css-inline {version('css-inline')}": css_inline.inline(MAIL),
    f"css-inline {version('css-inline')}, keep_at_rules": kept,
}
found = []
for name, mail in written.items():
    rule = re.search(r"@media[^<]*", mail)
    found.append((rule is not None, rule is not None and "!important" in rule[0]))
    print(f"{name}: {' '.join(rule[0].split()) if rule else 'no @media rule'}")
sys.exit(0 if found == [(True, False), (False, False), (True, True)] else "they behave otherwise now")
PY
