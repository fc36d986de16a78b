#!/usr/bin/env bash
# sms-counter 0.0.1 (2026), sms-length 0.2.2 (npm): an SMS goes out in three parts where both count two, and in two where
# one of them counts one.
#
# Guess:     a counter tells in how many parts a text is sent. `€` and braces take two septets, an emoji two words of
#            UCS-2, and no part ends in the middle of one: such a character goes whole into the next part.
# Behaviour: both divide the sum by what a part holds. 152 letters, a "€" and 152 letters are 306 septets, thus 2 parts;
#            with an emoji where two parts in Cyrillic meet it is the same. sms-counter, besides, takes an emoji for one
#            unit: with it 69 letters are 1 part. smsutil 1.1.3, split-sms 0.1.7 and sms-segments-calculator 1.3.0 give
#            3, 3 and 2.
# So:        a mailing costs half as much again, or twice as much, as was approved. The bot counts with smsutil, and each
#            of these borders has a test (tests/message/test_sms.py). Needs Node.
set -euo pipefail
there=$(mktemp -d)
trap 'rm -rf "$there"' EXIT
python3 -m venv "$there/venv"
"$there/venv/bin/pip" install --quiet --disable-pip-version-check sms-counter==0.0.1 smsutil==1.1.3
npm install --prefix "$there" --silent --no-audit --no-fund --ignore-scripts \
  sms-length@0.2.2 split-sms@0.1.7 sms-segments-calculator@1.3.0
cd "$there"
cat > count.js <<'JS'
const { readFileSync } = require("node:fs");
const { count } = require("sms-length");
const { SegmentedMessage } = require("sms-segments-calculator");
const { split } = require("split-sms");

const counters = {
  "sms-length": (text) => count(text).messages,
  "split-sms": (text) => split(text).parts.length,
  "sms-segments-calculator": (text) => new SegmentedMessage(text).segmentsCount,
};
const texts = JSON.parse(readFileSync(0, "utf8"));
const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
const told = Object.entries(counters).map(([name, parts]) => [`${name} ${version(name)}`, texts.map(parts)]);
console.log(JSON.stringify(Object.fromEntries(told)));
JS
"$there/venv/bin/python" - <<'PY'
import json
import subprocess
import sys
from importlib.metadata import version

import smsutil
from sms.counter import SMSCounter

TEXTS = {
    "152 letters, a euro sign, 152 letters": "a" * 152 + "€" + "a" * 152,
    "66 Cyrillic letters, an emoji, 66 letters": "ж" * 66 + "😀" + "ж" * 66,
    "69 Cyrillic letters, an emoji": "ж" * 69 + "😀",
}
asked = json.dumps([*TEXTS.values()])
by_node = subprocess.run(["node", "count.js"], input=asked, capture_output=True, text=True, check=True)
found = {
    f"sms-counter {version('sms-counter')}": [SMSCounter().count(text).segment for text in TEXTS.values()],
    f"smsutil {version('smsutil')}": [len(smsutil.split(text).parts) for text in TEXTS.values()],
    **json.loads(by_node.stdout),
}
print("; ".join(TEXTS))
for name, parts in found.items():
    print(f"  {name}: {parts}")
expected = {"sms-counter": [2, 2, 1], "sms-length": [2, 2, 2]}
same = all(parts == expected.get(name.split()[0], [3, 3, 2]) for name, parts in found.items())
sys.exit(0 if same else "they behave otherwise now")
PY
