#!/usr/bin/env bash
# node-ical 0.27.2, ical.js 2.2.1 (npm): of a mailing that a calendar plans for three dates, one gives the first alone,
# the other all but the first.
#
# Guess:     an event starts at its DTSTART, at what its RRULE gives, and at each of its RDATEs: in RFC 5545 (3.8.5.2)
#            they are one set.
# Behaviour: expandRecurringEvent of node-ical passes over each RDATE, with a rule and without. The iterator of ical.js
#            leaves DTSTART out where there are RDATEs and no rule; with a rule it gives all. Neither raises or warns.
#            recurring-ical-events 3.8.2 gives every one of them.
# So:        who reads a mailing plan from a calendar loses runs, and two readers of one plan lose different ones. The
#            bot reads no calendars: a start is one moment that somebody approves (bot/slash/typed_time.py), and a
#            schedule is the platform's own lists of hours and days (bot/campaign/schedule.py). Needs Node.
set -euo pipefail
there=$(mktemp -d)
trap 'rm -rf "$there"' EXIT
python3 -m venv "$there/venv"
"$there/venv/bin/pip" install --quiet --disable-pip-version-check recurring-ical-events==3.8.2 icalendar==7.3.2
npm install --prefix "$there" --silent --no-audit --no-fund --ignore-scripts node-ical@0.27.2 ical.js@2.2.1
cd "$there"
cat > read.mjs <<'JS'
import { readFileSync } from "node:fs";
import ICAL from "ical.js";
import nodeIcal from "node-ical";

const year = { from: new Date("2026-01-01"), to: new Date("2027-01-01") };

function byNodeIcal(calendar) {
  const event = Object.values(nodeIcal.sync.parseICS(calendar)).find(({ type }) => type === "VEVENT");
  return nodeIcal.expandRecurringEvent(event, year).map(({ start }) => start);
}

function byIcalJs(calendar) {
  const runs = new ICAL.Event(new ICAL.Component(ICAL.parse(calendar)).getFirstSubcomponent("vevent")).iterator();
  const found = [];
  for (let run = runs.next(); run; run = runs.next()) found.push(run.toJSDate());
  return found;
}

const calendars = JSON.parse(readFileSync(0, "utf8"));
const days = (read) => calendars.map((calendar) => read(calendar).map((run) => run.toISOString().slice(5, 16)));
const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
const told = { "node-ical": byNodeIcal, "ical.js": byIcalJs };
const found = Object.entries(told).map(([name, read]) => [`${name} ${version(name)}`, days(read)]);
console.log(JSON.stringify(Object.fromEntries(found)));
JS
"$there/venv/bin/python" - <<'PY'
import json
import subprocess
import sys
from importlib.metadata import version

import icalendar
import recurring_ical_events

FIRST, SECOND, THIRD = "12-01T09:00", "12-02T09:00", "12-09T09:00"
PLANS = {
    "three dates": ["RDATE:20261202T090000Z,20261209T090000Z"],
    "two days, and one date": ["RRULE:FREQ=DAILY;COUNT=2", "RDATE:20261209T090000Z"],
}


def calendar(plan):
    event = ["UID:1@shop.example", "DTSTAMP:20261101T000000Z", "DTSTART:20261201T090000Z", *plan, "SUMMARY:Sale"]
    lines = ["VERSION:2.0", "PRODID:-//shop.example//plan//EN", "BEGIN:VEVENT", *event, "END:VEVENT"]
    return "\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR", ""])


def read(text):
    runs = recurring_ical_events.of(icalendar.Calendar.from_ical(text)).between((2026, 1, 1), (2027, 1, 1))
    return sorted(f"{run.start:%m-%dT%H:%M}" for run in runs)


texts = [calendar(plan) for plan in PLANS.values()]
by_node = subprocess.run(["node", "read.mjs"], input=json.dumps(texts), capture_output=True, text=True, check=True)
found = {f"recurring-ical-events {version('recurring-ical-events')}": [*map(read, texts)], **json.loads(by_node.stdout)}
print("; ".join(PLANS))
for name, runs in found.items():
    print(f"  {name}: {runs}")
whole = [FIRST, SECOND, THIRD]
expected = [[whole, whole], [[FIRST], [FIRST, SECOND]], [[SECOND, THIRD], whole]]
sys.exit(0 if [*found.values()] == expected else "they behave otherwise now")
PY
