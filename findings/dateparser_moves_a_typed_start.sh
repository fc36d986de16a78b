#!/usr/bin/env bash
# dateparser 1.5.0: times as people type them become other moments, without an error.
#
# Guess:     with a base of Saturday 2026-11-28 10:00 and PREFER_DATES_FROM=future, each text gives the moment that a
#            person means, or None.
# Behaviour: "tomorrow at 9" keeps the base's hour, in English and in Russian; a bare "9" is a day of September in the
#            next year; "01.12.2026 09:00" is the 12th of January in English; "saturday 18:00", typed on that Saturday
#            morning, is a week later. "завтра в 9 утра" gives None, which is the safe answer.
# So:        at= reads a grammar of its own: what is not wholly understood is asked for, never guessed.
set -euo pipefail
there=$(mktemp -d)
trap 'rm -rf "$there"' EXIT
python3 -m venv "$there/venv"
"$there/venv/bin/pip" install --quiet --disable-pip-version-check dateparser==1.5.0 tzdata==2026.2
"$there/venv/bin/python" - <<'PY'
import sys
from datetime import datetime
from importlib.metadata import version

import dateparser

BASE = datetime(2026, 11, 28, 10, 0)
EXPECTED = {
    ("en", "tomorrow at 9"): "2026-11-29 10:00:00",
    ("ru", "завтра в 9"): "2026-11-29 10:00:00",
    ("en", "9"): "2027-09-28 00:00:00",
    ("en", "01.12.2026 09:00"): "2026-01-12 09:00:00",
    ("en", "saturday 18:00"): "2026-12-05 18:00:00",
    ("ru", "завтра в 9 утра"): "None",
}
settings = {"RELATIVE_BASE": BASE, "PREFER_DATES_FROM": "future"}
print(f"dateparser {version('dateparser')}, on {BASE:%A %Y-%m-%d %H:%M}")
same = True
for (language, text), expected in EXPECTED.items():
    seen = str(dateparser.parse(text, languages=[language], settings=settings))
    print(f"  {text!r:24} -> {seen}")
    same = same and seen == expected
sys.exit(0 if same else "it behaves otherwise now")
PY
