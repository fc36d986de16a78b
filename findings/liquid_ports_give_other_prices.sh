#!/usr/bin/env bash
# python-liquid 2.3.6, liquidpy 0.10.0, liquidjs 10.30.1 (npm): one template gives another price in each of them.
#
# Guess:     Liquid is one language: what one of them shows in a preview is what another one mails. Shopify's own source
#            reckons in decimals, rounds halves up, and divides whole numbers into whole ones.
# Behaviour: 19.90 less 15 %, in cents, is 16.91 in both of Python and 16.92 in liquidjs. 10 in four parts is 2 in both
#            and 2.5 in liquidjs, whose documentation says that it knows no whole numbers. 2.5 is rounded to 2, 2.0 and 3.
#            19.90 in cents is 1990 in python-liquid alone: the others cut 1989.99… off to 1989.
# So:        a price that was approved in a preview is mailed as another. The bot fills in no template and reckons no
#            price: it shows the template as the platform keeps it, and what a launch gives for its variables as it is
#            sent (bot/message/variables.py). Needs Node.
set -euo pipefail
there=$(mktemp -d)
trap 'rm -rf "$there"' EXIT
python3 -m venv "$there/python-liquid"
python3 -m venv "$there/liquidpy"
"$there/python-liquid/bin/pip" install --quiet --disable-pip-version-check python-liquid==2.3.6
"$there/liquidpy/bin/pip" install --quiet --disable-pip-version-check liquidpy==0.10.0
npm install --prefix "$there" --silent --no-audit --no-fund --ignore-scripts liquidjs@10.30.1
cd "$there"
cat > python-liquid.py <<'PY'
import json
import sys
from importlib.metadata import version

from liquid import Environment

told = [Environment().from_string(template).render(price=19.90) for template in json.load(sys.stdin)]
print(json.dumps([version("python-liquid"), *told]))
PY
cat > liquidpy.py <<'PY'
import json
import sys
from importlib.metadata import version

from liquid import Liquid

told = [Liquid(template, from_file=False).render(price=19.90) for template in json.load(sys.stdin)]
print(json.dumps([version("liquidpy"), *told]))
PY
cat > liquidjs.js <<'JS'
const { readFileSync } = require("node:fs");
const { Liquid } = require("liquidjs");

const liquid = new Liquid();
const templates = JSON.parse(readFileSync(0, "utf8"));
const told = templates.map((template) => liquid.parseAndRenderSync(template, { price: 19.9 }));
const { version } = JSON.parse(readFileSync("node_modules/liquidjs/package.json", "utf8"));
console.log(JSON.stringify([version, ...told]));
JS
python3 - <<'PY'
import json
import subprocess
import sys

TEMPLATES = [
    "{{ price | times: 0.85 | round: 2 }}",
    "{{ 10 | divided_by: 4 }}",
    "{{ 2.5 | round }}",
    "{{ price | times: 100 | floor }}",
]
PORTS = {
    "python-liquid": ["python-liquid/bin/python", "python-liquid.py"],
    "liquidpy": ["liquidpy/bin/python", "liquidpy.py"],
    "liquidjs": ["node", "liquidjs.js"],
}


def told(command):
    done = subprocess.run(command, input=json.dumps(TEMPLATES), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


found = {}
print(" | ".join(TEMPLATES))
for name, command in PORTS.items():
    version, *found[name] = told(command)
    print(f"  {name} {version}: {' | '.join(found[name])}")
expected = {
    "python-liquid": ["16.91", "2", "2", "1990"],
    "liquidpy": ["16.91", "2", "2.0", "1989"],
    "liquidjs": ["16.92", "2.5", "3", "1989"],
}
sys.exit(0 if found == expected else "they behave otherwise now")
PY
