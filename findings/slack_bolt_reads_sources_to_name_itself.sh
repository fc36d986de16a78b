#!/usr/bin/env bash
# slack_bolt 1.30.0: an App without a name opens the sources of what is on the stack.
#
# Guess:     making an App costs what Bolt itself needs; without a name it takes the name of the file that made it.
# Behaviour: it asks `inspect.stack()` for that name, which reads the source lines around every frame, and goes through
#            all modules that are imported to say to which of them a frame belongs. Of a program of one file both its own
#            source and Bolt's are opened; with a name none is. In a bot with 1,500 modules that took half of what was
#            left of a start once everything was imported.
# So:        `App(name="campaign-bot", …)` in bot/slack/build.py.
set -euo pipefail
there=$(mktemp -d)
trap 'rm -rf "$there"' EXIT
python3 -m venv "$there/venv"
"$there/venv/bin/pip" install --quiet --disable-pip-version-check slack_bolt==1.30.0
cat >"$there/program.py" <<'PY'
import sys
from importlib.metadata import version

from slack_bolt import App

opened = []
sys.addaudithook(lambda event, about: opened.append(str(about[0])) if event == "open" else None)


def sources(calls: int, **named: str) -> int:
    """How many files of Python's were opened while an App was made, so many calls deep."""
    if calls:
        return sources(calls - 1, **named)
    opened.clear()
    App(signing_secret="secret", token="xoxb-1", token_verification_enabled=False, **named)
    return sum(one.endswith(".py") for one in opened)


named, unnamed = sources(12, name="bot"), sources(12)
print(f"slack_bolt {version('slack_bolt')}: sources opened with a name: {named}, without one: {unnamed}")
sys.exit(0 if named == 0 and unnamed > 0 else "it behaves otherwise now")
PY
"$there/venv/bin/python" "$there/program.py"
